"""Finds what no recording may hold: e-mail addresses, phone numbers, tokens, and names that nobody invented.

What may stand there is data (data/invented.toml); where names stand is what the scrubber goes by (data/scrub.toml).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from lxml import etree

from agent.live.places import Places, classes
from agent.live.scrub import EMAIL, KEPT_ATTRIBUTES, MASKED_NAME, PHONE, rules
from agent.live.standins import LISTS, invented
from extractors.outline import label_key
from extractors.vocabulary import Vocabulary, shipped

HEX = re.compile(r"(?<![0-9A-Za-z_-])(?:[0-9a-f]{24,}|[0-9A-F]{24,})(?![0-9A-Za-z_-])")
JWT = re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}")
DENSE = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
LEAST_BITS = 4.2
"""Bits a sign from which a long text is no word and no path."""
LEAST_DIGITS = 3
MOST_SHOWN = 60


@dataclass(frozen=True)
class Found:
    """Something that must not stand in a recording."""

    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.what}: {self.text[:MOST_SHOWN]}"


def personal(text: str, kind: str = "", vocabulary: Vocabulary | None = None) -> list[Found]:
    """Everything personal in a page, an answer or a plain text; ``kind`` is the page's, when it is one."""
    start = text.lstrip()[:1]
    if start == "<":
        found = _html(text, kind, vocabulary or shipped())
    elif start in ("{", "["):
        try:
            found = _json(json.loads(text), "")
        except ValueError:
            found = plain(text)
    else:
        found = plain(text)
    return list(dict.fromkeys(found))


def table(rows: Sequence[Sequence[Any]], vocabulary: Vocabulary | None = None) -> list[Found]:
    """Everything personal in the rows of a workbook; the first row holds the titles."""
    columns = classes(rules()["columns"], "order_export", frozenset())
    titles = [columns.get(label_key(str(title))) for title in rows[0]] if rows else []
    found: list[Found] = []
    for row in rows[1:]:
        for what, cell in zip(titles, row, strict=False):
            found += [*(_whole(what, str(cell)) if what else ()), *plain(str(cell))]
    return list(dict.fromkeys(found))


def plain(text: str) -> Iterator[Found]:
    """What is personal wherever it stands."""
    domains = invented()["email_domains"]
    for mail in EMAIL.finditer(text):
        if mail[0].rpartition("@")[2].lower() not in domains:
            yield Found("email", mail[0])
    for phone in PHONE.finditer(text):
        if not _is_nobodys(phone[0]):
            yield Found("phone", phone[0])
    for name in MASKED_NAME.finditer(text):
        if not _is_invented(name[0]):
            yield Found("name", name[0])
    for token in (*HEX.finditer(text), *JWT.finditer(text)):
        if any(sign.isdigit() for sign in token[0]) and any(sign.isalpha() for sign in token[0]):
            yield Found("token", token[0])
    for token in DENSE.finditer(text):
        if _is_dense(token[0]):
            yield Found("token", token[0])
    for cookie in _cookies().finditer(text):
        yield Found("cookie", cookie[0])


def _html(text: str, kind: str, vocabulary: Vocabulary) -> Iterator[Found]:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root: Any = etree.parse(BytesIO(text.encode()), parser).getroot()
    if root is None:
        return
    for place in Places(root, kind, rules(), vocabulary):
        if place.what:
            yield from _whole(place.what, place.text)
        yield from plain(place.text)
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if name not in KEPT_ATTRIBUTES:
                yield from plain(str(value))
        if element.tag == "input" and element.get("type") == "password" and element.get("value"):
            yield Found("password", "a password field that is filled")


def _json(value: Any, key: str) -> Iterator[Found]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _json(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _json(item, key)
    elif isinstance(value, str):
        plain_key = re.sub(r"[^a-z0-9]", "", key.lower())
        for what, names in rules()["keys"].items():
            if plain_key in names and value.strip():
                yield from ([Found("token", value)] if what == "token" else _whole(what, value))
        yield from plain(value)


def _whole(what: str, text: str) -> Iterator[Found]:
    """A text that stands where personal data stands: it must be one of the invented ones."""
    bare = text.strip()
    words = invented()
    if not bare or label_key(bare) in _kept() or not any(sign.isalnum() for sign in bare):
        return
    if what == "name":
        allowed = any(sign.isdigit() for sign in bare) or _is_invented(bare)
    elif what == "phone":
        allowed = _is_nobodys(bare)
    elif what == "email":
        allowed = bare.rpartition("@")[2].lower() in words["email_domains"]
    else:  # the words of a note have no pattern; what is personal in them is found like everywhere
        allowed = what == "note" or bare in words[LISTS[what]]
    if not allowed:
        yield Found(what, bare)


@cache
def _kept() -> frozenset[str]:
    return frozenset(label_key(word) for word in rules()["words"]["keep"])


@cache
def _cookies() -> re.Pattern[str]:
    names = "|".join(map(re.escape, rules()["cookies"]["names"]))
    return re.compile(rf"(?<![\w-])(?:{names})=[\w%.*+/-]{{12,}}")


def _is_invented(name: str) -> bool:
    words = invented()
    if name in words["persons"]:
        return True
    initial, _, surname = name.partition(" ")
    return initial.rstrip("*") in [*words["initials"], ""] and (not surname or surname in words["surnames"])


def _is_nobodys(phone: str) -> bool:
    return any(re.fullmatch(pattern, phone) for pattern in invented()["phones"])


def _is_dense(text: str) -> bool:
    """Whether a long text is random: a class name of the page, a path and a run of digits are not."""
    if "--" in text or text.isdigit() or "/m_apps/" in text or sum(s.isdigit() for s in text) < LEAST_DIGITS:
        return False
    if not (any(s.islower() for s in text) and any(s.isupper() for s in text)):
        return False
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) >= LEAST_BITS
