; gongjiw.exe beside `current` (docs/updates.md): starts the window of the version that `current` names, without a black
; window beside it. It writes nothing. makensis -DVERSION=… -DICON=… -DOUT=… launcher.nsi
Unicode true
SilentInstall silent
RequestExecutionLevel user
XPStyle on
CRCCheck off
Name "共济结算台"
OutFile "${OUT}"
Icon "${ICON}"
!include FileFunc.nsh
!include LogicLib.nsh
!include MUI2.nsh
!insertmacro MUI_LANGUAGE "SimpChinese"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "共济结算台"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "共济结算台"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "CompanyName" "共济结算台"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" "共济结算台"

Section
  ClearErrors
  FileOpen $0 "$EXEDIR\current" r
  FileRead $0 $1
  FileClose $0
  ; What stands there is digits and dots up to the end of the line, and nothing else.
  StrCpy $2 ""
  StrCpy $3 0
  ${Do}
    StrCpy $4 $1 1 $3
    ${If} $4 == ""
    ${OrIf} $4 == "$\r"
    ${OrIf} $4 == "$\n"
      ${Break}
    ${EndIf}
    ${If} $4 != "."
      ${If} $4 != "0"
        IntOp $5 $4 + 0
        ${If} $5 == 0
          StrCpy $2 ""
          ${Break}
        ${EndIf}
      ${EndIf}
    ${EndIf}
    StrCpy $2 "$2$4"
    IntOp $3 $3 + 1
  ${Loop}
  ${If} $2 == ""
  ${OrIfNot} ${FileExists} "$EXEDIR\versions\$2\gongjiw.exe"
    MessageBox MB_OK|MB_ICONSTOP "找不到要打开的版本。请把 $EXEDIR\versions 里最新的版本号写进 $EXEDIR\current，或重新安装。" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ${GetParameters} $6
  Exec '"$EXEDIR\versions\$2\gongjiw.exe" $6'
SectionEnd
