"""The arguments of the commands that work in a data folder; their code is imported when one is used."""

import argparse
import re
from importlib import import_module
from pathlib import Path

from gongji.cli.arguments import Parser

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z", re.ASCII)
_YEAR = re.compile(r"\d{4}\Z", re.ASCII)
_SLIPS = "reckoning 为什么是这个数；claim 手工报销告知单；difference 补打最近一张差额单"
_TABLES = (
    "people",
    "links",
    "catalogue",
    "accumulators",
    "diseases",
    "diagnoses",
    "doctors",
    "mappings",
    "restrictions",
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def add_book_commands(
    commands: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser, files: Parser
) -> None:
    """Add init, settle, void, show, list, queue, verify, day-report, load and close-shift."""
    common = [data, packs, _operator()]
    writing = [*common, _clock()]
    _add_init(commands, common)
    settle = commands.add_parser("settle", parents=[files, *writing], help="正式结算：记下、印收据、排队上传")
    settle.add_argument("--no-receipt", action="store_true", help="暂不印收据")
    _runs(settle, "settle")
    void = commands.add_parser("void", parents=writing, help="冲销一笔结算")
    void.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    void.add_argument("--reason", required=True, metavar="TEXT", help="原因")
    _runs(void, "void_settlement")
    show = commands.add_parser("show", parents=common, help="一笔结算的全部内容")
    show.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    _runs(show, "show")
    listing = commands.add_parser("list", parents=common, help="结算和冲销，一行一笔")
    listing.add_argument("--date", type=_day, metavar="D", help="只看这一天，例如 2026-11-22")
    _runs(listing, "list_settlements")
    _runs(commands.add_parser("queue", parents=common, help="上传队列，一行一条"), "queue")
    checks = commands.add_parser("verify", parents=common, help="核对数据文件、日志、队列、单据和见证文件")
    checks.add_argument("--resume", action="store_true", help="接着上次没有核对完的继续")
    _runs(checks, "check")
    _add_trust_commands(commands, writing)
    day = commands.add_parser("day-report", parents=common, help="日结：一天的收支、收据和未上传")
    day.add_argument("--date", type=_day, metavar="D", help="哪一天（默认今天）")
    _runs(day, "report_day")
    loading = commands.add_parser("load", parents=writing, help="从表格导入人员、共济账户、目录或累计")
    loading.add_argument("kind", choices=_TABLES, help="导入什么")
    loading.add_argument("file", type=Path, metavar="FILE", help="CSV 或 XLSX 文件")
    loading.add_argument("--preview", action="store_true", help="只看会怎样，不导入")
    loading.add_argument("--skip-refused", action="store_true", help="有的行不对时，导入其余的行")
    loading.add_argument("--refused", type=Path, metavar="FILE", help="把不对的行连同原因写到这个文件")
    loading.add_argument("--as-proposed", action="store_true", help="列名与本程序不同时，按建议的对应关系导入并记住")
    loading.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="文件的列=本程序的列",
        help="说明一列是什么；= 后空着的列不读；可写几次",
    )
    loading.add_argument("--set", action="append", default=[], metavar="列=内容", help="文件里没有的列，每一行都填这个")
    _runs(loading, "load_table")
    finding = commands.add_parser("find", parents=common, help="查找人员或目录项目，结果与窗口里的相同")
    finding.add_argument("what", choices=("people", "items"), help="找人员还是项目")
    finding.add_argument("text", metavar="TEXT", help="拼音首字母、名称、编码、条码、证件号、末四位或电话")
    finding.add_argument("--on", type=_day, metavar="DATE", help="哪一天有效的项目，默认今天")
    _runs(finding, "find", "find")
    _add_paper_commands(commands, common, writing)
    helped = commands.add_parser("support", parents=common, help="支持包：版本、设置、记录、核对结果，不含个人信息")
    helped.add_argument("file", type=Path, metavar="FILE", help="写到哪个文件（- 为标准输出）")
    _runs(helped, "support", "support")
    _add_carrying_commands(commands, packs, writing)
    _add_upload_commands(commands, writing)
    _runs(commands.add_parser("close-shift", parents=writing, help="交班：结清当前班次"), "close")


def _add_init(commands: "argparse._SubParsersAction[Parser]", common: list[Parser]) -> None:
    init = commands.add_parser("init", parents=common, help="建立数据文件夹")
    init.add_argument("--training", action="store_true", help="培训用：带虚构的病人和目录，不需要口令")
    init.add_argument("--area", metavar="CODE", help="统筹区代码")
    init.add_argument("--institution", type=Path, metavar="FILE", help="机构资料（JSON，同 institution）")
    init.add_argument("--counter", metavar="CODE", help="收费台代码，两位，各台不同（默认 01）")
    init.add_argument("--answers", type=Path, metavar="FILE", help="设置文件（TOML 或 JSON）：除口令外全部答好")
    init.add_argument("--clinic", metavar="CODE", help="设置文件里有多家时，这台是哪家（机构代码）")
    _runs(init, "init", "init")


