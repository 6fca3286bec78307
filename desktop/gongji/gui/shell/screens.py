"""The screens, in the order of the navigation. A further one is a module here and a line below."""

from msgspec import Struct


class ScreenEntry(Struct, frozen=True):
    """A screen: what it is called in code and in the navigation, and the class that shows it."""

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
