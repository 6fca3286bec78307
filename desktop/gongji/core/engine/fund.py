"""The fund's side of a settlement: first pay, deductible, layers within caps, supplements (G1, G4, G5).

A layer pays a ratio of the expense within its caps, and what its caps cut off goes on to the next layer. Bands of
spending, overflow into another pool and a second fund are all layers.
"""

from typing import get_args

from msgspec import Struct

from gongji.core.engine import sentences
from gongji.core.engine.bill import Bill
from gongji.core.engine.plan import (
    Plan,
    PlannedCap,
    PlannedDeductible,
    PlannedLayer,
    PlannedSupplement,
    Terms,
    both_readings,
    named,
)
from gongji.core.engine.running_totals import RunningTotals
from gongji.core.engine.trace import Step
from gongji.core.money import base_fen, percent, product_text, share_fen, yuan
from gongji.core.packs.benefits import Residual
from gongji.core.packs.dimensions import value_in_words
from gongji.core.packs.language import FREE_NAMES


class Funded(Struct, gc=False):
    """Where the eligible expense of one settlement has gone, in fen, and the steps that say so.

    `once` holds what was taken or paid under a figure that bounds the settlement as a whole.
    """

    eligible_fen: int
    first_paid_fen: int = 0
    account_fen: int = 0
    deductible_fen: int = 0
    fund_fen: int = 0
    over_cap_fen: int = 0
    supplements: dict[str, int] = {}
    supplements_paid: list[int] = []
    once: dict[str, int] = {}
    steps: list[Step] = []

    def unpaid_fen(self, parts: tuple[str, ...]) -> int:
        """Return what the fund left of the named parts of the eligible expense."""
        known = {"deductible": self.deductible_fen, "over_cap": self.over_cap_fen}
        known["share"] = self.eligible_fen - self.account_fen - self.fund_fen - sum(known.values())
        return sum(known[part] for part in parts)


class Stream(Struct, frozen=True, gc=False):
    """Lines that are reckoned by themselves: the code or drug that tells them apart, and the words for their steps."""

    free: dict[str, str]
    label: str


ONE_STREAM = Stream({}, "")


class CapRoom(Struct, frozen=True, gc=False):
    """How far a cap still reaches, in fen; `name` is its accumulator for this stream."""

    cap: PlannedCap
    name: str | None
    limit_fen: int
    used_fen: int
    left_fen: int


class FundShare(Struct, frozen=True, gc=False):
    """What a layer did, in fen: paid, wanted to pay by its ratio, and consumed of the expense."""

    paid: int
    wanted: int
    consumed: int


def pay_fund(plan: Plan, bill: Bill, state: RunningTotals) -> Funded:
    """Return what the fund and the supplements pay of a bill; moves the accumulators on."""
    funded = Funded(bill.eligible_fen)
    policy, split_by = state.policy, plan.benefit.split_by
    if not split_by:
        _Paying(state, funded, ONE_STREAM).stream(policy.terms(plan), bill.eligible_fen)
    for values, expense in bill.streams.items():
        facts = dict(zip(split_by, values, strict=True))
        free = {name: facts.pop(name) for name in FREE_NAMES if name in facts}
        words = [value_in_words(policy.known[name], value) for name, value in facts.items()]
        words[:0] = [f"{expense.name}（{one}）" if expense.name else one for one in free.values()]
        stream = Stream(free, f"{'、'.join(words)}：")
        _Paying(state, funded, stream).stream(policy.terms(plan, tuple(facts.values())), expense.fen)
    paying = _Paying(state, funded, ONE_STREAM)
    if split_by and set(split_by) <= set(FREE_NAMES) and not bill.streams:
        paying.ask(policy.terms(plan))
    for supplement in plan.supplements:
        paying.supplement(supplement, plan)
    return funded


