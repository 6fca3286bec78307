"""自检: everything an installed program needs, tried for real in a temporary folder."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.core.money import yuan
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.papers.archive import made
from gongji.desk.papers.receipts import receipt_steps
from gongji.desk.session import Clock, Session
from gongji.desk.settlements.settle import settle_text
from gongji.errors import GongjiError
from gongji.files import read_whole, resource_folder
from gongji.pack_files.library import Library
from gongji.printing.read_pdf import text_of


class SelfTestError(GongjiError):
    """Something an installed program needs does not work."""

    def __init__(self, what: str) -> None:
        super().__init__(f"自检没有通过：{what}", "请重新安装程序；仍不行的，联系维护人员")


def self_test(library: Library, clock: Clock) -> Iterator[str]:
    """Yield a sentence for each area tried: an encrypted book, settlements, a receipt read back, full verification.

    Raises `SelfTestError` for the first failure, and any `GongjiError` met on the way.
    """
    for area in library.areas:
        with TemporaryDirectory() as folder:
            path = Path(folder, "data")
            begin_training(path, area, library, clock)
            with closing(open_counter(path, library, clock)) as counter:
                yield f"{area}：{_try(counter, library)}"
            if b"SQLite format 3" in (path / "book.db").read_bytes():
                raise SelfTestError("数据文件没有加密")


def _try(session: Session, library: Library) -> str:
    samples = read_whole(resource_folder() / "training" / session.clinic.area / "visits.jsonl")
    settled = [done.stored for line in samples.splitlines() if (done := settle_text(session, line)).stored is not None]
    if not settled or settled[0] is None:
        raise SelfTestError("示例就诊没有一笔能结算")
    first = settled[0]
    text = "".join(text_of(made(receipt_steps(session, first)).read_bytes()))
    if first.no not in text or yuan(first.totals.total_fen) not in text:
        raise SelfTestError("结算单印出来的文字读不回来")
    findings = list(verify(session.folder, session.store, library, lambda *_: None))
    if findings:
        raise SelfTestError(f"核对发现 {findings[0].place}：{findings[0].text}")
    return f"结算 {len(settled)} 笔，结算单读回一致，核对无误"
