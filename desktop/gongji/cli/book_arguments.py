"""The arguments of the commands that work in a data folder, on packs or on the program; imported when one is used."""

from pathlib import Path

from gongji.cli.arguments import (
    Commands,
    Parser,
    clock_options,
    command,
    maker_options,
    operator_options,
    second_options,
    typed_day,
    typed_month,
    typed_year,
    working_options,
)
from gongji.cli.payer_arguments import add_carrying_commands, add_upload_commands

_SLIPS = "reckoning 为什么是这个数；claim 手工报销告知单；difference 补打最近一张差额单"
_TABLES = (
    "people", "links", "catalogue", "accumulators", "diseases", "diagnoses", "doctors", "mappings", "restrictions",
)  # fmt: skip


def add_book_commands(commands: Commands, packs: Parser, data: Parser, files: Parser) -> None:
    """Add init, settle, void, show, list, queue, verify, day-report, load and close-shift."""
    common = [data, packs, operator_options()]
    writing = [*common, clock_options()]
    _add_init(commands, common)
    settle = command(commands, "settle", "settlements.settle", "正式结算：记下、印收据、排队上传", [files, *writing])
    settle.add_argument("--no-receipt", action="store_true", help="暂不印收据")
    void = command(commands, "void", "settlements.void_settlement", "冲销一笔结算", writing)
    void.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    void.add_argument("--reason", required=True, metavar="TEXT", help="原因")
    show = command(commands, "show", "settlements.show", "一笔结算的全部内容", common)
    show.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    listing = command(commands, "list", "settlements.list_settlements", "结算和冲销，一行一笔", common)
    listing.add_argument("--date", type=typed_day, metavar="D", help="只看这一天，例如 2026-11-22")
    command(commands, "queue", "settlements.queue", "上传队列，一行一条", common)
    checks = command(commands, "verify", "settlements.check", "核对数据文件、日志、队列、单据和见证文件", common)
    checks.add_argument("--resume", action="store_true", help="接着上次没有核对完的继续")
    _add_trust_commands(commands, writing)
    day = command(commands, "day-report", "settlements.report_day", "日结：一天的收支、收据和未上传", common)
    day.add_argument("--date", type=typed_day, metavar="D", help="哪一天（默认今天）")
    loading = command(commands, "load", "imports.load_table", "从表格导入人员、共济账户、目录或累计", writing)
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
    finding = command(commands, "find", "settlements.find_listed", "查找人员或目录项目，结果与窗口里的相同", common)
    finding.add_argument("what", choices=("people", "items"), help="找人员还是项目")
    finding.add_argument("text", metavar="TEXT", help="拼音首字母、名称、编码、条码、证件号、末四位或电话")
    finding.add_argument("--on", type=typed_day, metavar="DATE", help="哪一天有效的项目，默认今天")
    _add_paper_commands(commands, common, writing)
    helped = command(commands, "support", "support.support", "支持包：版本、设置、记录、核对结果，不含个人信息", common)
    helped.add_argument("file", type=Path, metavar="FILE", help="写到哪个文件（- 为标准输出）")
    add_carrying_commands(commands, packs, writing)
    add_upload_commands(commands, writing)
    command(commands, "close-shift", "settlements.close", "交班：结清当前班次", writing)


def _add_init(commands: Commands, common: list[Parser]) -> None:
    init = command(commands, "init", "init.init", "建立数据文件夹", common)
    init.add_argument("--training", action="store_true", help="培训用：带虚构的病人和目录，不需要口令")
    init.add_argument("--area", metavar="CODE", help="统筹区代码")
    init.add_argument("--institution", type=Path, metavar="FILE", help="机构资料（JSON，同 institution）")
    init.add_argument("--counter", metavar="CODE", help="收费台代码，两位，各台不同（默认 01）")
    init.add_argument("--answers", type=Path, metavar="FILE", help="设置文件（TOML 或 JSON）：除口令外全部答好")
    init.add_argument("--clinic", metavar="CODE", help="设置文件里有多家时，这台是哪家（机构代码）")