class _Paying:
    """One stream of eligible expense on its way through a benefit."""

    def __init__(self, state: RunningTotals, funded: Funded, stream: Stream) -> None:
        self._state = state
        self._funded = funded
        self._stream = stream

    def ask(self, terms: Terms) -> None:
        """Ask for the parameters a benefit names although there is nothing to pay (G16)."""
        if terms.deductible is not None:
            self._state.parameters.fen(terms.deductible.amount)
        self._state.parameters.ratio(terms.layers[0].ratio)
        for cap in terms.layers[0].caps:
            self._state.parameters.fen(cap.amount)

    def stream(self, terms: Terms, eligible_fen: int) -> None:
        """Take the expense through first pay, account, deductible and layers."""
        whole_fen = eligible_fen
        if terms.first_pay:
            whole_fen -= self._first_pay(terms, whole_fen)
        account_first = self._state.policy.pack.accounts.before_deductible
        if account_first is not None:
            whole_fen -= self._account_first(whole_fen, account_first)
        left_fen, taken_fen = whole_fen, 0
        if terms.deductible is not None:
            taken_fen = self._deductible(terms.deductible, left_fen)
            left_fen -= taken_fen
        base_text = sentences.bracketed(sentences.minus(whole_fen, taken_fen))
        last = len(terms.layers) - 1
        for position, layer in enumerate(terms.layers):
            if position and not left_fen:
                return
            done = self._layer(layer, left_fen, base_text, flows_on=position < last)
            self._funded.fund_fen += done.paid
            if position == last:
                self._funded.over_cap_fen += done.wanted - done.paid + left_fen - done.consumed
            elif done.consumed < left_fen:
                ratio_e12 = self._state.parameters.ratio(layer.ratio)
                base_text = sentences.rest_text(left_fen, done.consumed, done.paid, done.wanted, ratio_e12)
            left_fen -= done.consumed

    def _first_pay(self, terms: Terms, eligible_fen: int) -> int:
        """Move a share of the expense to the patient before anything else; return it in fen."""
        moved_fen = 0
        for ratio in terms.first_pay:
            e12 = self._state.parameters.ratio(ratio)
            if not e12:
                continue
            left_fen = eligible_fen - moved_fen
            share = share_fen(left_fen, e12)
            by = f"（{ratio.how}）" if ratio.how else ""
            result = product_text(left_fen, e12)
            text = f"{self._stream.label}先由个人自付{by}：{yuan(left_fen)} × {percent(e12)} = {result}"
            self._say(ratio.rule, text, share, "prepaid", ratio.reading)
            moved_fen += share
        self._funded.eligible_fen -= moved_fen
        self._funded.first_paid_fen += moved_fen
        return moved_fen

    def _account_first(self, due_fen: int, rule: str) -> int:
        """Let the own account pay before the deductible; return what it paid in fen."""
        paid = self._state.purse.pay_own(due_fen, rule, yuan(due_fen), current=True)
        self._funded.account_fen += paid.own_fen
        self._funded.steps += paid.steps
        return paid.own_fen

    def _deductible(self, planned: PlannedDeductible, expense_fen: int) -> int:
        """Take the deductible out of the expense; return what was taken in fen."""
        state, funded = self._state, self._funded
        name = self._named(planned.accumulator)
        limit_fen = state.parameters.fen(planned.amount)
        used_fen = funded.once.get("deductible", 0) if name is None else state.used(name)
        taken_fen = min(expense_fen, max(0, limit_fen - used_fen))
        what = "起付标准（每次）" if name is None else "年度起付标准"
        ceiling = self._named(planned.ceiling_accumulator)
        if planned.ceiling is not None and ceiling is not None:
            ceiling_fen, ceiling_used_fen = state.parameters.fen(planned.ceiling), state.used(ceiling)
            taken_fen = min(taken_fen, max(0, ceiling_fen - ceiling_used_fen))
            what = f"全年合计最多 {yuan(ceiling_fen)}（已付 {yuan(ceiling_used_fen)}），{what}"
        if name is None:
            funded.once["deductible"] = used_fen + taken_fen
        else:
            state.add(name, taken_fen)
        if ceiling is not None and ceiling != name:
            state.add(ceiling, taken_fen)
        funded.deductible_fen += taken_fen
        limit = state.parameters.shown(planned.amount)
        used_up = 0 < limit_fen <= used_fen
        what = self._stream.label + what
        left_fen = max(0, limit_fen - used_fen - taken_fen)
        after = "" if name is None else f"，今年还须付 {yuan(left_fen)}" if left_fen else "，今年已付满"
        if ceiling is not None:
            after = ""
        text = sentences.deductible_text(what, limit, used_fen, expense_fen, taken_fen, after, used_up=used_up)
        reading = both_readings(planned.reading, planned.amount.reading)
        self._say(planned.amount.rule, text, taken_fen, "deductible", reading)
        return taken_fen

    def _layer(self, layer: PlannedLayer, expense_fen: int, base_text: str, *, flows_on: bool) -> FundShare:
        """Pay a layer's ratio of the expense within its caps.

        Where a cap on the fund cuts it off and another layer follows, the expense consumed is what was paid ÷ ratio.
        """
        ratio_e12 = self._state.parameters.ratio(layer.ratio)
        rooms = [self._room(cap) for cap in layer.caps]
        counted_fen, tight = expense_fen, None
        for room in rooms:
            if room.cap.of_expense and room.left_fen < counted_fen:
                counted_fen, tight = room.left_fen, room
        wanted_fen = paid_fen = share_fen(counted_fen, ratio_e12)
        for room in rooms:
            if not room.cap.of_expense and room.left_fen < paid_fen:
                paid_fen, tight = room.left_fen, room
        consumed_fen = base_fen(paid_fen, ratio_e12) if flows_on and paid_fen < wanted_fen else counted_fen
        for room in rooms:
            self._move(room, consumed_fen if room.cap.of_expense else paid_fen)
        self._explain(layer, base_text, (counted_fen, paid_fen), ratio_e12, rooms, tight)
        return FundShare(paid_fen, wanted_fen, consumed_fen)

    def _explain(
        self,
        layer: PlannedLayer,
        base_text: str,
        amounts_fen: tuple[int, int],
        ratio_e12: int,
        rooms: list[CapRoom],
        tight: CapRoom | None,
    ) -> None:
        """Say how a layer came to what it paid: counted and paid fen, and what each cap cut off or has left."""
        counted_fen, paid_fen = amounts_fen
        parameters, ratio = self._state.parameters, layer.ratio
        caps = ""
        for room in rooms:
            cap, limit = room.cap, parameters.shown(room.cap.amount)
            if cap.of_expense:
                if room is tight:
                    base_text += sentences.expense_cap_text(cap, limit, room.used_fen, counted_fen)
            elif room is tight:
                caps += sentences.fund_cap_text(cap, limit, room.used_fen, room.left_fen)
            else:
                caps += sentences.left_text(cap, limit, room.used_fen, room.left_fen - paid_fen)
        how = parameters.how(ratio)
        by = f"（{how}）" if how else ""
        result = product_text(counted_fen, ratio_e12)
        text = f"{self._stream.label}{layer.name}{by}：{base_text} × {percent(ratio_e12)} = {result}{caps}"
        self._say(layer.rules, text, paid_fen, layer.amount, layer.reading)

    def supplement(self, supplement: PlannedSupplement, plan: Plan) -> None:
        """Pay a supplementary insurance's share of what the fund, and supplements before it on its parts, left."""
        funded = self._funded
        unpaid_fen = funded.unpaid_fen(supplement.on)
        earlier = plan.supplements[: len(funded.supplements_paid)]
        paid = {
            one.layer.name: fen
            for one, fen in zip(earlier, funded.supplements_paid, strict=True)
            if set(one.on).issubset(supplement.on)
        }
        base_text = sentences.minus_named(unpaid_fen, paid)
        if len(set(supplement.on)) == len(get_args(Residual)):
            parts = {"个人账户": funded.account_fen, "统筹基金": funded.fund_fen, **paid}
            base_text = sentences.minus_named(funded.eligible_fen, parts)
        left_fen, base_text = unpaid_fen - sum(paid.values()), sentences.bracketed(base_text)
        done = self._layer(supplement.layer, left_fen, base_text, flows_on=False)
        funded.supplements_paid.append(done.paid)
        funded.supplements[supplement.fund] = funded.supplements.get(supplement.fund, 0) + done.paid

    def _named(self, template: str | None) -> str | None:
        """Return an accumulator's name for this stream."""
        return None if template is None else named(template, self._stream.free)

    def _room(self, cap: PlannedCap) -> CapRoom:
        name = self._named(cap.accumulator)
        used_fen = self._funded.once.get(cap.place, 0) if name is None else self._state.used(name)
        limit_fen = self._state.parameters.fen(cap.amount)
        return CapRoom(cap, name, limit_fen, used_fen, max(0, limit_fen - used_fen))

    def _move(self, room: CapRoom, fen: int) -> None:
        if room.name is None:
            self._funded.once[room.cap.place] = room.used_fen + fen
        else:
            self._state.add(room.name, fen)

    def _say(self, rule: str, text: str, fen: int, amount: str, reading: str | None = None) -> None:
        self._funded.steps.append(self._state.policy.step(rule, text, fen, amount, reading))
