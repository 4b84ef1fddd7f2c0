"""Parcels with their traces: the list with rows that unfold, or the cards of one order's tracking page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from extractors.models import OrderStatus, ParcelStatus, Sync
from extractors.models.tracking import Parcel, TraceEvent, TrackingData
from extractors.outline import BRACKETED, COLON, Chunk, label_key
from extractors.page import PageKind, PageReader
from extractors.texts import NotUnderstood, clean, not_assessed, shown
from extractors.times import moment

COLUMNS = ("order_id", "tracking_number", "carrier", "destination", "last_updated", "sync", "status")
TIME = re.compile(
    r"(?:[A-Za-z]{3,9},? )?"
    r"(?:\d{4}\D\d{1,2}\D\d{1,2}(?:\D|$)|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [A-Za-z]{3,9}\.? \d{4})"
)
STATES = {
    "order_status": "order_status", "status": "parcel_status", "sync": "sync", "recipient_matches": "recipient",
    "destination": "country",
}  # fmt: skip
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
ENOUGH = 3
"""Known columns that make a table the list of parcels."""
FINISHED = (OrderStatus.COMPLETED, OrderStatus.CLOSED, OrderStatus.FUND_PROCESSING)
"""Statuses in which the buyer has the goods confirmed, or will never have them: the order is no longer open."""


def read(reader: PageReader) -> TrackingData:
    table, columns = reader.table(*COLUMNS)
    is_list = table is not None and len(columns) >= ENOUGH
    found = _listed(reader) if is_list else _cards(reader, _trace_tables(reader))
    parcels = tuple(parcel for parcel in found if parcel is not None)
    # A trace may say "3 items in total" or "no data": beside cards only the pagination's own words count.
    total = reader.total(marked=not is_list)
    return TrackingData(total=total or (None if parcels else total), parcels=parcels)


def _listed(reader: PageReader) -> Iterator[Parcel | None]:
    table, columns = reader.table(*COLUMNS)
    titles = reader.titles(table, columns)
    pending: dict[str, str] | None = None
    covered: dict[str, str] = {}
    trace: list[str] = []
    for row in reader.data_rows(table):
        if row.role in ("expanded", "wide"):
            texts = row.texts()
            # What reaches over the columns may also be a heading or a sum of rows, and no carrier's news.
            if row.role == "expanded" or any(_begins_event(reader, *pair) for pair in pairwise([*texts, ""])):
                trace += texts
            continue
        if pending is not None:
            yield _parcel(reader, pending, trace, titles)
        pending, trace = None, []
        if row.role == "row" and row.texts():
            # A cell that reaches over several rows holds for all of them: an order with several parcels.
            pending = covered = {
                name: _text_of(reader, name, row.cell(column)) if column in row.cells else covered.get(name, "")
                for name, column in columns.items()
            }
    if pending is not None:
        yield _parcel(reader, pending, trace, titles)


def _text_of(reader: PageReader, name: str, chunks: list[str]) -> str:
    """The text of a cell: of several the one that is a state, or the one that can be a number."""
    if len(chunks) > 1 and name in STATES:
        known = [chunk for chunk in chunks if reader.vocabulary.word(STATES[name], chunk) is not None]
        chunks = known if len(known) == 1 else chunks
    if len(chunks) > 1 and name in ("tracking_number", "order_id"):
        numbers = [chunk for chunk in chunks if any(char.isdigit() for char in chunk)]
        chunks = numbers if len(numbers) == 1 else chunks
    return shown(" ".join(chunks))


def _trace_tables(reader: PageReader) -> list[list[str]]:
    """The texts of the tables that hold a trace: a row an event, and its time in the first cell."""
    found: dict[int, list[str]] = {}
    for table in reader.markup.tables:
        for row in table.rows:
            texts = row.texts()
            if len(texts) > 1 and trace_time(reader, texts[0]) is not None:
                found.setdefault(row.block, []).extend(texts)
    return list(found.values())


def _cards(reader: PageReader, tables: list[list[str]]) -> Iterator[Parcel | None]:
    """The cards of a page. Traces in tables of their own belong to the cards in turn, when there are as many; else to
    the card that was last updated when the trace ends."""
    cards = list(_cards_in(reader))
    if len(tables) == len(cards) and not any(card.trace for card in cards):
        for card, trace in zip(cards, tables, strict=True):
            card.trace = trace
    else:
        for trace in tables:
            last = max(at for text in trace if (at := trace_time(reader, text)) is not None)
            owners = [card for card in cards if trace_time(reader, card.values.get("last_updated", "")) == last]
            if len(owners) == 1 and not owners[0].trace:
                owners[0].trace = trace
            else:
                reader.problem("value_not_understood", "parcels.events", None, trace[0])
    for card in cards:
        yield _parcel(reader, _with_order(reader, card.values), card.trace, card.titles)


def _cards_in(reader: PageReader) -> Iterator[_Card]:
    """Labels and values one after the other, a trace below; a card ends where a label comes a second time."""
    card = _Card()
    for chunk in reader.outline.content:
        name, label, inline = _label(reader, chunk.text)
        if chunk.heading:
            card.current = card.last = None
        elif card.is_trace(chunk, trace_time(reader, chunk.text) is not None):
            card.trace.append(chunk.text)
        elif card.last is not None and CLOCK.fullmatch(clean(chunk.text)):
            card.values[card.last] += f" {chunk.text}"
        elif name is not None and not is_state(reader, card.current, chunk.text):
            if name in card.values:
                yield card
                card = _Card()
            card.titles[name] = label
            card.values[name] = inline
            card.current, card.last = (None, name) if inline else (name, None)
        elif card.current is not None:
            card.values[card.current], card.current, card.last = chunk.text, None, card.current
        elif card.values and not card.is_over(chunk):
            card.trace.append(chunk.text)
            card.last = None
    if card.values:
        yield card


def _label(reader: PageReader, text: str) -> tuple[str | None, str, str]:
    """The field that a text names, its label, and the value behind the label's colon."""
    label, _, inline = COLON.sub(":", text, count=1).partition(":")
    return reader.labels.columns.get(label_key(label)), label, inline.strip()