def _add_trust_commands(commands: Commands, writing: list[Parser]) -> None:
    review = command(commands, "audit", "trust.audit", "审计：拿别处保存的锚核对一份备份，只看不写")
    review.add_argument("copy", type=Path, metavar="COPY", help="备份文件夹或数据文件夹")
    review.add_argument("anchors", type=Path, nargs="+", metavar="ANCHORS", help="锚的文件，一行一个")
    review.add_argument("--operator", metavar="NAME", help="用操作员口令打开（否则用 age 钥匙）")
    review.add_argument("--list", type=Path, metavar="FILE", help="经办机构给的结算清单（CSV、XLSX），与账核对")
    review.add_argument("--dice", metavar="TEXT", help="抽单据的骰子，写上可以重做同样的抽样")
    review.add_argument("--json", action="store_true", help="结果写成 JSON")
    said = command(commands, "explain", "trust.explain_concern", "说明 verify 列出的一条待说明", writing)
    said.add_argument("number", type=int, metavar="N", help="第几条")
    said.add_argument("--reason", required=True, metavar="TEXT", help="是怎么回事")
    parents = [*writing, second_options()]
    gone = command(commands, "forget", "trust.forget", "按规定删除一个人的姓名、电话等，金额和编号保留", parents)
    gone.add_argument("number", nargs="?", metavar="NUMBER", help="证件号码；不写 --reason 只说会删什么、留什么")
    gone.add_argument("--reason", metavar="TEXT", help="凭什么删除；写了才真的删除")
    gone.add_argument("--years", type=int, metavar="N", help="改保存期：最后一次结算后姓名保存 N 年")
    tried = command(commands, "drill", "trust.drill_copy", "演练：在临时的地方证明一份备份能恢复", writing)
    tried.add_argument("copy", type=Path, metavar="COPY", help="备份文件或文件夹")
    recovery = command(commands, "recovery", "trust.recovery", "恢复钥匙：生成新的，或试一次纸上的", writing)
    recovery.add_argument("--tried", action="store_true", help="把纸上的钥匙输入一次")
    command(commands, "recover", "trust.recover_folder", "所有操作员都打不开时，用恢复钥匙重新设一位管理员", writing)


