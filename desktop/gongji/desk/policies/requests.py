"""定额包干: from the text of a request to an institution's year, and the year's figures in this clinic's book.

个人账户计入: from the text of a request to a month's credit.
"""

from msgspec import Struct

from gongji.core.engine.capitation import YearEndClearing, clear, read_capitation_request
from gongji.core.engine.credit import MonthlyCredit, credit, read_credit_request
from gongji.core.engine.policy import Policy
from gongji.core.ledger.stored_settlement import settled_body
from gongji.core.money import E12_ONE, fraction_text, round_half_up, yuan
from gongji.core.problems import Problem
from gongji.core.strict_json import decode
from gongji.desk.session import Session
from gongji.pack_files.library import Library
from gongji.store.settlements import settled_visits


def capitation_text(text: bytes, library: Library) -> YearEndClearing | list[Problem]:
    """Return the year's clearing for a JSON request, or its problems; a policy of any day of the year counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_capitation_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force_during(request.area, request.first_day, request.last_day, "year")
    return [policy] if isinstance(policy, Problem) else clear(request, policy)


def credit_text(text: bytes, library: Library) -> MonthlyCredit | list[Problem]:
    """Return the monthly credit for a JSON request, or its problems; the policy of the month's first day counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_credit_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force(request.area, request.first_day, "month")
    return [policy] if isinstance(policy, Problem) else credit(request, policy)


class CapitationFigures(Struct, frozen=True, kw_only=True):
    """A year's 定额包干 figures from the book: fen, visits, and the direct rate in 1/10**12 (None without any visit).

    `in_full_fen` is what patients paid in full: what the agency reimbursed of it is not in this book.
    """

    year: int
    used_fen: int
    direct: int
    in_full: int
    in_full_fen: int

    @property
    def direct_rate_e12(self) -> int | None:
        """The share of visits that were settled directly."""
        visits = self.direct + self.in_full
        return round_half_up(self.direct * E12_ONE, visits) if visits else None

    @property
    def said(self) -> list[str]:
        """How each figure was computed, in sentences."""
        rate = "—" if self.direct_rate_e12 is None else fraction_text(self.direct, self.direct + self.in_full, 4)
        used = f"统筹支付：{self.year} 年在本机构结算、没有退费的 {self.direct} 人次，统筹共付 {yuan(self.used_fen)} 元"
        manual = f"手工报销：全额垫付的 {self.in_full} 人次，共 {yuan(self.in_full_fen)} 元"
        return [
            f"{used}；转诊到别处的和院外双通道购药不在本账，请按经办机构的通知加上",
            f"{manual}；其中经办机构事后报销了多少本账不知道，请按经办机构的通知填写",
            f"直接结算率：{self.direct} ÷ ({self.direct} + {self.in_full}) = {rate}，按人次",
        ]


def capitation_figures(session: Session, policy: Policy, year: int) -> CapitationFigures:
    """Return the year's 定额包干 figures of the people of the policy's area, from settlements not voided."""
    direct = in_full = in_full_fen = 0
    connection = session.store.reader
    span = (policy.pack.area, f"{year}-01-01", f"{year + 1}-01-01")
    for one in settled_visits.of_days(connection, *span):
        if settled_body(one.no, one.body).full_payment:
            in_full += 1
            in_full_fen += one.cash_fen
        else:
            direct += 1
    rules = policy.pack.capitation
    used_fen = 0 if rules is None else settled_visits.fund_fen(connection, rules.benefit, *span)
    return CapitationFigures(year=year, used_fen=used_fen, direct=direct, in_full=in_full, in_full_fen=in_full_fen)
