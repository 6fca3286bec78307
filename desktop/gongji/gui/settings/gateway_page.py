"""网关 and 培训."""

from collections.abc import Callable
from pathlib import Path

from gongji import __version__
from gongji.desk.clinic.first_start.create import start_training
from gongji.desk.roles import attended
from gongji.desk.upload.gateway.gateway_guard import PLAIN_HTTP_WARNING, needs_approval
from gongji.desk.upload.gateway.gateway_settings import (
    CLINIC_REGION,
    authority_in,
    own_profile_in,
    own_title,
    region_findings,
    regions,
    set_gateway,
)
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings, kept_gateway
from gongji.errors import GongjiError
from gongji.files import default_data_folder, training_folder
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import choice, fields, fill, password, text
from gongji.gui.kit.layout import label, put, row
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.workspace import Workspace, open_another


class GatewayPage(SettingsPage):
    """Where records go: address, region, certificate authority, and two names where it is not encrypted."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "医保网关")
        self.address = text("", "https:// 由经办机构提供；没有的先空着，照常收费", is_code=True)
        self.first_field = self.address
        self._shipped = regions()
        self.region = choice(self._shipped)
        self.area = text("", "6 位，由经办机构提供；与参保地相同的不填", is_code=True)
        self.authority = label("", "small")
        self._authorities = self._own_profile = ""
        self.findings = label("", "small")
        self.warning = label(PLAIN_HTTP_WARNING, "attention", wrap=True)
        self.second, self.password = text("", "另一位管理员"), password("这位的口令")
        note = "不填地址也能收费：每一笔都排在“上传”里。"
        if station.counter.clinic.training:
            note += "培训资料只发到本机的练习平台（命令行：gongji sandbox）：http://127.0.0.1:端口。"
        from_file = button("选择文件…", self._choose_authority)
        without = button("不用", lambda: self._take_authority(""))
        profile, check = button("从文件取…", self._choose_region), button("检查这个配置…", self.tell_findings)
        put(
            self.body,
            fields((("地址", self.address), ("地区接口", self.region), ("就医地区划", self.area))),
            label("网关的 CA 证书", "label"),
            put(row(spacing=2 * tokens.STEP), (self.authority, 1), from_file, without),
            put(row(spacing=2 * tokens.STEP), (self.findings, 1), profile, check),
            self.warning,
            fields((("核对人", self.second), ("口令", self.password)), columns=2),
            label(note, "small", wrap=True),
            self.said,
        )
        self.add_acts(button("保存", self.save, "main"))
        self.address.textChanged.connect(lambda _: self._ask_for_names())
        self.region.currentIndexChanged.connect(lambda _: self._show_findings())
        self._ask_for_names()

    def refresh(self) -> None:
        """Show what is stored."""
        one = kept_gateway(self.station.counter)
        self.address.setText(one.address)
        self._take_own(one.own_profile, one.region)
        self.area.setText(one.care_area)
        self._take_authority(one.authorities)
        self.second.setText(one.approved[-1] if one.approved else "")
        self.password.clear()

    def _show_findings(self) -> None:
        """Show how much the chosen region's profile still lacks."""
        count = len(region_findings(str(self.region.currentData()), self._own_profile))
        self.findings.setText(f"地区接口有 {count} 处待核实" if count else "地区接口没有要核实的")

    def tell_findings(self) -> None:
        """Show what the profile lacks, which a county's integrator fills in."""
        sheet = Dialog(self.window(), f"{self.region.currentText()}：待核实", 640)
        for one in region_findings(str(self.region.currentData()), self._own_profile) or ["没有要核实的。"]:
            sheet.say(one)
        sheet.buttons(button("返回", sheet.accept, "main"))
        sheet.open()

    def _ask_for_names(self) -> None:
        """Show the warning and ask for two names where the address needs them."""
        wanted = needs_approval(self.address.text().strip())
        self.warning.setVisible(wanted)
        for field in (self.second, self.password):
            field.setEnabled(wanted)

    def _take(self, path: Path, read: Callable[[Path], str], take: Callable[[str], None]) -> None:
        """Pass a file's text on, or show what is wrong with it."""
        try:
            text = read(path)
        except GongjiError as error:
            self.failed(error)
        else:
            take(text)

    def _choose_region(self) -> None:
        ask_file(self, "本院的地区配置文件", "地区配置 (*.toml)", self.take_region_from)

    def take_region_from(self, path: Path) -> None:
        """Read the clinic's own region profile in a file and choose it, to be saved with the rest."""
        self._take(path, own_profile_in, self._take_new)

    def _take_new(self, text: str) -> None:
        self._take_own(text, CLINIC_REGION)
        self.say("已取来，保存后生效。")

    def _take_own(self, text: str, chosen: str) -> None:
        """Offer the shipped regions and the clinic's own profile, if any, and choose one."""
        self._own_profile = text
        own = {CLINIC_REGION: f"{own_title(text)}（本院的文件）"} if text else {}
        fill(self.region, self._shipped | own, chosen)
        self._show_findings()

    def _choose_authority(self) -> None:
        ask_file(self, "网关的 CA 证书", "证书 (*.pem *.crt *.cer)", self.take_authority_from)

    def take_authority_from(self, path: Path) -> None:
        """Read the certificate in a file, to be saved with the rest."""
        self._take(path, authority_in, self._take_authority)

    def _take_authority(self, pem: str) -> None:
        self._authorities = pem
        self.authority.setText("已选定，保存后生效" if pem else "没有：只信任本系统信任的")

    def save(self) -> None:
        """Keep it."""
        counter = self.station.counter
        one = GatewaySettings(
            address=self.address.text(),
            region=str(self.region.currentData()),
            authorities=self._authorities,
            care_area=self.area.text(),
            own_profile=self._own_profile,
        )
        asks = self.password.isEnabled() and not counter.clinic.training
        name, secret = self.second.text().strip() if asks else None, self.password.text()
        self.password.clear()
        self.keep(lambda: attended(counter, name, secret, lambda: set_gateway(counter, one)), "已保存。")


class TrainingPage(SettingsPage):
    """Training beside the real data, and creating the clinic's own data."""

    def __init__(self, station: Workspace) -> None:
        training = station.counter.clinic.training
        super().__init__(station, "培训与本院数据")
        if training:
            self.say("现在是培训模式：病人、目录和金额都是虚构的，结算单印“培训练习 不作凭证”，号段与正式的分开。")
            self.act = button("建立本院自己的数据…", self._begin, "main")
            self.first_field = self.act
        else:
            self.say("现在是本院的正式数据。新来的收费员可以另开一个培训窗口练习，两边互不影响。")
            self.act = button("打开培训窗口", self._train, "main")
        put(self.body, self.said)
        self.add_acts(self.act)
        self.body.addWidget(label(f"共济结算台 {__version__}", "small"))

    def _begin(self) -> None:
        library, places = self.station.counter.library, (default_data_folder(), training_folder())
        guide = FirstStart(self.window(), library, lambda: self.station.moment, self._begun, places)
        guide.own.setChecked(True)

    def _begun(self, path: Path) -> None:
        """Open a window with the new data; this one stays for training."""
        open_another(path)
        self.say(f"本院数据已建立在 {path}，登录窗口正在打开；这个培训窗口可以关掉。")

    def _train(self) -> None:
        path, library = training_folder(), self.station.counter.library
        self.say("正在准备培训数据……")
        self.station.jobs.device(
            lambda: start_training(path, library, lambda: self.station.moment), self._trained, self.failed, owner=self
        )

    def _trained(self, path: Path) -> None:
        open_another(path)
        self.say("培训窗口正在打开。")
