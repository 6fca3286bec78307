"""恢复钥匙单: the key that opens the book when nobody can log in, on paper for the clinic's head, and nowhere else."""

from pathlib import Path

from gongji.core.papers.slips import Section, SlipContent, SlipLine
from gongji.desk.papers import archive
from gongji.desk.papers.printers import paper_for_slips
from gongji.desk.papers.receipts import clinic_of
from gongji.desk.session import Session
from gongji.printing.slip import render_slip

_PLACE = Path("recovery-key.pdf")
_GROUP = 8


def recovery_sheet(session: Session, secret: str) -> Path:
    """Return the path of the sheet, which is in memory alone while the program runs, never on a disk."""
    groups = " ".join(secret[place : place + _GROUP] for place in range(0, len(secret), _GROUP))
    said = (
        "没有一位操作员能登录时，用它重新设一位管理员：gongji recover --operator 姓名。",
        "输入时不用空格，不分大小写；也可以扫右下的方码。",
        "谁拿到它和数据文件夹，谁就能打开全部数据：装进信封封好，由负责人保管，不要拍照，不要放在电脑旁。",
        "现在请先在“设置 → 操作员”里用“试恢复钥匙”照着输入一次，确认没有印错。",
    )
    slip = SlipContent(
        title="恢复钥匙",
        no="",
        issuer=clinic_of(session),
        entries=(("收费台", session.clinic.counter), ("生成时间", session.now()), ("生成人", session.operator)),
        sections=(
            Section(heading="钥匙", said=(SlipLine(text=groups),)),
            Section(heading="怎么用，怎么收", said=tuple(SlipLine(text=one) for one in said)),
        ),
        signed=("生成人", "负责人"),
        code=secret,
        code_words="恢复钥匙",
    )
    return archive.hold(session, _PLACE, render_slip(slip, paper_for_slips(session)))
