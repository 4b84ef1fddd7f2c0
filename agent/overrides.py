"""The user's own words: labels.toml, words.toml and site.toml of the home folder, laid over the shipped ones.

They may correct what the product knows, so that a label that changed overnight is mended without a new version; they
may not name what nothing reads, and such a name is told like any other mistake.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent import mistakes
from agent.config import Config
from agent.errors import ConfigurationWrong
from agent.home import WORD_FILES, Home
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
    wrong = [mistake for name, document in documents for mistake in _mistakes(name, document)]
    if wrong:
        raise ConfigurationWrong(wrong)
    own: dict[str, Mapping[str, Any]] = {}
    for name, document in documents:
        own[name] = merged(own.get(name, {}), document.data)
    try:
        return build(own)
    except ValidationError as error:
        document = documents[-1][1]
        raise ConfigurationWrong([mistakes.told(document, e, e["loc"]) for e in error.errors()]) from error


def _mistakes(name: str, document: Document) -> Iterator[Text]:
    yield from _differences(document, document.data, _form(name), ())
    if name == "site":
        yield from _patterns(document)


def _form(name: str) -> dict[str, Any]:
    """The shipped file with every key that it could have: what a user's file may hold."""
    form: dict[str, Any] = tomllib.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8"))
    if name == "labels":
        return {kind: {**KindLabels().model_dump(), **labels} for kind, labels in form.items()}
    if name == "site":
        form["markers"] = {kind: {**Markers().model_dump(), **found} for kind, found in form["markers"].items()}
    return form


def _differences(document: Document, own: Any, form: Any, loc: tuple[str, ...]) -> Iterator[Text]:
    """Keys that the form does not have, and values of another type than the form's."""
    if isinstance(form, dict):
        if not isinstance(own, dict):
            yield mistakes.wrong_value(document, loc, Text("表", "a table"), own)
            return
        for key, value in own.items():
            if key in form:
                yield from _differences(document, value, form[key], (*loc, key))
            else:
                yield mistakes.unknown_key(document, (*loc, key), form)
    elif isinstance(form, list):
        if not isinstance(own, list) or not all(isinstance(text, str) and text for text in own):
            yield mistakes.wrong_value(document, loc, Text('文字列表，如 ["a"]', 'a list of texts, such as ["a"]'), own)
    elif not isinstance(own, str) or not own:
        yield mistakes.wrong_value(document, loc, Text("带引号的文字", "text in quotes"), own)


def _patterns(document: Document) -> Iterator[Text]:
    """Regular expressions of the site file that cannot be used."""
    markers = document.data.get("markers")
    places: dict[tuple[str, ...], int] = {
        ("markers", str(kind), "addresses"): 0 for kind in (markers if isinstance(markers, dict) else ())
    }
    for place, groups in (places | _GROUPS).items():
        found: Any = document.data
        for key in place:
            found = found.get(key) if isinstance(found, dict) else None
        for pattern in [found] if isinstance(found, str) else found or ():
            problem = _pattern_problem(str(pattern), groups)
            if problem:
                wanted = Text(f"正则表达式（{problem}）", f"a regular expression ({problem})")
                yield mistakes.wrong_value(document, place, wanted, pattern)


_GROUPS: dict[tuple[str, ...], int] = {
    ("pagination", "total"): 1,
    ("pagination", "position"): 2,
    ("shell", "login_id"): 0,
}
"""Where the site file holds regular expressions, and how many groups are read from each."""


def _pattern_problem(pattern: str, groups: int) -> str | None:
    try:
        found = re.compile(pattern).groups
    except re.error as error:
        return str(error)
    return None if found >= groups else f"groups: {found} < {groups}"
