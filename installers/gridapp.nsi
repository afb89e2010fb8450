; The Windows setup. One script for Linux and Windows:
;   makensis -INPUTCHARSET UTF8 -DVERSION=0.1.0 -DDIST=dist/gridapp -DLICENCE=LICENSE -DICON=gridapp.ico -DSIDE=side.bmp -DOUT=setup.exe gridapp.nsi
; -DQUICK packs fast instead of small (trials). VERSION is three numbers, DIST holds gridapp.exe and _internal and nothing else.
;
; Words for a silent start: /S, /AllUsers or /CurrentUser, /Older (allow going back to an older version), /D=folder (last, unquoted).
; Exit codes: 0 done; 3 a newer version is installed; 5 needs an administrator; 11 the program is running; 2 files could not be written.
Unicode true
Target amd64-unicode
!ifdef QUICK
  SetCompressor /FINAL zlib
!else
  SetCompressor /SOLID lzma
!endif

!define NAME "网格支部"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\gridapp"
!define CLASSES "Software\Classes"
!define BUNDLE "gridapp.bundle"
!define DATA "$LOCALAPPDATA\gridapp"
!define NEWER 3
!define NOT_ALLOWED 5
!define RUNNING 11

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"
!include "TextFunc.nsh"
!include "nsDialogs.nsh"

Name "${NAME}"
BrandingText "${NAME} ${VERSION}"
OutFile "${OUT}"
; Empty: so that /D=folder can be told from no word at all.
InstallDir ""
; Never asks for an administrator by itself; "everyone" starts it again as one.
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
ShowInstDetails nevershow
ShowUninstDetails nevershow

Var Everyone
Var Earlier
Var OnlyMe
Var DropData
Var DropButton

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "这个向导把${NAME}装到这台电脑上。$\r$\n$\r$\n如果已经装过旧版，会在原处升级；住户、居民、走访等数据放在别的文件夹，升级不会改动它们。$\r$\n$\r$\n请先关闭正在运行的${NAME}，再点“下一步”。"
!insertmacro MUI_PAGE_WELCOME
!define MUI_LICENSEPAGE_TEXT_TOP "本程序是免费的开源软件，许可如下（Apache-2.0）。"
!define MUI_LICENSEPAGE_TEXT_BOTTOM "随程序带着的第三方软件和字体的许可，装好以后在程序文件夹的 _internal\licenses 里。同意请点“我接受”。"
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
Page custom AskWho AnswerWho
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpgrading
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${NAME}"
!define MUI_FINISHPAGE_RUN_FUNCTION StartAsUser
!insertmacro MUI_PAGE_FINISH

!insertmacro MUI_UNPAGE_CONFIRM
UninstPage custom un.AskData un.AnswerData
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "${NAME}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "${NAME}安装程序"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" "Apache-2.0"

; ---------------------------------------------------------------- who it is for

Function .onInit
  ${IfNot} ${AtLeastBuild} 17763
    MessageBox MB_OK|MB_ICONSTOP "这台电脑的 Windows 太旧。请在 Windows 10（1809 版，64 位）或更新的系统上安装。" /SD IDOK
    Abort
  ${EndIf}
  Call ChooseWho
  Call UseWho
  ${If} $Everyone == 1
    Call NeedAdministrator
  ${EndIf}
  Call RefuseOlder
FunctionEnd

; Everyone: as the command line says, else as it was installed before, else only for this user.
Function ChooseWho
  StrCpy $Everyone 0
  SetShellVarContext current
  ReadRegStr $0 SHCTX "${UNINSTALL}" "DisplayVersion"
  ${If} $0 == ""
    SetShellVarContext all
    ReadRegStr $0 SHCTX "${UNINSTALL}" "DisplayVersion"
    ${If} $0 != ""
      StrCpy $Everyone 1
    ${EndIf}
  ${EndIf}
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/AllUsers" $2
  ${IfNot} ${Errors}
    StrCpy $Everyone 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $1 "/CurrentUser" $2
  ${IfNot} ${Errors}
    StrCpy $Everyone 0
  ${EndIf}
FunctionEnd

; Folders and registry of $Everyone; $Earlier is the version found there ("" where none); $INSTDIR is where it is or is to be.
Function UseWho
  ${If} $Everyone == 1
    SetShellVarContext all
    StrCpy $0 "$PROGRAMFILES64\gridapp"
  ${Else}
    SetShellVarContext current
    StrCpy $0 "$LOCALAPPDATA\Programs\gridapp"
  ${EndIf}
  ReadRegStr $Earlier SHCTX "${UNINSTALL}" "DisplayVersion"
  ReadRegStr $1 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $1 != ""
    StrCpy $0 $1
  ${EndIf}
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR $0
  ${EndIf}
FunctionEnd

