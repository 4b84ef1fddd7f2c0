"""The words by which pages are read: labels, state texts, addresses and markers, all of them data.

The product ships ``data/labels.toml``, ``data/words.toml`` and ``data/site.toml``; a user's own files of the same form
are laid over them, so that a label that changed overnight is mended without touching code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

import tomli

from extractors.outline import label_key
from extractors.patterns import later
from extractors.texts import folded

FILES = ("labels", "words", "site")
_NOTHING: Mapping[str, Sequence[str]] = {}


class KindLabels(NamedTuple):
    """The labels of one page kind; see the head of data/labels.toml."""

    titles: Sequence[str] = ()
    required: Sequence[str] = ()
    figures: Mapping[str, Sequence[str]] = _NOTHING
    columns: Mapping[str, Sequence[str]] = _NOTHING
    parts: Mapping[str, Sequence[str]] = _NOTHING


class Kind:
    """The labels of one page kind, ready to be looked up by :func:`label_key`; each table is made when it is needed."""

    def __init__(self, labels: KindLabels) -> None:
        self._labels = labels

    @cached_property
    def titles(self) -> frozenset[str]:
        return _keys(self._labels.titles)

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(self._labels.required)

    @cached_property
    def figures(self) -> Mapping[str, Mapping[str, int]]:
        """Figure -> its labels, each with its place in the list: the first is the plainest."""
        return {name: _ranked(words) for name, words in self._labels.figures.items()}

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Column title -> its field."""
        return _named(self._labels.columns)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        return _named(self._labels.parts)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Column title -> its place in the list of its field."""
        return {key: rank for words in self._labels.columns.values() for key, rank in _ranked(words).items()}

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """Field -> its labels as a person would read them, for problem reports."""
        groups = (self._labels.parts, self._labels.columns, self._labels.figures)
        return {name: " / ".join(words[:4]) for group in groups for name, words in group.items()}

    @cached_property
    def figure_keys(self) -> frozenset[str]:
        return frozenset().union(*self.figures.values()) if self.figures else frozenset()

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """Every label of the page: where one stands, the value before it has ended."""
        return self.figure_keys | frozenset(self.parts) | frozenset(self.columns)


class Group:
    """The words of one group of states: public value -> the texts that mean it."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.texts = texts

    @cached_property
    def exact(self) -> Mapping[str, str]:
        """The key of each text -> its value."""
        return {key: value for value, texts in self.texts.items() for key in _keys(texts)}

    @cached_property
    def ordered(self) -> tuple[tuple[str | re.Pattern[str], str], ...]:
        """What is sought inside a text, in the order of the file, with its value."""
        return tuple((part, value) for value, texts in self.texts.items() for part in map(_part, texts) if part)


class Markers(NamedTuple):
    """How a page shows that it is something else."""

    addresses: Sequence[str] = ()
    titles: Sequence[str] = ()
    widgets: Sequence[str] = ()
    loading: Sequence[str] = ()
    words: Sequence[str] = ()


class Site(NamedTuple):
    """Hosts, addresses, markers; see data/site.toml."""

    hosts: list[str]
    login_hosts: list[str]
    gateway_hosts: list[str]
    origin: str
    addresses: dict[str, str]
    markers: dict[str, Markers]
    shell: dict[str, str]
    pagination: dict[str, Any]
    views: dict[str, list[str]]
    asset_hosts: Sequence[str] = ()
    login_help_hosts: Sequence[str] = ()

    def address(self, kind: str, channel_id: str | None = None) -> str | None:
        """The address of a page kind, for the store's channel; None when the site has none of that kind."""
        path = self.addresses.get(kind)
        if path is None:
            return None
        return f"{self.origin}{path}" + (f"?channelId={channel_id}" if channel_id else "")


