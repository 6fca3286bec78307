"""The arguments of the commands that work in a data folder; their code is imported when one is used."""

import argparse
from pathlib import Path

from gongji.cli.arguments import (
    Parser,
    clock_options,
    maker_options,
    operator_options,
    runs,
    second_options,
    typed_day,
    typed_month,
    typed_year,
)
from gongji.cli.payer_arguments import add_carrying_commands, add_upload_commands

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


def add_book_commands(
    commands: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser, files: Parser
) -> None:
    """Add init, settle, void, show, list, queue, verify, day-report, load and close-shift."""
    common = [data, packs, operator_options()]
    writing = [*common, clock_options()]
    _add_init(commands, common)
    settle = commands.add_parser("settle", parents=[files, *writing], help="正式结算：记下、印收据、排队上传")
    settle.add_argument("--no-receipt", action="store_true", help="暂不印收据")
    runs(settle, "settle")
    void = commands.add_parser("void", parents=writing, help="冲销一笔结算")
    void.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    void.add_argument("--reason", required=True, metavar="TEXT", help="原因")
    runs(void, "void_settlement")
    show = commands.add_parser("show", parents=common, help="一笔结算的全部内容")
    show.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    runs(show, "show")
    listing = commands.add_parser("list", parents=common, help="结算和冲销，一行一笔")
    listing.add_argument("--date", type=typed_day, metavar="D", help="只看这一天，例如 2026-11-22")
    runs(listing, "list_settlements")
    runs(commands.add_parser("queue", parents=common, help="上传队列，一行一条"), "queue")
    checks = commands.add_parser("verify", parents=common, help="核对数据文件、日志、队列、单据和见证文件")
    checks.add_argument("--resume", action="store_true", help="接着上次没有核对完的继续")
    runs(checks, "check")
    _add_trust_commands(commands, writing)
    day = commands.add_parser("day-report", parents=common, help="日结：一天的收支、收据和未上传")
    day.add_argument("--date", type=typed_day, metavar="D", help="哪一天（默认今天）")
    runs(day, "report_day")
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
    runs(loading, "load_table")
    finding = commands.add_parser("find", parents=common, help="查找人员或目录项目，结果与窗口里的相同")
    finding.add_argument("what", choices=("people", "items"), help="找人员还是项目")
    finding.add_argument("text", metavar="TEXT", help="拼音首字母、名称、编码、条码、证件号、末四位或电话")
    finding.add_argument("--on", type=typed_day, metavar="DATE", help="哪一天有效的项目，默认今天")
    runs(finding, "find", "find")
    _add_paper_commands(commands, common, writing)
    helped = commands.add_parser("support", parents=common, help="支持包：版本、设置、记录、核对结果，不含个人信息")
    helped.add_argument("file", type=Path, metavar="FILE", help="写到哪个文件（- 为标准输出）")
    runs(helped, "support", "support")
    add_carrying_commands(commands, packs, writing)
    add_upload_commands(commands, writing)
    runs(commands.add_parser("close-shift", parents=writing, help="交班：结清当前班次"), "close")


def _add_init(commands: "argparse._SubParsersAction[Parser]", common: list[Parser]) -> None:
    init = commands.add_parser("init", parents=common, help="建立数据文件夹")
    init.add_argument("--training", action="store_true", help="培训用：带虚构的病人和目录，不需要口令")
    init.add_argument("--area", metavar="CODE", help="统筹区代码")
    init.add_argument("--institution", type=Path, metavar="FILE", help="机构资料（JSON，同 institution）")
    init.add_argument("--counter", metavar="CODE", help="收费台代码，两位，各台不同（默认 01）")
    init.add_argument("--answers", type=Path, metavar="FILE", help="设置文件（TOML 或 JSON）：除口令外全部答好")
    init.add_argument("--clinic", metavar="CODE", help="设置文件里有多家时，这台是哪家（机构代码）")
    runs(init, "init", "init")


