"""What Windows shows of the program under 属性 → 详细信息."""

_NUMBERS = 4
_CHINESE, _UNICODE = 0x0804, 0x04B0


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as the four numbers Windows compares: 0.1.0 is 0, 1, 0, 0."""
    found = tuple(int(one) for one in version.split("."))
    return (*found, *(0,) * (_NUMBERS - len(found)))


def of(version: str) -> object:
    """Return the version resource of the program's executables."""
    from PyInstaller.utils.win32 import versioninfo as win  # noqa: PLC0415  # reads Windows programs: there alone

    words = {
        "CompanyName": "共济结算台",
        "FileDescription": "共济结算台：职工医保门诊共济离线结算",
        "FileVersion": version,
        "InternalName": "gongji",
        "OriginalFilename": "gongji.exe",
        "ProductName": "共济结算台",
        "ProductVersion": version,
    }
    table = win.StringTable(f"{_CHINESE:04x}{_UNICODE:04x}", [win.StringStruct(*one) for one in words.items()])
    return win.VSVersionInfo(
        ffi=win.FixedFileInfo(filevers=numbers(version), prodvers=numbers(version)),
        kids=[win.StringFileInfo([table]), win.VarFileInfo([win.VarStruct("Translation", [_CHINESE, _UNICODE])])],
    )
