"""What `gongji region check` tells, that an incomplete profile is refused at start, and what trying a gateway shows."""

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.core.outbox.replies import Answered, Busy, NotSent, Unknown
from gongji.desk.upload.scripts.conversation import Conversation
from gongji.desk.upload.scripts.try_region import TrialVisit, masked, shown, trying
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.payer.check_region import check_region, needed
from gongji.payer.regions import Profile, profile, profile_names
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader

KINDS = ("retired", "flexible", "flexible_retired", "civil_servant", "civil_servant_retired")
TRIAL = TrialVisit(person_id="530399195001010013", name="张秀英", item="X1")


def written(path: Path, text: str) -> str:
    file = path / "county.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def told(name: str, level: str = "error") -> list[tuple[str, str]]:
    return [(one.place, one.text) for one in check_region(name) if one.level == level]


@pytest.mark.parametrize("name", profile_names())
def test_what_is_shipped_has_no_error_and_says_what_is_to_be_filled_in(name: str) -> None:
    assert told(name) == []
    if name != "practice":
        assert {"doctor_no"} <= {place for place, _ in told(name, "note")}


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    name = written(
        tmp_path,
        'title = "某县"\nbased_on = "plain"\nlanes = 99\nqiuet_s = 5\nscheme = "z"\nfirst_s = "x"\n',
    )
    assert [place for place, _ in told(name)] == ["lanes", "qiuet_s", "scheme", "first_s"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('[services]\n2207 = "/settle"\n', "services", "2601"),
        ('unknown = "query"\n[services]\n2207 = "/settle"\n', "services", "5204"),
        ('infno = { 9999 = "9999A" }\n', "infno", "9999"),
        ('infno = { 2207 = "2207ABC" }\n', "infno", "太长"),
        ('node = { "2207" = "mdtrtinfo" }\n', "node", "交易号"),
        ('not_found = ["已冲正"]\n', "not_found", "相反"),
        ('ambiguous = [""]\n', "not_found", "空的词"),
        ('refusals = ["0"]\n', "refusals", "0"),
        ("first_s = 100\nmost_s = 10\n", "first_s", "长"),
        ('digest = "sm3"\nsigntype = "SM2"\n', "signtype", "SM2"),
        ('api_name = "x"\n', "api_name", "_api_"),
        ('anchor = "opter"\n', "anchor", "另有用处"),
        ('anchor = "enc"\nenvelope = { enc = "SM4" }\n', "anchor", "另有用处"),
        ('anchor = "dev_no"\n', "报文 1101", "dev_no"),
        ('sm2_id = "secret"\n', "sm2_form", "sm2"),
        ('[psn_type]\nretired = "12"\n', "psn_type", "employed"),
        ('[med_type]\nchronic = "14"\n', "med_type", "general"),
        ("quiet_s = 0\n", "quiet_s", "两次"),
        ("deadline_s = 0\n", "deadline_s", "答复"),
        ("most_sends = 0\n", "most_sends", "写得不对"),
        ('infno = { 2206 = "2207A", 2207 = "2207A" }\n', "infno", "同用"),
        ('infno = { 2203 = "2204" }\n', "infno", "同用"),
        ('infno = { 2207 = "2207A" }\n[services]\n2207A = "/settle"\n', "services", "国家的交易号 2207"),
        ('[services]\n2207 = "settle"\n', "services", "/ 开头"),
        ('path = "fsi/api"\n', "path", "/ 开头"),
        ('field = { "3201.setl_optns" = "x" }\n', "field", "setl_optins"),
        ('node = { "2207.mdtrtinfo" = "x" }\n', "node", "没有 mdtrtinfo"),
        ('field = { "2207.psn_no" = "x", "2207.mdtrt_id" = "x" }\n', "field", "都叫 x"),
        ('field = { "2207.psn_no" = "mdtrt_id" }\n', "field", "都叫 mdtrt_id"),
        ('envelope = { msgid = "1" }\n', "envelope", "msgid"),
        ('recer_sys_code = "FSI_LOCAL_OF_THE_COUNTY"\n', "报文 1101", "recer_sys_code"),
        ('insutype = "3100000"\n', "报文 2201", "insutype"),
        ('department_no = "A02.01.02.03"\n', "报文 2201", "caty"),
        (
            "[psn_type]\n" + "".join(f'{one} = "11"\n' for one in KINDS) + 'employed = "1101000"\n',
            "报文 2201",
            "psn_type",
        ),
        ('file_encoding = "multipart"\ncipher = "sm4"\n', "file_encoding", "cipher"),
    ],
)
def test_what_is_missing_or_contradicts_itself(tmp_path: Path, text: str, place: str, words: str) -> None:
    name = written(tmp_path, f'title = "某县"\nbased_on = "plain"\n{text}')
    assert any(where == place and words in what for where, what in told(name)), told(name)


