"""The arguments of the commands that reach the payer: sending, downloading, carrying by stick, a region's profile."""

from pathlib import Path

from gongji.cli.arguments import (
    Commands,
    Parser,
    command,
    maker_options,
    typed_day,
    typed_month,
    working_options,
)


def add_upload_commands(commands: Commands, writing: list[Parser]) -> None:
    """Add upload, reconcile and download."""
    upload = command(commands, "upload", "upload.upload", "把到期的记录传给医保平台", writing)
    _gateway(upload)
    upload.add_argument("--watch", action="store_true", help="传完不退出，到时间的接着传（Ctrl-C 结束）")
    reconcile = command(commands, "reconcile", "upload.reconcile", "对账：本机、单据号与平台三方核对", writing)
    _gateway(reconcile)
    when = reconcile.add_mutually_exclusive_group()
    when.add_argument("--date", type=typed_day, metavar="D", help="哪一天（默认今天，按平台的时间）")
    when.add_argument("--month", type=typed_month, metavar="M", help="整月，例如 2026-11")
    parents = [*writing, maker_options()]
    down = command(commands, "download", "download.download", "下载三目录、限价、先自付比例和政策包", parents)
    down.add_argument("kinds", nargs="*", metavar="KIND", help="交易编号，或 packs（政策包）；不写为全部")
    _gateway(down)
    down.add_argument("--all", action="store_true", help="不从上次的版本接着，全部重新下载")


def add_carrying_commands(commands: Commands, packs: Parser, writing: list[Parser]) -> None:
    """Add export, import and relay."""
    out = command(commands, "export", "stick.export_package", "把未上传的记录打成一个包，用 U 盘带走", writing)
    out.add_argument("file", nargs="?", type=Path, metavar="FILE", help="写到哪个文件")
    out.add_argument("--to", type=Path, metavar="CARD", help="转送机的名片（第一次或换了转送机时）")
    out.add_argument("--profile", metavar="NAME", help="地区配置（默认 plain，培训为 practice）")
    out.add_argument("--list", action="store_true", help="列出带出而未带回的包")
    out.add_argument("--again", type=int, metavar="N", help="把第 N 号包再写一份，例如 U 盘坏了")
    out.add_argument("--give-up", type=int, metavar="N", help="第 N 号包找不到了：过期后收回其中的记录")
    out.add_argument("--destroyed", action="store_true", help="与 --give-up 同用：确认包已销毁、没有转送过")
    back = command(commands, "import", "stick.import_package", "导入带回的回执", writing)
    back.add_argument("file", type=Path, metavar="FILE", help="回执文件")
    carry = command(commands, "relay", "stick.relay_package", "在联网的电脑上转送一个包，并做成回执", [packs])
    carry.add_argument("file", nargs="?", type=Path, metavar="FILE", help="收费台导出的包")
    carry.add_argument("--gateway", metavar="URL", help="医保网关的地址")
    carry.add_argument("--profile", metavar="NAME", help="地区配置的名字或文件（默认按包里写的）")
    carry.add_argument("--ca", type=Path, metavar="FILE", help="网关证书的签发者（PEM）；不写为系统信任的")
    _approved_by(carry)
    carry.add_argument("--answers", type=Path, metavar="FILE", help="回执写到哪里（默认在包的旁边）")
    carry.add_argument("--wait", type=float, default=900.0, metavar="SECONDS", help="最多等多久（默认 900 秒）")
    carry.add_argument("--card", type=Path, metavar="FILE", help="只写出本机的名片，交给收费台")
    carry.add_argument("--enrol", metavar="FINGERPRINT", help="登记做这个包的收费台：写上向该机构核对过的签名指纹")
    carry.add_argument("--name", default="转送机", metavar="NAME", help="本机叫什么（第一次时）")
    carry.add_argument("--state", type=Path, metavar="DIR", help="本机的钥匙和转送记录放在哪里")
    carry.add_argument("--json", action="store_true", help="输出一个 JSON 对象")


def add_mapping_commands(mapping: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands for mapping the clinic's own codes to national ones."""
    kinds = mapping.add_subparsers(title="命令", metavar="命令", required=True)
    working = working_options(data, packs)
    command(kinds, "list", "imports.show_mappings", "列出没有国家编码的项目", working)
    telling = command(kinds, "upload", "imports.tell_mappings", "把新的对照告诉平台（3301）", working)
    _gateway(telling)


def add_region_commands(region: Parser, packs: Parser, data: Parser) -> None:
    """Add an integrator's commands for a region's profile."""
    kinds = region.add_subparsers(title="命令", metavar="命令", required=True)
    check = command(kinds, "check", "upload.check_regions", "检查地区配置：缺的、矛盾的，一次说完")
    check.add_argument("names", nargs="+", metavar="NAME", help="地区配置的名字，或 .toml 文件")
    check.add_argument("--json", action="store_true", help="输出 JSON 对象，一行一个")
    working = working_options(data, packs)
    trying = command(kinds, "try", "upload.try_gateway", "试网关：签到、查人、预结算、撤销；什么也不结算", working)
    trying.add_argument("--person", required=True, metavar="ID", help="一位同意试用的参保人的身份证号")
    trying.add_argument("--name", required=True, metavar="NAME", help="这位参保人的姓名")
    trying.add_argument("--item", required=True, metavar="CODE", help="一个药品的国家医保编码，按 1 元预结算")
    trying.add_argument("--diagnosis", default="", metavar="TEXT", help="诊断，“编码 名称”；不写取本院诊断表的第一个")
    _gateway(trying)


def _gateway(parser: Parser) -> None:
    parser.add_argument("--gateway", required=True, metavar="URL", help="医保平台网关的地址")
    parser.add_argument(
        "--profile", metavar="NAME", help="地区配置，或 .toml 文件（培训默认 practice，其余默认 plain）"
    )
    parser.add_argument("--ca", type=Path, metavar="FILE", help="网关的 CA 证书（PEM）；不写则用系统信任的")
    _approved_by(parser)


def _approved_by(parser: Parser) -> None:
    parser.add_argument(
        "--approved-by",
        action="append",
        metavar="NAME",
        help="专网里不加密的 http 地址要两个人各用口令同意，写两次（收费台的操作员自己算一个）；在“设置”里同意过的不用",
    )
    parser.add_argument(
        "--approval-fd",
        type=int,
        metavar="N",
        help="署名的人的口令从这个文件描述符读，一行一个，依次；不写则在终端输入",
    )
