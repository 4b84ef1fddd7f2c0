"""The spreadsheet: every finding a row, nothing that calculates, Chinese that Excel can read."""

from __future__ import annotations

import csv
import io

import pytest

from agent.history.runs import SavedRun
from agent.reports import render
from agent.reports.csv import COLUMNS, harmless
from checks.text import Language
from tests.history_runs import bare
from tests.reports.build import HOSTILE, hostile, look, saved, stated, whole


def rows(run: SavedRun, language: Language = "en") -> list[dict[str, str]]:
    text = render("csv", run, look(language))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_every_finding_is_a_row_and_the_order_of_columns_is_fixed() -> None:
    found = rows(whole())
    assert list(found[0]) == list(COLUMNS)
    assert [row["code"] for row in found] == ["LOG001", "LOG001", "LOG003", "LIC001", "LOG012", "LOG009", "LOG005"]
    assert [row["state"] for row in found][-2:] == ["muted until 2026-12-20: 两单合并发货", "resolved"]
    first = found[0]
    assert first["subject_id"] == "8203955732372614"
    assert first["subject"] == "order 8203955732372614"
    assert first["due_at"] == "2026-11-19T22:15:00-08:00"
    assert (first["threshold"], first["programme"]) == ("85 d", "your own line")
    assert (first["label"], first["text"]) == ("物流单号", "未同步")


def test_a_chinese_table_has_chinese_titles() -> None:
    first = rows(whole(), "zh")[0]
    assert list(first) == [name.zh for name in COLUMNS.values()]
    assert first["级别"] == "严重"
    assert first["规则名称"] == "后台显示物流单号未同步"


def test_what_is_missing_is_an_empty_cell() -> None:
    row = rows(saved([stated(bare())]))[0]
    assert {
        row[name] for name in ("due_at", "threshold", "programme", "page", "text", "captured_at", "menu", "url")
    } == {""}


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\t=", "\x00=", "\x1b+"]
)
def test_no_cell_is_a_formula(start: str) -> None:
    cell = harmless(f"{start}1+1")
    assert cell.startswith("'")
    assert cell.endswith("1+1")


@pytest.mark.parametrize("text", ["", "8203955732372614", "a=b", "1-2", "订单 -1", "'quoted'"])
def test_an_innocent_cell_is_left_alone(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_stay_in_their_cells(name: str) -> None:
    run = hostile(HOSTILE[name])
    found = rows(run)
    assert len(found) == 3
    for row in found:
        assert None not in row, "a text broke out of its cell"
        assert all(not cell or cell[0] not in "=+-@\t\r\n" for cell in row.values())
    sign = HOSTILE[name].replace("\ud83d", "?")
    kept = "".join(c for c in sign if c in "\t\n\r" or (c >= " " and c != "\x7f"))
    assert found[0]["text"].removeprefix("'") == kept


def test_every_row_ends_alike() -> None:
    text = render("csv", whole(), look())
    assert text.count("\r\n") == len(whole().findings)
    assert not text.endswith("\n")
