"""A good page made into another page that says the same: other markup, the same truth.

A mutation takes the page's tree and a source of chance, and changes the tree in place; :func:`mutated` applies several.
What the backend could do overnight stands here and in ``mutations_words``: class prefixes and hashes, tables cut up
otherwise, columns moved, figures laid out anew, values split into pieces, dialogs over the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

from lxml import etree
from lxml import html as markup

from tests.mutations_figures import as_definitions, as_lines, as_spans, as_table, value_first
from tests.mutations_tables import (
    header_of_cells,
    locked_columns,
    nested_table,
    one_table,
    permuted_columns,
    repeated_headers,
    unknown_columns,
)

Element = Any
Mutation = Callable[[Element, Random], None]

HASH = re.compile(r"(?<=[a-zA-Z]--)[A-Za-z0-9]{7}(?=$|\s)")
LAYOUT = (None, "", *"\n\r\t ")
FIGURE = re.compile(r"[\d.,:/%\s\-≥≤天小时分秒dhmsx×年月日]*\d[\d.,:/%\s\-≥≤天小时分秒dhmsx×年月日]*")


def mutated(body: bytes, *mutations: Mutation, seed: int = 0) -> bytes:
    """The page after the mutations, in their order."""
    tree = parsed(body)
    chance = Random(seed)
    for mutation in mutations:
        mutation(tree, chance)
    return serialised(tree)


def parsed(body: bytes) -> Element:
    return markup.document_fromstring(body, parser=markup.HTMLParser(encoding="utf-8", huge_tree=True))


def serialised(tree: Element) -> bytes:
    return bytes(markup.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))


def main_of(tree: Element) -> Element:
    """The part of the page beside the menu."""
    found = tree.xpath("//*[contains(@class,'--main--')]")
    return found[0] if found else tree.find("body")


def leaves(tree: Element) -> Iterator[Element]:
    """The elements of the content that hold text and no other element."""
    for element in main_of(tree).iter():
        if isinstance(element.tag, str) and len(element) == 0 and (element.text or "").strip():
            yield element


def values(tree: Element) -> Iterator[Element]:
    """The leaves that show a figure, a date, a number."""
    return (leaf for leaf in leaves(tree) if FIGURE.fullmatch(leaf.text))


# --- names ----------------------------------------------------------------------------------------------------


def prefix(tree: Element, _: Random, name: str) -> None:
    """Another component library: `ait-table-row` for `next-table-row`, `data-ait-table-col` likewise."""
    for element in tree.iter(etree.Element):
        if css := element.get("class"):
            element.set("class", re.sub(r"(?<![\w-])next-", f"{name}-", css))
        for attribute in [a for a in element.attrib if a.startswith("data-next-")]:
            element.set(attribute.replace("-next-", f"-{name}-", 1), element.attrib.pop(attribute))


def hashes(tree: Element, chance: Random) -> None:
    """The next release: every CSS module has another hash."""
    new: dict[str, str] = {}
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    for element in tree.iter(etree.Element):
        if css := element.get("class"):
            element.set("class", HASH.sub(lambda m: new.setdefault(m[0], "".join(chance.choices(letters, k=7))), css))


def no_classes(tree: Element, _: Random) -> None:
    """Page-own classes without any meaning in them."""
    for number, element in enumerate(main_of(tree).iter(etree.Element)):
        if css := element.get("class"):
            element.set("class", re.sub(r"\b\w+--\w+--\w+", f"x{number % 97}", css))


def no_column_numbers(tree: Element, _: Random) -> None:
    for element in tree.iter(etree.Element):
        for attribute in [a for a in element.attrib if a.endswith(("-table-col", "-table-row"))]:
            del element.attrib[attribute]


# --- texts in pieces ------------------------------------------------------------------------------------------


def wrapped(tree: Element, _: Random) -> None:
    """Every value in further boxes."""
    for leaf in list(values(tree)):
        inner = etree.SubElement(etree.SubElement(leaf, "span"), "span")
        inner.text, leaf.text = leaf.text, None


def split(tree: Element, chance: Random, tag: str = "em") -> None:
    """A piece of every value emphasised: `93.<em>84</em>%`."""
    for leaf in list(values(tree)):
        text = leaf.text
        if len(text) < 3:
            continue
        start = chance.randrange(0, len(text) - 1)
        end = chance.randrange(start + 1, len(text) + 1)
        piece = etree.SubElement(leaf, tag)
        leaf.text, piece.text, piece.tail = text[:start], text[start:end], text[end:]


def unit_apart(tree: Element, _: Random) -> None:
    """The number in one element, its unit in the next: `93.84` `%`, `6` `分` `50` `秒`."""
    for leaf in list(values(tree)):
        pieces = re.findall(r"[\d.,:\-/ ]+|[^\d.,:\-/ ]+", leaf.text)
        if len(pieces) > 1 and not re.search(r"\d{4}|[≥≤]", leaf.text):
            leaf.text = None
            for piece in pieces:
                etree.SubElement(leaf, "span").text = piece


def comments(tree: Element, chance: Random) -> None:
    """React's comment nodes between pieces of text."""
    for leaf in list(leaves(tree)):
        text = leaf.text
        at = chance.randrange(0, len(text) + 1)
        mark = etree.Comment(" ")
        leaf.insert(0, mark)
        leaf.text, mark.tail = text[:at], text[at:]


