"""A catalogue's file is fetched for the platform's own number, as regions want it, unless a profile says otherwise."""

import pytest

from gongji.payer import interface
from gongji.payer.feeds import ReadyFile, fetching
from gongji.payer.regions import profile, profile_names
from gongji.payer.schema import faults


@pytest.mark.parametrize("name", profile_names())
def test_for_plc(name: str) -> None:
    chosen = profile(name)
    told = ReadyFile(number="fsi/plc/1", name="a.zip", count=1)
    content = fetching(told, "", "H53030200001", chosen)
    assert content["fsDownloadIn"]["fixmedins_code"] == (chosen.catalogue_file.fixmedins_code or "H53030200001")
    assert list(faults(interface.INPUTS["9102"], content)) == []


def test_what_nobody_says_is_plc() -> None:
    assert profile("plain").catalogue_file.fixmedins_code == "plc"
