"""The screens, in the order of the navigation. Another one is a folder with `screen.py` and a line below."""

from msgspec import Struct


class ScreenEntry(Struct, frozen=True):
    """A screen: its name in code and in the navigation, and its class."""

    name: str
    title: str
    class_name: str


SCREENS = (
    ScreenEntry("counter", "收费", "CounterScreen"),
    ScreenEntry("records", "记录", "RecordsScreen"),
    ScreenEntry("upload", "上传", "UploadScreen"),
    ScreenEntry("closing", "日结", "ClosingScreen"),
    ScreenEntry("statistics", "统计", "StatisticsScreen"),
    ScreenEntry("policies", "政策", "PoliciesScreen"),
    ScreenEntry("data", "资料", "DataScreen"),
    ScreenEntry("settings", "设置", "SettingsScreen"),
)
