"""What findings speak of, cut out of pictures: the right piece, never too many, nothing where something is wrong."""

from __future__ import annotations

import base64
import io
import logging
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agent.capture.picture import Spot
from agent.history.runs import SavedRun, State
from agent.reports import pictures, render
from agent.reports.pictures import MARGIN, MOST_OF_RULE, TALLEST, WIDEST, Cutting, cuttings, spot_of
from checks.finding import Evidence, Finding, Subject
from tests.history_runs import finding
from tests.pictured import BLUE, ORDER, OTHER, PNG, RED, ROW, SIZE, YELLOW, drawn, listed, pictured, place
from tests.reports.build import look, saved, stated

AT = datetime.fromisoformat("2026-11-20T03:15:00-08:00")
SECOND = "8203955732372615"


def seen(
    subject: str = ORDER, code: str = "LOG001", label: str = "同步状态", text: str = "未同步", **more: Any
) -> Finding:
    values: dict[str, Any] = {"evidence": Evidence("orders", 1, label, text, AT)} | more
    return finding(subject, code, **values)


def run_of(capture: Path | str, *findings: Finding) -> SavedRun:
    return saved([stated(found) for found in findings or (seen(),)], capture=str(capture))


def shown(cutting: Cutting) -> Image.Image:
    start, _, data = cutting.source.partition(",")
    assert start == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert image.size == (cutting.width, cutting.height)
    return image.convert("RGB")


def only(run: SavedRun) -> Cutting:
    [found] = cuttings(run).values()
    return found


# The right piece


