"""2505, 2506, 5302: which institution a person has chosen."""

from typing import Any

from gongji.sandbox import people
from gongji.sandbox.errors import RefusedError
from gongji.sandbox.query_messages import ChoiceQuery, Choosing, Unchoosing
from gongji.sandbox.request import Call

_CHOSEN = "selected_institution"


def choose(call: Call) -> dict[str, Any]:
    """2505."""
    asked = call.node("data", Choosing)
    person = call.person(asked.psn_no)
    facts = {_CHOSEN: asked.fixmedins_code}
    people.keep(call.connection, person.certno, facts, own=person.own)
    return {"result": {"trt_dcla_detl_sn": f"X{person.rank:020d}"}}


def unchoose(call: Call) -> dict[str, Any]:
    """2506."""
    asked = call.node("data", Unchoosing)
    person = call.person(asked.psn_no)
    if asked.trt_dcla_detl_sn != f"X{person.rank:020d}" or not person.facts.get(_CHOSEN):
        raise RefusedError("未找到选点备案")
    people.keep(call.connection, person.certno, {_CHOSEN: ""}, own=person.own)
    return {}


def chosen(call: Call) -> dict[str, Any]:
    """5302."""
    asked = call.node("data", ChoiceQuery)
    person = call.person(asked.psn_no)
    code = person.facts.get(_CHOSEN)
    if not code:
        return {"psnfixmedin": []}
    row = {"psn_no": asked.psn_no, "insutype": "310", "fix_srt_no": "1", "fixmedins_code": code}
    return {"psnfixmedin": [{**row, "fixmedins_name": "", "begndate": call.at[:10], "enddate": "", "memo": ""}]}
