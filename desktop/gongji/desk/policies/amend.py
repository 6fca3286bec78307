"""补充通知: a new edition made from the one in force and a notice, checked, and signed by its author."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.engine.policy import Policy
from gongji.core.identifiers import typed_remark
from gongji.core.ledger.audit import Act
from gongji.core.packs.amendment import Amendment, EditableFigure, editable_figures
from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack, WorkedCase
from gongji.core.problems import Problem
from gongji.desk.policies.packs import case_figures
from gongji.desk.policies.signed_packs import sign, unsigned
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.pack_files.amended_text import amended_text, with_asides
from gongji.pack_files.read_pack import parse_pack
from gongji.store import audit, settings
from gongji.store.upload import downloads

_UNUSED = "没有任何一处用到这条规则"
_SIGNED = "signed_pack."
"""The prefix of a setting for each edition signed here: the revision, and the hash of its text."""


class CaseDifference(Struct, frozen=True, kw_only=True):
    """A worked case that the notice changes: the expected figures and the computed ones, in yuan."""

    case: str
    was: dict[str, str]
    found: dict[str, str]
    accumulators_was: dict[str, str]
    accumulators_found: dict[str, str]
    trouble: str = ""


class PreparedEdition(Struct, frozen=True, kw_only=True):
    """The edition that a notice makes: its text, what changes in words, what is wrong, cases that come out differently.

    `pack` is None where something is wrong with the text.
    """

    text: bytes
    pack: Pack | None
    sentences: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    differing: tuple[CaseDifference, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Return whether it may be signed: nothing wrong, something changed, every worked case as expected."""
        return self.pack is not None and not self.wrong and not self.differing


def prepare(session: Session, policy: Policy, one: Amendment, read_from: bytes | None = None) -> PreparedEdition:
    """Return the edition that a notice makes of another, and everything that still has to be done about it.

    `read_from` is the text the other was read from, where that is a file of its own and not an edition at hand.
    Where another text of that edition was signed or installed here before, this one is its next revision.
    """
    figures = editable_figures(policy.pack)
    wrong = [*_notice_problems(one, policy), *_change_problems(one, figures)]
    if wrong:
        return PreparedEdition(text=b"", pack=None, wrong=tuple(wrong))
    given = _given_out(session, f"{policy.pack.area}@{one.starts.isoformat()}")
    newest = max((revision for revision, _ in given), default=1)
    text = session.library.text_of(policy)[1] if read_from is None else read_from
    written = _written(text, policy, figures, replace(one, revision=newest))
    if any(revision == newest and seal != _seal(written) for revision, seal in given):
        written = _written(text, policy, figures, replace(one, revision=newest + 1))
    pack = parse_pack(written)
    if isinstance(pack, list):
        return PreparedEdition(text=written, pack=None, wrong=tuple(map(_told, pack)))
    return PreparedEdition(
        text=written,
        pack=pack,
        sentences=tuple(changes(policy.pack, pack)),
        differing=tuple(_differences(pack)),
    )


def _written(text: bytes, policy: Policy, figures: Sequence[EditableFigure], one: Amendment) -> bytes:
    """Return the text of the edition that a notice makes, with a comment on each rule nothing refers to any more."""
    written = amended_text(unsigned(text).decode("utf-8-sig"), policy.pack, figures, one)
    pack = parse_pack(written.encode())
    if isinstance(pack, list):
        unused = [problem.field.removeprefix("rule.") for problem in pack if problem.message.startswith(_UNUSED)]
        written = with_asides(written, unused, f"由《{one.title}》改写，不再用于结算。")
    return written.encode()


def _given_out(session: Session, edition: str) -> list[tuple[int, str]]:
    """Return the texts of an edition that were signed or installed here: each revision, and the hash of its text."""
    found = []
    for one in downloads.packs_current(session.store.reader):
        pack = parse_pack(one.text) if one.id == edition else []
        if not isinstance(pack, list):
            found.append((pack.revision, _seal(one.text)))
    kept = settings.get(session.store.reader, _SIGNED + edition)
    if kept is not None:
        revision, _, seal = kept.partition(" ")
        found.append((int(revision), seal))
    return found