def test_the_row_is_cut_out_below_the_titles_of_its_columns(tmp_path: Path) -> None:
    image = shown(only(run_of(pictured(tmp_path))))
    head, row = 29, 50
    assert image.size == (760 + 2 * MARGIN, head + row + 2 * MARGIN)
    assert image.getpixel((400, head // 2)) == YELLOW
    assert image.getpixel((400, head + MARGIN + row // 2)) == RED
    assert image.getpixel((400, head + MARGIN + row + MARGIN - 1)) == BLUE


def test_each_order_has_its_own_row(tmp_path: Path) -> None:
    first, second = seen(), seen(SECOND)
    found = cuttings(run_of(pictured(tmp_path), first, second))
    assert shown(found[first.fingerprint]).getpixel((400, 60)) == RED
    assert shown(found[second.fingerprint]).getpixel((400, 60)) == BLUE


def test_two_findings_on_one_row_share_its_picture(tmp_path: Path) -> None:
    first, second = seen(), seen(code="LOG003")
    found = cuttings(run_of(pictured(tmp_path), first, second))
    assert [bool(one.source) for one in found.values()] == [True, False]
    assert found[second.fingerprint].same == first.fingerprint


def test_an_archive_serves_as_well_as_a_folder(tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "c"), "zip", pictured(tmp_path / "c"))
    assert only(run_of(archive)).source


def test_of_several_captures_the_one_is_taken_on_which_it_was_seen(tmp_path: Path) -> None:
    first, second = pictured(tmp_path / "a", files={"pages/orders-1.png": None}), pictured(tmp_path / "b")
    export = tmp_path / "orders.xlsx"
    assert only(run_of(f"{first}, {second}, {export}")).source


def spot(*texts: str, kind: str = "row", box: Sequence[float] = (0, 0, 100, 20), ids: Sequence[str] = ()) -> Spot:
    return Spot.model_validate({"kind": kind, "box": tuple(box), "ids": tuple(ids), "texts": texts})


METRIC = {"about": Subject("metric", "dispute_rate"), "label": "纠纷率", "text": "1.96%"}


@pytest.mark.parametrize(
    ("spots", "wanted", "changes"),
    [
        ([spot(SECOND), spot(ORDER)], 1, {}),
        ([spot(f"订单号：{ORDER}")], 0, {}),
        ([spot(ORDER + "9")], None, {}),
        ([spot("x", ids=[ORDER])], 0, {}),
        ([spot("未同步"), spot("未同步")], None, {}),
        ([spot("同步状态", "未同步", kind="figure")], 0, {}),
        ([spot(ORDER, box=(0, 0, 500, 300)), spot(ORDER, box=(0, 0, 100, 20))], 1, {}),
        ([spot(ORDER), spot(ORDER, "未同步", box=(0, 0, 900, 90))], 1, {}),
        ([spot("纠纷率", "1.96%", kind="figure")], 0, METRIC),
        ([spot("纠纷率：", "1.96%", kind="figure")], 0, METRIC),
        ([spot("纠纷率", "2.96%", kind="figure")], None, METRIC),
        ([spot("退货率", "1.96%", kind="figure")], None, METRIC),
        ([spot("纠纷率", "1.96%", kind="figure", box=(0, 0, 900, TALLEST + 1))], None, METRIC),
        ([spot("证件号", "9144****2X")], 0, {"about": Subject("document", "licence:9144****2X")}),
        ([spot("证件号")], None, {"about": Subject("document", "licence:")}),
        ([spot("", " ")], None, {"label": "", "text": ""}),
        ([], None, {}),
    ],
)
def test_the_place_is_found_by_the_subject_or_by_label_and_text(
    spots: list[Spot], wanted: int | None, changes: dict[str, Any]
) -> None:
    changes = dict(changes)
    about = changes.pop("about", Subject("order", ORDER))
    found = spot_of(seen(**changes)._replace(subject=about), spots)
    assert found is (None if wanted is None else spots[wanted])


def test_a_finding_without_evidence_may_have_its_place_but_no_page() -> None:
    assert spot_of(finding(ORDER, evidence=None), [spot(ORDER)]) is not None
    assert cuttings(run_of("x", finding(evidence=None))) == {}


# Not the right page


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("orders", 1, "同步状态", "未同步", AT + timedelta(seconds=1)),
        Evidence("orders", 2, "同步状态", "未同步", AT),
        Evidence("tracking", 1, "同步状态", "未同步", AT),
        Evidence("orders", 1, "同步状态", "未同步", None),
    ],
    ids=["another capture", "another page", "another kind", "no time"],
)
def test_a_page_that_is_not_the_one_gives_no_picture(tmp_path: Path, evidence: Evidence) -> None:
    assert cuttings(run_of(pictured(tmp_path), seen(evidence=evidence))) == {}


def test_without_the_capture_there_are_no_pictures(tmp_path: Path) -> None:
    assert cuttings(run_of(tmp_path / "gone")) == {}
    assert cuttings(saved([stated(seen())], capture=None)) == {}
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "no.zip").write_bytes(b"x")
    for name in ("file", "no.zip", ".", "\x00", "x" * 5000):
        assert cuttings(run_of(f"{tmp_path}/{name}")) == {}


@pytest.mark.parametrize("state", [State.RESOLVED, State.MUTED])
def test_what_does_not_stand_open_has_no_picture(tmp_path: Path, state: State) -> None:
    assert cuttings(saved([stated(seen(), state)], capture=str(pictured(tmp_path)))) == {}


# Never too many, never too large


def many(folder: Path, count: int, code: str = "LOG001") -> SavedRun:
    numbers = [f"82039557323{n:05}" for n in range(count)]
    places = [place([20, 10 * n, 760, 10], number) for n, number in enumerate(numbers)]
    png = drawn(*(([20, 10 * n, 760, 10], (n % 200, 2 * n % 200, 80)) for n in range(count)))
    files = {"pages/orders-1.places.json": listed(*places), "pages/orders-1.png": png}
    return run_of(pictured(folder, files=files), *(seen(number, code) for number in numbers))


def test_the_first_findings_of_a_rule_have_pictures(tmp_path: Path) -> None:
    run = many(tmp_path, 20)
    assert list(cuttings(run)) == [stated.finding.fingerprint for stated in run.findings[:MOST_OF_RULE]]


def test_a_report_holds_no_more_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = many(tmp_path, 4)
    whole = [len(one.source) for one in cuttings(run).values()]
    monkeypatch.setattr(pictures, "MOST_BYTES", whole[0] + whole[1])
    assert len(cuttings(run)) == 2
    monkeypatch.setattr(pictures, "MOST_PICTURES", 1)
    assert len(cuttings(run)) == 1


