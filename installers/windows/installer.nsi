; The installer for Windows: makensis -DVERSION=… -DSIZE=… (in KiB) -DSTAGE=frozen folder -DICON=… -DOUT=… installer.nsi
; For one user or for all; silent with /S, /CurrentUser or /AllUsers, /D=folder last. A new version is laid out beside the
; old one and put in its place only when all of it is there. What a clinic has stored is elsewhere and never touched.
Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma
Name "共济结算台"
OutFile "${OUT}"
BrandingText "共济结算台 ${VERSION}"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Gongji"
!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "Gongji"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!include MultiUser.nsh
!include MUI2.nsh
!include x64.nsh
!include WinVer.nsh
!include FileFunc.nsh
!include WordFunc.nsh

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\gongjiw.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开共济结算台"
!define MUI_UNFINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_WELCOME
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "共济结算台"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "共济结算台 安装程序"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "CompanyName" "共济结算台"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" "共济结算台"

; Exit status: 0 done; 2 refused, and nothing was changed; 3 it went wrong and the old version was put back.
!macro REFUSE STATUS SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel ${STATUS}
  Quit
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
    !insertmacro REFUSE 2 "共济结算台需要 64 位的 Windows 10 或更新的系统；这台电脑是 32 位系统，没有安装。"
  ${EndIf}
  ${IfNot} ${AtLeastWin10}
    !insertmacro REFUSE 2 "共济结算台需要 Windows 10 或更新的系统；这台电脑的系统太旧，没有安装。"
  ${EndIf}
  !insertmacro MULTIUSER_INIT
FunctionEnd

Function un.onInit
  !insertmacro MULTIUSER_UNINIT
FunctionEnd

Section "共济结算台"
  ; No older version over a newer one: it could not read the newer one's data.
  ReadRegStr $0 SHCTX "${KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "${VERSION}" "$0" $1
    ${If} $1 == 2
      !insertmacro REFUSE 2 "这台电脑上已有更新的版本 $0，没有换成 ${VERSION}。"
    ${EndIf}
  ${EndIf}

  ; Room for the new version beside the old one.
  CreateDirectory "$INSTDIR"
  ${GetRoot} "$INSTDIR" $0
  ${DriveSpace} "$0\" "/D=F /S=K" $1
  IntOp $2 ${SIZE} + 102400
  System::Int64Op $1 < $2
  Pop $3
  ${If} $3 == 1
    IntOp $2 $2 / 1024
    !insertmacro REFUSE 2 "$0 盘的空间不够：需要 $2 MB，请腾出空间后再安装。"
  ${EndIf}

  ; A program that is open cannot be replaced.
  ${If} ${FileExists} "$INSTDIR\gongjiw.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\gongjiw.exe" a
    ${If} ${Errors}
      !insertmacro REFUSE 2 "共济结算台正开着，或没有权限改动 $INSTDIR；请先关闭它再安装。"
    ${EndIf}
    FileClose $0
  ${EndIf}

  ; The whole of it beside the old version first.
  RMDir /r "$INSTDIR\new"
  ClearErrors
  SetOverwrite on
  SetOutPath "$INSTDIR\new"
  File /r "${STAGE}/*"
  ${If} ${Errors}
    SetOutPath "$INSTDIR"
    RMDir /r "$INSTDIR\new"
    !insertmacro REFUSE 3 "文件没有写完，没有安装；原来的版本仍可使用。请检查磁盘空间和杀毒软件后再试。"
  ${EndIf}
  SetOutPath "$INSTDIR"

  ; Then one takes the other's place; renaming is quick, and goes back where it cannot go on.
  RMDir /r "$INSTDIR\old"
  CreateDirectory "$INSTDIR\old"
  ClearErrors
  ${If} ${FileExists} "$INSTDIR\_internal\*"
    Rename "$INSTDIR\gongjiw.exe" "$INSTDIR\old\gongjiw.exe"
    Rename "$INSTDIR\gongji.exe" "$INSTDIR\old\gongji.exe"
    Rename "$INSTDIR\_internal" "$INSTDIR\old\_internal"
  ${EndIf}
  ${IfNot} ${Errors}
    Rename "$INSTDIR\new\_internal" "$INSTDIR\_internal"
    Rename "$INSTDIR\new\gongji.exe" "$INSTDIR\gongji.exe"
    Rename "$INSTDIR\new\gongjiw.exe" "$INSTDIR\gongjiw.exe"
  ${EndIf}
  ${If} ${Errors}
    ${If} ${FileExists} "$INSTDIR\old\_internal\*"
      RMDir /r "$INSTDIR\_internal"
      Rename "$INSTDIR\old\_internal" "$INSTDIR\_internal"
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR\old\gongji.exe"
      Delete "$INSTDIR\gongji.exe"
      Rename "$INSTDIR\old\gongji.exe" "$INSTDIR\gongji.exe"
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR\old\gongjiw.exe"
      Delete "$INSTDIR\gongjiw.exe"
      Rename "$INSTDIR\old\gongjiw.exe" "$INSTDIR\gongjiw.exe"
    ${EndIf}
    RMDir /r "$INSTDIR\old"
    RMDir /r "$INSTDIR\new"
    !insertmacro REFUSE 3 "换不成新版本，已换回原来的版本，可继续使用。请关闭共济结算台后再试。"
  ${EndIf}
  RMDir /r "$INSTDIR\old"
  RMDir "$INSTDIR\new"

  CreateShortCut "$SMPROGRAMS\共济结算台.lnk" "$INSTDIR\gongjiw.exe"
  CreateShortCut "$DESKTOP\共济结算台.lnk" "$INSTDIR\gongjiw.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr SHCTX "${KEY}" "DisplayName" "共济结算台"
  WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${KEY}" "DisplayIcon" "$INSTDIR\gongjiw.exe"
  WriteRegStr SHCTX "${KEY}" "Publisher" "共济结算台"
  WriteRegStr SHCTX "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S /$MultiUser.InstallMode'
  WriteRegDWORD SHCTX "${KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  ${If} ${FileExists} "$INSTDIR\gongjiw.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\gongjiw.exe" a
    ${If} ${Errors}
      !insertmacro REFUSE 2 "共济结算台正开着；请先关闭它再卸载。"
    ${EndIf}
    FileClose $0
  ${EndIf}
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\new"
  RMDir /r "$INSTDIR\old"
  Delete "$INSTDIR\gongji.exe"
  Delete "$INSTDIR\gongjiw.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\共济结算台.lnk"
  Delete "$DESKTOP\共济结算台.lnk"
  DeleteRegKey SHCTX "${KEY}"
  DetailPrint "程序已卸载。结算数据没有动，仍在各用户的 AppData\Local\gongji 里。"
SectionEnd
