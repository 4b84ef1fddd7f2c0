"""What a list page proves, and when a page stands still: pages as a dead session shows them, on their own."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.home import Home
from agent.live.proof import OFTEN, Account, Answers, looked
from extractors.models import Verdict
from extractors.vocabulary import shipped
from tests.mutations import parsed, serialised
from tests.recordings import recorded

CASE = next(case for case in recorded() if case.name == "northwind/documents-1")
CLOCK = b'<div class="shell--main'


def seen(body: bytes, tmp_path: Any) -> Any:
    async def content() -> str:
        return body.decode()

    page = SimpleNamespace(content=content, url=CASE.page.url, is_closed=lambda: False)
    account = Account("north", CASE.page.store, shipped(), Home(tmp_path))
    return asyncio.run(looked(cast("Any", page), account, "documents"))


def without_rows(marker: str) -> bytes:
    """Figures as ever ("regulated categories: none"), and a list that holds nothing."""
    tree = parsed(CASE.page.body)
    for body in tree.xpath("//div[contains(@class,'next-table-body')]//tbody"):
        for row in list(body)[1:]:
            body.remove(row)
        for cell in body.iter("td"):
            cell[:] = []
            cell.text = marker
    return serialised(tree)


def test_rows_prove_a_session(tmp_path: Any) -> None:
    assert seen(CASE.page.body, tmp_path).verdict is Verdict.EXPECTED


def test_figures_alone_prove_nothing(tmp_path: Any) -> None:
    look = seen(without_rows("暂无数据"), tmp_path)
    assert look.verdict is Verdict.EMPTY
    assert look.said
    assert seen(without_rows(""), tmp_path).verdict is Verdict.SKELETON


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("美国太平洋时间 03:15:22", "美国太平洋时间 03:15:23", True), ("加载中", "暂无数据", False)],
)
def test_a_clock_that_runs_is_no_change(tmp_path: Any, first: str, second: str, same: bool) -> None:
    looks = [
        seen(CASE.page.body.replace(CLOCK, f"<b>{text}</b>".encode() + CLOCK), tmp_path) for text in (first, second)
    ]
    assert looks[0].body != looks[1].body
    assert (looks[0].gist == looks[1].gist) is same


def test_what_a_page_asks_again_and_again_is_not_waited_for() -> None:
    async def scenario() -> None:
        class Call(SimpleNamespace):
            __hash__ = object.__hash__

        answers = Answers(frozenset({"seller-acs.aliexpress.com"}))
        calls = [Call(url=f"https://seller-acs.aliexpress.com/h5/mtop.unread/1.0/?t={n}") for n in range(9)]
        for call in calls[:OFTEN]:
            answers.asked(cast("Any", call))
            answers.answered(cast("Any", call))
        last = answers.last
        assert last is not None
        for call in calls[OFTEN:]:
            answers.asked(cast("Any", call))
            assert answers.all_in()
            answers.answered(cast("Any", call))
        assert answers.last == last
        answers.asked(cast("Any", Call(url="https://seller-acs.aliexpress.com/h5/mtop.orders/1.0/")))
        assert not answers.all_in()

    asyncio.run(scenario())
