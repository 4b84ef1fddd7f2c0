"""Pictures of pages in real Chromium: what may be personal is blank on them, the rest can be found and cut out."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page

from agent.capture.opening import open_capture
from agent.capture.picture import MOST_HEIGHT, Picture, Spot
from agent.live.camera import Camera
from agent.live.probe import Sight
from extractors.vocabulary import shipped
from fixtures.standin import StandIn
from fixtures.standin import site as standin_site
from tests.conftest import RECORDINGS
from tests.live.scene import Scene
from tests.live.walking import Go, Visit, visit

__all__ = ["visit"]

pytestmark = pytest.mark.browser

ON = {"pictures": True, "tracking": "none"}
HOST = "csp.aliexpress.com"
GREY = (222, 224, 228)
WHITE = (255, 255, 255)


def pictures(done: Visit) -> Iterator[tuple[str, Picture]]:
    with open_capture(done.folder) as capture:
        for page in capture.pages():
            picture = capture.picture(page)
            if picture is not None:
                yield f"{page.kind}-{page.sequence}", picture
        assert capture.faults == []


def image(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


# In a walk


def test_no_picture_is_taken_unless_it_was_asked_for(visit: Go) -> None:
    done = visit("health")
    assert "picture" not in done.manifest["pages"][0]
    assert [file.suffix for file in (done.folder / "pages").iterdir()] == [".html"]


def test_every_page_has_a_picture_and_its_places_and_costs_no_request(scene: Scene, visit: Go) -> None:
    kinds = ("orders", "health", "messages", "disputes")
    plain = visit(*kinds, capture={"max_list_pages": 1, "tracking": "none"})
    asked = scene.standin.count(host=HOST)
    done = visit(*kinds, capture=ON | {"max_list_pages": 1})
    assert scene.standin.count(host=HOST) == 2 * asked
    found = dict(pictures(done))
    assert len(found) == len(done.manifest["pages"]) == len(plain.manifest["pages"])
    for name, picture in found.items():
        assert picture.spots, name
        assert image(picture).size == (picture.width, picture.height)


def test_the_page_that_is_stored_is_the_same_with_a_picture_as_without(visit: Go) -> None:
    few = {"max_list_pages": 2, "tracking": "none"}
    with_pictures = visit("tracking", "messages", capture=ON | few)
    without = visit("tracking", "messages", capture=few)

    def bodies(done: Visit) -> list[str]:
        entries = done.manifest["pages"]
        assert len(entries) > 2, "a list has to be turned after a picture was taken"
        return [settled((done.folder / entry["file"]).read_text("utf-8")) for entry in entries]

    def settled(html: str) -> str:
        return re.sub(r"\d{13}|[0-9a-f]{24,}", "", html)

    assert bodies(with_pictures) == bodies(without)


def test_a_recording_of_a_capture_has_no_pictures(visit: Go, tmp_path: Path) -> None:
    from agent.live.record import record

    done = visit("health", capture=ON)
    recorded = record(done.folder, tmp_path, "kept", shipped())
    assert {file.suffix for file in recorded.folder.rglob("*") if file.is_file()} == {".html", ".json"}
    assert "picture" not in (recorded.folder / "capture.json").read_text("utf-8")


# On one page


@pytest.fixture
def shot(scene: Scene, backend: StandIn) -> Callable[..., tuple[Picture | None, Any]]:
    """Takes a picture of a page that is only this HTML; with what a script says of the page before that."""

    def take(html: str, kind: str = "orders", ask: str = "() => null", after: str | None = None) -> Any:
        async def work() -> tuple[Picture | None, Any]:
            context = await scene.live.context()
            try:
                page = await context.new_page()
                await page.route("**/*", lambda route: route.abort())
                return await taken(page)
            finally:
                await context.close()

        async def taken(page: Page) -> tuple[Picture | None, Any]:
            await page.set_content(html)
            before = await page.content()
            said = await page.evaluate(ask)
            sight = Sight("ready", "https://csp.aliexpress.com/", before)
            if after is not None:
                await page.evaluate(after)
            found = await Camera(shipped(), is_on=True).take(page, kind, sight)
            if after is None:
                assert await page.content() == before
            assert await page.evaluate("document.adoptedStyleSheets.length + CSS.highlights.size") == 0
            return (None if found is None else read(found.png, found.places)), said

        return scene.run(work())

    def read(png: bytes, places: bytes) -> Picture:
        width, height = Image.open(io.BytesIO(png)).size
        return Picture(png, width, height, tuple(Spot(**spot) for spot in json.loads(places)["places"]))

    return take


def northwind(name: str) -> str:
    css = standin_site.static("shell.css")
    assert css is not None
    html = (RECORDINGS / "northwind" / "pages" / f"{name}.html").read_text("utf-8")
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL).replace(
        "</head>", f"<style>{css.decode()}</style></head>"
    )


WHERE = """given => [...document.querySelectorAll(given)].map(node => {
  const range = new Range();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  return [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
})"""


def where(selector: str) -> str:
    return f"() => ({WHERE})({json.dumps(selector)})"


def colours(picture: Picture, box: list[float]) -> set[Any]:
    """The colours inside a box, its outermost pixels left out."""
    left, top, right, bottom = box
    part = image(picture).crop((int(left) + 1, int(top) + 1, int(right) - 1, int(bottom) - 1))
    return {colour for _, colour in part.getcolors(part.width * part.height) or []}


@pytest.mark.parametrize(
    ("page", "selector"),
    [
        ("orders-1", "[class*=buyerInfo--inline]"),
        ("orders-1", "[class*=shell--login]"),
        ("orders-1", "[class*=shell--name]"),
        ("disputes-1", "td[data-next-table-col='1'] div div:first-child"),
        ("reviews-1", "td[data-next-table-col='2'] div div"),
        ("messages-1", "[class*=session--name]"),
    ],
)
def test_what_is_personal_is_a_plain_area(shot: Any, page: str, selector: str) -> None:
    picture, boxes = shot(northwind(page), page.partition("-")[0], where(selector))
    assert boxes
    for box in boxes:
        if box[3] < picture.height and box[2] - box[0] > 4:
            assert colours(picture, box) <= {GREY, WHITE}, box


@pytest.mark.parametrize(
    ("page", "selector"),
    [
        ("orders-1", "[class*=header--valueHighLight]"),
        ("tracking-1", "td[data-next-table-col='8'] div"),
        ("health-1", "[class*=figures--value]"),
        ("messages-1", "[class*=figures--value]"),
    ],
)
def test_what_findings_speak_of_can_be_read(shot: Any, page: str, selector: str) -> None:
    picture, boxes = shot(northwind(page), page.partition("-")[0], where(selector))
    assert boxes
    for box in boxes:
        if box[3] < picture.height:
            assert len(colours(picture, box)) > 4, box


PERSON = "Konstantin Papadopoulos"
ROW = """<table><thead><tr><th>订单号</th><th>{title}</th><th>同步状态</th></tr></thead>
<tbody><tr><td>8203955732372614</td><td><span id=x>{value}</span></td><td>未同步</td></tr></tbody></table>"""


def page_of(body: str, style: str = "") -> str:
    return f"<!doctype html><style>body{{font:20px sans-serif}}{style}</style><body>{body}</body>"


HIDDEN = {
    "column of buyers": ROW.format(title="买家", value=PERSON),
    "unknown column": ROW.format(title="Kunde", value=PERSON),
    "no column": f"<p id=x>{PERSON}</p>",
    "mail in a known column": ROW.format(title="承运商", value="konstantin@example.com"),
    "phone in a known column": ROW.format(title="承运商", value="+30 210 1234567"),
    "masked name in a known column": ROW.format(title="承运商", value="K*** Papadopoulos"),
    "recipient who is no word": ROW.format(title="收件人核对", value=PERSON),
    "label of a person": f"<p>收货人：<span id=x>{PERSON}</span></p>",
    "colour that insists": f"<p id=x style='color:red'>{PERSON}</p>",
    "shadow": f"<p id=x style='text-shadow:2px 2px red'>{PERSON}</p>",
    "stroke": f"<p id=x style='-webkit-text-stroke:2px red'>{PERSON}</p>",
    "transition": f"<p id=x style='color:red;transition:all 60s'>{PERSON}</p>",
    "letters out of a ground": (
        "<p id=x style='background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent'>"
        f"{PERSON}</p>"
    ),
    "smileys": "<p id=x>😀😃😄😁 👩‍👩‍👧‍👦</p>",
    "field": f"<input id=x value='{PERSON}' style='width:300px'>",
    "text of a picture": f"<img id=x alt='{PERSON}' width=300 height=30 src='https://ae01.alicdn.com/a.png'>",
    "drawing": f"<svg id=x width=300 height=30><text y=20 fill=red>{PERSON}</text></svg>",
    "words of a style sheet": "<p class=said id=x>&nbsp;</p>"
    f"<style>.said::before{{content:'{PERSON}';color:red}}</style>",
    "canvas": "<canvas id=x width=300 height=30></canvas><script>const pen = document.querySelector('canvas')"
    f".getContext('2d'); pen.font = '20px sans-serif'; pen.fillText('{PERSON}', 0, 20);</script>",
    "picture as a ground": "<p id=x style='width:300px;height:30px;background:url(data:image/svg+xml,"
    "%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%3E%3Ccircle%20r=%2220%22/%3E%3C/svg%3E)'>&nbsp;</p>",
}


AREA = """() => {
  const box = document.querySelector('#x').getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
}"""


@pytest.mark.parametrize("what", HIDDEN)
def test_what_nothing_speaks_for_is_not_seen(shot: Any, what: str) -> None:
    picture, found = shot(page_of(HIDDEN[what]), "tracking", AREA)
    assert found[2] - found[0] > 20
    assert colours(picture, found) <= {GREY, WHITE}
    assert PERSON not in str(picture.spots)


def test_letters_that_are_cut_out_of_a_colour_become_an_area_of_it(shot: Any) -> None:
    body = page_of(f"<p id=x style='background-color:red;-webkit-background-clip:text;color:transparent'>{PERSON}</p>")
    picture, found = shot(body, "tracking", AREA)
    assert colours(picture, found) <= {GREY, (255, 0, 0)}


def test_behind_a_label_in_the_same_text_only_the_label_is_seen(shot: Any) -> None:
    ask = """() => {
      const text = document.querySelector('#x').firstChild;
      return [[0, 4], [4, text.length]].map(([from, to]) => {
        const range = new Range();
        range.setStart(text, from);
        range.setEnd(text, to);
        const box = range.getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom];
      });
    }"""
    picture, (label, name) = shot(page_of(f"<p id=x>收货人：{PERSON}</p>"), "tracking", ask)
    assert len(colours(picture, label)) > 4
    assert colours(picture, name) <= {GREY, WHITE}


def test_a_row_without_the_person_says_where_the_order_is(shot: Any) -> None:
    picture, box = shot(page_of(ROW.format(title="买家", value=PERSON)), "tracking", where("tbody tr"))
    [row] = [spot for spot in picture.spots if spot.kind == "row"]
    assert row.texts == ("8203955732372614", "未同步")
    assert row.head is not None
    assert row.head[1] < row.box[1]
    assert abs(row.box[1] - box[0][1]) < 6


@pytest.mark.parametrize(
    ("what", "body", "style"),
    [
        ("insists", f"<p style='-webkit-text-fill-color:red !important'>{PERSON}</p>", ""),
        ("shadow", f"<p style='text-shadow:1px 1px red !important'>{PERSON}</p>", ""),
        ("picture", "<svg width=9 height=9 style='visibility:visible !important'></svg>", ""),
        ("hidden part", "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML = '<b>x</b>'</script>", ""),
    ],
)
def test_a_page_that_cannot_be_made_safe_has_no_picture(shot: Any, what: str, body: str, style: str) -> None:
    picture, _ = shot(page_of(body, style), "tracking")
    assert picture is None


def test_a_page_that_is_not_the_one_that_was_read_has_no_picture(shot: Any) -> None:
    picture, _ = shot(
        page_of(ROW.format(title="买家", value=PERSON)),
        "tracking",
        after="() => { document.querySelector('th').textContent = '买家'; }",
    )
    assert picture is None


def test_a_clock_that_goes_on_is_no_other_page(shot: Any) -> None:
    picture, _ = shot(
        page_of(ROW.format(title="最后更新", value="11:59:58")),
        "tracking",
        after="() => { document.querySelector('#x').textContent = '11:59:59'; }",
    )
    assert picture is not None


def test_what_comes_while_the_picture_is_taken_is_not_seen_and_the_picture_is_thrown_away(shot: Any) -> None:
    body = page_of(ROW.format(title="买家", value=PERSON) + "<p id=new></p>")
    grow = """() => { setInterval(() => {
      if (document.adoptedStyleSheets.length) { document.querySelector('#new').textContent = 'Maria'; }
    }, 1); }"""
    picture, _ = shot(body, "tracking", after=grow)
    assert picture is None


def test_a_page_without_end_is_cut_off_and_its_last_rows_have_no_place(shot: Any) -> None:
    rows = "".join(f"<tr><td>82039557323{n:05}</td><td>x</td><td>未同步</td></tr>" for n in range(1, 500))
    body = page_of(ROW.format(title="买家", value=PERSON).replace("</tbody>", f"{rows}</tbody>"), "td{height:40px}")
    picture, _ = shot(body, "tracking")
    assert picture.height == MOST_HEIGHT
    last = max(spot.box[1] + spot.box[3] for spot in picture.spots)
    assert MOST_HEIGHT - 200 < last <= MOST_HEIGHT


def test_a_row_that_is_scrolled_out_of_its_box_has_no_place(shot: Any) -> None:
    rows = "".join(f"<tr><td>82039557323{n:05}</td><td>x</td><td>未同步</td></tr>" for n in range(1, 50))
    table = ROW.format(title="买家", value=PERSON).replace("</tbody>", f"{rows}</tbody>")
    picture, _ = shot(page_of(f"<div style='height:200px;overflow:auto'>{table}</div>"), "tracking")
    assert 2 < len(picture.spots) < 20
    assert all(spot.box[1] + spot.box[3] <= 220 for spot in picture.spots)


def test_colours_are_those_of_the_page(shot: Any) -> None:
    body = ROW.format(title="承运商", value="China Post").replace(
        "<td>未同步", "<td style='color:rgb(217,48,38)'>未同步"
    )
    picture, boxes = shot(page_of(body), "tracking", where("td:last-child"))
    assert (217, 48, 38) in colours(picture, boxes[0])