def _add_trust_commands(commands: "argparse._SubParsersAction[Parser]", writing: list[Parser]) -> None:
    review = commands.add_parser("audit", help="审计：拿别处保存的锚核对一份备份，只看不写")
    review.add_argument("copy", type=Path, metavar="COPY", help="备份文件夹或数据文件夹")
    review.add_argument("anchors", type=Path, nargs="+", metavar="ANCHORS", help="锚的文件，一行一个")
    review.add_argument("--operator", metavar="NAME", help="用操作员口令打开（否则用 age 钥匙）")
    review.add_argument("--list", type=Path, metavar="FILE", help="经办机构给的结算清单（CSV、XLSX），与账核对")
    review.add_argument("--dice", metavar="TEXT", help="抽单据的骰子，写上可以重做同样的抽样")
    review.add_argument("--json", action="store_true", help="结果写成 JSON")
    _runs(review, "audit", "trust")
    said = commands.add_parser("explain", parents=writing, help="说明 verify 列出的一条待说明")
    said.add_argument("number", type=int, metavar="N", help="第几条")
    said.add_argument("--reason", required=True, metavar="TEXT", help="是怎么回事")
    _runs(said, "explain_concern", "trust")
    gone = commands.add_parser("forget", parents=writing, help="按规定删除一个人的姓名、电话等，金额和编号保留")
    gone.add_argument("number", nargs="?", metavar="NUMBER", help="证件号码；不写 --reason 只说会删什么、留什么")
    gone.add_argument("--reason", metavar="TEXT", help="凭什么删除；写了才真的删除")
    gone.add_argument("--second", metavar="NAME", help="在场的第二人；口令从 GONGJI_SECOND_PASSWORD 或终端读")
    gone.add_argument("--years", type=int, metavar="N", help="改保存期：最后一次结算后姓名保存 N 年")
    _runs(gone, "forget", "trust")
    tried = commands.add_parser("drill", parents=writing, help="演练：在临时的地方证明一份备份能恢复")
    tried.add_argument("copy", type=Path, metavar="COPY", help="备份文件或文件夹")
    _runs(tried, "drill_copy", "trust")
    recovery = commands.add_parser("recovery", parents=writing, help="恢复钥匙：生成新的，或试一次纸上的")
    recovery.add_argument("--tried", action="store_true", help="把纸上的钥匙输入一次")
    _runs(recovery, "recovery", "trust")
    again = commands.add_parser("recover", parents=writing, help="所有操作员都打不开时，用恢复钥匙重新设一位管理员")
    _runs(again, "recover_folder", "trust")


