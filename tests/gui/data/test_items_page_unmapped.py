"""目录对照 in the window: the worklist of what has no national code, and telling the platform with one key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.data.items_page import UnmappedSheet
from gongji.pack_files.library import Library
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk, at
from tests.support.serving import Running, running
from tests.support.tables import item, load_rows


@pytest.fixture
def there(tmp_path: Path, library: Library) -> Iterator[Running]:
    with running(tmp_path, library, clock=at(USUAL_DAY)) as one:
        yield one


def test_the_worklist_and_telling_the_platform(clerk: Clerk, there: Running, tmp_path: Path) -> None:
    counter = clerk.counter

    def stock() -> None:
        own = [item(编码=f"YP-{place}", 名称=f"药{place}", 起始="2024-01-01") for place in (1, 2)]
        load_rows(counter.store, "catalogue", tmp_path, *own)
        mapped = {"本院编码": "YP-1", "国家编码": "XJ01CAA040E001010101445", "起始": "2025-01-01"}
        load_rows(counter.store, "mappings", tmp_path, mapped)

    clerk.station.jobs.write(stock)
    clerk.settle_down()
    sheet = UnmappedSheet(clerk.station)
    codes = [one.code for one in sheet.table.rows_model.rows]
    assert "YP-2" in codes
    assert "YP-1" not in codes
    assert not sheet.tell.isEnabled()
    assert "还没有填医保网关的地址" in sheet.said.text()
    sheet.reject()
    address = there.url.replace("localhost", "127.0.0.1")
    clerk.station.jobs.write(lambda: set_gateway(counter, GatewaySettings(address=address, region="practice")))
    clerk.until(lambda: clerk.station.sending.standing is not UploadStatus.OFF)
    sheet = UnmappedSheet(clerk.station)
    assert "1 条" in sheet.said.text()
    assert sheet.tell.isEnabled()
    sheet.tell.click()
    clerk.until(lambda: "平台收下 1 条" in sheet.said.text())
    assert not sheet.tell.isEnabled()
    sheet.reject()
