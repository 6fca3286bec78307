"""网关 and 培训."""

from pathlib import Path

from PySide6.QtCore import QProcess

from gongji import __version__
from gongji.desk.clinic.create import start_training
from gongji.desk.upload.gateway_settings import GatewaySettings, kept_gateway, regions, set_gateway
from gongji.files import default_data_folder
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fields, text
from gongji.gui.kit.layout import label
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.first_start import FirstStart
from gongji.gui.shell.relaunch import program_with
from gongji.gui.shell.workspace import Workspace


class GatewayPage(SettingsPage):
    """Where records go."""

    def __init__(self, station: Workspace) -> None:
        """Begin with what is kept."""
        super().__init__(station, "医保网关")
        self.address = text("", "https:// 由经办机构提供；没有的先空着，照常收费")
        self.region = choice(regions())
        self.body.addLayout(fields((("地址", self.address), ("地区接口", self.region))))
        note = "不填地址也能收费：每一笔都排在“上传”里。"
        if station.counter.clinic.training:
            note += "培训资料只发到本机的练习平台（gongji sandbox）：http://127.0.0.1:端口。"
        self.body.addWidget(label(note, "small", wrap=True))
        self.body.addWidget(self.said)
        self.add_acts(button("保存", self.save, "main"))

    def refresh(self) -> None:
        """Show what is kept."""
        one = kept_gateway(self.station.counter)
        self.address.setText(one.address)
        self.region.setCurrentIndex(max(0, self.region.findData(one.region)))

    def enter(self) -> None:
        """Begin with the address."""
        self.address.setFocus()

    def save(self) -> None:
        """Keep it."""
        counter = self.station.counter
        one = GatewaySettings(address=self.address.text(), region=str(self.region.currentData()))
        self.keep(lambda: set_gateway(counter, one), "已保存。")


class TrainingPage(SettingsPage):
    """Training beside the real data, and beginning with one's own."""

    def __init__(self, station: Workspace) -> None:
        """Say which of the two this is."""
        training = station.counter.clinic.training
        super().__init__(station, "培训与本院数据")
        if training:
            self.say("现在是培训模式：病人、目录和金额都是虚构的，结算单印“培训练习 不作凭证”，号段与正式的分开。")
            self.act = button("建立本院自己的数据…", self._begin, "main")
        else:
            self.say("现在是本院的正式数据。新来的收费员可以另开一个培训窗口练习，两边互不影响。")
            self.act = button("打开培训窗口", self._train, "main")
        self.body.addWidget(self.said)
        self.add_acts(self.act)
        self.body.addWidget(label(f"共济结算台 {__version__}", "small"))

    def enter(self) -> None:
        """Begin with the button."""
        self.act.setFocus()

    def _begin(self) -> None:
        guide = FirstStart(self.window(), self.station.counter.library, lambda: self.station.moment, self._begun)
        guide.own.setChecked(True)

    def _begun(self, path: Path) -> None:
        """Open a window on the data that was begun; this one stays for training."""
        QProcess.startDetached(*program_with(path))
        self.say(f"本院数据已建立在 {path}，登录窗口正在打开；这个培训窗口可以关掉。")

    def _train(self) -> None:
        usual, library = default_data_folder(), self.station.counter.library
        path = usual.with_name(f"{usual.name}-training")
        self.say("正在准备培训数据……")
        self.station.jobs.device(
            lambda: start_training(path, library, lambda: self.station.moment), self._trained, self.failed, owner=self
        )

    def _trained(self, path: Path) -> None:
        QProcess.startDetached(*program_with(path))
        self.say("培训窗口正在打开。")
