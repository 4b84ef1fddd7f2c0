"""What becomes a subject's id is the same text on every page, whatever nobody sees in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors.page import Page
from extractors.reading import read_page
from extractors.vocabulary import shipped
from tests.truths import RECORDINGS


@pytest.mark.parametrize(("kind", "field"), [("level", "tracker"), ("medal", "metrics")])
def test_labels_that_become_ids_hold_no_invisible_characters(kind: str, field: str) -> None:
    path = RECORDINGS / "northwind" / "pages" / f"{kind}-1.html"
    plain = path.read_text("utf-8")
    marked = plain.replace("店铺", "店\u200f铺\u00a0").replace("物流", "\u200e物流")

    def labels(html: str) -> list[str]:
        reading = read_page(Page(kind, html.encode(), datetime(2026, 11, 20, tzinfo=UTC), UTC), shipped())
        return [item.label for item in getattr(reading.data, field)]

    assert marked != plain
    assert labels(plain)
    assert not any(mark in label for label in labels(marked) for mark in "\u200e\u200f\u00a0")