def test_an_empty_file_is_told_what_to_begin_with(tmp_path: Path) -> None:
    found = told(written(tmp_path, ""))
    assert [place for place, _ in found] == ["title", "psn_type", "med_type", "stmt_rslt", "based_on"]
    assert "plain" in found[-1][1]
    assert [place for place, _ in told(written(tmp_path, 'based_on = "plain"\nqiuet_s = 5\n'))] == ["qiuet_s"]


def test_what_never_came_is_said_in_words() -> None:
    assert shown("1101", b"{}", NotSent("没有发出：网络不通")).came == "（没有发出：网络不通）"
    assert shown("1101", b"{}", Unknown("网关答复 HTTP 502")).came == "（网关答复 HTTP 502）"
    assert shown("1101", b"{}", Busy(None)).came == "（平台忙，稍后再试）"


def test_what_a_county_s_file_leaves_out_is_noted(tmp_path: Path) -> None:
    services = "".join(f'{infno} = "/{infno}"\n' for infno in needed(profile("plain")))
    name = written(tmp_path, f'title = "某县"\nbased_on = "plain"\n[med_type]\ngeneral = "11"\n[services]\n{services}')
    notes = told(name, "note")
    assert any(place == "med_type" and "chronic" in text and "整张表" in text for place, text in notes)
    assert {infno for infno in ("1162", "2505", "3301") for place, text in notes if infno in text} == {
        "1162", "2505", "3301",
    }  # fmt: skip


def test_a_profile_that_lacks_what_recovery_needs_does_not_start(circle: Circle) -> None:
    lacking = replace(profile("x-tif"), services={"2207": "/settle", "1101": "/who"})
    with pytest.raises(GongjiError, match="2601"):
        Uploader(circle.counter, lacking, TimeAndChance(circle.clock, ticks, random.Random(1).random))


def test_a_gateway_is_tried_without_settling_anything(circle: Circle) -> None:
    chosen: Profile = circle.uploader.profile
    talk = Conversation(circle.uploader, trying(circle.counter, chosen, TRIAL))
    seen = []
    while (outgoing := talk.claim()) is not None:
        exchange = circle.gateway.send(outgoing.infno, outgoing.body)
        seen.append(shown(outgoing.infno, outgoing.body, exchange, "张秀英"))
        talk.record(outgoing, exchange)
    assert [one.infno for one in seen] == ["9001", "1101", "2201", "2203", "2204", "2206", "2205", "2202"]
    assert "没有结算" in talk.told
    assert circle.there_live() == []
    whole = "".join(one.sent + one.came for one in seen)
    assert "530399195001010013" not in whole
    assert "张秀英" not in whole
    assert "530399" in whole
    (tried,) = circle.there.payer.platform.connection.execute("SELECT state FROM encounter").fetchall()
    assert tried == ("withdrawn",)


def test_what_a_refusal_says_is_shown_and_the_trying_ends(circle: Circle) -> None:
    circle.there.control("options", {"strict": True})
    talk = Conversation(circle.uploader, trying(circle.counter, circle.uploader.profile, TRIAL))
    signed = talk.claim()
    assert signed is not None
    talk.record(signed, circle.gateway.send(signed.infno, signed.body))
    asked = talk.claim()
    assert asked is not None
    with pytest.raises(GongjiError, match="参保"):
        talk.record(asked, circle.gateway.send(asked.infno, asked.body))
    assert talk.claim() is None


def test_masks() -> None:
    text = masked('{"certno":"53039919500101001X","psn_name":"张秀英","cainfo":"ab==","mdtrt_id":"13"}')
    assert text == '{"certno":"530399********001X","psn_name":"***","cainfo":"***","mdtrt_id":"13"}'
    spaced = masked('{"emp_name" : "某单位", "TEL":"13800000000"}')
    assert spaced == '{"emp_name" : "***", "TEL":"***"}'
    inside = masked(r'{"output":"{\"psn_name\":\"\u5f20\u79c0\",\"addr\": \"某村\",\"setl_id\":\"7\"}"}')
    assert inside == r'{"output":"{\"psn_name\":\"***\",\"addr\": \"***\",\"setl_id\":\"7\"}"}'
    assert shown("1101", b"{}", Answered(b"\xff")).came


@pytest.mark.parametrize("content", ["a = " + "[" * 100_000, "a = " + "9" * 5000, "a = ["])
def test_a_file_that_no_region_wrote_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "here.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GongjiError, match="读不懂"):
        profile(str(path))