def _add_trust_commands(commands: "argparse._SubParsersAction[Parser]", writing: list[Parser]) -> None:
    review = commands.add_parser("audit", help="审计：拿别处保存的锚核对一份备份，只看不写")
    review.add_argument("copy", type=Path, metavar="COPY", help="备份文件夹或数据文件夹")
    review.add_argument("anchors", type=Path, nargs="+", metavar="ANCHORS", help="锚的文件，一行一个")
    review.add_argument("--operator", metavar="NAME", help="用操作员口令打开（否则用 age 钥匙）")
    review.add_argument("--list", type=Path, metavar="FILE", help="经办机构给的结算清单（CSV、XLSX），与账核对")
    review.add_argument("--dice", metavar="TEXT", help="抽单据的骰子，写上可以重做同样的抽样")
    review.add_argument("--json", action="store_true", help="结果写成 JSON")
    runs(review, "audit", "trust")
    said = commands.add_parser("explain", parents=writing, help="说明 verify 列出的一条待说明")
    said.add_argument("number", type=int, metavar="N", help="第几条")
    said.add_argument("--reason", required=True, metavar="TEXT", help="是怎么回事")
    runs(said, "explain_concern", "trust")
    parents = [*writing, second_options()]
    gone = commands.add_parser("forget", parents=parents, help="按规定删除一个人的姓名、电话等，金额和编号保留")
    gone.add_argument("number", nargs="?", metavar="NUMBER", help="证件号码；不写 --reason 只说会删什么、留什么")
    gone.add_argument("--reason", metavar="TEXT", help="凭什么删除；写了才真的删除")
    gone.add_argument("--years", type=int, metavar="N", help="改保存期：最后一次结算后姓名保存 N 年")
    runs(gone, "forget", "trust")
    tried = commands.add_parser("drill", parents=writing, help="演练：在临时的地方证明一份备份能恢复")
    tried.add_argument("copy", type=Path, metavar="COPY", help="备份文件或文件夹")
    runs(tried, "drill_copy", "trust")
    recovery = commands.add_parser("recovery", parents=writing, help="恢复钥匙：生成新的，或试一次纸上的")
    recovery.add_argument("--tried", action="store_true", help="把纸上的钥匙输入一次")
    runs(recovery, "recovery", "trust")
    again = commands.add_parser("recover", parents=writing, help="所有操作员都打不开时，用恢复钥匙重新设一位管理员")
    runs(again, "recover_folder", "trust")


