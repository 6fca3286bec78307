"""The clinic of the book's tests, and visits to it."""

import json
from typing import Any

AREA = "530300"
OPERATOR, PASSWORD = "李红", "不要告诉别人 2025"
INSTITUTION = {"id": "H53030200001", "name": "曲水乡卫生院", "type": "township_clinic", "level": "1"}
PERSON = {"id": "530399195001010013", "name": "张秀英", "status": "retired"}


DIAGNOSED = {"diagnoses": [{"code": "J06.900", "name": "急性上呼吸道感染"}]}
"""The diagnosis fields of a visit, where a region requires them."""


def line(amount: str, **more: Any) -> dict[str, Any]:
    drug = {"code": "X1", "name": "阿莫西林胶囊", "category": "drug", "class": "A"}
    return {**drug, "unit_price": amount, "quantity": "1", **more}


def visit(visit_no: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit of a retired person to a first-level clinic in 曲靖: 30.00 each time, then 65 %."""
    return {
        "visit_no": visit_no,
        "area": AREA,
        "settled_on": "2025-06-10",
        "institution": INSTITUTION,
        "person": PERSON,
        "lines": list(lines) or [line("100.00")],
        **more,
    }


def diagnosed(visit_no: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit with a diagnosis, as every region wants one."""
    return visit(visit_no, *lines, **{"care": DIAGNOSED, **more})


def text(one: dict[str, Any]) -> bytes:
    return json.dumps(one, ensure_ascii=False).encode()
