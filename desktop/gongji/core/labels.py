"""What the members of closed lists are called, each list in one place: amounts, payment means, classes, states."""

AMOUNT_WORDS = {
    "total": "总费用",
    "self_paid": "全自费",
    "over_price": "超限价",
    "prepaid": "先行自付",
    "excluded": "不予支付",
    "eligible": "政策范围内费用",
    "deductible": "起付标准",
    "fund": "统筹基金",
    "civil_servant": "公务员医疗补助",
    "large_medical": "大额医疗费用补助",
    "fund_total": "基金合计",
    "patient": "个人负担",
    "account_own": "个人账户",
    "account_family": "共济账户",
    "cash": "现金",
}
"""What each amount is called, as in the glossary."""
SHORT_AMOUNT_WORDS = {**AMOUNT_WORDS, "civil_servant": "公务员补助", "large_medical": "大额补助"}
"""The same where there is little room."""
TENDER_WORDS = {"cash": "现金", "wechat": "微信", "alipay": "支付宝", "card": "银行卡"}
"""What a patient pays with, in the order of Alt+1 … at the counter: the list itself, and what each is called."""
CLASS_WORDS = {"A": "甲", "B": "乙", "C": "丙"}
CATEGORY_WORDS = {"drug": "药品", "service": "诊疗", "consumable": "耗材"}
FEE_CATEGORIES = (
    "诊察费", "检查费", "化验费", "治疗费", "手术费", "卫生材料费", "西药费", "中药饮片", "中成药费", "一般诊疗费",
    "挂号费", "其他门（急）诊收费",
)  # fmt: skip
"""The official headings of an outpatient bill in the official order (财综〔2019〕29号)."""
_RECORDS = {
    "pending": ("待上传", "等待上传", "不用管，联网后自动上传"),
    "sending": ("正在上传", "正在上传", "不用管，稍等"),
    "unknown": ("结果待查", "已发出，还不知道结果", "不用管，程序会先查询再决定，不会重复上传"),
    "reversing": ("正在撤销", "正在平台上撤销", "不用管，稍等"),
    "accepted": ("已上传", "医保平台已接受", "已完成"),
    "difference": ("有差异", "平台算得不同", "按“差异处理”，核对两边的数"),
    "quarantine": ("需处理", "多次没有成功，已停下", "按“差异处理”，看原因后决定重试或放行"),
    "rejected": ("平台拒绝", "平台拒绝", "看平台的理由；改正后退费重收"),
    "reversed": ("平台已撤销", "已在平台上撤销", "已完成"),
    "void": ("无需上传", "不需要上传", "已完成：没有上传过就冲销了"),
}
"""Of each state of a record on its way to the payer: its word, how the window says it, what a clerk does about it."""
RECORD_WORDS = {**{state: word for state, (word, _, _) in _RECORDS.items()}, "": "—"}
"""Where a record is on its way to the payer (`outbox.states.State`), in the glossary's words."""
PLAIN_RECORD_WORDS = {state: words for state, (_, words, _) in _RECORDS.items()}
"""The same in the window, in words that need no glossary."""
RECORD_ADVICE = {state: advice for state, (_, _, advice) in _RECORDS.items()}
"""What a clerk does about a record in that state."""
ACT_WORDS = {
    "begin": "建立数据文件夹",
    "settle": "结算",
    "void": "冲销",
    "close": "交班",
    "reprint": "补打",
    "clock": "确认时间",
    "restored": "恢复备份",
    "asks_first": "先查后传",
    "concern": "待说明",
    "explain": "说明",
    "program": "换程序版本",
    "place": "换存放位置",
    "recovery": "钥匙",
    "locked": "口令多次不对",
    "told": "就诊带来数额",
    "drill": "试恢复",
    "reveal": "查看全号",
    "forgotten": "清除个人资料",
    "clinic": "改机构设置",
    "operator": "改操作员",
    "gateway": "改网关",
    "carrier": "改转送机",
    "parameter": "录入参数",
    "import": "导入表格",
    "by-hand": "手工录入",
    "download": "下载目录",
    "policy": "装政策包",
    "export": "带出",
    "answers": "带回回执",
    "give-up": "收回包",
    "reconcile": "对账",
    "adopt": "采用平台数",
    "reverse": "退回有差异的结算",
    "retry": "重试",
    "release": "放行",
    "accepted": "平台接受",
    "difference": "发现差异",
    "quarantine": "停下待处理",
    "rejected": "被平台拒绝",
    "reversed": "在平台撤销",
    "void-done": "冲销已了",
    "bill": "票据",
    "selection_refused": "选点被拒",
    "selection_stuck": "选点停下",
}
"""What each logged act is called (`ledger.audit.Act`)."""
