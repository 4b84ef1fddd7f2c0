"""Pages that lack something: each field that is gone or garbled is named, exactly, and nothing is invented for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from extractors.lists import LISTS, reconciled
from extractors.models import Reading
from extractors.outline import COLON, label_key
from extractors.vocabulary import shipped
from tests.mutations import leaves, main_of, parsed, serialised
from tests.mutations_tables import components, header_row, rows_with_columns
from tests.recordings import Recorded, data_of, recorded

Element = Any
BY_NAME = {case.name: case for case in recorded()}
STORES = ("northwind", "harbor")

COLUMN_OF = {
    "orders.status": "status", "parcels.order_id": "order_id", "cases.reason": "reason", "documents.kind": "name",
    "documents.long_term": "validity", "documents.status": "status", "disputes.opened_at": "opened_at",
    "reviews.order_id": "order_id", "reviews.stars": "stars", "reviews.posted_at": "posted_at",
    "violations.violation_id": "violation_id", "violations.severe": "severe", "violations.decided_on": "decided_on",
    "products.product_id": "product_id",
}  # fmt: skip
PART_OF = {
    "orders.order_id": "order_id", "orders.placed_at": "placed_at", "cases.order_id": "order_id",
    "disputes.order_id": "order_id", "conversations.last_message_at": "last_message_at",
    "conversations.last_from": "last_from",
}  # fmt: skip


def required() -> Iterator[tuple[str, str]]:
    for kind, labels in shipped().kinds.items():
        for field in sorted(labels.required) if kind != "order_export" else ():
            for store in STORES:
                if f"{store}/{kind}-1" in BY_NAME:
                    yield f"{store}/{kind}-1", field


def without(case: Recorded, field: str) -> bytes:
    """The page without the label of a field and what belongs to it."""
    tree = parsed(case.page.body)
    labels = shipped().kinds[case.page.kind]
    if field in COLUMN_OF:
        drop_column(tree, {key for key, name in labels.columns.items() if name == COLUMN_OF[field]})
    elif field in PART_OF:
        keys = {key for key, name in labels.parts.items() if name == PART_OF[field]}
        found = [leaf for leaf in leaves(tree) if key_of(leaf) in keys]
        for leaf in [leaf for leaf in found if not any(box.tag == "th" for box in leaf.iterancestors())]:
            box = leaf.getparent()
            if len(box) == 2:
                box.getparent().remove(box)
            elif leaf.getnext() is not None:  # label and value lie side by side with others
                box.remove(leaf.getnext())
                box.remove(leaf)
    elif field == "conversations.conversation_id":
        for item in tree.xpath("//*[@data-session-id]"):
            del item.attrib["data-session-id"]
            item.set("data-x", "1")
    elif field.endswith("total"):
        for box in tree.xpath("//*[contains(@class,'pagination-total')]"):
            box.getparent().remove(box)
    else:
        for leaf in [leaf for leaf in leaves(tree) if key_of(leaf) in labels.figures[field]]:
            if not any(box.tag in ("h2", "nav") for box in leaf.iterancestors()) and leaf.tag != "h2":
                card = leaf.getparent()
                card.getparent().remove(card)
    return serialised(tree)


def key_of(leaf: Element) -> str:
    return label_key(COLON.split(leaf.text, maxsplit=1)[0])


def drop_column(tree: Element, keys: set[str]) -> None:
    for component in components(tree):
        titles = [label_key(cell.text_content()) for cell in header_row(component)]
        for number in [n for n, title in enumerate(titles) if title in keys]:
            for row, cells in list(rows_with_columns(component)):
                for column, cell in cells:
                    if column == number:
                        row.remove(cell)


def named(reading: Reading, type_: str) -> set[str]:
    return {problem.field for problem in reading.problems if problem.type == type_}


@pytest.mark.parametrize(("page", "field"), list(required()))
def test_field_that_is_gone(page: str, field: str) -> None:
    case = BY_NAME[page]
    reading = case.read(without(case, field), responses=())
    if not reading.verdict.readable:
        # A list without what identifies its rows is no longer that page, or a shell without any.
        assert field in ("parcels.order_id", "products.product_id", "documents.kind", "reviews.order_id",
                         "violations.violation_id", "orders.order_id"), reading.verdict  # fmt: skip
        assert reading.data is None
        return
    assert named(reading, "field_not_found") == {field}
    values = list(values_of(data_of(reading), field))
    assert all(value is None for value in values), f"invented: {values[:3]}"


def values_of(data: Any, field: str) -> Iterator[Any]:
    name, _, inner = field.partition(".")
    rows = data.get(name)
    if not inner:
        yield rows
    for row in rows if inner and isinstance(rows, list) else ():
        if inner not in ("status", "kind", "long_term"):
            yield row.get(inner)


GARBLED = ("##.##%", "加载失败", "1,2,3.4.5", "2026-13-45", "NaN", "￥￥", "undefined", "[object Object]", "12 34 56%%")


def figures() -> Iterator[tuple[str, str]]:
    for case in BY_NAME.values():
        if case.recording in STORES and case.truth and case.page.kind in shipped().kinds and case.key.endswith("-1"):
            for field in shipped().kinds[case.page.kind].figures:
                yield case.name, field


@pytest.mark.parametrize(("page", "field"), list(figures()))
def test_figure_that_is_garbled(page: str, field: str) -> None:
    case = BY_NAME[page]
    keys = shipped().kinds[case.page.kind].figures[field]
    if field in ("auto_reply_text", "regulated_categories"):  # any text is a value of these
        return
    for text in GARBLED:
        tree = parsed(case.page.body)
        places = [leaf for leaf in leaves(tree) if key_of(leaf) in keys and leaf.tag != "h2"]
        places = [leaf for leaf in places if not any(b.tag in ("nav", "td", "th") for b in leaf.iterancestors())]
        if not places:
            return
        for leaf in places:
            value = leaf.getnext() if leaf.getnext() is not None else leaf.getprevious()
            if COLON.search(leaf.text) and len(COLON.split(leaf.text, maxsplit=1)[1]) > 2:
                leaf.text = f"{COLON.split(leaf.text, maxsplit=1)[0]}：{text}"
            else:
                value[:], value.text = [], text
                if value.getnext() is None and "progress" in (value.get("class") or ""):
                    value.text = text
        reading = case.read(serialised(tree))
        assert field in named(reading, "value_not_understood"), text
        assert named(reading, "field_not_found") == set()
        problem = next(p for p in reading.problems if p.field == field)
        assert problem.text
        assert problem.label
        assert data_of(reading).get(field) is None


@pytest.mark.parametrize("kind", sorted(LISTS))
@pytest.mark.parametrize("store", STORES)
def test_rows_that_are_missing(store: str, kind: str) -> None:
    """A list that lacks rows is told on its last page; a complete one is not."""
    cases = [c for c in recorded() if c.recording == store and c.page.kind == kind and c.truth]
    view = next((c.page.view for c in cases if c.truth and c.truth.get("total")), None)
    cases = [c for c in cases if c.page.view == view and c.truth and c.truth.get("total") is not None]
    if not any(c.truth and c.truth["total"] > 1 for c in cases):
        pytest.skip("no list of several rows")
    readings = [case.read() for case in cases]
    assert all("list_incomplete" not in [p.type for p in r.problems] for r in reconciled(readings))
    tree = parsed(cases[-1].page.body)
    rows = [
        row
        for row in main_of(tree).xpath(".//tbody/tr[not(contains(@class,'expanded-row'))]")
        if row.find("td") is not None and row.find("td").get("rowspan") is None and len(row) > 3
    ]
    (box := rows[-1]).getparent().remove(box)
    if kind == "orders":
        table = main_of(tree).xpath(".//table[contains(@class,'-table-row')]")[-1]
        table.getparent().remove(table)
    short = reconciled([*readings[:-1], cases[-1].read(serialised(tree))])
    found = [(r.sequence, p.field) for r in short for p in r.problems if p.type == "list_incomplete"]
    assert found == [(cases[-1].page.sequence, LISTS[kind][0])]
    assert short[-1].problems[-1].text


def test_the_same_order_on_two_pages_counts_once() -> None:
    """Rows shift while pages are turned: the same order is met twice and another one is missed."""
    first, second = (BY_NAME[f"northwind/orders-{n}"] for n in (1, 2))
    again = replace(second, page=replace(second.page, body=first.page.body)).read()
    found = [p.type for r in reconciled([first.read(), again]) for p in r.problems]
    assert found == ["list_incomplete"]