class Vocabulary:
    """All words of all kinds."""

    def __init__(self, labels: Mapping[str, KindLabels], words: Mapping[str, Mapping[str, list[str]]], site: Site):
        self.kinds: Mapping[str, Kind] = {name: Kind(own) for name, own in labels.items()}
        self.groups: Mapping[str, Group] = {name: Group(texts) for name, texts in words.items()}
        self.site = site

    def word(self, group: str, text: str) -> str | None:
        """The public value of a state text, compared whole; None when the group does not know it."""
        return self.groups[group].exact.get(label_key(text))

    def word_in(self, group: str, text: str) -> str | None:
        """The public value whose text occurs in ``text``, the first of the file's order.

        A word in capitals (CE, ASN) must be a word of its own there: "certificate" and "licence" hold "ce" too.
        """
        key, plain = label_key(text), folded(text)
        for part, value in self.groups[group].ordered:
            if part.search(plain) if isinstance(part, re.Pattern) else part in key:
                return value
        return None

    def is_empty_marker(self, text: str) -> bool:
        return label_key(text) in self.empty_keys

    @cached_property
    def empty_keys(self) -> frozenset[str]:
        return _keys(self.site.markers["empty"].words)

    @cached_property
    def loading_keys(self) -> frozenset[str]:
        return _keys(self.site.markers["skeleton"].words)

    @cached_property
    def controls(self) -> frozenset[str]:
        """What links and buttons beside a value say, as it may be written."""
        words = [word for texts in self.groups["control"].texts.values() for word in texts]
        return frozenset(form for word in words for form in (word, word.lower(), word.upper(), word.title()))

    @cached_property
    def totals(self) -> list[Callable[[], re.Pattern[str]]]:
        return [later(pattern, re.IGNORECASE) for pattern in self.site.pagination["total"]]

    @cached_property
    def position(self) -> re.Pattern[str]:
        return re.compile(self.site.pagination["position"])

    @cached_property
    def page_of(self) -> re.Pattern[str]:
        return re.compile(self.site.pagination["page_of"], re.IGNORECASE)


def _keys(words: Sequence[str]) -> frozenset[str]:
    return frozenset(label_key(word) for word in words) - {""}


def _ranked(words: Sequence[str]) -> dict[str, int]:
    return {key: rank for rank, key in reversed([*enumerate(map(label_key, words))]) if key}


def _named(fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Label -> field; of two fields with the same label the first."""
    return {key: name for name in reversed([*fields]) for key in _keys(fields[name])}


def _part(word: str) -> str | re.Pattern[str]:
    """A word as it is sought inside a text."""
    if word.isascii() and word.isalpha() and word.isupper():
        return re.compile(rf"(?<![a-z]){word.casefold()}(?![a-z])")
    return label_key(word)


def merged(base: Any, over: Any) -> Any:
    """One data file laid over another: tables are merged, lists get the new entries in front, the rest is replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {
            **base,
            **{key: merged(base[key], value) if key in base else value for key, value in over.items()},
        }
    if isinstance(base, list) and isinstance(over, list):
        return [*over, *(item for item in base if item not in over)]
    return over


def build(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Vocabulary:
    """The shipped words with a user's own laid over them, by file ("labels", "words", "site").

    Raises pydantic.ValidationError when an override has a key that does not exist.
    """
    data = {name: _shipped(name) for name in FILES}
    for name, own in (overrides or {}).items():
        data[name] = merged(data[name], own)
    if overrides:
        _validate(data)
    site = {**data["site"], "markers": {name: Markers(**own) for name, own in data["site"]["markers"].items()}}
    return Vocabulary({name: KindLabels(**own) for name, own in data["labels"].items()}, data["words"], Site(**site))


def _validate(data: Mapping[str, Any]) -> None:
    """What somebody has laid over the shipped words; those are known to be right, and most runs have no others."""
    from pydantic import TypeAdapter

    TypeAdapter(dict[str, KindLabels]).validate_python(data["labels"])
    TypeAdapter(dict[str, dict[str, list[str]]]).validate_python(data["words"])
    TypeAdapter(Site).validate_python(data["site"])


@cache
def shipped() -> Vocabulary:
    """The product's own words."""
    return build()


def _shipped(name: str) -> Any:
    return tomli.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8"))
