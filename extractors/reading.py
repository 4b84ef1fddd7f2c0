"""From a page's bytes to a reading: take it apart, say what it is, and only then read it."""

from __future__ import annotations

from extractors.markup import parse
from extractors.models import Reading, Store, Verdict
from extractors.outline import Outline
from extractors.page import Page, PageKind, PageReader
from extractors.pages import page_kind, page_kinds
from extractors.shell import store_shown
from extractors.verdicts import classify, recognition
from extractors.vocabulary import Vocabulary

FEWEST_COLUMNS = 2
"""Known titles that make a table the list of a page."""
OF_BOXES, OF_CARDS = ("messages",), ("tracking",)
"""Kinds that read boxes themselves, or cards."""


def read_page(page: Page, vocabulary: Vocabulary) -> Reading:
    """The reading of one page; a kind that is not known is told as UNKNOWN and keeps no data."""
    kind = page_kind(page.kind)
    if kind is None or page.kind not in vocabulary.kinds:
        return _reading(page, Verdict.UNKNOWN, None)
    markup = parse(page.body)
    reader = PageReader(page, markup, Outline(markup.tree), vocabulary)
    if kind.rows and kind.name not in OF_BOXES and not _has_list(reader):
        reader = _with_boxes(reader, kind)
    verdict = classify(reader, kind)
    return _reading(page, verdict, reader if verdict.readable else None, kind)


def _has_list(reader: PageReader) -> bool:
    """Whether a table on the page has the columns of a list; most pages do, and are read as they are."""
    return any(len(reader.columns(table)) >= FEWEST_COLUMNS for table in reader.tables)


def _with_boxes(reader: PageReader, kind: PageKind) -> PageReader:
    """A reader of the same page with its list of boxes as tables, where it has one."""
    from extractors.boxes import in_tables

    page = reader.page
    html = in_tables(page.body, reader.labels, kind.identity, cards=kind.name not in OF_CARDS)
    if html is None:
        return reader
    markup = parse(html)
    return PageReader(page, markup, Outline(markup.tree), reader.vocabulary)


def _reading(page: Page, verdict: Verdict, reader: PageReader | None, kind: PageKind | None = None) -> Reading:
    data = kind.read(reader) if reader and kind else None
    return Reading(
        kind=page.kind,
        view=page.view,
        sequence=page.sequence,
        url=page.url,
        captured_at=page.captured_at,
        verdict=verdict,
        data=data,
        problems=tuple(reader.problems) if reader else (),
        absent=dict(reader.absent) if reader else {},
        figures=dict(reader.figures) if reader else {},
    )


def guess_kind(body: bytes, vocabulary: Vocabulary, like: Page) -> str | None:
    """The kind of a page that came without one: by its title first, then by how many of its labels are known."""
    markup = parse(body)
    outline = Outline(markup.tree)
    best: tuple[tuple[bool, bool, int], str] | None = None
    for name, kind in page_kinds().items():
        if name not in vocabulary.kinds:
            continue
        page = Page(name, body, like.captured_at, like.timezone)
        titled, known, identified = recognition(PageReader(page, markup, outline, vocabulary), kind)
        if (titled or identified) and known and (best is None or (titled, identified, known) > best[0]):
            best = ((titled, identified, known), name)
    return best[1] if best else None


def store_of(body: bytes, vocabulary: Vocabulary) -> Store:
    """The store that a page shows in its shell."""
    return Store(name=store_shown(Outline(parse(body).tree), vocabulary))
