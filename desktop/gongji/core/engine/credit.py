"""个人账户计入: what is credited to an account in a month."""

import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from gongji.core import strict_records
from gongji.core.engine.make_plan import credit_amount
from gongji.core.engine.policy import Policy
from gongji.core.engine.trace import Step
from gongji.core.money import Fen
from gongji.core.packs.conditions import pick, unmet
from gongji.core.problems import BENEFIT_NOT_DEFINED, Problem, invalid
from gongji.core.strict_records import Text
from gongji.core.visits import Employment, Insured, read_amount


class CreditPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose account it is, as of the first of the month."""

    status: Insured
    employment: Employment = "unit"
    pension_class: Literal["government", "enterprise"] | None = None
    paying_past_retirement_age: bool = False


class CreditRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month ("2023-05"), a person and the monthly contribution base in fen."""

    area: Text
    month: Annotated[str, Meta(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])\Z")]
    person: CreditPerson
    base: Fen | None = None
    parameters: dict[str, Any] = {}

    @property
    def first_day(self) -> datetime.date:
        """The day whose policy counts."""
        return datetime.date.fromisoformat(f"{self.month}-01")


class MonthlyCredit(Struct, frozen=True):
    """What is credited, in fen, and why."""

    policy: str
    policy_revision: int
    credit_fen: int
    trace: tuple[Step, ...]


def read_credit_request(value: Any) -> CreditRequest | list[Problem]:
    """Return the request that a decoded JSON value holds, or every problem of its shape."""
    return strict_records.read(value, CreditRequest, read_amount)


def credit(request: CreditRequest, policy: Policy) -> MonthlyCredit | list[Problem]:
    """Return the credit of a month under a policy, or what prevents it."""
    person, rules = request.person, policy.pack.credit
    facts = {name: getattr(person, name) for name in person.__struct_fields__}
    parameters, problems = policy.parameters(request.parameters, request.first_day.year, on=request.first_day)
    if rules is None:
        text = f"{policy.pack.area_name}的文件没有规定个人账户计入办法，请向经办机构查询"
        return [*problems, Problem(BENEFIT_NOT_DEFINED, "area", text)]
    problems = problems + [invalid(f"person.{need.field}", need.text) for need in unmet(rules.require, facts)]
    if problems:
        return problems
    (row,) = pick(rules.row, facts)
    if row.undefined is not None:
        return [Problem(BENEFIT_NOT_DEFINED, "person.employment", row.undefined)]
    if row.of_base is not None and request.base is None:
        return [invalid("base", "缺少缴费基数，请填写月缴费基数（元）")]
    amount = credit_amount(policy.pack, row, facts, request.base or 0)
    fen = parameters.fen(amount)
    if parameters.missing:
        return parameters.missing
    text = "按规定不计入个人账户" if row.none else f"每月计入 {parameters.shown(amount)}"
    return MonthlyCredit(policy.id, policy.pack.revision, fen, (policy.step(amount.rule, text, fen, "credit"),))


strict_records.prepare(CreditRequest)
