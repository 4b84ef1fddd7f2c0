"""The words by which pages are read: labels, state texts, addresses and markers, all of them data.

The product ships ``data/labels.toml``, ``data/words.toml`` and ``data/site.toml``; a user's own files of the same form
are laid over them, so that a label that changed overnight is mended without touching code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from extractors.outline import label_key
from extractors.texts import folded

FILES = ("labels", "words", "site")


class KindLabels(BaseModel):
    """The labels of one page kind; see the head of data/labels.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    titles: list[str] = []
    required: list[str] = []
    figures: dict[str, list[str]] = {}
    columns: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Kind:
    """The labels of one page kind, ready to be looked up by :func:`label_key`."""

    titles: frozenset[str]
    required: frozenset[str]
    figures: Mapping[str, Mapping[str, int]]
    """Figure -> its labels, each with its place in the list: the first is the plainest."""
    columns: Mapping[str, str]
    parts: Mapping[str, str]
    ranks: Mapping[str, int]
    """Column title -> its place in the list of its field."""
    shown: Mapping[str, str]
    """Field -> its labels as a person would read them, for problem reports."""

    @cached_property
    def figure_keys(self) -> frozenset[str]:
        return frozenset().union(*self.figures.values()) if self.figures else frozenset()

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """Every label of the page: where one stands, the value before it has ended."""
        return self.figure_keys | frozenset(self.parts) | frozenset(self.columns)


class Markers(BaseModel):
    """How a page shows that it is something else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: list[str] = []
    titles: list[str] = []
    widgets: list[str] = []
    loading: list[str] = []
    words: list[str] = []


class Site(BaseModel):
    """Hosts, addresses, markers; see data/site.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: list[str]
    login_hosts: list[str]
    gateway_hosts: list[str]
    asset_hosts: list[str] = []
    login_help_hosts: list[str] = []
    origin: str
    addresses: dict[str, str]
    markers: dict[str, Markers]
    shell: dict[str, str]
    pagination: dict[str, Any]
    views: dict[str, list[str]]

    def address(self, kind: str, channel_id: str | None = None) -> str | None:
        """The address of a page kind, for the store's channel; None when the site has none of that kind."""
        path = self.addresses.get(kind)
        if path is None:
            return None
        return f"{self.origin}{path}" + (f"?channelId={channel_id}" if channel_id else "")


@dataclass(frozen=True)
class Vocabulary:
    """All words of all kinds."""

    kinds: Mapping[str, Kind]
    site: Site
    exact: Mapping[str, Mapping[str, str]]
    ordered: Mapping[str, tuple[tuple[str | re.Pattern[str], str], ...]]
    raw: Mapping[str, Mapping[str, list[str]]] = field(repr=False)

    def word(self, group: str, text: str) -> str | None:
        """The public value of a state text, compared whole; None when the group does not know it."""
        return self.exact[group].get(label_key(text))

    def word_in(self, group: str, text: str) -> str | None:
        """The public value whose text occurs in ``text``, the first of the file's order.

        A word in capitals (CE, ASN) must be a word of its own there: "certificate" and "licence" hold "ce" too.
        """
        key, plain = label_key(text), folded(text)
        for part, value in self.ordered[group]:
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
        words = [word for texts in self.raw["control"].values() for word in texts]
        return frozenset(form for word in words for form in (word, word.lower(), word.upper(), word.title()))

    @cached_property
    def totals(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern, re.IGNORECASE) for pattern in self.site.pagination["total"]]

    @cached_property
    def position(self) -> re.Pattern[str]:
        return re.compile(self.site.pagination["position"])


def _keys(words: list[str]) -> frozenset[str]:
    return frozenset(label_key(word) for word in words) - {""}


def _ranked(words: list[str]) -> dict[str, int]:
    return {key: rank for rank, key in reversed([*enumerate(map(label_key, words))]) if key}


def _part(word: str) -> str | re.Pattern[str]:
    """A word as it is sought inside a text."""
    if word.isascii() and word.isalpha() and word.isupper():
        return re.compile(rf"(?<![a-z]){word.casefold()}(?![a-z])")
    return label_key(word)


def _kind(labels: KindLabels) -> Kind:
    return Kind(
        titles=_keys(labels.titles),
        required=frozenset(labels.required),
        figures={name: _ranked(words) for name, words in labels.figures.items()},
        ranks={key: rank for words in labels.columns.values() for key, rank in _ranked(words).items()},
        columns={key: name for name, words in reversed(labels.columns.items()) for key in _keys(words)},
        parts={key: name for name, words in reversed(labels.parts.items()) for key in _keys(words)},
        shown={
            name: " / ".join(words[:4])
            for group in (labels.parts, labels.columns, labels.figures)
            for name, words in group.items()
        },
    )


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
    words: dict[str, dict[str, list[str]]] = data["words"]
    return Vocabulary(
        kinds={name: _kind(KindLabels.model_validate(labels)) for name, labels in data["labels"].items()},
        site=Site.model_validate(data["site"]),
        exact={
            group: {key: value for value, texts in values.items() for key in _keys(texts)}
            for group, values in words.items()
        },
        ordered={
            group: tuple((part, value) for value, texts in values.items() for part in map(_part, texts) if part)
            for group, values in words.items()
        },
        raw=words,
    )


@cache
def shipped() -> Vocabulary:
    """The product's own words."""
    return build()


def _shipped(name: str) -> Any:
    return tomllib.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8"))
