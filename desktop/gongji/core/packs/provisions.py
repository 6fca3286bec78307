"""A pack's provisions other than figures, in words: what the fund or the accounts do not pay, what is refused."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.packs.accounts import AccountBar, NoAccount
from gongji.core.packs.benefits import Refuse, Require
from gongji.core.packs.dimensions import dimensions
from gongji.core.packs.entries import records
from gongji.core.packs.figures import when_in_words
from gongji.core.packs.language import Pack
from gongji.core.packs.lines import LineExclude, LineRefuse, PackGate

PROVISIONS: dict[type[Struct], str] = {
    PackGate: "统筹不付的情形",
    LineExclude: "不予支付的明细",
    LineRefuse: "不能结算的明细",
    Refuse: "不能结算的情形",
    Require: "必须填写的情形",
    AccountBar: "个人账户不能付的明细",
    NoAccount: "没有个人账户的人",
}


class Provision(Struct, frozen=True):
    """A provision: its kind and sentence, for whom and what it holds, our reading of it, and its rule."""

    kind: str
    text: str
    says: str
    reading: str | None
    rule: str

    @property
    def what(self) -> str:
        """Return kind and sentence, which identify a provision in another pack."""
        return f"{self.kind}：{self.text}"


def provisions(pack: Pack) -> list[Provision]:
    """Return every provision of a pack, kind by kind."""
    known = dimensions(pack)
    found = [
        Provision(
            kind=PROVISIONS[type(record)],
            text=record.text,
            says="；".join([*_benefits(path, record, pack), when_in_words(record.when, known), *_accounts(record)]),
            reading=getattr(record, "reading", None),
            rule=record.rule,
        )
        for path, record in records(pack)
        if isinstance(record, PackGate | LineExclude | LineRefuse | Refuse | Require | AccountBar | NoAccount)
    ]
    return sorted(found, key=lambda one: list(PROVISIONS.values()).index(one.kind))


def _benefits(path: str, record: Struct, pack: Pack) -> Iterator[str]:
    """Yield for which benefits a provision holds, where it is not for all."""
    section, _, name = path.partition(".")
    named = [name.partition(".")[0]] if section == "benefit" else getattr(record, "benefits", ())
    if named:
        yield "、".join(pack.benefit[one].name for one in named)


def _accounts(record: Struct) -> Iterator[str]:
    if isinstance(record, PackGate):
        yield f"账户{'可' if record.accounts else '不可'}付"