@dataclass
class _Card:
    """One parcel while it is read: the label that waits for its value, the last one that has one, the trace."""

    values: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    current: str | None = None
    last: str | None = None
    _item: Any = None
    _is_new: bool = False

    def is_trace(self, chunk: Chunk, is_time: bool) -> bool:
        """Whether a text belongs to the trace: a time without a label, what follows it, what shares its list item.

        A carrier may write anything into a trace, the labels of this page too.
        """
        if is_time and self.values and self.current is None:
            self._item, self._is_new = list_item(chunk.element), True
            return True
        follows, self._is_new = self._is_new, False
        return follows or (self._item is not None and list_item(chunk.element) is self._item)

    def is_over(self, chunk: Chunk) -> bool:
        """Whether a text stands outside of the list that holds the trace, such as the pagination below the cards."""
        item = list_item(chunk.element)
        return self._item is not None and (item is None or item.getparent() is not self._item.getparent())


def is_state(reader: PageReader, name: str | None, text: str) -> bool:
    """Whether a text names a state of the field that waits for its value: "Shipped" is a label too."""
    return name in STATES and reader.vocabulary.word(STATES[name], text) is not None


def list_item(element: Any) -> Any:
    """The nearest list item around an element; None outside of lists."""
    while element is not None and element.tag != "li":
        element = element.getparent()
    return element


def _with_order(reader: PageReader, values: dict[str, str]) -> dict[str, str]:
    """A card without an order number belongs to the order of the page's address."""
    if not values.get("order_id"):
        asked = parse_qs(urlsplit(reader.page.url or "").query).get("tradeOrderId")
        if asked:
            return {**values, "order_id": asked[0]}
    return values


def trace_time(reader: PageReader, text: str) -> datetime | None:
    """The time of a trace line; None for any other text."""
    text = clean(text)
    if not TIME.match(text):
        return None
    try:
        return moment(text, reader.page.timezone)
    except NotUnderstood:
        return None


def _begins_event(reader: PageReader, text: str, behind: str) -> bool:
    """Whether a text is a time by the clock, whether the clock stands in it or on the next line."""
    told = ":" in text or CLOCK.fullmatch(clean(behind)) is not None
    return told and trace_time(reader, text) is not None


