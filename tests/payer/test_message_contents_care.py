"""What a visit carries for the payer besides its figures, and who the patient is by a card, a code or a look."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.outbox.states import State
from gongji.core.visits import read_visit
from gongji.desk.visits.card_reader import SimulatedCardReader, SsCardReader, by_looking, parsed
from gongji.errors import GongjiError
from gongji.payer.envelope import envelope
from gongji.payer.message_contents import content
from gongji.payer.regions import Profile, profile
from gongji.payer.schema import UnfitError
from tests.payer.test_read_answers import MSGID
from tests.support.circle import Circle
from tests.support.clinic import line, visit
from tests.support.driving import SENDER, Clinic

CODE = "530300D15600000500BF7C7A48FB4966"
CARD = f"530300|530399195001010013|X00000019|{CODE}|张秀英|00814E43|3.00|20200101|20300101|41|DEV|"
CARE: dict[str, Any] = {
    "certificate": {
        "type": "03",
        "number": "X00000019",
        "card_sn": "530300D15600000500BF7C7A48FB4966",
        "checked": "read",
    },
    "doctor": {"code": "D530302000123", "name": "王医生", "department_code": "A03.01", "department": "呼吸内科"},
    "diagnoses": [{"code": "J06.900", "name": "急性上呼吸道感染"}, {"code": "I10.x00", "name": "高血压"}],
    "disease_code": "M03900",
}
LINES = [
    line("30.00", trace_codes=["81234567890123456789", "81234567890123456790"], approved=True,
         directions={"dose": "1 片", "frequency": "每日三次", "way": "口服", "days": 5}),
    line("12.00", code="X2", approved=False),
    line("5.00", code="X3"),
]  # fmt: skip


def told(clinic: Clinic, infno: str, chosen: Profile, **more: Any) -> Any:
    sheet, _ = clinic.sheet(visit("V1", *LINES, **more))
    sheet = replace(sheet, psn_no="P1", mdtrt_id="M1")
    body = envelope(infno, content(infno, sheet, chosen), MSGID, "2025-06-10 09:00:00", SENDER, chosen, "530300")
    return json.loads(body)["input"]


PLAIN = profile("plain")


class TestOnTheWire:
    @pytest.mark.parametrize("infno", ["1101", "2201", "2206", "2207"])
    def test_the_certificate_is_the_one_that_was_shown(self, clinic: Clinic, infno: str) -> None:
        data = told(clinic, infno, PLAIN, care=CARE)["data"]
        found = {name: data[name] for name in ("mdtrt_cert_type", "mdtrt_cert_no", "card_sn")}
        assert found == {
            "mdtrt_cert_type": "03",
            "mdtrt_cert_no": "X00000019",
            "card_sn": CARE["certificate"]["card_sn"],
        }
        usual = told(clinic, infno, PLAIN)["data"]
        assert (usual["mdtrt_cert_type"], usual["mdtrt_cert_no"]) == ("02", "530399195001010013")
        assert "card_sn" not in usual

    def test_doctor_department_diagnoses_and_disease(self, clinic: Clinic) -> None:
        data = told(clinic, "2201", PLAIN, care=CARE)["data"]
        assert (data["atddr_no"], data["dr_name"], data["dept_name"]) == ("D530302000123", "王医生", "呼吸内科")
        found = told(clinic, "2203", PLAIN, care=CARE)
        assert found["mdtrtinfo"]["dise_codg"] == "M03900"
        assert [(one["diag_srt_no"], one["diag_code"]) for one in found["diseinfo"]] == [
            ("1", "J06.900"),
            ("2", "I10.x00"),
        ]
        assert {one["dise_dor_no"] for one in found["diseinfo"]} == {"D530302000123"}

    def test_where_a_disease_is_required_the_first_diagnosis_stands_for_it(self, clinic: Clinic) -> None:
        required = replace(PLAIN, disease_required=True)
        found = told(clinic, "2203", required, care={"diagnoses": CARE["diagnoses"]})["mdtrtinfo"]
        assert (found["dise_codg"], found["dise_name"]) == ("J06.900", "急性上呼吸道感染")

    def test_without_a_diagnosis_nothing_is_invented(self, clinic: Clinic) -> None:
        with pytest.raises(UnfitError, match="诊断"):
            told(clinic, "2203", PLAIN)
        found = told(clinic, "2203", replace(PLAIN, diagnosis_required=False))
        assert "diseinfo" not in found
        assert found["mdtrtinfo"]["dise_codg"] == ""

    def test_a_diagnosis_and_a_line_may_have_a_doctor_of_their_own(self, clinic: Clinic) -> None:
        other = {"code": "D530302000999", "name": "陈医生", "department_code": "A07", "department": "儿科"}
        diagnoses = [{**CARE["diagnoses"][0], "doctor": other}, CARE["diagnoses"][1]]
        found = told(clinic, "2203", PLAIN, care={**CARE, "diagnoses": diagnoses})["diseinfo"]
        assert [(one["dise_dor_no"], one["diag_dept"]) for one in found] == [
            ("D530302000999", "儿科"),
            ("D530302000123", "呼吸内科"),
        ]
        sheet, _ = clinic.sheet(visit("V2", line("30.00", doctor=other), line("5.00", code="X2"), care=CARE))
        rows = content("2204", sheet, PLAIN)["feedetail"]
        assert [(row["bilg_dr_codg"], row["bilg_dept_name"]) for row in rows] == [
            ("D530302000999", "儿科"),
            ("D530302000123", "呼吸内科"),
        ]

    def test_the_medical_type_is_the_diseases_own_where_it_has_one(self, clinic: Clinic) -> None:
        types = {**PLAIN.med_type, "general/M03900": "9901", "general/高血压": "9902"}
        chosen = replace(PLAIN, med_type=types)
        assert told(clinic, "2203", chosen, care=CARE)["mdtrtinfo"]["med_type"] == "9901"
        assert told(clinic, "2207", chosen, care=CARE)["data"]["med_type"] == "9901"
        by_word = {"diagnoses": CARE["diagnoses"]}
        assert told(clinic, "2203", chosen, care=by_word, disease="高血压")["mdtrtinfo"]["med_type"] == "9902"
        assert told(clinic, "2203", chosen, care=by_word)["mdtrtinfo"]["med_type"] == "11"

    def test_the_clinics_own_code_stands_beside_the_national_one(self, clinic: Clinic) -> None:
        sheet, _ = clinic.sheet(visit("V1", *LINES, care=CARE))
        mapped = replace(sheet, national={"X2": "XJ01CAA040E001010101445"})
        rows = content("2204", mapped, PLAIN)["feedetail"]
        assert [(row["med_list_codg"], row["medins_list_codg"]) for row in rows] == [
            ("X1", "X1"),
            ("XJ01CAA040E001010101445", "X2"),
            ("X3", "X3"),
        ]

    def test_approval_directions_and_numbers_of_lines(self, clinic: Clinic) -> None:
        rows = told(clinic, "2204", PLAIN, care=CARE)["feedetail"]
        assert [row["hosp_appr_flag"] for row in rows] == ["1", "2", "0"]
        assert (rows[0]["sin_dos_dscr"], rows[0]["used_frqu_dscr"], rows[0]["prd_days"]) == ("1 片", "每日三次", "5")
        assert {row["bilg_dr_codg"] for row in rows} == {"D530302000123"}
        numbers = [row["feedetl_sn"] for row in rows]
        assert all(one.isdigit() and len(one) <= 15 and int(one) for one in numbers)
        assert len(set(numbers)) == 3

    def test_trace_codes_go_where_the_region_wants_them(self, clinic: Clinic) -> None:
        newer = replace(PLAIN, trace_codes=True)
        rows = told(clinic, "2207", newer)["drug_trac_info"]
        numbers = [row["feedetl_sn"] for row in told(clinic, "2204", newer)["feedetail"]]
        assert [row["drug_trac_codg"] for row in rows] == LINES[0]["trace_codes"]
        assert len({row["feedetl_sn"] for row in rows}) == 1
        assert len(numbers[0]) == len(rows[0]["feedetl_sn"])
        assert "drug_trac_info" not in told(clinic, "2207", PLAIN)


def test_the_whole_circle_with_all_of_it(circle: Circle) -> None:
    circle.settle(visit("V1", *LINES, care=CARE))
    circle.upload()
    assert circle.states() == [State.ACCEPTED]


@pytest.mark.parametrize("care", [{"certificate": {"type": "04", "number": "1"}}, {"doctor": {"code": "D1"}}, {"x": 1}])
def test_what_is_misshapen_is_refused(care: dict[str, Any]) -> None:
    assert isinstance(read_visit(visit("V1", care=care)), list)


class TestCards:
    def test_a_card_is_read(self) -> None:
        reader = SimulatedCardReader([CARD, "", "530300|1|2|3|4|"])
        card = reader.read()
        assert (card.person_id, card.name, card.area) == ("530399195001010013", "张秀英", "530300")
        assert (card.certificate.type, card.certificate.number, card.certificate.checked) == ("03", "X00000019", "read")
        assert "5303991950" not in repr(card) + repr(card.certificate)
        for _ in range(3):  # nothing, half of one, no card any more
            with pytest.raises(GongjiError, match="卡"):
                reader.read()

    @pytest.mark.parametrize(
        "text", ["", "|||||", CARD.replace("530399195001010013", "12"), CARD.replace("张秀英", "张\x00")]
    )
    def test_what_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(GongjiError):
            parsed(text)

    @pytest.mark.skipif(sys.platform == "win32", reason="on Windows the driver itself is loaded")
    def test_the_driver_is_windows_own(self) -> None:
        with pytest.raises(GongjiError, match="Windows"):
            SsCardReader(Path("SSCardDriver.dll"))

    def test_a_look_is_said_to_be_one(self) -> None:
        assert by_looking("530399195001010013").checked == "seen"