def _seal(text: bytes) -> str:
    """Return the SHA-256 of a pack's text without its signature."""
    return hashlib.sha256(unsigned(text)).hexdigest()


@only("pack")
def release(session: Session, prepared: PreparedEdition, path: Path) -> bytes:
    """Write the edition as a file, signed by this counter and its operator; return what was written.

    The log says so first: other counters may take what this key signed. Raises `GongjiError` where it is not ready or
    cannot be written.
    """
    if not prepared.is_ready or prepared.pack is None:
        raise GongjiError("这一版还不能签发", "请先改正所列各处，并为算得不同的例子填写人工算出的数")
    text, pack = sign(session, prepared.text), prepared.pack
    edition, seal = f"{pack.area}@{pack.starts.isoformat()}", _seal(text)
    with session.store.write() as connection:
        settings.put(connection, _SIGNED + edition, f"{pack.revision} {seal}")
        detail = f"签发第 {pack.revision} 次文本，sha256 {hashlib.sha256(text).hexdigest()}"
        audit.append(connection, session.now(), session.operator, Act.POLICY, edition, detail)
    write_whole(path, text)
    return text


def _notice_problems(one: Amendment, policy: Policy) -> list[str]:
    words = (("通知名称", one.title), ("文号", one.number), ("简称", one.short))
    found = [wrong for word, text in words if (wrong := _wrong_words(text, word, f"请填写{word}"))]
    if one.starts <= policy.pack.starts:
        found.append(f"施行日期应晚于原版的 {policy.pack.starts}")
    if one.ends is not None and one.ends < one.starts:
        found.append("终止日期早于施行日期")
    if not one.changes:
        found.append("还没有改任何数额")
    return found


def _wrong_words(text: str, word: str, missing: str) -> str:
    """Return what is wrong with words of a notice, which everybody who installs the edition reads; empty if nothing."""
    try:
        return "" if typed_remark(text) else missing
    except ValueError as error:
        return f"{word}{error}"


def _change_problems(one: Amendment, figures: Sequence[EditableFigure]) -> list[str]:
    known = {figure.path: figure for figure in figures}
    found = []
    for change in one.changes:
        what = known[change.path].what
        for text, word, missing in (
            (change.article, "条款", "请填写出自通知的哪一条"),
            (change.gist, "要旨", "请用一句话写明这一条的要旨"),
        ):
            wrong = _wrong_words(text, word, missing)
            if wrong:
                found.append(f"{what}：{wrong}")
    gists: dict[str, set[str]] = {}
    for change in one.changes:
        gists.setdefault(change.article, set()).add(change.gist)
    return [*found, *(f"{article}写了两种要旨，请改成一样" for article, told in gists.items() if len(told) > 1)]


def _told(problem: Problem) -> str:
    return f"{problem.field or '（整个文件）'}：{problem.message}"


def _differences(pack: Pack) -> list[CaseDifference]:
    policy = Policy(pack)
    found = (_difference(case, policy) for case in pack.case)
    return [one for one in found if one is not None]


def _difference(case: WorkedCase, policy: Policy) -> CaseDifference | None:
    """Return how a worked case differs from what its pack expects; None where it does not."""
    figures = case_figures(case, policy)
    if isinstance(figures, str):
        return CaseDifference(
            case=case.name, was={}, found={}, accumulators_was={}, accumulators_found={}, trouble=figures
        )
    amounts, totals = figures
    off = {name: amounts[name] for name, text in case.expect.items() if amounts.get(name) != text}
    totals_off = {name: totals.get(name, "") for name, text in case.accumulators.items() if totals.get(name) != text}
    if not off and not totals_off:
        return None
    return CaseDifference(
        case=case.name,
        was={name: case.expect[name] for name in off},
        found=off,
        accumulators_was={name: case.accumulators[name] for name in totals_off},
        accumulators_found=totals_off,
    )
