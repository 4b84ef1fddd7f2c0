"""The report for chats and issues: short, deadlines first, and no text of a page becomes markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agent.history.runs import SavedRun
from agent.reports import render
from agent.reports.markdown import FIRST, PER_RULE, escaped
from checks.finding import Severity
from checks.text import Language
from tests.history_runs import finding
from tests.reports.build import HOSTILE, due, hostile, look, saved, stated, whole

READER = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    """Every token of a text as a reader with tables and raw HTML sees it."""
    found = []
    for token in READER.parse(text):
        found += [token, *(token.children or [])]
    return found


def read(text: str) -> str:
    """The words that a reader shows."""
    return "".join(token.content for token in tokens(text) if token.type == "text")


def test_it_begins_with_the_store_and_the_counts() -> None:
    lines = render("markdown", whole(), look()).splitlines()
    assert lines[0] == "# Northwind Official Store · 1102345678"
    assert lines[2] == "✖ error **3** · ▲ warning **1** · ● info **1**"
    assert "captured 2026-11-20 03:15 PST (11-20 19:15 Beijing time) · new 2 · persisting 3 · resolved 1" in lines


def test_deadlines_come_first_the_nearest_on_top() -> None:
    text = render("markdown", whole(), look())
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert [re.findall(r"\d{16}", row) for row in rows] == [
        ["8203955732372614"],
        ["8203955732372615"],
        ["8203955732372616"],
    ]
    assert rows[0].startswith("| 5 h over | 2026-11-19 22:15 PST (11-20 14:15 Beijing time) |")
    assert text.index("| left |") < text.index("## Logistics") < text.index("## Licences")


def test_findings_stand_by_rule_with_what_to_do() -> None:
    text = render("markdown", whole(), look("zh"))
    assert "- **✖ 严重 LOG001 后台显示物流单号未同步** × 2" in text
    assert "[打开页面](<https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176>)" in text
    assert "  - **新** 订单 8203955732372614：order 8203955732372614：未同步" not in text
    assert "8203955732372619" not in text, "a muted finding has no part in it"


def test_it_says_what_could_not_be_checked_and_what_is_resolved() -> None:
    text = render("markdown", whole(), look())
    assert "- the messages page was not reached (timeout): RSP001, RSP002" in text
    assert "- the validity of a report could not be read: LIC001" in text
    assert "## resolved 1\n\n- ✓ LOG005 order 8203955732372620" in text


def test_many_findings_are_counted_not_listed() -> None:
    many = [stated(finding(str(n), due_at=due(n), severity=Severity.ERROR)) for n in range(40)]
    short, all_of_it = (render("markdown", saved(many), look(verbose=v)) for v in (0, 1))
    assert f"… {40 - FIRST} more" in short
    assert f"  - … {40 - PER_RULE} more" in short
    assert len(short.splitlines()) < 40 < len(all_of_it.splitlines())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_found_is_short(language: Language) -> None:
    text = render("markdown", saved(outcomes={}), look(language))
    assert len(text) < 400
    assert not re.search(r"^## ", text, re.MULTILINE)


def structure(run: SavedRun) -> list[str]:
    return [
        t.type for t in tokens(render("markdown", run, look())) if t.type not in ("text", "softbreak", "text_special")
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_change_nothing_but_words(name: str) -> None:
    run = hostile(HOSTILE[name])
    assert structure(run) == structure(hostile("innocent"))
    links = [t.attrGet("href") for t in tokens(render("markdown", run, look())) if t.type == "link_open"]
    assert links == ["https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_still_read(name: str) -> None:
    shown = read(escaped(HOSTILE[name], 100)).replace("\u2060", "")
    first = re.split(r"[\s\x00-\x1f\x7f-\x9f]+", HOSTILE[name])[0][:90]
    assert first.strip("\u202e\u2066\u200f") in shown


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "+ a",
        "1. a",
        "12) a",
        "= a",
        "---",
        "# a",
        "> a",
        "~~~",
        "```",
        "    code",
        "[a]: b",
        "![a](b)",
        "a\n***\nb",
    ],
)
def test_no_text_opens_a_block_after_a_bullet(text: str) -> None:
    kinds = [t.type for t in tokens(f"- {escaped(text)}") if t.type != "text_special"]
    assert [k for k in kinds if k != "text"] == [
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
        "inline",
        "paragraph_close",
        "list_item_close",
        "bullet_list_close",
    ]


@pytest.mark.parametrize(
    "text", ["@everyone", "mail a@b.example", "https://evil.example", "HTTP://x", "www.evil.example"]
)
def test_no_text_becomes_a_mention_or_an_address(text: str) -> None:
    assert not re.search(r"@\w|(?i:https?://|www\.)", escaped(text))
    assert escaped(text).replace("\u2060", "").replace("\\", "") == text
