"""A payer for simulations: speaks the wire in memory, settles by the same packs against accumulators of its own.

Its own small program on purpose: it keeps what it has in plain dictionaries, and complains (`wrong`) the moment
something happens at its side that must never happen.
"""

import threading
from typing import Any

from msgspec import json

from gongji.core.engine.quote import Quote, quote
from gongji.core.engine.settlement import Settlement
from gongji.core.money import yuan
from gongji.core.outbox.payer_figures import figures_of
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.pack_files.library import Library
from gongji.sandbox import manners
from gongji.sandbox.manners import Manner

_WIRE = {
    "medfee_sumamt": "total",
    "fulamt_ownpay_amt": "self_paid",
    "overlmt_selfpay": "over_price",
    "preselfpay_amt": "prepaid",
    "inscp_scp_amt": "in_scope",
    "act_pay_dedc": "deductible",
    "hifp_pay": "fund",
    "cvlserv_pay": "civil_servant",
    "hifob_pay": "large_medical",
    "fund_pay_sumamt": "fund_total",
    "psn_part_amt": "patient",
    "acct_pay": "account",
    "acct_mulaid_pay": "family",
    "psn_cash_pay": "cash",
}


class Payer:
    """`live` and `gone` by setl_id; `idempotent` payers refuse a second settlement of the same registration."""

    def __init__(self, library: Library, area: str, now: Any, *, idempotent: bool) -> None:
        self._library = library
        self._area = area
        self._now = now
        self.idempotent = idempotent
        self.visits: dict[str, dict[str, Any]] = {}
        self.live: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, dict[str, Any]] = {}
        self.elsewhere: list[dict[str, Any]] = []
        self.order: list[tuple[str, str]] = []
        self.figures: dict[tuple[str, str], dict[str, int]] = {}
        self.refuses: set[str] = set()
        self.keeps: set[str] = set()
        self.once = ""
        """The transaction at which a number of a visit that is settled is refused as such."""
        self.bodies: dict[str, bytes] = {}
        self.wrong: list[str] = []
        self.manner: Manner | None = None
        """How a region speaks that this payer is to speak like."""
        self._serial = 0
        self._turn = threading.Lock()

    def handle(self, body: bytes) -> bytes:
        """Process a message and return the answer; one at a time, whichever thread it comes on."""
        with self._turn:
            return self._handled(body)

    def _handled(self, body: bytes) -> bytes:
        message = json.decode(body)
        known = self.bodies.setdefault(message["msgid"], body)
        if known != body:
            self.wrong.append(f"I6: two messages under {message['msgid']}")
        manner, theirs = self.manner, message["infno"]
        infno = theirs if manner is None else manner.number(theirs)
        content = message["input"]
        if manner is not None:
            content = {manner.nodes.get(f"{infno}.{name}", name): value for name, value in content.items()}
        try:
            answer = self._answer(message, "0", "", getattr(self, f"_m{infno}")(content, message))
        except RefusalError as refusal:
            answer = self._answer(message, "-1", str(refusal), {})
        return answer if manner is None else manners.as_the_region_answers(manner, theirs, answer)

    def _answer(self, message: dict[str, Any], code: str, text: str, output: Any) -> bytes:
        at = "".join(one for one in self._now() if one.isdigit())
        head = {"infno": message["infno"], "msgid": message["msgid"], "inf_refmsgid": "R", "respond_time": at + "000"}
        return json.encode({**head, "infcode": code, "err_msg": text, "output": output})

    def _next(self, letter: str) -> str:
        self._serial += 1
        return f"{letter}{self._serial:08d}"

    def _m9001(self, _content: Any, _message: Any) -> Any:
        return {"signinoutb": {"sign_time": self._now(), "sign_no": "S1"}}

    def _m1101(self, content: Any, _message: Any) -> Any:
        number = content["data"]["certno"]
        base = {"psn_no": f"P{number}", "psn_cert_type": "01", "certno": number, "psn_name": "某人"}
        row = {"balc": "0", "insutype": "310", "psn_type": "1201", "insuplc_admdvs": self._area}
        return {"baseinfo": base, "insuinfo": [row]}

    def _m5206(self, content: Any, _message: Any) -> Any:
        rows = []
        for (psn_no, year), figures in self.figures.items():
            if psn_no == content["data"]["psn_no"]:
                for name, fen in figures.items():
                    rows.append({
                        "insutype": "310", "year": year, "cum_ym": "", "cum_type_code": name, "cum": yuan(fen),
                    })  # fmt: skip
        return {"cuminfo": rows}

    def _once(self, infno: str, number: str) -> None:
        if infno == self.once and any(one["number"] == number for one in self.live.values()):
            raise RefusalError(f"门诊号 {number} 已有结算")

    def _m2201(self, content: Any, _message: Any) -> Any:
        data = content["data"]
        self._once("2201", data["ipt_otp_no"])
        mdtrt_id = self._next("M")
        self.visits[mdtrt_id] = {"number": data["ipt_otp_no"], "psn_no": data["psn_no"], "info": None, "lines": {}}
        return {"data": {"mdtrt_id": mdtrt_id, "psn_no": data["psn_no"], "ipt_otp_no": data["ipt_otp_no"]}}

    def _m5201(self, content: Any, _message: Any) -> Any:
        psn_no = content["data"]["psn_no"]
        return {
            "mdtrtinfo": [
                {"mdtrt_id": mdtrt_id, "psn_no": psn_no, "ipt_otp_no": one["number"]}
                for mdtrt_id, one in self.visits.items()
                if one["psn_no"] == psn_no
            ]
        }

    def _m2203(self, content: Any, _message: Any) -> Any:
        info = content["mdtrtinfo"]
        self.visits[info["mdtrt_id"]]["info"] = json.decode(info["expContent"])
        return {}

    def _m2204(self, content: Any, _message: Any) -> Any:
        rows = content["feedetail"]
        lines = self.visits[rows[0]["mdtrt_id"]]["lines"]
        for row in rows:
            if row["feedetl_sn"] in lines:
                raise RefusalError("明细流水号重复")
            lines[row["feedetl_sn"]] = json.decode(row["expContent"])
        return {
            "result": [
                {name: row[name] for name in ("feedetl_sn", "det_item_fee_sumamt", "cnt", "pric")}
                | {"inscp_scp_amt": row["det_item_fee_sumamt"]}
                for row in rows
            ]
        }

    def _m2205(self, content: Any, _message: Any) -> Any:
        self.visits[content["data"]["mdtrt_id"]]["lines"].clear()
        return {}

    def _quoted(self, content: Any) -> tuple[str, Settlement, dict[str, int], str]:
        data = content["data"]
        one = self.visits[data["mdtrt_id"]]
        if not one["lines"]:
            raise RefusalError("没有明细")
        if one["number"] in self.refuses:
            raise RefusalError("[E2207] 待遇未享受")
        year = one["info"]["settled_on"][:4]
        mine = self.figures.setdefault((one["psn_no"], year), {})
        given = {**one["info"], "lines": list(one["lines"].values())}
        given["accumulators"] = {name: yuan(fen) for name, fen in mine.items()}
        value, problems = decode(json.encode(given))
        assert not problems
        visit = read_visit(value)
        assert isinstance(visit, Visit), visit
        policy = self._library.in_force(visit.area, visit.settled_on)
        found = quote(visit, policy, self._library.knows)  # type: ignore[arg-type]
        assert isinstance(found, Quote), found
        (settlement,) = found.settlements
        return data["mdtrt_id"], settlement, found.accumulators, year

    def _info(self, mdtrt_id: str, settlement: Settlement) -> dict[str, str]:
        figures = figures_of(settlement.amounts)
        info = {name: yuan(getattr(figures, f"{own}_fen")) for name, own in _WIRE.items()}
        zero = dict.fromkeys(("hifes_pay", "hifmi_pay", "maf_pay", "oth_pay", "hosp_part_amt"), "0")
        return {**info, **zero, "mdtrt_id": mdtrt_id, "psn_no": self.visits[mdtrt_id]["psn_no"]}

    def _m2206(self, content: Any, _message: Any) -> Any:
        mdtrt_id, settlement, _, _ = self._quoted(content)
        return {"setlinfo": self._info(mdtrt_id, settlement)}

    def _m2207(self, content: Any, message: Any) -> Any:
        mdtrt_id = content["data"]["mdtrt_id"]
        number = self.visits[mdtrt_id]["number"]
        self._once("2207", number)
        if self.idempotent and any(one["mdtrt_id"] == mdtrt_id for one in self.live.values()):
            raise RefusalError("该批次已结算")
        mdtrt_id, settlement, accumulators, year = self._quoted(content)
        psn_no = self.visits[mdtrt_id]["psn_no"]
        before = dict(self.figures[psn_no, year])
        info = self._info(mdtrt_id, settlement)
        setl_id = self._next("Z")
        info |= {"setl_id": setl_id, "setl_time": self._now(), "medins_setl_id": message["msgid"]}
        if any(one["number"] == number for one in self.live.values()):
            self.wrong.append(f"I2: {number} is live twice")
        moved = {name: fen - before.get(name, 0) for name, fen in accumulators.items()}
        self.live[setl_id] = {
            "mdtrt_id": mdtrt_id, "number": number, "psn_no": psn_no, "year": year, "info": info,
            "msgid": message["msgid"], "moved": moved,
        }  # fmt: skip
        self.order.append((psn_no, number))
        self._move(psn_no, year, moved, 1)
        return {"setlinfo": info}

    def _move(self, psn_no: str, year: str, moved: dict[str, int], sign: int) -> None:
        figures = self.figures[psn_no, year]
        for name, fen in moved.items():
            figures[name] = figures.get(name, 0) + sign * fen

    def visit_elsewhere(self, psn_no: str, year: str, moved: dict[str, int]) -> None:
        self.elsewhere.append({"psn_no": psn_no, "year": year, "moved": moved})
        self.figures.setdefault((psn_no, year), {})
        self._move(psn_no, year, moved, 1)

    def _take_back(self, setl_id: str) -> dict[str, Any]:
        one = self.live.pop(setl_id)
        self.gone[setl_id] = one
        self._move(one["psn_no"], one["year"], one["moved"], -1)
        return one

    def _m2208(self, content: Any, _message: Any) -> Any:
        setl_id = content["data"]["setl_id"]
        if setl_id in self.gone:
            raise RefusalError("[E2208-REVERSED]")
        if setl_id not in self.live:
            raise RefusalError("[E5203-NOT-FOUND]")
        if self.live[setl_id]["number"] in self.keeps:
            raise RefusalError("已经清算，不能撤销")
        one = self._take_back(setl_id)
        return {"setlinfo": {**one["info"], "setl_time": self._now()}}

    def _m2601(self, content: Any, _message: Any) -> Any:
        msgid = content["data"]["omsgid"]
        if any(one["msgid"] == msgid for one in self.gone.values()):
            raise RefusalError("[E2601-REVERSED]")
        found = [setl_id for setl_id, one in self.live.items() if one["msgid"] == msgid]
        if not found:
            raise RefusalError("[E2601-NOT-FOUND]")
        self._take_back(found[0])
        return {}

    def _m3201(self, content: Any, _message: Any) -> Any:
        """Compare the sums over all days: what was taken back counts for nothing."""
        live = [one["info"] for one in self.live.values()]
        sums = [sum(_fen(one[name]) for one in live) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")]
        data = content["data"]
        theirs = [_fen(data[name]) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")]
        same = (len(live), sums) == (int(data["fixmedins_setl_cnt"]), theirs)
        return {"stmtinfo": {"setl_optins": self._area, "stmt_rslt": "0" if same else "3", "stmt_rslt_dscr": f"{sums}"}}

    def _m5204(self, content: Any, _message: Any) -> Any:
        mdtrt_id = content["data"]["mdtrt_id"]
        rows = [{"setl_id": setl_id} for setl_id, one in self.live.items() if one["mdtrt_id"] == mdtrt_id]
        return {"feedetail": rows}

    def _m5203(self, content: Any, _message: Any) -> Any:
        setl_id = content["data"]["setl_id"]
        one = self.live.get(setl_id) or self.gone.get(setl_id)
        if one is None:
            raise RefusalError("[E5203-NOT-FOUND]")
        return {"setlinfo": {**one["info"], "refd_setl_flag": "1" if setl_id in self.gone else "0"}}


def _fen(text: str) -> int:
    return round(100 * float(text))


class RefusalError(Exception):
    """What the payer says no with."""
