"""What a page is, before anything is read from it.

Address, title, what a person would see, and the labels that make the page itself decide; words in scripts never do.
Normal pages carry the words of the verification in their scripts, a dead session may answer with an empty shell, and
another layout may hold a table that looks alike: each has its own verdict.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from extractors.models import Store, Verdict
from extractors.outline import COLON, MAX_LABEL, SKIPPED_TAGS, Outline, bare_key, is_hidden, label_key
from extractors.page import PageKind, PageReader
from extractors.selectors import select
from extractors.shell import store_shown
from extractors.vocabulary import Markers, Vocabulary

ENOUGH_LABELS = 2
"""Known labels that make a page itself when its title says so too; without the title it takes one more."""

ENOUGH_LINKS = 3
"""Links that tell together whose page it is; one or two may offer another store."""
SHORT = 25
"""Texts beside which a message that a page failed is the page's own, and no news on a page that holds more."""
BARE = 6
"""A page with fewer texts than this is a waiting picture and not a layout of its own."""


def classify(reader: PageReader, kind: PageKind) -> Verdict:
    """The verdict over one page; the order of the questions is the order of what a mistake would cost."""
    page, outline, words = reader.page, reader.outline, reader.vocabulary
    markers = words.site.markers
    url = page.url or ""
    if _is_marked(outline, url, markers["verification"]):
        return Verdict.VERIFICATION
    if _is_marked(outline, url, markers["login"]):
        return Verdict.LOGIN
    if _is_error_page(outline, markers["error_page"]):
        return Verdict.ERROR_PAGE
    if _is_other_channel(url, page.store):
        return Verdict.WRONG_STORE
    if _is_marked(outline, url, markers["other_layout"]):
        return Verdict.UNKNOWN
    itself = _is_itself(reader, kind)
    if not itself and not (_is_loading(outline, words) and _is_ours(reader, kind)):
        # and what stands in its head need not be a store's name
        return Verdict.ERROR_PAGE if _says_error(outline, markers["error_page"]) else Verdict.UNKNOWN
    if is_other_store(outline, url, page.store, words):
        return Verdict.WRONG_STORE
    return _fullness(reader, kind) if itself else Verdict.SKELETON


def _is_marked(outline: Outline, url: str, markers: Markers) -> bool:
    if any(re.search(pattern, url) for pattern in markers.addresses):
        return True
    title = label_key(outline.title)
    if title and any(title == label_key(text) for text in markers.titles):
        return True
    return any(_sees(outline, selector) for selector in markers.widgets)


def _sees(outline: Outline, selector: str) -> bool:
    """Whether a person would see an element: it is there, neither it nor a box around it is hidden, and it is no
    empty placeholder."""
    if outline.tree is None:
        return False
    for found in select(selector, outline.tree):
        blank = len(found) == 0 and found.tag == "div"
        around = (found, *found.iterancestors())
        if not blank and not any(box.tag in SKIPPED_TAGS or is_hidden(box) for box in around):
            return True
    return False


def _is_error_page(outline: Outline, markers: Markers) -> bool:
    """An error page says so in its title or its first heading; it is short."""
    keys = tuple(label_key(text) for text in markers.titles)
    headings = [label_key(chunk.text) for chunk in outline.content if chunk.heading][:2]
    title = label_key(outline.title)
    if title and title.startswith(keys):
        return True
    return any(heading.startswith(keys) for heading in headings)


def _says_error(outline: Outline, markers: Markers) -> bool:
    """Whether a page that is nothing else says in its content that it failed: the shell may stand around that."""
    keys = tuple(label_key(text) for text in markers.titles)
    said = [label_key(chunk.text) for chunk in outline.content]
    return len(said) <= SHORT and any(text.startswith(keys) for text in said)


def is_other_store(outline: Outline, url: str, store: Store, words: Vocabulary) -> bool:
    """Whether the page belongs to another store than the capture's: by its channel, the name it shows, or the channel
    of all its links."""
    if _is_other_channel(url, store):
        return True
    shown = store_shown(outline, words, store.name)
    if store.name and shown:
        return label_key(shown) != label_key(store.name)
    return _leads_elsewhere(outline, store)


def _is_other_channel(url: str, store: Store) -> bool:
    channel = _channel(url)
    return bool(store.channel_id and channel) and channel != store.channel_id


def _channel(url: str) -> str | None:
    try:
        return parse_qs(urlsplit(url).query).get("channelId", [None])[0]
    except ValueError:  # no address at all, such as "http://["
        return None


def _leads_elsewhere(outline: Outline, store: Store) -> bool:
    """Whether the links of a page that shows no name all keep one channel, and that of another store."""
    if not store.channel_id or outline.tree is None:
        return False
    links = [link for link in outline.tree.xpath("//a/@href") if "channelId=" in link]
    channels = {_channel(link) for link in links} - {None}
    return len(links) >= ENOUGH_LINKS and len(channels) == 1 and store.channel_id not in channels


