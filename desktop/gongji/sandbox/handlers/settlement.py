"""2206, 2207, 2208, 2601: what a visit comes to, that it counts, and that it no longer does."""

from typing import Any

from msgspec import to_builtins

from gongji.core.engine.amounts import Amounts
from gongji.core.money import yuan
from gongji.sandbox import people, records
from gongji.sandbox.adjudicate import Award, adjudged, by_own_catalogue
from gongji.sandbox.describe import visit_in_messages
from gongji.sandbox.messages import Cancelling, Charged, RefusedError, Reversing, SettleRequest, read
from gongji.sandbox.request import Call, money, name_of

NO_ORIGINAL = "[E2601-NOT-FOUND] 未找到原交易"
REVERSED = "[E2601-REVERSED] 原交易已冲正"
CANCELLED = "[E2208-REVERSED] 该结算已撤销"
NO_SETTLEMENT = "未找到结算"


def preview(call: Call) -> dict[str, Any]:
    """2206: nothing is stored. Raises `RefusedError`."""
    asked = call.node("data", SettleRequest)
    encounter, award = _award(call, asked)
    return {"setlinfo": _preview_node(call, asked, encounter, award), "setldetail": []}


def settle(call: Call) -> dict[str, Any]:
    """2207. Raises `RefusedError`."""
    asked = call.node("data", SettleRequest)
    encounter, award = _award(call, asked)
    number = records.settle(
        call.connection,
        award,
        to_builtins(asked, enc_hook=int),
        encounter=encounter.id,
        msgid=call.envelope.msgid,
        certno=encounter.certno,
        institution=call.envelope.fixmedins_code,
        at=call.at,
        insutype=asked.insutype,
        med_type=asked.med_type,
    )
    records.set_state(call.connection, encounter.id, "settled")
    node = _preview_node(call, asked, encounter, award)
    return {"setlinfo": {**node, "setl_id": str(number)}, "setldetail": []}


def clearing_of(call: Call, med_type: str) -> str:
    """Return how a kind of visit is cleared (clr_type)."""
    return call.options.clr_types.get(med_type, "11")


def cancel(call: Call) -> dict[str, Any]:
    """2208. Raises `RefusedError`."""
    asked = call.node("data", Cancelling)
    person, one = settlement_named(call, asked, NO_SETTLEMENT)
    if not one.live:
        raise RefusedError(CANCELLED)
    _end(call, one)
    node = settled_node(call, one, person)
    return {"setlinfo": {**node, "setl_time": call.at, "pdn_cash_pay": node["psn_cash_pay"]}, "setldetail": []}


def settlement_named(call: Call, asked: Cancelling, missing: str) -> tuple[people.Insured, records.PlatformSettlement]:
    """Return a person and the settlement named, living or not; RefusedError (`missing`) where there is none."""
    person = call.person(asked.psn_no)
    number = int(asked.setl_id) if asked.setl_id.isdigit() else 0
    found = records.settled(call.connection, "id = ? AND certno = ?", number, person.certno)
    if not found or str(found[0].encounter) != asked.mdtrt_id:
        raise RefusedError(missing)
    return person, found[0]


def reverse(call: Call) -> dict[str, Any]:
    """2601: what one message did is undone; a message that has not come yet will not be done.

    Raises `RefusedError`.
    """
    asked = call.node("data", Reversing)
    person = call.person(asked.psn_no)
    original = asked.oinfno.removesuffix("A")
    if original == "2207":
        made = records.settled(call.connection, "msgid = ? AND certno = ?", asked.omsgid, person.certno)
        live = [one for one in made if one.live]
        if made and not live:
            raise RefusedError(REVERSED)
        for one in live:
            _end(call, one)
        done = bool(live)
    elif original == "2208":
        ended = records.settled(call.connection, "ended_by = ? AND certno = ?", asked.omsgid, person.certno)
        for one in ended:
            records.revive(call.connection, one.id)
            people.move(call.connection, one.moved, 1)
            records.set_state(call.connection, one.encounter or 0, "settled")
        done = bool(ended)
    else:
        raise RefusedError(f"{asked.oinfno} 不能冲正")
    if not done:
        if call.options.bar:
            call.bars.append(asked.omsgid)
        raise RefusedError(NO_ORIGINAL)
    return {}


def _end(call: Call, one: records.PlatformSettlement) -> None:
    records.end(call.connection, one.id, call.at, call.envelope.msgid)
    people.move(call.connection, one.moved, -1)
    if one.encounter is not None and not records.settled(call.connection, "encounter = ? AND live = 1", one.encounter):
        records.set_state(call.connection, one.encounter, "open")


