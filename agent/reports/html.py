"""The report as one HTML file: nothing is loaded, nothing runs, and whatever comes from a page is escaped.

The page forbids itself every connection and script by its own policy. It reads on a phone and on paper, in the light
and in the dark.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent import __version__
from agent.history.runs import SavedRun
from agent.reports import Look
from agent.reports.digest import SIGNS
from agent.reports.sheet import LONG, SHOWN, SOON, Sheet
from agent.words import FAMILY, SEVERITY, STATE

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def render(run: SavedRun, look: Look) -> str:
    zh = look.language == "zh"
    return (
        _environment()
        .get_template("report.html")
        .render(
            sheet=Sheet(run, look),
            lang="zh-CN" if zh else "en",
            t=lambda chinese, english: chinese if zh else english,
            style=_style(),
            version=__version__,
            words={name: word.to(look.language) for name, word in (SEVERITY | STATE | FAMILY).items()},
            signs=SIGNS,
            SHOWN=SHOWN,
            SOON=int(SOON.total_seconds() // 3600),
            LONG=LONG,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("agent.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )


@cache
def _style() -> str:
    """The style sheet, part of the product: it holds nothing from a page."""
    source, _, _ = PackageLoader("agent.reports").get_source(_environment(), "report.css")
    return source


def _clean(value: Any) -> Any:
    """Control characters, which HTML cannot hold, as the sign for what cannot be shown."""
    if isinstance(value, str) and _CONTROL.search(value):
        return type(value)(_CONTROL.sub("\ufffd", value))
    return value
