"""What is put into a page's markup before it is parsed, so that whatever reads it knows one way of saying a thing.

A class that the page's own style sheet hides becomes the attribute ``hidden``; a table of boxes with roles (``row``,
``cell``, ``columnheader``) becomes a table.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from extractors.patterns import later

_STYLE_SHEET = re.compile(rb"<style[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_COMMENT: Final = rb"/\*.*?\*/"
_AT_RULE: Final = rb"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"
_RULE = later(rb"([^{}]*)\{([^{}]*)\}")
_DISPLAY = later(rb"display\s*:\s*([a-z-]+)", re.IGNORECASE)
_ONE_CLASS = later(rb"\s*\.([A-Za-z_][\w-]*)\s*")
_CLASS: Final = rb"\.([A-Za-z_][\w-]*)"
_CLASSED = later(rb"(<[a-z][a-z0-9]*\b[^<>]*?)(\sclass\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'))", re.IGNORECASE)

_ROW: Final = b'role="row"'
_TAG = later(
    rb"<(?:script|style|template)\b.*?</(?:script|style|template)\s*>|<!--.*?-->"
    rb"|<(?P<closes>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE | re.DOTALL,
)
_ROLE_OF = later(rb"""\brole\s*=\s*["']?([a-z]+)""", re.IGNORECASE)
_CELLS: Final = {b"columnheader": b"th", b"rowheader": b"td", b"cell": b"td", b"gridcell": b"td"}
_BOXES: Final = frozenset(b"div span ul ol li section p dl dd dt a label".split())
_NAME = later(rb"[a-zA-Z][a-zA-Z0-9]*")
_VOID: Final = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())


class _Box(NamedTuple):
    """An element that is open: its name, where it begins, its role, and of a row where its cells begin and end."""

    name: bytes
    start: int
    role: bytes
    cells: list[tuple[int, int, bytes]]


def rewritten(html: bytes) -> bytes:
    """The page with its own classes of hidden things made ``hidden``, and its tables of boxes made tables."""
    if (hidden := _hidden_classes(html)) and _CLASSED().search(html):
        html = _CLASSED().sub(lambda tag: _marked(tag, hidden), html)
    return _with_tables(html) if _has_boxes_as_rows(html) else html


def _has_boxes_as_rows(html: bytes) -> bool:
    """Whether anything is called a row that is none: in most pages only rows are, if that."""
    at = html.find(_ROW)
    while at >= 0:
        name = _NAME().match(html, html.rfind(b"<", 0, at) + 1)
        if name is not None and name[0].lower() in _BOXES:
            return True
        at = html.find(_ROW, at + 1)
    return False


def _hidden_classes(html: bytes) -> frozenset[bytes]:
    """The classes that a style sheet in the page hides, and no rule of it shows again."""
    hidden: set[bytes] = set()
    shown: set[bytes] = set()
    for sheet in _STYLE_SHEET.findall(html):
        if b"none" not in sheet:
            continue
        rules = re.sub(_AT_RULE, b"", re.sub(_COMMENT, b"", sheet, flags=re.DOTALL))
        for selectors, body in _RULE().findall(rules):
            if (display := _DISPLAY().search(body)) is None:
                continue
            for selector in selectors.split(b","):
                only = _ONE_CLASS().fullmatch(selector)
                if display[1].lower() != b"none":
                    shown.update(re.findall(_CLASS, selector))
                elif only:
                    hidden.add(only[1])
    return frozenset(hidden - shown)


def _marked(tag: re.Match[bytes], hidden: frozenset[bytes]) -> bytes:
    classes = (tag[3] or tag[4] or b"").split()
    return tag[1] + b" hidden" + tag[2] if not hidden.isdisjoint(classes) else tag[0]


def _with_tables(html: bytes) -> bytes:
    """The page with the boxes that are called rows and hold cells made rows and cells of a table."""
    made: list[tuple[int, bytes]] = []
    open_: list[_Box] = []
    for tag in _TAG().finditer(html):
        name, rest = (tag["name"] or b"").lower(), tag["rest"] or b""
        if not name or name in _VOID or rest.endswith(b"/"):
            continue
        if not tag["closes"]:
            role = _ROLE_OF().search(rest) if name in _BOXES else None
            open_.append(_Box(name, tag.start(), role[1].lower() if role else b"", []))
            continue
        if all(box.name != name for box in open_):
            continue  # closes what was never opened
        while (box := open_.pop()).name != name:
            pass
        row = next((around for around in reversed(open_) if around.role == b"row"), None)
        if box.role in _CELLS and row is not None:
            row.cells.append((box.start, tag.start(), _CELLS[box.role]))
        elif box.role == b"row" and box.cells:
            for start, end, part in (*box.cells, (box.start, tag.start(), b"tr")):
                made += [(start + 1, part), (end + 2, part)]
    return _replaced(html, sorted(made))


def _replaced(html: bytes, names: list[tuple[int, bytes]]) -> bytes:
    """The page with the names of elements that begin at some places replaced."""
    pieces = []
    at = 0
    for start, name in names:
        old = _NAME().match(html, start)
        pieces += [html[at:start], name]
        at = old.end() if old else start
    return b"".join([*pieces, html[at:]])