def _add_paper_commands(
    commands: "argparse._SubParsersAction[Parser]", common: list[Parser], writing: list[Parser]
) -> None:
    genuine = commands.add_parser("check-receipt", parents=common, help="验单：一张结算单是否真实、有没有改动")
    genuine.add_argument("file", type=Path, metavar="FILE", help="结算单的 PDF，或扫码读出的文字（- 为标准输入）")
    runs(genuine, "check", "papers")
    again = commands.add_parser("reprint", parents=writing, help="补打结算单，注明第几次")
    again.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    runs(again, "again", "papers")
    written = commands.add_parser("paper", parents=writing, help="把结算单写成文件，放到指定的地方")
    written.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    written.add_argument("file", type=Path, metavar="FILE", help="写到哪里，例如 a.pdf")
    runs(written, "write_paper", "papers")
    slip = commands.add_parser("slip", parents=writing, help="打印“为什么是这个数”、以后手工报销的告知单，或补打差额单")
    slip.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    slip.add_argument("kind", choices=("reckoning", "claim", "difference"), help=_SLIPS)
    runs(slip, "slip", "papers")
    statement = commands.add_parser("statement", parents=writing, help="打印月结算申报表（或全年的年报）")
    statement.add_argument("--month", type=typed_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    statement.add_argument("--year", type=typed_year, metavar="Y", help="全年，例如 2026")
    runs(statement, "statement", "papers")
    ledger = commands.add_parser("pharmacy-ledger", parents=writing, help="药店的流转处方和进销存台账，写成表格")
    ledger.add_argument("workbook", type=Path, metavar="FILE", help="写到哪个 XLSX 文件")
    ledger.add_argument("--month", type=typed_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    ledger.add_argument("--year", type=typed_year, metavar="Y", help="全年，例如 2026")
    runs(ledger, "pharmacy_ledger", "papers")
    registered = commands.add_parser("registrations", parents=writing, help="登记了名录里没有的病种的人；逐个改定")
    registered.add_argument(
        "--decide", nargs=2, metavar=("NAME", "LISTED"), help="把这个名称改定为名录里的这一种，另记一条"
    )
    registered.add_argument(
        "--person", action="append", default=[], metavar="ID", help="只改这位（可写几次；不写则同名的都改）"
    )
    runs(registered, "registrations", "imports")


def add_update_commands(update: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands that update the program from a stick, and that make such a stick."""
    kinds = update.add_subparsers(title="命令", metavar="命令", required=True)
    answers = Parser(add_help=False)
    answers.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    check = kinds.add_parser("check", parents=[answers], help="U 盘上有什么更新，能不能用；什么也不改")
    check.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    runs(check, "check", "update")
    working = [data, packs, operator_options(), clock_options()]
    applying = kinds.add_parser("apply", parents=working, help="更新程序：先备份，在副本上试过新版本才换")
    applying.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    runs(applying, "apply", "update")
    runs(
        kinds.add_parser("back", parents=[data, operator_options()], help="退回更新前的版本，数据还能用才退"),
        "back",
        "update",
    )
    making = kinds.add_parser("make", parents=[answers], help="（发布者）做一个签名的更新文件夹")
    making.add_argument("--version", required=True, metavar="V", help="新版本号，例如 0.2.0")
    making.add_argument("--oldest", default="0.0.0", metavar="V", help="能直接更新到它的最老版本（默认都能）")
    making.add_argument("--program", action="append", default=[], metavar="SYSTEM=DIR", help="一个系统的程序文件夹")
    making.add_argument("--installer", action="append", default=[], metavar="SYSTEM=FILE", help="一个系统的安装包")
    making.add_argument("--note", action="append", default=[], metavar="TEXT", help="给收费员看的一句说明")
    making.add_argument("--key", type=Path, required=True, metavar="FILE", help="签名私钥的文件")
    making.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件夹")
    runs(making, "make", "update")
    keys = kinds.add_parser("key", parents=[answers], help="（发布者）生成一对签名钥匙")
    keys.add_argument("file", type=Path, metavar="FILE", help="私钥写到哪个文件")
    runs(keys, "key", "update")
    trying = kinds.add_parser("try", parents=[answers], help="（更新程序自己用）在数据副本上试这个版本")
    trying.add_argument("copy", type=Path, metavar="COPY", help="副本")
    runs(trying, "try_it", "update")


def add_install_command(policy: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser) -> None:
    """Add policy install, makers and sign: packs from files, whose packs are taken, and the publisher's side."""
    parents = [data, packs, operator_options(), clock_options()]
    taking = [*parents, maker_options()]
    install = policy.add_parser("install", parents=taking, help="从文件收下政策包，读得通的立即生效")
    install.add_argument("files", nargs="+", type=Path, metavar="FILE", help="政策包文件（.toml）")
    runs(install, "install", "install")
    makers = policy.add_parser("makers", parents=[*parents, second_options()], help="认可的政策包制作人；撤回认可")
    makers.add_argument("--remove", metavar="FINGERPRINT", help="不再收这个制作人签名的政策包；已装的不变")
    runs(makers, "makers", "install")
    signing = policy.add_parser("sign", help="（发布者）给政策包签名，例子都算对才签")
    signing.add_argument("file", type=Path, metavar="FILE", help="政策包文件（.toml）")
    signing.add_argument("--key", type=Path, required=True, metavar="KEYFILE", help="签名私钥的文件")
    signing.add_argument("--out", type=Path, required=True, metavar="OUT", help="签了名的写到哪个文件")
    signing.add_argument("--by", metavar="TEXT", help="写在文件里的制作人（默认 共济结算台发布方）")
    signing.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    runs(signing, "sign", "install")


def add_workbench_commands(policy: "argparse._SubParsersAction[Parser]", packs: Parser, data: Parser) -> None:
    """Add policy impact and amend: what an edition would change, and a new one made from a notice."""
    parents = [data, packs, operator_options(), clock_options()]
    weighed = policy.add_parser("impact", parents=parents, help="影响测算：本机构一年的结算按这一版重算")
    weighed.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）、统筹区代码，或政策包文件")
    weighed.add_argument("--year", type=int, metavar="YEAR", help="年度（默认最近有结算的一年）")
    weighed.add_argument("--workbook", type=Path, metavar="FILE", help="写成表格（.xlsx）")
    runs(weighed, "print_impact", "policy_workbench")
    amended = policy.add_parser("amend", parents=parents, help="按补充通知做新版，签发成文件")
    amended.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）或统筹区代码")
    amended.add_argument("notice", nargs="?", type=Path, metavar="NOTICE", help="通知文件；不写则列出可以改的数额")
    amended.add_argument("--out", type=Path, default=Path("policy.toml"), metavar="FILE", help="签发成的文件")
    runs(amended, "amend", "policy_workbench")