def _award(call: Call, asked: SettleRequest) -> tuple[records.Encounter, Award]:
    encounter = call.encounter(asked.mdtrt_id, asked.psn_no)
    if encounter.state == "withdrawn" or (encounter.state == "settled" and call.options.dedupe):
        raise RefusedError("该就诊已结算或已撤销")
    if encounter.med_type != asked.med_type:
        raise RefusedError("医疗类别与 2203 不一致")
    person = call.person(asked.psn_no)
    rows = records.lines(call.connection, encounter.id, asked.chrg_bchno)
    total_fen = sum(read(one, Charged, "feedetail").det_item_fee_sumamt for one in rows)
    if not rows or total_fen != asked.medfee_sumamt:
        raise RefusedError(f"费用总额 {yuan(asked.medfee_sumamt)} 不等于已上传明细 {yuan(total_fen)}")
    visit = visit_in_messages(encounter, person, rows, accounts=asked.acct_used_flag == "1", options=call.options)
    before = records.settled(
        call.connection,
        "certno = ? AND institution = ? AND visit_no = ? AND live = 1",
        person.certno,
        encounter.institution,
        str(visit.get("visit_no")),
    )
    priced = by_own_catalogue(visit, call.options.prepay)
    award = adjudged(
        call.connection, call.library, priced, adopt=not call.options.strict, follow=not (before or person.own)
    )
    return encounter, award


def _preview_node(call: Call, asked: SettleRequest, encounter: records.Encounter, award: Award) -> dict[str, Any]:
    person = call.person(asked.psn_no)
    return {
        "mdtrt_id": asked.mdtrt_id,
        **_person_node(person, asked.psn_no),
        "insutype": asked.insutype,
        "med_type": asked.med_type,
        "mdtrt_cert_type": asked.mdtrt_cert_type,
        "setl_time": call.at,
        **amounts_node(award.amounts),
        "balc": money(award.balance_fen),
        "medins_setl_id": call.envelope.msgid,
        "clr_optins": encounter.insuplc,
        "clr_way": "01",
        "clr_type": clearing_of(call, asked.med_type),
    }


def settled_node(call: Call, one: records.PlatformSettlement, person: people.Insured) -> dict[str, Any]:
    """Return a settlement as the payer reports it."""
    return {
        "setl_id": str(one.id),
        "mdtrt_id": "" if one.encounter is None else str(one.encounter),
        **_person_node(person, person.psn_no),
        "insutype": one.insutype,
        "med_type": one.med_type,
        "setl_time": one.at,
        **amounts_node(one.amounts),
        "balc": money(people.balance(call.connection, person.certno) or 0),
        "medins_setl_id": one.msgid,
        "clr_optins": call.envelope.mdtrtarea_admvs,
        "clr_way": "01",
        "clr_type": clearing_of(call, one.med_type),
    }


def _person_node(person: people.Insured, psn_no: str) -> dict[str, Any]:
    return {
        "psn_no": psn_no,
        "psn_name": name_of(person),
        "psn_cert_type": "01",
        "certno": person.certno,
        "psn_type": people.psn_type(person.facts),
    }


def amounts_node(one: Amounts) -> dict[str, Any]:
    """Return amounts under the interface's names; what is excluded is the patient's own like what is self-paid."""
    ratio_e4 = 0 if not one.eligible_fen else one.fund_fen * 10_000 // one.eligible_fen
    return {
        "medfee_sumamt": money(one.total_fen),
        "fulamt_ownpay_amt": money(one.self_paid_fen + one.excluded_fen),
        "overlmt_selfpay": money(one.over_price_fen),
        "preselfpay_amt": money(one.prepaid_fen),
        "inscp_scp_amt": money(one.eligible_fen),
        "act_pay_dedc": money(one.deductible_fen),
        "hifp_pay": money(one.fund_fen),
        "pool_prop_selfpay": f"{ratio_e4 // 10_000}.{ratio_e4 % 10_000:04d}",
        "cvlserv_pay": money(one.civil_servant_fen),
        "hifes_pay": money(0),
        "hifmi_pay": money(0),
        "hifob_pay": money(one.large_medical_fen),
        "maf_pay": money(0),
        "oth_pay": money(0),
        "fund_pay_sumamt": money(one.fund_total_fen),
        "psn_part_amt": money(one.patient_fen),
        "acct_pay": money(one.account_own_fen + one.account_family_fen),
        "psn_cash_pay": money(one.cash_fen),
        "hosp_part_amt": money(0),
        "acct_mulaid_pay": money(one.account_family_fen),
    }
