"""What no recording may hold is found, in every fixture of the project too."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from agent.live.personal import personal, table
from agent.live.standins import StandIns, invented
from tests.conftest import RECORDINGS


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<p>jane.doe@mail.test</p>", "email"),
        ("<p title='+49 170 1234567'>x</p>", "phone"),
        ("<p>13812345678</p>", "phone"),
        ("<p>Q*** Unheard</p>", "name"),
        ("<script>var s='d41d8cd98f00b204e9800998ecf8427e'</script>", "token"),
        ("<script>document.cookie='xman_us_t=Yx81kd92lsKq0'</script>", "cookie"),
        ("<p>Qm9uam91ciBsZSBtb25kZSAxMjM0NTY3ODkwIQ==</p>", "token"),
        ("<input type=password value=x>", "password"),
        ("<table><tr><th>买家</th></tr><tr><td>Jane Doe</td></tr></table>", "name"),
        ("<p><b>收货地址：</b><i>Real Street 5</i></p>", "address"),
        ('{"buyerName": "Jane Doe"}', "name"),
        ('{"a": [{"token": "x"}]}', "token"),
        ("plain text with jane@mail.test", "email"),
    ],
)
def test_what_no_recording_may_hold(text: str, what: str) -> None:
    assert what in [found.what for found in personal(text, "orders")]


@pytest.mark.parametrize(
    "text",
    [
        "<p>mail***@shop.example</p>", "<p>P*** Dubois</p>", "<p>+00 000000000</p>", "<p>2026-11-19 23:18</p>",
        "<p>8162825214779253</p>", "<p class='productInfo--skuCodeValue--KZJbqtR'>x</p>",
        '{"ret": ["SUCCESS::调用成功"]}',
        "<p>买家 2733***</p>", "<p>LB539118327CN</p>", "<p>9144************2X</p>",
    ],
)  # fmt: skip
def test_what_may_stand_in_a_recording(text: str) -> None:
    assert personal(text, "orders") == []


FIXTURES = sorted(
    path for path in RECORDINGS.rglob("*") if path.suffix in (".html", ".json") and "truth" not in path.parts
)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) > 50


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.relative_to(RECORDINGS).as_posix())
def test_no_fixture_holds_anything_personal(path: Path) -> None:
    kind = path.name.rpartition("-")[0]
    assert [str(found) for found in personal(path.read_text("utf-8"), kind)] == []


@pytest.mark.parametrize("path", sorted(RECORDINGS.rglob("truth/*.json")), ids=lambda p: f"{p.parts[-3]}-{p.stem}")
def test_no_truth_holds_anything_personal(path: Path) -> None:
    assert [str(found) for found in personal(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", sorted(RECORDINGS.rglob("*.xlsx")), ids=lambda path: path.name)
def test_no_export_holds_anything_personal(path: Path) -> None:
    book = CalamineWorkbook.from_path(path)
    for sheet in book.sheet_names:
        assert [str(found) for found in table(book.get_sheet_by_name(sheet).to_python())] == []


def test_a_person_in_an_export_is_found() -> None:
    found = table([["买家名称", "联系电话", "地址"], ["Jane Doe", "+49 170 1234567", "Real Street 5"]])
    assert {finding.what for finding in found} == {"name", "phone", "address"}


def test_the_invented_are_enough_for_a_large_store() -> None:
    made = StandIns(seed=1)
    names = {made.name(f"buyer {number}") for number in range(500)}
    assert len(names) == 500
    assert all(personal(f"<p>{name}</p>") == [] for name in names)
    assert len(invented()["surnames"]) == len(set(invented()["surnames"]))