def recognition(reader: PageReader, kind: PageKind) -> tuple[bool, int, bool]:
    """How a page makes itself known: whether its title says so, how many known labels stand on it, and whether the
    column or part that identifies its rows is there."""
    labels = reader.labels
    outline = reader.outline
    names = _names(outline) | {label_key(chunk.text) for chunk in outline.content if chunk.heading}
    texts = [COLON.split(chunk.text, maxsplit=1)[0] for chunk in outline.content]
    texts += [title for table in reader.tables for title in table.titles.values()]
    present = set(outline.keys) | {
        key(text) for text in texts if len(text) <= MAX_LABEL for key in (label_key, bare_key)
    }
    present |= {key(label) for label, _ in reader.in_turn for key in (label_key, bare_key)}
    present |= {row.key for row in reader.figure_rows}
    columns = {name for table in reader.tables for name in reader.columns(table)}
    columns |= {name for key, name in labels.columns.items() if key in present}
    figures = {name for name, keys in labels.figures.items() if keys.keys() & present}
    parts = {name for key, name in labels.parts.items() if key in present}
    return bool(names & labels.titles), len(columns | figures | parts), kind.identity in columns | parts


def _is_itself(reader: PageReader, kind: PageKind) -> bool:
    titled, known, identified = recognition(reader, kind)
    if titled:
        return known >= ENOUGH_LABELS or identified or reader.says_empty()
    named = identified or (not kind.identity and _stands_as_title(reader)) or _is_at_its_address(reader)
    return named and known > ENOUGH_LABELS and not _is_called_otherwise(reader)


def _is_at_its_address(reader: PageReader) -> bool:
    """Whether the address is the one where pages of this kind are found."""
    address = reader.vocabulary.site.addresses.get(reader.page.kind)
    return address is not None and (reader.page.url or "").partition("?")[0].rstrip("/").endswith(address)


def _stands_as_title(reader: PageReader) -> bool:
    """Whether a title of the kind stands on the page as a text of its own: titles of cards are no headings."""
    return not reader.labels.titles.isdisjoint(reader.outline.keys)


def _is_called_otherwise(reader: PageReader) -> bool:
    """Whether a page bears the name of another kind: many lists have the columns of orders."""
    names = _names(reader.outline)
    return any(names & labels.titles for labels in reader.vocabulary.kinds.values() if labels is not reader.labels)


def _names(outline: Outline) -> set[str]:
    """What a page calls itself: in the parts of its title, and where the breadcrumb ends."""
    names = {label_key(part) for part in re.split(r"\s[-–|]\s", outline.title)}
    return names | {label_key(chunk.text) for chunk in outline.chunks if chunk.element.get("aria-current")}


def _is_ours(reader: PageReader, kind: PageKind) -> bool:
    """Whether a page without its labels is still the backend's own, or too bare to be another layout."""
    shell = store_shown(reader.outline, reader.vocabulary) is not None
    return shell or recognition(reader, kind)[0] or len(reader.outline.content) < BARE


def _is_loading(outline: Outline, words: Vocabulary) -> bool:
    if any(_sees(outline, selector) for selector in words.site.markers["skeleton"].loading):
        return True
    return any(label_key(chunk.text) in words.loading_keys for chunk in outline.content)


def _fullness(reader: PageReader, kind: PageKind) -> Verdict:
    """Whether a page that is itself holds anything: EXPECTED, EMPTY, or the SKELETON of one."""
    has_rows = holds_rows(reader, kind)
    if kind.rows and has_rows:
        return Verdict.EXPECTED
    values = _values(reader)
    loading = _is_loading(reader.outline, reader.vocabulary)
    if loading and not any(value not in _NAUGHT for value in values):
        return Verdict.SKELETON
    if kind.rows and kind.list_only:
        return Verdict.EMPTY if reader.says_empty() or reader.total() == 0 else Verdict.SKELETON
    if values or has_rows:
        return Verdict.EXPECTED
    return Verdict.EMPTY if reader.says_empty() else Verdict.SKELETON


_NAUGHT = frozenset({"", "0", "0%", "0.0", "0.00", "0.00%", "0.0%", "-", "--"})
"""What figures show when a dead session answers with success: zeros and blanks, never a value."""


def holds_rows(reader: PageReader, kind: PageKind) -> bool:
    """Whether the list of a page has a row."""
    labels = reader.labels
    for table in reader.tables:
        if reader.columns(table):
            for row in table.rows:
                if row.texts() and not reader.is_empty_row(row):
                    return True
    groups = (labels.parts, labels.columns)
    keys = {key: 0 for group in groups for key, name in group.items() if name == kind.identity}
    return any(place.texts for place in reader.outline.find(keys, labels.all_keys))


def _values(reader: PageReader) -> list[str]:
    """The texts of all figures that have one."""
    labels = reader.labels
    return [place.ways[0] for keys in labels.figures.values() for place in reader.find(keys) if place.ways]
