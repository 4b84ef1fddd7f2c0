"""A page's figures laid out anew: cards, lists, definitions, tables; the same labels and values."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

from extractors.texts import clean

Element = Any


def figure_boxes(tree: Element) -> list[tuple[Element, list[Element]]]:
    """The boxes of figures with their cards or lines: in each a label first, its value next."""
    found = []
    for box in tree.xpath("//*[contains(@class,'figures--grid') or contains(@class,'figures--list')]"):
        found.append((box, list(box)))
    return found


def _rebuilt(tree: Element, tag: str, line: Callable[[Element, str, list[Element]], None]) -> None:
    for box, cards in figure_boxes(tree):
        made = etree.Element(tag)
        for card in cards:
            label, *rest = (deepcopy(child) for child in card)
            label.tail = None
            line(made, clean("".join(label.itertext())).rstrip(":："), [*rest])
        made.tail = box.tail
        box.getparent().replace(box, made)


def _text_of(elements: list[Element]) -> str:
    return " ".join(text for element in elements for text in ("".join(element.itertext()).strip(),) if text)


def as_definitions(tree: Element, _: Random) -> None:
    def line(box: Element, label: str, rest: list[Element]) -> None:
        etree.SubElement(box, "dt").text = label
        for element in rest or [etree.Element("span")]:
            etree.SubElement(box, "dd").text = _text_of([element])

    _rebuilt(tree, "dl", line)


def as_table(tree: Element, _: Random) -> None:
    def line(box: Element, label: str, rest: list[Element]) -> None:
        row = etree.SubElement(box, "tr")
        etree.SubElement(row, "td").text = label
        cell = etree.SubElement(row, "td")
        for element in rest:
            etree.SubElement(cell, "div").text = _text_of([element])

    _rebuilt(tree, "table", line)


def as_lines(tree: Element, _: Random) -> None:
    """Label and value on one line, in one text."""

    def line(box: Element, label: str, rest: list[Element]) -> None:
        if not rest or not _text_of(rest[:1]):
            etree.SubElement(box, "p").text = f"{label}："
            return
        card = etree.SubElement(box, "section")
        etree.SubElement(card, "p").text = f"{label}：{_text_of(rest[:1])}"
        for element in rest[1:]:
            etree.SubElement(card, "p").text = _text_of([element])

    _rebuilt(tree, "div", line)


def as_spans(tree: Element, _: Random) -> None:
    """Cards of spans: nothing but the label tells where a value begins."""

    def line(box: Element, label: str, rest: list[Element]) -> None:
        card = etree.SubElement(box, "div")
        etree.SubElement(card, "span").text = label
        for element in rest:
            etree.SubElement(card, "span").text = _text_of([element])

    _rebuilt(tree, "div", line)


def value_first(tree: Element, _: Random) -> None:
    """Cards with the value above its label."""

    def line(box: Element, label: str, rest: list[Element]) -> None:
        card = etree.SubElement(box, "div")
        etree.SubElement(card, "div").text = _text_of(rest[:1])
        etree.SubElement(card, "div").text = label
        for element in rest[1:]:
            etree.SubElement(card, "div").text = _text_of([element])

    _rebuilt(tree, "div", line)
