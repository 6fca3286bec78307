"""The screens, in the order of the navigation. A further one is a module here and a line below."""

from msgspec import Struct


class Entry(Struct, frozen=True):
    """A screen: what it is called in code and in the navigation, and the class that shows it."""

    name: str
    title: str
    class_name: str


SCREENS = (
    Entry("counter", "收费", "CounterScreen"),
    Entry("records", "记录", "RecordsScreen"),
    Entry("upload", "上传", "UploadScreen"),
    Entry("closing", "日结", "ClosingScreen"),
    Entry("statistics", "统计", "StatisticsScreen"),
    Entry("policies", "政策", "PoliciesScreen"),
    Entry("data", "资料", "DataScreen"),
    Entry("settings", "设置", "SettingsScreen"),
)