; Go on only as an administrator: start again as one (Windows asks), or say so to whoever started it silently.
Function NeedAdministrator
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 == "Admin"
    Return
  ${EndIf}
  ${If} ${Silent}
    SetErrorLevel ${NOT_ALLOWED}
    Quit
  ${EndIf}
  ClearErrors
  ExecShell "runas" "$EXEPATH" "/AllUsers"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONEXCLAMATION "给所有人安装需要管理员同意。请找管理员，或者再运行一次安装程序并选“只给我用”。"
  ${EndIf}
  Quit
FunctionEnd

Function AskWho
  ${If} $Earlier != ""
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "给谁用" "选择只给您自己用，还是给这台电脑上的所有人用。"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 10u 100% 12u "只给我用（推荐，不需要管理员）"
  Pop $OnlyMe
  ${NSD_CreateRadioButton} 0 28u 100% 12u "给这台电脑上的所有人用（需要管理员同意）"
  Pop $1
  ${NSD_CreateLabel} 0 52u 100% 30u "两种装法里，每个人的数据都只在各人自己的文件夹里，别的用户看不到。"
  Pop $2
  ${If} $Everyone == 1
    ${NSD_Check} $1
  ${Else}
    ${NSD_Check} $OnlyMe
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function AnswerWho
  ${NSD_GetState} $OnlyMe $0
  StrCpy $1 $Everyone
  ${If} $0 == ${BST_CHECKED}
    StrCpy $Everyone 0
  ${Else}
    StrCpy $Everyone 1
    Call NeedAdministrator
  ${EndIf}
  ${If} $1 != $Everyone
    StrCpy $INSTDIR ""
    Call UseWho
  ${EndIf}
FunctionEnd

Function SkipWhenUpgrading
  ${If} $Earlier != ""
    Abort
  ${EndIf}
FunctionEnd

; An older program does not open the data of a newer one.
Function RefuseOlder
  ${VersionCompare} "$Earlier" "${VERSION}" $0
  ${If} $Earlier == ""
  ${OrIf} $0 != 1
    Return
  ${EndIf}
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/Older" $2
  ${IfNot} ${Errors}
    Return
  ${EndIf}
  ${If} ${Silent}
    SetErrorLevel ${NEWER}
    Quit
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "已经装着更新的 $Earlier 版。换回 ${VERSION} 版以后，可能打不开新版写过的数据。一定要换回旧版吗？" IDYES older
  Quit
  older:
FunctionEnd

; ---------------------------------------------------------------- while it runs

; Windows lets nobody write into a program that runs, in whichever session. Silent: ten seconds for it to close (an update from inside).
!macro WaitUntilClosed un
Function ${un}WaitUntilClosed
  StrCpy $1 0
  again:
  ${IfNot} ${FileExists} "$INSTDIR\gridapp.exe"
    Return
  ${EndIf}
  ClearErrors
  FileOpen $0 "$INSTDIR\gridapp.exe" a
  ${IfNot} ${Errors}
    FileClose $0
    Return
  ${EndIf}
  ${If} ${Silent}
    IntOp $1 $1 + 1
    ${If} $1 < 20
      Sleep 500
      Goto again
    ${EndIf}
    SetErrorLevel ${RUNNING}
    Quit
  ${EndIf}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME}正在运行。请保存好正在填写的内容，关闭它，再点“重试”。" IDRETRY again
  Quit
FunctionEnd
!macroend
!insertmacro WaitUntilClosed ""
!insertmacro WaitUntilClosed "un."

; ---------------------------------------------------------------- installing

Section
  Call WaitUntilClosed
  SetOutPath "$INSTDIR"
  Call PutAside
  File /r "${DIST}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  RMDir /r "$INSTDIR\_internal.old"
  Delete "$INSTDIR\gridapp.exe.old"
  Call DropUpdates
  Call Shortcuts
  Call OpenBundles
  Call ListAmongApps
SectionEnd

; The old program is out of the way but whole, until the new one lies there.
Function PutAside
  ${IfNot} ${FileExists} "$INSTDIR\_internal\*.*"
    Return
  ${EndIf}
  ; Left over from an installation that power or a full disk ended: what lies beside it is the half one.
  ${If} ${FileExists} "$INSTDIR\_internal.old\*.*"
    Call BringBack
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\_internal" "$INSTDIR\_internal.old"
  Rename "$INSTDIR\gridapp.exe" "$INSTDIR\gridapp.exe.old"
  ${If} ${Errors}
    Call BringBack
    MessageBox MB_OK|MB_ICONSTOP "旧版的文件正被别的程序占用，没有升级，旧版照常可用。请重新启动电脑，再运行一次安装程序。" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