def _add_paper_commands(commands: Commands, common: list[Parser], writing: list[Parser]) -> None:
    genuine = command(commands, "check-receipt", "papers.check", "验单：一张结算单是否真实、有没有改动", common)
    genuine.add_argument("file", type=Path, metavar="FILE", help="结算单的 PDF，或扫码读出的文字（- 为标准输入）")
    again = command(commands, "reprint", "papers.again", "补打结算单，注明第几次", writing)
    again.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    written = command(commands, "paper", "papers.write_paper", "把结算单写成文件，放到指定的地方", writing)
    written.add_argument("number", metavar="SETTLEMENT_NO", help="结算号或冲销号")
    written.add_argument("file", type=Path, metavar="FILE", help="写到哪里，例如 a.pdf")
    slip = command(commands, "slip", "papers.slip", "打印“为什么是这个数”、以后手工报销的告知单，或补打差额单", writing)
    slip.add_argument("number", metavar="SETTLEMENT_NO", help="结算号")
    slip.add_argument("kind", choices=("reckoning", "claim", "difference"), help=_SLIPS)
    statement = command(commands, "statement", "papers.statement", "打印月结算申报表（或全年的年报）", writing)
    statement.add_argument("--month", type=typed_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    statement.add_argument("--year", type=typed_year, metavar="Y", help="全年，例如 2026")
    ledger = command(
        commands, "pharmacy-ledger", "papers.pharmacy_ledger", "药店的流转处方和进销存台账，写成表格", writing
    )
    ledger.add_argument("workbook", type=Path, metavar="FILE", help="写到哪个 XLSX 文件")
    ledger.add_argument("--month", type=typed_month, metavar="M", help="哪一月，例如 2026-11（默认上个月）")
    ledger.add_argument("--year", type=typed_year, metavar="Y", help="全年，例如 2026")
    registered = command(
        commands, "registrations", "imports.registrations", "登记了名录里没有的病种的人；逐个改定", writing
    )
    registered.add_argument(
        "--decide", nargs=2, metavar=("NAME", "LISTED"), help="把这个名称改定为名录里的这一种，另记一条"
    )
    registered.add_argument(
        "--person", action="append", default=[], metavar="ID", help="只改这位（可写几次；不写则同名的都改）"
    )


def add_update_commands(update: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands that update the program from a stick, and that make such a stick."""
    kinds = update.add_subparsers(title="命令", metavar="命令", required=True)
    answers = Parser(add_help=False)
    answers.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    check = command(kinds, "check", "update.check", "U 盘上有什么更新，能不能用；什么也不改", [answers])
    check.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    working = working_options(data, packs)
    applying = command(kinds, "apply", "update.apply", "更新程序：先备份，在副本上试过新版本才换", working)
    applying.add_argument("stick", type=Path, metavar="STICK", help="U 盘，或其中的更新文件夹")
    command(kinds, "back", "update.back", "退回更新前的版本，数据还能用才退", [data, operator_options()])
    making = command(kinds, "make", "update.make", "（发布者）做一个签名的更新文件夹", [answers])
    making.add_argument("--version", required=True, metavar="V", help="新版本号，例如 0.2.0")
    making.add_argument("--oldest", default="0.0.0", metavar="V", help="能直接更新到它的最老版本（默认都能）")
    making.add_argument("--program", action="append", default=[], metavar="SYSTEM=DIR", help="一个系统的程序文件夹")
    making.add_argument("--installer", action="append", default=[], metavar="SYSTEM=FILE", help="一个系统的安装包")
    making.add_argument("--note", action="append", default=[], metavar="TEXT", help="给收费员看的一句说明")
    making.add_argument("--key", type=Path, required=True, metavar="FILE", help="签名私钥的文件")
    making.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件夹")
    keys = command(kinds, "key", "update.key", "（发布者）生成一对签名钥匙", [answers])
    keys.add_argument("file", type=Path, metavar="FILE", help="私钥写到哪个文件")
    trying = command(kinds, "try", "update.try_it", "（更新程序自己用）在数据副本上试这个版本", [answers])
    trying.add_argument("copy", type=Path, metavar="COPY", help="副本")


def add_policy_commands(policy: Parser, packs: Parser, data: Parser) -> None:
    """Add the commands on packs: looked at, checked and proved, installed, signed, weighed and amended, documents."""
    kinds = policy.add_subparsers(title="命令", metavar="命令", required=True)
    listing = command(kinds, "list", "policies.list_policies", "现有的政策包：有效的和失效的", [packs])
    listing.add_argument("--on", metavar="DATE", help="按这一天判断是否有效，例如 2023-05-04（默认今天）")
    show = command(kinds, "show", "policy_show.show_policy", "一个统筹区的规则、数额、条文和要旨", [packs, data])
    show.add_argument("area", metavar="AREA", help="统筹区代码，或某一版的编号（代码@开始日期）")
    show.add_argument("--article", metavar="N", help="只看这一条，例如 9、第九条、二(二)；各项一并显示")
    check = command(kinds, "check", "policies.print_checks", "检查政策包文件，并演算它自带的例子")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    diff = command(kinds, "diff", "policies.diff_policies", "两版政策有什么不同", [packs])
    diff.add_argument("old", metavar="A", help="政策包文件，或编号（代码@开始日期）")
    diff.add_argument("new", metavar="B", help="政策包文件，或编号（代码@开始日期）")
    working = working_options(data, packs)
    install = command(
        kinds, "install", "install.install", "从文件收下政策包，读得通的立即生效", [*working, maker_options()]
    )
    install.add_argument("files", nargs="+", type=Path, metavar="FILE", help="政策包文件（.toml）")
    makers = command(kinds, "makers", "install.makers", "认可的政策包制作人；撤回认可", [*working, second_options()])
    makers.add_argument("--remove", metavar="FINGERPRINT", help="不再收这个制作人签名的政策包；已装的不变")
    signing = command(kinds, "sign", "install.sign", "（发布者）给政策包签名，例子都算对才签")
    signing.add_argument("file", type=Path, metavar="FILE", help="政策包文件（.toml）")
    signing.add_argument("--key", type=Path, required=True, metavar="KEYFILE", help="签名私钥的文件")
    signing.add_argument("--out", type=Path, required=True, metavar="OUT", help="签了名的写到哪个文件")
    signing.add_argument("--by", metavar="TEXT", help="写在文件里的制作人（默认 共济结算台发布方）")
    signing.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    weighed = command(
        kinds, "impact", "policy_workbench.print_impact", "影响测算：本机构一年的结算按这一版重算", working
    )
    weighed.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）、统筹区代码，或政策包文件")
    weighed.add_argument("--year", type=int, metavar="YEAR", help="年度（默认最近有结算的一年）")
    weighed.add_argument("--workbook", type=Path, metavar="FILE", help="写成表格（.xlsx）")
    amended = command(kinds, "amend", "policy_workbench.amend", "按补充通知做新版，签发成文件", working)
    amended.add_argument("edition", metavar="EDITION", help="编号（代码@开始日期）或统筹区代码")
    amended.add_argument("notice", nargs="?", type=Path, metavar="NOTICE", help="通知文件；不写则列出可以改的数额")
    amended.add_argument("--out", type=Path, default=Path("policy.toml"), metavar="FILE", help="签发成的文件")
    proving = command(
        kinds, "prove", "policy_workbench.print_proofs", "用 z3 证明政策包：守恒、不为负、单调、恰有一行", [packs]
    )
    proving.add_argument("packs", nargs="*", metavar="PACK", help="政策包文件或编号（默认现有的全部）")
    attach = command(
        kinds, "attach", "policies.print_attached", "附上文件原文，此后引用的条文旁显示原文", [packs, data]
    )
    attach.add_argument("area", metavar="AREA", help="统筹区代码")
    attach.add_argument("file", type=Path, metavar="FILE", help="文件的文本")
