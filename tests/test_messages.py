"""The session list as other backends show it: the answers that the page received speak where its list does not."""

from __future__ import annotations

from dataclasses import replace

from extractors.models import MessagesData, Reading, Verdict
from tests.mutations import parsed, serialised
from tests.recordings import Recorded, recorded

CASE = next(case for case in recorded() if case.name == "northwind/messages-1")
NUMBER = "conversations.conversation_id"


def terse(case: Recorded) -> bytes:
    """The same page, its list with no more than a masked name and a clock time: no numbers, no labels."""
    tree = parsed(case.page.body)
    for item in tree.xpath("//*[@data-session-id]"):
        del item.attrib["data-session-id"]
        for row in item.xpath(".//*[contains(@class,'pair--row') or contains(@class,'next-tag')]"):
            row.getparent().remove(row)
    return serialised(tree)


def read(*, answered: bool) -> Reading:
    page = CASE.page if answered else replace(CASE.page, responses=())
    return replace(CASE, page=page).read(terse(CASE))


def test_conversations_come_from_the_answers_where_the_list_shows_too_little() -> None:
    reading = read(answered=True)
    assert isinstance(reading.data, MessagesData)
    assert CASE.truth is not None
    told = {c.conversation_id: c for c in reading.data.conversations}
    wanted = {c["conversation_id"]: c for c in CASE.truth["conversations"]}
    assert told.keys() == wanted.keys()
    for number, conversation in told.items():
        assert conversation.last_from == wanted[number]["last_from"]
        assert conversation.unread == wanted[number]["unread"]
        assert conversation.buyer_country == wanted[number]["buyer_country"]
        assert ("un-replied" in conversation.tags) == (wanted[number]["waiting_since"] is not None)
    assert not [problem for problem in reading.problems if problem.field.startswith("conversations")]


def test_a_list_that_cannot_be_read_is_not_an_empty_one() -> None:
    reading = read(answered=False)
    assert reading.verdict is Verdict.EXPECTED
    assert NUMBER in {problem.field for problem in reading.problems}
    assert "conversations" in reading.absent