Function BringBack
  ${If} ${FileExists} "$INSTDIR\_internal.old\*.*"
    RMDir /r "$INSTDIR\_internal"
    Rename "$INSTDIR\_internal.old" "$INSTDIR\_internal"
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\gridapp.exe.old"
    Delete "$INSTDIR\gridapp.exe"
    Rename "$INSTDIR\gridapp.exe.old" "$INSTDIR\gridapp.exe"
  ${EndIf}
FunctionEnd

; An update by file lies in versions and is run in place of this program while it is newer (gridapp/versions.py); else it only takes room.
; Whoever asked for an older version means that one.
Function DropUpdates
  ${IfNot} ${FileExists} "$INSTDIR\versions\current"
    Return
  ${EndIf}
  FileOpen $0 "$INSTDIR\versions\current" r
  FileRead $0 $1
  FileClose $0
  ${TrimNewLines} $1 $1
  ${VersionCompare} "$1" "${VERSION}" $2
  ${GetParameters} $3
  ClearErrors
  ${GetOptions} $3 "/Older" $4
  ${IfNot} ${Errors}
  ${OrIf} $2 != 1
    RMDir /r "$INSTDIR\versions"
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call BringBack
FunctionEnd

; On the desktop only the first time: whoever threw the icon away does not get it again.
Function Shortcuts
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\gridapp.exe"
  ${If} $Earlier == ""
    CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\gridapp.exe"
  ${EndIf}
FunctionEnd

Function OpenBundles
  WriteRegStr SHCTX "${CLASSES}\.gbx" "" "${BUNDLE}"
  WriteRegStr SHCTX "${CLASSES}\${BUNDLE}" "" "${NAME}数据包"
  WriteRegStr SHCTX "${CLASSES}\${BUNDLE}\DefaultIcon" "" "$INSTDIR\gridapp.exe,0"
  WriteRegStr SHCTX "${CLASSES}\${BUNDLE}\shell\open\command" "" '"$INSTDIR\gridapp.exe" "%1"'
  System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
FunctionEnd

; Settings > Apps.
Function ListAmongApps
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\gridapp.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" $0
FunctionEnd

; Through the shell: else a program installed by an administrator would run as one.
Function StartAsUser
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\gridapp.exe"'
FunctionEnd

; ---------------------------------------------------------------- uninstalling

Function un.onInit
  StrCpy $DropData 0
  StrCpy $Everyone 0
  SetShellVarContext all
  ReadRegStr $0 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $0 == $INSTDIR
  ${OrIf} "$0\" == $INSTDIR
    StrCpy $Everyone 1
    Call un.NeedAdministrator
  ${Else}
    SetShellVarContext current
  ${EndIf}
FunctionEnd

Function un.NeedAdministrator
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 == "Admin"
    Return
  ${EndIf}
  ${If} ${Silent}
    SetErrorLevel ${NOT_ALLOWED}
    Quit
  ${EndIf}
  ExecShell "runas" "$INSTDIR\uninstall.exe"
  Quit
FunctionEnd

; Only where the data are this user's own; silent uninstalling never comes here and so keeps them.
Function un.AskData
  ${If} $Everyone == 1
  ${OrIfNot} ${FileExists} "${DATA}\*.*"
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "您的数据怎么办" "卸载程序不必删除数据。以后再安装，打开就接着用。"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 10u 100% 12u "留着数据（推荐）"
  Pop $1
  ${NSD_Check} $1
  ${NSD_CreateRadioButton} 0 28u 100% 12u "连数据、自动备份和日志一起删除，不能恢复"
  Pop $DropButton
  ${NSD_CreateLabel} 0 52u 100% 30u "数据在：${DATA}$\r$\nU 盘上的备份和数据包不受影响。"
  Pop $2
  nsDialogs::Show
FunctionEnd

Function un.AnswerData
  StrCpy $DropData 0
  ${NSD_GetState} $DropButton $0
  ${If} $0 != ${BST_CHECKED}
    Return
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "真的要删除这台电脑上的全部数据吗？删掉以后，没有备份就再也找不回来。" IDYES yes
  Abort
  yes:
  StrCpy $DropData 1
FunctionEnd

; File by file and never the whole folder: what somebody else put there stays.
Section "Uninstall"
  Call un.WaitUntilClosed
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\_internal.old"
  RMDir /r "$INSTDIR\versions"
  Delete "$INSTDIR\gridapp.exe"
  Delete "$INSTDIR\gridapp.exe.old"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  ReadRegStr $0 SHCTX "${CLASSES}\.gbx" ""
  ${If} $0 == "${BUNDLE}"
    DeleteRegKey SHCTX "${CLASSES}\.gbx"
  ${EndIf}
  DeleteRegKey SHCTX "${CLASSES}\${BUNDLE}"
  DeleteRegKey SHCTX "${UNINSTALL}"
  System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
  ${If} $DropData == 1
    RMDir /r "${DATA}"
  ${EndIf}
SectionEnd
