; The installer for Windows: makensis -DVERSION=… -DSIZE=… (in KiB) -DSTAGE=frozen folder -DLAUNCHER=… -DCOMMAND=… -DICON=…
; -DOUT=… installer.nsi. For one user or for all; silent with /S, /CurrentUser or /AllUsers, /ANSWERS=settings file, /D=folder
; last. It lays out what docs/updates.md describes: a new version beside the old one, and `current` only when all of it is there. What a clinic has
; stored is elsewhere and never touched.
Unicode true
ManifestDPIAware true
!ifdef UNPACKED  ; for a check that needs an installer soon
  SetCompress off
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64  ; in MB: the archive of modules stands in both programs, 30 MB apart
!endif
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
!include TextFunc.nsh

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

; Exit status: 0 done; 2 refused, and nothing was changed; 3 it went wrong and the old version was put back; 4 installed, and
; the counter of a settings file was not made.
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
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} "$0" "/AllUsers" $1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $1
    ${If} $1 != "Admin"
      !insertmacro REFUSE 2 "装给所有用户需要管理员权限：请用管理员身份运行安装程序，或改用 /CurrentUser 只装给自己；没有安装。"
    ${EndIf}
  ${EndIf}
  StrCpy $8 $INSTDIR
  !insertmacro MULTIUSER_INIT
  ${If} $8 != ""
    StrCpy $INSTDIR $8  ; the folder of /D=, which MultiUser.nsh puts its own in place of
  ${EndIf}
FunctionEnd

Function un.onInit
  !insertmacro MULTIUSER_UNINIT
FunctionEnd

; Leaves in $9 the version that is in use; an empty text where there is none.
Function ReadCurrent
  StrCpy $9 ""
  ClearErrors
  FileOpen $0 "$INSTDIR\current" r
  ${IfNot} ${Errors}
    FileRead $0 $9
    FileClose $0
    ${TrimNewLines} "$9" $9
  ${EndIf}
FunctionEnd

Section "共济结算台"
  ; No older version over a newer one: it could not read the newer one's data.
  Call ReadCurrent
  ${If} $9 != ""
    ${VersionCompare} "${VERSION}" "$9" $1
    ${If} $1 == 2
      !insertmacro REFUSE 2 "这台电脑上已有更新的版本 $9，没有换成 ${VERSION}。"
    ${EndIf}
  ${EndIf}

  ; Room for the new version beside the old one.
  CreateDirectory "$INSTDIR"
  ${GetRoot} "$INSTDIR" $0
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  IntOp $2 ${SIZE} / 1024
  IntOp $2 $2 + 100
  ${If} $1 < $2
    RMDir "$INSTDIR"
    !insertmacro REFUSE 2 "$0 盘的空间不够：需要 $2 MB，只剩 $1 MB；请腾出空间后再安装。"
  ${EndIf}

  ; The whole of it under another name first.
  RMDir /r "$INSTDIR\versions\new"
  ClearErrors
  SetOverwrite on
  SetOutPath "$INSTDIR\versions\new"
  File /r "${STAGE}/*"
  SetOutPath "$INSTDIR"
  ${If} ${Errors}
    RMDir /r "$INSTDIR\versions\new"
    !insertmacro REFUSE 3 "文件没有写完，没有安装；原来的版本仍可使用。请检查磁盘空间、文件夹权限和杀毒软件后再试。"
  ${EndIf}

  ; The same version once more: the one that lies there makes room, which it cannot while it is open.
  RMDir /r "$INSTDIR\versions\replaced"
  ${If} ${FileExists} "$INSTDIR\versions\${VERSION}\*"
    ClearErrors
    Rename "$INSTDIR\versions\${VERSION}" "$INSTDIR\versions\replaced"
    ${If} ${Errors}
      RMDir /r "$INSTDIR\versions\new"
      !insertmacro REFUSE 2 "共济结算台正开着，没有重新安装；请先关闭它再试。"
    ${EndIf}
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\versions\new" "$INSTDIR\versions\${VERSION}"
  ${If} ${Errors}
    Rename "$INSTDIR\versions\replaced" "$INSTDIR\versions\${VERSION}"
    RMDir /r "$INSTDIR\versions\new"
    !insertmacro REFUSE 3 "换不成新版本，原来的版本仍可使用。请关闭杀毒软件的扫描后再试。"
  ${EndIf}
  RMDir /r "$INSTDIR\versions\replaced"

  ; From here on the new version is the one that is started.
  File "${LAUNCHER}"
  File "${COMMAND}"
  ClearErrors
  FileOpen $0 "$INSTDIR\current.new" w
  FileWrite $0 "${VERSION}$\n"
  FileClose $0
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\current.new", w "$INSTDIR\current", i 9) i .r0'
  ${If} $0 == 0
  ${OrIf} ${Errors}
    !insertmacro REFUSE 3 "换不成新版本：写不了 $INSTDIR\current。请检查文件夹权限后再安装一次。"
  ${EndIf}

  ; Of the versions before, the last one stays, to go back to.
  FindFirst $0 $1 "$INSTDIR\versions\*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
    ${AndIf} $1 != "${VERSION}"
    ${AndIf} $1 != $9
      RMDir /r "$INSTDIR\versions\$1"
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0

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

  ; A counter of the settings file (docs/first-start.md) is made where a password stands in GONGJI_PASSWORD, which is handed on
  ; and stored nowhere; without one the first start asks for it. What the program says of it lies in gongji-answers.log.
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} "$0" "/ANSWERS=" $1
  ${If} ${Errors}
    StrCpy $1 ""
  ${EndIf}
  ReadEnvStr $2 GONGJI_PASSWORD
  ${If} $1 != ""
  ${AndIf} $2 != ""
    nsExec::Exec '"$SYSDIR\cmd.exe" /c ""$INSTDIR\versions\${VERSION}\gongji.exe" init --answers "$1" > "$TEMP\gongji-answers.log" 2>&1"'
    Pop $0
    ${If} $0 != 0
      !insertmacro REFUSE 4 "程序已装好，但没有按 $1 建好收费台：原因写在 $TEMP\gongji-answers.log。"
    ${EndIf}
  ${EndIf}
SectionEnd

Section "Uninstall"
  ; A folder with an open program in it cannot be renamed; then nothing is removed at all.
  ${If} ${FileExists} "$INSTDIR\versions\*"
    ClearErrors
    Rename "$INSTDIR\versions" "$INSTDIR\removed"
    ${If} ${Errors}
      !insertmacro REFUSE 2 "共济结算台正开着，没有卸载；请先关闭它再试。"
    ${EndIf}
  ${EndIf}
  RMDir /r "$INSTDIR\removed"
  Delete "$INSTDIR\current"
  Delete "$INSTDIR\gongji.cmd"
  Delete "$INSTDIR\gongjiw.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\共济结算台.lnk"
  Delete "$DESKTOP\共济结算台.lnk"
  DeleteRegKey SHCTX "${KEY}"
  DetailPrint "程序已卸载。结算数据没有动，仍在各用户的 AppData\Local\gongji 里。"
SectionEnd
