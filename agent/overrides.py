"""The user's own words: labels.toml, words.toml and site.toml of the home folder, laid over the shipped ones.

They may correct what the product knows, so that a label that changed overnight is mended without a new version; they
may not name what nothing reads, and such a name is told like any other mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli

from agent import mistakes
from agent.config import Config
from agent.home import WORD_FILES, Home
from agent.mistakes import Mistake
from agent.toml import Document, read_toml
from checks.text import Text
from extractors.vocabulary import KindLabels, Markers, Vocabulary, build, merged, shipped


def vocabulary(home: Home, config: Config) -> Vocabulary:
    """The words by which pages are read: the shipped ones, with the user's own in front."""
    found = {name: read_toml(home.words(name)) for name in WORD_FILES if home.words(name).is_file()}
    documents = [*found.items()]
    if config.site.file and Path(config.site.file) != home.words("site"):
        documents.append(("site", read_toml(Path(config.site.file))))
    if not documents:
        return shipped()
    for name, document in documents:
        mistakes.refuse(_mistakes(name, document))
    own: dict[str, Mapping[str, Any]] = {}
    for name, document in documents:
        own[name] = merged(own.get(name, {}), document.data)
    return build(own)


def _mistakes(name: str, document: Document) -> Iterator[Mistake]:
    yield from _differences(document, document.data, _form(name), ())
    if name == "site":
        yield from _patterns(document)


def _form(name: str) -> dict[str, Any]:
    """The shipped file with every key that it could have: what a user's file may hold."""
    form: dict[str, Any] = tomli.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8"))
    if name == "labels":
        return {kind: {**KindLabels()._asdict(), **labels} for kind, labels in form.items()}
    if name == "site":
        form["markers"] = {kind: {**Markers()._asdict(), **found} for kind, found in form["markers"].items()}
    return form


def _differences(document: Document, own: Any, form: Any, loc: tuple[str, ...]) -> Iterator[Mistake]:
    """Keys that the form does not have, and values of another type than the form's."""
    if isinstance(form, Mapping):
        if not isinstance(own, dict):
            yield mistakes.wrong_value(document, loc, Text("表", "a table"), own)
            return
        for key, value in own.items():
            if key in form:
                yield from _differences(document, value, form[key], (*loc, key))
            else:
                yield mistakes.unknown_key(document, (*loc, key), form)
    elif isinstance(form, list | tuple):
        if not isinstance(own, list) or not all(isinstance(text, str) and text for text in own):
            yield mistakes.wrong_value(document, loc, Text('文字列表，如 ["a"]', 'a list of texts, such as ["a"]'), own)
    elif not isinstance(own, str) or not own:
        yield mistakes.wrong_value(document, loc, Text("带引号的文字", "text in quotes"), own)


def _patterns(document: Document) -> Iterator[Mistake]:
    """Regular expressions and selectors of the site file that cannot be used."""
    markers = document.data.get("markers")
    kinds = [str(kind) for kind in markers] if isinstance(markers, dict) else []
    for kind in kinds:
        yield from _unusable(
            document, ("markers", kind, "addresses"), "正则表达式", "a regular expression", _pattern(0)
        )
        for name in ("widgets", "loading"):
            yield from _unusable(document, ("markers", kind, name), " CSS 选择器", "a CSS selector", _selector)
    for name in ("regions", "names"):
        yield from _unusable(document, ("shell", name), " CSS 选择器", "a CSS selector", _selector)
    for place, groups in _GROUPS.items():
        yield from _unusable(document, place, "正则表达式", "a regular expression", _pattern(groups))


_GROUPS = {
    ("pagination", "total"): 1,
    ("pagination", "position"): 2,
    **{("shell", name): 0 for name in ("login_id", "account", "no_name")},
}
"""Where the site file holds regular expressions, and how many groups are read from each."""


def _unusable(
    document: Document, place: tuple[str, ...], zh: str, en: str, problem: Callable[[str], str | None]
) -> Iterator[Mistake]:
    """The texts at a place of the file that have a problem."""
    found: Any = document.data
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    for text in [found] if isinstance(found, str) else found if isinstance(found, list) else ():
        said = problem(str(text))
        if said:
            yield mistakes.wrong_value(document, place, Text(f"{zh}（{said}）", f"{en} ({said})"), text)


def _pattern(groups: int) -> Callable[[str], str | None]:
    def problem(text: str) -> str | None:
        try:
            found = re.compile(text).groups
        except re.error as error:
            return str(error)
        return None if found >= groups else f"groups: {found} < {groups}"

    return problem


def _selector(text: str) -> str | None:
    from lxml.cssselect import CSSSelector, ExpressionError, SelectorError

    try:
        CSSSelector(text, translator="html")
    except (SelectorError, ExpressionError) as error:
        return str(error)
    return None