def indented(tree: Element, _: Random) -> None:
    """White space and CRLF between all elements, as in a page saved by an editor."""
    for element in tree.find("body").iter(etree.Element):
        if element.tag in ("script", "pre", "textarea"):
            continue
        if len(element) and not (element.text or "").strip():
            element.text = "\r\n    "
        if not (element.tail or "").strip() and element.tag in ("div", "tr", "td", "th", "table", "ul", "li", "p"):
            element.tail = "\r\n  "


# --- over the page --------------------------------------------------------------------------------------------

NOTICE = """<h2>店铺健康分 12</h2><p>好评率</p><p>1.00%</p><p>纠纷率：99.00%</p><p>暂无数据</p><dl><dt>当前等级</dt>
<dd>1星</dd><dt>Current level</dt><dd>1 star</dd></dl><table><thead><tr><th>订单详情</th><th>商品</th><th>数量</th>
<th>金额</th><th>订单状态</th></tr></thead><tbody><tr><td>订单号: 8190000012345678 下单时间: 2020-01-01 00:00</td>
<td>x</td><td>x1</td><td>CN￥ 1.00</td><td>等待发货</td></tr></tbody></table><p>共 3 条</p>"""
DIALOG = f"""<div class="next-overlay-wrapper opened"><div class="next-overlay-backdrop"></div>
<div role="dialog" aria-modal="true" class="next-dialog next-closeable"><div class="next-dialog-header">平台公告</div>
<div class="next-dialog-body">{NOTICE}</div>
<a role="button" aria-label="关闭" class="next-dialog-close"></a></div></div>"""
COACH = """<div class="next-overlay-wrapper"><div role="tooltip" aria-live="polite" class="next-balloon">
新功能：店铺健康分<div>好评率</div><div>2.00%</div></div></div>"""


def overlays(tree: Element, _: Random) -> None:
    """An announcement with labels and a table in it, and a coach mark: at the end of the body, as portals are."""
    for text in (DIALOG, COACH):
        tree.find("body").append(markup.fromstring(text))
        tree.find("body").insert(0, markup.fromstring(text))


def hidden_tab(tree: Element, _: Random) -> None:
    """Another tab's content, kept in the page and not shown."""
    panel = markup.fromstring(DIALOG.replace('role="dialog"', 'role="tabpanel" aria-hidden="true"'))
    main_of(tree).insert(0, panel)
    panel = markup.fromstring(DIALOG.replace('role="dialog"', 'style="display: none;"'))
    main_of(tree).append(panel)


def loading_mask(tree: Element, _: Random) -> None:
    """A spinner that is there and closed, as the component leaves it."""
    spinner = "<div class='next-loading next-loading-inline'><div class='next-loading-wrap'></div></div>"
    main_of(tree).append(markup.fromstring(spinner))


MUTATIONS: dict[str, Mutation] = {
    **{
        mutation.__name__: mutation
        for mutation in (
            permuted_columns, unknown_columns, nested_table, repeated_headers, one_table, header_of_cells,
            locked_columns, no_column_numbers, as_definitions, as_table, as_lines, as_spans, value_first,
            wrapped, split, unit_apart, comments, indented, overlays, hidden_tab, loading_mask, hashes, no_classes,
        )
    },
    "split_strong": partial(split, tag="strong"),
    "ait": partial(prefix, name="ait"),
    "cn_next": partial(prefix, name="cn-next"),
}  # fmt: skip
"""Mutations of markup, by name."""