def _add_paper_commands(
    commands: "argparse._SubParsersAction[Parser]", common: list[Parser], writing: list[Parser]
) -> None:
    genuine = commands.add_parser("check-receipt", parents=common, help="验单：一张结算单是否真实、有没有改动")
    genuine.add_argument("file", type=Path, metavar="FILE", help="结算单的 PDF，或扫码读出的文字（- 为标准输入）")
    _runs(genuine, "check", "papers")
    again = commands.add_parser("reprint", parents=writing, help="补打结算单，注明第几次")
    again.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    _runs(again, "again", "papers")
    written = commands.add_parser("paper", parents=writing, help="把结算单写成文件，放到指定的地方")
    written.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    written.add_argument("file", type=Path, metavar="FILE", help="写到哪里，例如 a.pdf")
    _runs(written, "write_paper", "papers")
    slip = commands.add_parser("slip", parents=writing, help="打印“为什么是这个数”、以后手工报销的告知单，或补打差额单")
    slip.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    slip.add_argument("kind", choices=("reckoning", "claim", "difference"), help=_SLIPS)
    _runs(slip, "slip", "papers")
    statement = commands.add_parser("statement", parents=writing, help="打印月结算申报表（或全年的年报）")
    statement.add_argument("--month", type=_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    statement.add_argument("--year", type=_year, metavar="Y", help="全年，例如 2026")
    _runs(statement, "statement", "papers")
    ledger = commands.add_parser("pharmacy-ledger", parents=writing, help="药店的流转处方和进销存台账，写成表格")
    ledger.add_argument("workbook", type=Path, metavar="FILE", help="写到哪个 XLSX 文件")
    ledger.add_argument("--month", type=_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    ledger.add_argument("--year", type=_year, metavar="Y", help="全年，例如 2026")
    _runs(ledger, "pharmacy_ledger", "papers")
    registered = commands.add_parser("registrations", parents=writing, help="登记了名录里没有的病种的人；逐个改定")
    registered.add_argument(
        "--decide", nargs=2, metavar=("NAME", "LISTED"), help="把这个名称改定为名录里的这一种，另记一条"
    )
    registered.add_argument(
        "--person", action="append", default=[], metavar="ID", help="只改这位（可写几次；不写则同名的都改）"
    )
    _runs(registered, "registrations", "imports")


def _add_upload_commands(commands: "argparse._SubParsersAction[Parser]", writing: list[Parser]) -> None:
    upload = commands.add_parser("upload", parents=writing, help="把到期的记录传给医保平台")
    _gateway(upload)
    upload.add_argument("--watch", action="store_true", help="传完不退出，到时间的接着传（Ctrl-C 结束）")
    _runs(upload, "upload", "upload")

    reconcile = commands.add_parser("reconcile", parents=writing, help="对账：本机、单据号与平台三方核对")
    _gateway(reconcile)
    when = reconcile.add_mutually_exclusive_group()
    when.add_argument("--date", type=_day, metavar="D", help="哪一天（默认今天，按平台的时间）")
    when.add_argument("--month", type=_month, metavar="M", help="整月，例如 2026-11")
    _runs(reconcile, "reconcile", "upload")

    down = commands.add_parser("download", parents=writing, help="下载三目录、限价、先自付比例和政策包")
    down.add_argument("kinds", nargs="*", metavar="KIND", help="交易编号，或 packs（政策包）；不写为全部")
    _gateway(down)
    down.add_argument("--all", action="store_true", help="不从上次的版本接着，全部重新下载")
    _runs(down, "download", "download")


def add_mapping_commands(mapping: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands for mapping the clinic's own codes to national ones."""
    kinds = mapping.add_subparsers(title="命令", metavar="命令", required=True)
    listing = kinds.add_parser("list", parents=[data, packs, _operator()], help="列出没有国家编码的项目")
    _runs(listing, "show_mappings", "imports")
    telling = kinds.add_parser(
        "upload", parents=[data, packs, _operator(), _clock()], help="把新的对照告诉平台（3301）"
    )
    _gateway(telling)
    _runs(telling, "tell_mappings", "imports")


def add_region_commands(region: Parser, packs: Parser, data: Parser) -> None:
    """Add an integrator's commands for a region's profile."""
    kinds = region.add_subparsers(title="命令", metavar="命令", required=True)
    check = kinds.add_parser("check", help="检查地区配置：缺的、矛盾的，一次说完")
    check.add_argument("names", nargs="+", metavar="NAME", help="地区配置的名字，或 .toml 文件")
    check.add_argument("--json", action="store_true", help="输出 JSON 对象，一行一个")
    _runs(check, "check_regions", "upload")
    parents = [data, packs, _operator(), _clock()]
    trying = kinds.add_parser("try", parents=parents, help="试网关：签到、查人、预结算、撤销；什么也不结算")
    trying.add_argument("--person", required=True, metavar="ID", help="一位同意试用的参保人的身份证号")
    trying.add_argument("--name", required=True, metavar="NAME", help="这位参保人的姓名")
    trying.add_argument("--item", required=True, metavar="CODE", help="一个药品的国家医保编码，按 1 元预结算")
    trying.add_argument("--diagnosis", default="", metavar="TEXT", help="诊断，“编码 名称”；不写取本院诊断表的第一个")
    _gateway(trying)
    _runs(trying, "try_gateway", "upload")


def add_update_commands(update: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands that update the program from a stick, and that make such a stick."""
    kinds = update.add_subparsers(title="命令", metavar="命令", required=True)
    answers = Parser(add_help=False)
    answers.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    check = kinds.add_parser("check", parents=[answers], help="U 盘上有什么更新，能不能用；什么也不改")
    check.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    _runs(check, "check", "update")
    working = [data, packs, _operator(), _clock()]
    applying = kinds.add_parser("apply", parents=working, help="更新程序：先备份，在副本上试过新版本才换")
    applying.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    _runs(applying, "apply", "update")
    _runs(
        kinds.add_parser("back", parents=[data, _operator()], help="退回更新前的版本，数据还能用才退"), "back", "update"
    )
    making = kinds.add_parser("make", parents=[answers], help="（发布者）做一个签名的更新文件夹")
    making.add_argument("--version", required=True, metavar="V", help="新版本号，例如 0.2.0")
    making.add_argument("--oldest", default="0.0.0", metavar="V", help="能直接更新到它的最老版本（默认都能）")
    making.add_argument("--program", action="append", default=[], metavar="SYSTEM=DIR", help="一个系统的程序文件夹")
    making.add_argument("--installer", action="append", default=[], metavar="SYSTEM=FILE", help="一个系统的安装包")
    making.add_argument("--note", action="append", default=[], metavar="TEXT", help="给收费员看的一句说明")
    making.add_argument("--key", type=Path, required=True, metavar="FILE", help="签名私钥的文件")
    making.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件夹")
    _runs(making, "make", "update")
    keys = kinds.add_parser("key", parents=[answers], help="（发布者）生成一对签名钥匙")
    keys.add_argument("file", type=Path, metavar="FILE", help="私钥写到哪个文件")
    _runs(keys, "key", "update")
    trying = kinds.add_parser("try", parents=[answers], help="（更新程序自己用）在数据副本上试这个版本")
    trying.add_argument("copy", type=Path, metavar="COPY", help="副本")
    _runs(trying, "try_it", "update")


def add_install_command(policy: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser) -> None:
    """Add policy install: packs from files, for a counter without downloads."""
    parents = [data, packs, _operator(), _clock()]
    install = policy.add_parser("install", parents=parents, help="从文件收下政策包，读得通的立即生效")
    install.add_argument("files", nargs="+", type=Path, metavar="FILE", help="政策包文件（.toml）")
    _runs(install, "install", "download")


def add_workbench_commands(policy: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser) -> None:
    """Add policy impact and amend: what an edition would change, and a new one made from a notice."""
    parents = [data, packs, _operator(), _clock()]
    weighed = policy.add_parser("impact", parents=parents, help="影响测算：本机构一年的结算按这一版重算")
    weighed.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）、统筹区代码，或政策包文件")
    weighed.add_argument("--year", type=int, metavar="YEAR", help="年度（默认最近有结算的一年）")
    weighed.add_argument("--workbook", type=Path, metavar="FILE", help="写成表格（.xlsx）")
    _runs(weighed, "print_impact", "policy_workbench")
    amended = policy.add_parser("amend", parents=parents, help="按补充通知做新版，签发成文件")
    amended.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）或统筹区代码")
    amended.add_argument("notice", nargs="?", type=Path, metavar="NOTICE", help="通知文件；不写则列出可以改的数额")
    amended.add_argument("--out", type=Path, default=Path("policy.toml"), metavar="FILE", help="签发成的文件")
    _runs(amended, "amend", "policy_workbench")


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


def _add_carrying_commands(
    commands: "argparse._SubParsersAction[Parser]", packs: Parser, writing: list[Parser]
) -> None:
    out = commands.add_parser("export", parents=writing, help="把未上传的记录打成一个包，用 U 盘带走")
    out.add_argument("file", nargs="?", type=Path, metavar="FILE", help="写到哪个文件")
    out.add_argument("--to", type=Path, metavar="CARD", help="转送机的名片（第一次或换了转送机时）")
    out.add_argument("--profile", metavar="NAME", help="地区配置（默认 plain，培训为 practice）")
    out.add_argument("--list", action="store_true", help="列出带出而未带回的包")
    out.add_argument("--again", type=int, metavar="N", help="把第 N 号包再写一份，例如 U 盘坏了")
    out.add_argument("--give-up", type=int, metavar="N", help="第 N 号包找不到了：过期后收回其中的记录")
    out.add_argument("--destroyed", action="store_true", help="与 --give-up 同用：确认包已销毁、没有转送过")
    _runs(out, "export_package", "stick")
    back = commands.add_parser("import", parents=writing, help="导入带回的回执")
    back.add_argument("file", type=Path, metavar="FILE", help="回执文件")
    _runs(back, "import_package", "stick")
    carry = commands.add_parser("relay", parents=[packs], help="在联网的电脑上转送一个包，并做成回执")
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
    _runs(carry, "relay_package", "stick")


def _operator() -> Parser:
    parser = Parser(add_help=False)
    parser.add_argument("--operator", metavar="NAME", help="操作员；口令在终端输入，或放在 GONGJI_PASSWORD")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    return parser


def _clock() -> Parser:
    parser = Parser(add_help=False)
    parser.add_argument("--clock-confirmed", action="store_true", help="电脑时间早于上一笔记录，但确认无误")
    parser.add_argument("--folder-moved", action="store_true", help="数据文件夹搬到了这里，原来的那份不再使用")
    parser.add_argument("--as-counter", metavar="CODE", help="这是复制出来的，从此是另一个收费台，用这个新代码")
    return parser


def _day(text: str) -> str:
    if not _DAY.match(text):
        raise ValueError(text)
    return text


def _month(text: str) -> str:
    if not _MONTH.match(text):
        raise ValueError(text)
    return text


def _year(text: str) -> int:
    if not _YEAR.match(text):
        raise ValueError(text)
    return int(text)


def _runs(parser: argparse.ArgumentParser, name: str, module: str = "settlements") -> None:
    def run(options: argparse.Namespace) -> int:
        from gongji.cli.session import guarded

        return guarded(getattr(import_module(f"gongji.cli.{module}"), name))(options)

    parser.set_defaults(run=run)
