"""Pre-printed forms, offsets, receipt printers' rasters, the square code as it comes out."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.desk.papers.archive import made
from gongji.desk.papers.printers import Printer, form_path, job_steps, printer_named, ruler_job, set_up
from gongji.desk.papers.receipts import receipt_for
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.printing.escpos import DOTS_PER_INCH, TooWideError, band_heights, raster_of
from gongji.printing.layout.marks import Square, modules_of
from gongji.printing.layout.pdf import PrintOffset
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.preprinted import Form, read_form, render_form
from gongji.printing.read_pdf import images_of, text_of
from gongji.printing.receipt.render import pages_of_receipt, render
from gongji.printing.test_page import ruler_page
from tests.printing.conftest import Office
from tests.support.printed import print_receipt

_DATA = PrintOffset(show="data")


@pytest.fixture(scope="module")
def form() -> Form:
    """The sample form."""
    return read_form(resource_folder() / "forms" / "sample-190x102.toml")


def darkest(pdf: bytes) -> tuple[int, int, int, int]:
    """Where on the first page, in tenths of a mm, anything dark is."""
    image = images_of(pdf, 254)[0].point(lambda grey: 255 if grey < 100 else 0)
    box: tuple[int, int, int, int] = image.getbbox()
    return box


def test_offsets_move_the_whole_page_by_what_was_set(office: Office, form: Form) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    plain = darkest(render_form(receipt, form))
    moved = darkest(render_form(receipt, form, PrintOffset(right=3, down=-2)))
    assert [new - old for new, old in zip(moved, plain, strict=True)] == pytest.approx([30, -20, 30, -20], abs=1)


def test_scale_stretches_from_the_top_left_corner(office: Office, form: Form) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    plain = darkest(render_form(receipt, form))
    stretched = darkest(render_form(receipt, form, PrintOffset(scale_x=1.01, scale_y=0.99)))
    assert stretched[2] == pytest.approx(plain[2] * 1.01, abs=2)
    assert stretched[3] == pytest.approx(plain[3] * 0.99, abs=2)


def test_offsets_that_push_a_field_off_the_paper_are_refused(office: Office, form: Form) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    with pytest.raises(GongjiError, match="落在纸外"):
        render_form(receipt, form, PrintOffset(right=30))


def test_data_alone_leaves_the_printed_words_out(office: Office, form: Form) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    data = "".join(text_of(render_form(receipt, form, PrintOffset(show="data"))))
    assert "186.80" in data
    assert "交款人" not in data
    frame = "".join(text_of(render_form(receipt, form, PrintOffset(show="frame"))))
    assert "交款人" in frame
    assert "186.80" not in frame


def test_more_lines_than_a_form_has_go_over_several_with_the_figures_on_the_last(office: Office, form: Form) -> None:
    pages = text_of(render_form(receipt_for(office.counter, office.settled["forty lines"]), form))
    assert len(pages) == 6
    assert all("接下页" in page for page in pages[:-1])
    assert "1643.27" in pages[-1]
    assert "接下页" not in pages[-1]


def test_a_form_that_asks_for_what_there_is_not_is_refused(office: Office, form: Form, tmp_path: Path) -> None:
    wrong = replace(form, field={**form.field, "patient": form.field["patient_name"]})
    with pytest.raises(GongjiError, match="patient"):
        render_form(receipt_for(office.counter, office.settled["zero"]), wrong)
    file = tmp_path / "wrong.toml"
    file.write_text('title = "x"\nwidth = "wide"\n', encoding="utf-8")
    with pytest.raises(GongjiError, match=r"wrong\.toml"):
        read_form(file)


def test_a_form_that_does_not_say_what_it_is_is_refused(tmp_path: Path) -> None:
    text = (resource_folder() / "forms" / "sample-190x102.toml").read_text(encoding="utf-8")
    silent = tmp_path / "silent.toml"
    silent.write_text("\n".join(line for line in text.splitlines() if not line.startswith("notice")), encoding="utf-8")
    with pytest.raises(GongjiError, match="单据性质"):
        read_form(silent)


def test_a_form_says_that_it_is_no_bill(office: Office, form: Form) -> None:
    for name in ("five payers", "void"):
        text = "".join(
            "".join(text_of(render_form(receipt_for(office.counter, office.settled[name]), form, _DATA))).split()
        )
        assert "不是财政票据" in text
        assert "以医保经办机构审核为准" in text


@pytest.mark.parametrize(("paper", "dots"), [("80", 576), ("58", 384)])
def test_a_roll_is_one_raster_as_wide_as_the_printer(office: Office, paper: str, dots: int) -> None:
    sent = raster_of(render(receipt_for(office.counter, office.settled["two benefits"]), paper), dots)
    assert sent.startswith(b"\x1b@\x1dv0\x00" + (dots // 8).to_bytes(2, "little"))
    assert sent.endswith(b"\x1bd\x04\x1dV\x00")


def bands(sent: bytes) -> list[tuple[int, int, bytes]]:
    """What a printer makes of a raster: of each band how many bytes across, how many rows, and its dots."""
    found, rest = [], sent.removeprefix(b"\x1b@").removesuffix(b"\x1bd\x04\x1dV\x00")
    while rest:
        assert rest.startswith(b"\x1dv0\x00")
        across, rows = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
        found.append((across, rows, rest[8 : 8 + across * rows]))
        rest = rest[8 + across * rows :]
    return found


@pytest.mark.parametrize(("paper", "dots"), [("80", 576), ("58", 384)])
def test_an_older_printer_takes_every_band_and_the_page_is_whole(office: Office, paper: str, dots: int) -> None:
    pdf = render(receipt_for(office.counter, office.settled["forty lines"]), paper)
    found = bands(raster_of(pdf, dots))
    assert all(rows <= 255 and rows % 48 for _, rows, _ in found)
    image = images_of(pdf, DOTS_PER_INCH)[0].point(lambda grey: 255 if grey < 150 else 0).convert("1")
    assert b"".join(part for _, _, part in found) == image.tobytes()


@pytest.mark.parametrize("rows", range(1, 1200))
def test_whatever_the_height_no_band_is_a_multiple_of_48(rows: int) -> None:
    heights = band_heights(rows)
    assert sum(heights) == rows
    assert all(0 < one <= 255 and one % 48 for one in heights)


def test_a_page_wider_than_the_printer_is_refused(office: Office) -> None:
    with pytest.raises(TooWideError, match="384"):
        raster_of(render(receipt_for(office.counter, office.settled["zero"]), "80"), 384)


@pytest.mark.parametrize("paper", ["80", "58"])
def test_every_module_of_the_code_is_whole_dots(office: Office, paper: str) -> None:
    receipt = receipt_for(office.counter, office.settled["forty lines"])
    page = pages_of_receipt(receipt, paper)[0]
    square = next(mark for mark in page.marks if isinstance(mark, Square))
    image = images_of(render(receipt, paper), DOTS_PER_INCH)[0].point(lambda grey: 255 if grey < 150 else 0)
    modules = modules_of(receipt.code)
    left, top = round(square.x * 8), image.height - round((page.height - square.y) * 8)
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            spots = [
                image.getpixel((left + 3 * column + across, top + 3 * row + down))
                for across in range(3)
                for down in range(3)
            ]
            assert spots == [255 if dark else 0] * 9, (row, column)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_test_page_has_its_ruler_and_the_rare_characters(paper: str) -> None:
    text = "".join(text_of(ruler_page(paper)))
    assert "试打页" in text
    assert "𬱖" in text


def test_a_printer_is_sent_its_own_paper_and_offsets_from_the_same_content(office: Office) -> None:
    counter, stored = office.counter, office.settled["two benefits"]
    assert made(job_steps(counter, stored, "激光")) == print_receipt(counter, stored).read_bytes()
    set_up(counter, "小票", b'{"paper": "58", "dots": 384}')
    assert made(job_steps(counter, stored, "小票")).startswith(b"\x1b@\x1dv0")
    assert ruler_job(counter, "小票").startswith(b"\x1b@\x1dv0")
    set_up(counter, "针打", b'{"form": "sample-190x102", "right": 15, "down": -10, "show": "data"}')
    plain = darkest(render_form(receipt_for(counter, stored), read_form(form_path(counter, "sample-190x102")), _DATA))
    moved = darkest(made(job_steps(counter, stored, "针打")))
    assert [new - old for new, old in zip(moved, plain, strict=True)] == pytest.approx([15, -10, 15, -10], abs=1)


@pytest.mark.parametrize(
    "given",
    [b'{"right": 301}', b'{"scale_x": 900}', b'{"paper": "A3"}', b'{"form": "none"}', b'{"offset": 1}', b"[]", b"{"],
)
def test_a_setup_that_cannot_be_is_refused(office: Office, given: bytes) -> None:
    with pytest.raises(GongjiError):
        set_up(office.counter, "坏", given)
    with pytest.raises(GongjiError, match="看不见的字符"):
        set_up(office.counter, "12\u200d", b"{}")
    assert printer_named(office.counter, "坏") == Printer()
