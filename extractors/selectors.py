"""Elements by CSS selectors, as site files name them.

Tags with classes, ids and attributes, one inside another, are all that the shipped one needs, and are put into XPath
here; what somebody's own file may hold beyond that is left to cssselect,
which takes longer to load than a page takes to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lxml import etree

_NAME = r"[a-zA-Z_][\w-]*"
_CONDITION = rf"\.{_NAME}|#{_NAME}|\[[a-z-]+(?:\*?='[^']+')?\]"
_SIMPLE = re.compile(rf"([a-z][a-z0-9]*)?((?:{_CONDITION})*)")


def select(selector: str, tree: etree._Element) -> list[etree._Element]:
    """The elements that a CSS selector finds."""
    found: list[etree._Element] = _path(selector)(tree)
    return found


@cache
def _path(selector: str) -> etree.XPath:
    return etree.XPath(xpath_of(selector) or _translated(selector))


def xpath_of(selector: str) -> str | None:
    """A list of simple selectors as XPath; None where one is not simple."""
    paths = []
    for one in selector.split(","):
        steps = [_SIMPLE.fullmatch(step) for step in one.split()]
        if not steps or not all(steps):
            return None
        paths.append("descendant-or-self::" + "/descendant::".join(_step(*step.groups()) for step in steps if step))
    return " | ".join(paths)


def _step(tag: str | None, conditions: str) -> str:
    return (tag or "*") + "".join(f"[{condition}]" for condition in _conditions(conditions))


def _conditions(text: str) -> Iterator[str]:
    for one in re.findall(_CONDITION, text):
        if one[0] == "#":
            yield f"@id = '{one[1:]}'"
        elif one[0] == ".":
            yield f"contains(concat(' ', normalize-space(@class), ' '), ' {one[1:]} ')"
        elif "*=" in one:
            name, _, value = one[1:-1].partition("*=")
            yield f"contains(@{name}, {value})"
        else:
            yield f"@{one[1:-1]}"


def _translated(selector: str) -> str:
    from cssselect import HTMLTranslator

    return HTMLTranslator().css_to_xpath(selector)