def test_a_tall_place_is_cut_off_and_a_wide_one_made_smaller(tmp_path: Path) -> None:
    size = (2400, 900)
    box = [0, 0, 2400, 900]
    files = {
        "pages/orders-1.places.json": listed(place(box, ORDER)),
        "pages/orders-1.png": drawn((box, RED), size=size),
    }
    image = shown(only(run_of(pictured(tmp_path, files=files))))
    assert image.width == WIDEST
    assert image.height < TALLEST
    assert image.getpixel((image.width // 2, image.height // 2)) == RED


# Something is wrong


@pytest.mark.parametrize(
    "box", [[900, 0, 10, 10], [0, 900, 10, 10], [99_999, 99_999, 1, 1]], ids=["right of it", "below it", "far away"]
)
def test_a_place_beside_the_picture_is_left_out(tmp_path: Path, box: list[int], caplog: Any) -> None:
    files = {"pages/orders-1.places.json": listed(ROW | {"box": box, "head": None})}
    assert cuttings(run_of(pictured(tmp_path, files=files))) == {}
    assert "beside the picture" in caplog.text


def test_a_head_that_lies_below_its_row_or_beside_the_picture_harms_nothing(tmp_path: Path) -> None:
    for number, head in enumerate(([20, 300, 760, 30], [0, 0, 0, 0], [99_999, 0, 10, 10])):
        files = {"pages/orders-1.places.json": listed(ROW | {"head": head})}
        found = cuttings(run_of(pictured(tmp_path / str(number), files=files)))
        assert len(found) == 1, "the row is cut out all the same"


SPOILT = {
    "cut off": PNG[: len(PNG) // 2],
    "only its head": PNG[:60],
    "other bytes inside": PNG[:60] + bytes(200) + PNG[260:],
    "a name of another form": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + b"\x00\x00\x03\x20\x00\x00\x02\x58"
    + b"\xff" * 40,
}


@pytest.mark.parametrize("png", SPOILT.values(), ids=SPOILT)
def test_a_picture_that_cannot_be_unpacked_is_left_out_and_told(tmp_path: Path, png: bytes, caplog: Any) -> None:
    caplog.set_level(logging.WARNING)
    run = run_of(pictured(tmp_path, files={"pages/orders-1.png": png}))
    assert cuttings(run) == {}
    assert "pages/orders-1" in caplog.text
    assert render("html", run, look(pictures=cuttings(run)))


def test_a_fault_of_the_capture_is_told(tmp_path: Path, caplog: Any) -> None:
    assert cuttings(run_of(pictured(tmp_path, "pages/orders-1.png"))) == {}
    assert "the page is judged all the same" in caplog.text


# In the page


def test_the_picture_stands_folded_below_its_finding_with_words_for_those_who_do_not_see_it(tmp_path: Path) -> None:
    run = run_of(pictured(tmp_path), seen(), seen(code="LOG003"))
    found = cuttings(run)
    english = render("html", run, look(pictures=found))
    assert english.count("<img ") == 1
    assert 'alt="Picture of the backend page “the order list”: order 8203955732372614, 同步状态: 未同步"' in english
    assert '<details class="shot"><summary>Picture' in english
    first = next(iter(found))
    assert f'<p class="shot"><a href="#f-{first}">' in english
    chinese = render("html", run, look("zh", pictures=found))
    assert 'alt="后台“订单列表”页面截图：' in chinese


def test_no_other_form_asks_for_pictures(tmp_path: Path) -> None:
    from agent.cli.auditing import pictures_for
    from agent.reports import FORMATS

    run = run_of(pictured(tmp_path))
    assert pictures_for("html", run)
    assert not any(pictures_for(form, run) for form in FORMATS if form != "html")


def test_the_size_of_the_drawn_picture_is_that_of_its_places() -> None:
    assert all(place["box"][0] + place["box"][2] <= SIZE[0] for place in (ROW, OTHER))
