"""Buyers' reviews: stars, when they were posted, when the seller got in touch. Their words are not kept."""

from __future__ import annotations

import re

from extractors.models.reviews import Review, ReviewsData
from extractors.page import PageKind, PageReader
from extractors.parts import ORDER_NUMBER
from extractors.texts import NotUnderstood, clean
from extractors.times import moment

STARS = re.compile(r"(?<![\d.])([1-5])(?:\.0)?\s*(?:星|分|stars?|/\s*5)?(?![\d.])", re.IGNORECASE)
GLYPHS = re.compile(r"★+")


def read(reader: PageReader) -> ReviewsData:
    return ReviewsData(total=reader.total(), reviews=tuple(_reviews(reader)))


def _reviews(reader: PageReader) -> list[Review]:
    table, columns = reader.table("order_id", "stars", "posted_at", "seller_contacted_at")
    titles = reader.titles(table, columns)
    reader.need(table, columns, {name: f"reviews.{name}" for name in ("order_id", "stars", "posted_at")})
    zone = reader.page.timezone
    found = []
    for row in reader.item_rows(table):
        texts = {n: clean(" ".join(row.cell(c))) for n, c in columns.items() if n != "content"}
        if not ORDER_NUMBER.fullmatch(texts.get("order_id", "")):
            reader.missing("reviews.order_id")
            continue
        if "stars" in columns:
            texts["stars"] = texts["stars"] or " ".join(row.unsaid.get(columns["stars"], [])[:1])
        times = {
            name: reader.parsed(f"reviews.{name}", titles.get(name), texts.get(name, ""), lambda t: moment(t, zone))
            for name in ("posted_at", "seller_contacted_at")
        }
        found.append(
            Review(
                order_id=clean(texts["order_id"]),
                stars=reader.parsed("reviews.stars", titles.get("stars"), texts.get("stars", ""), _stars),
                **times,
                seen=reader.seen(titles, texts),
            )
        )
    return found


def _stars(text: str) -> int:
    """ "1星", "4 stars", "★★★": the first that stands there."""
    if found := STARS.search(text):
        return int(found[1])
    if glyphs := GLYPHS.search(text):
        return len(glyphs[0])
    raise NotUnderstood(text, "1 to 5 stars")


PAGE = PageKind("reviews", read, rows="reviews", identity="order_id", list_only=True)
