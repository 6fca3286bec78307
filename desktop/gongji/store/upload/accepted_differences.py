"""What accepted differences add to our figures: each difference that a clerk adopted, at the time it was adopted.

A settlement is never changed; where its difference was accepted, the platform's figure is what is claimed. A void
of such a settlement takes the difference back with it.
"""

from msgspec import Struct

from gongji.core.engine.amounts import AMOUNT_KEYS, Amounts
from gongji.store.engine import Connection


class Accepted(Struct, frozen=True, kw_only=True):
    """What an accepted difference changes: its kind of settlement, when (a stamp), by whom, by how much (fen).

    `other_funds_fen` is what funds beyond ours pay, which `fund_total_fen` includes.
    """

    at: str
    operator: str
    area: str
    benefit: str
    status: str
    amounts: Amounts
    other_funds_fen: int


_SAME = ("total", "over_price", "prepaid", "deductible", "fund", "civil_servant", "large_medical", "fund_total",
         "patient", "cash")  # fmt: skip
_COLUMNS = ", ".join(
    [*(f"theirs.{name}_fen - part.{name}_fen" for name in _SAME),
     "theirs.self_paid_fen - part.self_paid_fen", "theirs.in_scope_fen - part.eligible_fen", "part.excluded_fen",
     "theirs.account_fen - theirs.family_fen - part.account_own_fen",
     "theirs.family_fen - part.account_family_fen", "theirs.other_funds_fen"]
)  # fmt: skip
_DECIDED = "resolution.kind IN ('adopt', 'collect', 'refund') AND resolution.cause <> 'voided'"
_ROWS = f"""SELECT moment.at, moment.operator, moment.sign, one.area, part.benefit,
    coalesce(json_extract(plain_text(visit.body), '$.person.status'), ''), {_COLUMNS}
    FROM resolution
    JOIN (SELECT id, at, operator, 1 AS sign FROM resolution
        UNION ALL SELECT resolution.id, void.at, void.operator, -1
        FROM resolution JOIN settlement AS void ON void.voids = resolution.serial AND void.at >= resolution.at
    ) AS moment USING (id)
    JOIN settlement AS one ON one.serial = resolution.serial
    JOIN part ON part.settlement = resolution.serial AND part.position = resolution.part
    JOIN visit ON visit.settlement = resolution.serial
    JOIN platform_figure AS theirs ON theirs.msgid = (SELECT msgid FROM platform_figure AS told
        WHERE told.serial = resolution.serial AND told.part = resolution.part AND told.reverses = 0
        AND told.told_at <= resolution.at ORDER BY told.at DESC, told.told_at DESC, msgid DESC LIMIT 1)
    WHERE {_DECIDED} AND moment.at > ?1 AND moment.at <= ?2 AND (?3 IS NULL OR moment.operator = ?3)
    ORDER BY moment.at, resolution.id"""  # noqa: S608  # our own names


def between(
    connection: Connection, after: str, until: str, *, excluded_is_self_paid: bool, operator: str | None = None
) -> list[Accepted]:
    """Return what was accepted, or taken back by a void, after one moment and up to another (stamps or ISO days).

    `excluded_is_self_paid` says where the platform counts excluded amounts: with the self-paid, or in scope.
    """
    found = []
    for at, by, sign, area, benefit, status, *figures in connection.execute(_ROWS, (after, until, operator)):
        same, (self_paid, eligible, excluded, own, family, other) = figures[: len(_SAME)], figures[len(_SAME) :]
        moved = dict(zip(_SAME, same, strict=True)) | {
            "self_paid": self_paid - (excluded if excluded_is_self_paid else 0),
            "eligible": eligible - (0 if excluded_is_self_paid else excluded),
            "excluded": 0,
            "account_own": own,
            "account_family": family,
        }
        amounts = Amounts(**{f"{name}_fen": sign * moved[name] for name in AMOUNT_KEYS})
        found.append(
            Accepted(
                at=at,
                operator=by,
                area=area,
                benefit=benefit,
                status=str(status),
                amounts=amounts,
                other_funds_fen=sign * other,
            )
        )
    return found