def _events(reader: PageReader, chunks: list[str]) -> tuple[TraceEvent, ...]:
    """A time, then a place (may be missing) and a text; newest first, as on the page."""
    found: list[tuple[datetime, list[str]]] = []
    for chunk, behind in zip(chunks, [*chunks[1:], ""], strict=False):
        if found and not found[-1][1] and CLOCK.fullmatch(clean(chunk)):  # the time below its date
            continue
        on_two_lines = CLOCK.fullmatch(clean(behind)) is not None
        at = trace_time(reader, f"{chunk} {behind}" if on_two_lines else chunk)
        if at is not None:
            found.append((at, []))
        elif found:
            found[-1][1].append(shown(chunk))
    events = []
    for at, texts in found:
        place = texts[0] if len(texts) > 1 else None
        text = " ".join(texts[1:] if place else texts)
        events.append(TraceEvent(at=at, place=place, text=text, scan=_is_scan(reader, text)))
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def _is_scan(reader: PageReader, text: str) -> bool:
    """A declared shipment is no scan, whatever the page calls it."""
    return bool(text) and reader.vocabulary.word_in("declaration", text) is None


def _parcel(reader: PageReader, texts: dict[str, str], trace: list[str], titles: dict[str, str]) -> Parcel | None:
    if not texts.get("order_id"):
        reader.missing("parcels.order_id")
        return None
    number = _optional(clean(texts.get("tracking_number", "")))
    sync = _sync(reader, texts.get("sync"), number, titles.get("sync"))
    if number is not None and reader.vocabulary.word("sync", number) == Sync.NOT_SYNCED:
        number, sync = None, Sync.NOT_SYNCED
    events = _events(reader, trace)
    scans = [event.at for event in events if event.scan]
    zone = reader.page.timezone
    times = {
        name: reader.parsed(f"parcels.{name}", titles.get(name), texts.get(name, ""), lambda t: moment(t, zone))
        for name in ("shipped_at", "last_updated")
    }
    recipient = reader.word(
        "recipient",
        "parcels.recipient_matches",
        titles.get("recipient_matches"),
        texts.get("recipient_matches", ""),
    )
    return Parcel(
        order_id=clean(texts.get("order_id", "")),
        tracking_number=number,
        carrier=_optional(texts.get("carrier")),
        service=_optional(texts.get("service")),
        destination=_country(reader, texts.get("destination"), titles.get("destination")),
        **times,
        sync=sync,
        status=_status(reader, texts.get("status"), sync, titles.get("status")),
        recipient_matches=None if recipient is None else recipient == "true",
        order_open=_open(reader, texts.get("order_status")),
        first_scan_at=min(scans) if scans else None,
        events=events,
        seen=reader.seen(titles, {n: t for n, t in texts.items() if n not in ("service", "destination")}),
    )


def _sync(reader: PageReader, text: str | None, number: str | None, label: str | None) -> Sync | None:
    """The sync state as shown; without one a parcel that has no number is missing it."""
    word = None if text is None else reader.word("sync", "parcels.sync", label, text)
    if word is not None:
        return Sync(word)
    return Sync.MISSING if number is None else None


def _status(reader: PageReader, text: str | None, sync: Sync | None, label: str | None) -> ParcelStatus:
    word = None if text is None else reader.word("parcel_status", "parcels.status", label, text)
    if word is not None:
        return ParcelStatus(word)
    return ParcelStatus.NOT_SYNCED if sync is Sync.NOT_SYNCED else ParcelStatus.UNKNOWN


def _open(reader: PageReader, text: str | None) -> bool | None:
    word = None if text is None else reader.vocabulary.word("order_status", text)
    return None if word is None else OrderStatus(word) not in FINISHED


def _country(reader: PageReader, text: str | None, label: str | None) -> str | None:
    """The ISO code of a country; one that is not known stays as shown, with a problem."""
    if text is None or not_assessed(text):
        return None
    code = reader.vocabulary.word("country", text) or reader.vocabulary.word("country", BRACKETED.sub("", text))
    if code is None and re.fullmatch(r"[A-Z]{2}", text):
        return text
    if code is None:
        reader.problem("value_not_understood", "parcels.destination", label, text)
    return code


def _optional(text: str | None) -> str | None:
    return None if text is None or not_assessed(text) else text


PAGE = PageKind("tracking", read, rows="parcels", identity="order_id", list_only=True)
