"""A page's tables cut up otherwise: columns moved or added, header and body joined or parted, rows repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree
from lxml import html as markup

from extractors.texts import clean

Element = Any

UNKNOWN = ("自定义 88.00%", "x7", "2031-01-01 10:00", "", "-", "4.9", "是", "8190000012345678")


def components(tree: Element) -> list[Element]:
    """The boxes of the tables: header and body of each may be tables of their own."""
    return list(tree.xpath("//div[contains(@class,'-table-medium')]"))


def header_row(component: Element) -> Element:
    return component.xpath(".//thead/tr")[0]


def rows_with_columns(component: Element) -> Iterator[tuple[Element, list[tuple[int, Element]]]]:
    """Every row that has the header's columns, with its cells and where they stand."""
    width = len(header_row(component))
    parent, spans = None, {}
    for row in component.iter("tr"):
        if row.getparent() is not parent:
            parent, spans = row.getparent(), {}
        column, cells = 0, []
        for cell in row:
            while spans.get(column):
                spans[column] -= 1
                column += 1
            cells.append((column, cell))
            if int(cell.get("rowspan", "1")) > 1:
                spans[column] = int(cell.get("rowspan")) - 1
            column += int(cell.get("colspan", "1"))
        while spans.get(column):
            spans[column] -= 1
            column += 1
        if not any(int(cell.get("colspan", "1")) > 1 for cell in row) and column == width:
            yield row, cells


def reorder(component: Element, order: list[int | None], fill: Callable[[bool], str]) -> None:
    """The columns in another order; None is a new column that nobody knows."""
    place = {old: new for new, old in enumerate(order) if old is not None}
    parent: Element | None = None
    titles = [fill(True) for entry in order if entry is None]
    for row, cells in list(rows_with_columns(component)):
        is_first = row.getparent() is not parent or any(cell.get("rowspan") for _, cell in cells)
        parent = row.getparent()
        made = [(place[old], cell) for old, cell in cells]
        header = row.getparent().tag == "thead"
        height = max((int(cell.get("rowspan", "1")) for _, cell in cells), default=1)
        lines_follow = not is_first and "table-row" in (row.getparent().getparent().get("class") or "")
        for new in [n for n, old in enumerate(order) if old is None]:
            if header or not lines_follow:
                cell = etree.Element("th" if header else "td")
                title = titles[order[:new].count(None)]
                text = cells[0][1].text_content().strip()
                own = title if header or is_header(row, component) else text if is_empty(row) else fill(False)
                cell.append(markup.fromstring(f"<div>{own}</div>"))
                if height > 1 and not header:
                    cell.set("rowspan", str(height))
                if any("table-col" in a for _, c in cells for e in (c, *c[:1]) for a in e.attrib):
                    cell.set("data-next-table-col", str(new))
                made.append((new, cell))
        row[:] = [cell for _, cell in sorted(made, key=lambda item: item[0])]
        for new, cell in made:
            for element in (cell, *cell[:1]):
                for attribute in [a for a in element.attrib if a.endswith("-table-col")]:
                    element.set(attribute, str(new))
    for wide in component.xpath(".//*[@colspan]"):
        if int(wide.get("colspan")) > 2:
            wide.set("colspan", str(int(wide.get("colspan")) + order.count(None)))


def is_empty(row: Element) -> bool:
    """A row that says "no data" says it in every cell."""
    texts = {clean(cell.text_content()) for cell in row}
    return len(texts) == 1 and texts <= {"暂无数据", "No data"}


def is_header(row: Element, component: Element) -> bool:
    """Whether a row is the header once more."""
    titles = {clean(cell.text_content()) for cell in header_row(component)}
    return len(titles & {clean(cell.text_content()) for cell in row}) > 1


def permuted_columns(tree: Element, chance: Random) -> None:
    for component in components(tree):
        order: list[int | None] = list(range(len(header_row(component))))
        chance.shuffle(order)
        reorder(component, order, lambda header: "")


def unknown_columns(tree: Element, chance: Random) -> None:
    for component in components(tree):
        order: list[int | None] = list(range(len(header_row(component))))
        for _ in range(2):
            order.insert(chance.randrange(len(order) + 1), None)
        titles = iter(("运营标签", "Owner team"))
        reorder(component, order, lambda header, t=titles: next(t) if header else chance.choice(UNKNOWN))


def one_table(tree: Element, _: Random) -> None:
    """Header and body in one table; all orders in one table too."""
    for component in components(tree):
        head = header_row(component).getparent()
        bodies = [body for body in component.iter("tbody") if body.getparent() is not head.getparent()]
        if bodies:
            table = head.getparent()
            made = etree.SubElement(table, "tbody")
            for body in bodies:
                made.extend(list(body))
                body.getparent().getparent().remove(body.getparent())


def header_of_cells(tree: Element, chance: Random) -> None:
    """The header as an ordinary row of `td`."""
    one_table(tree, chance)
    for component in components(tree):
        row = header_row(component)
        head = row.getparent()
        for cell in row:
            cell.tag = "td"
        body = head.getparent().find("tbody")
        if body is not None:
            body.insert(0, row)
            head.getparent().remove(head)


def repeated_headers(tree: Element, chance: Random) -> None:
    """The header once more between the rows, as header cells or as ordinary ones."""
    for component in components(tree):
        row = header_row(component)
        bodies = [body for body in component.iter("tbody") if len(body)]
        for body in chance.sample(bodies, min(2, len(bodies))):
            again = deepcopy(row)
            if chance.random() < 0.5:
                for cell in again:
                    cell.tag = "td"
            body.append(again)
            again.tail = None


def locked_columns(tree: Element, _: Random) -> None:
    """Fixed columns: the component renders a hidden copy of header and rows beside the table."""
    for component in components(tree):
        copy = etree.Element("div", {"class": "next-table-lock-left", "aria-hidden": "true"})
        copy.extend([deepcopy(child) for child in component])
        component.append(copy)


def nested_table(tree: Element, _: Random) -> None:
    """A cell with a small table in it, as in a column that nobody knows."""
    small = "<table><tbody><tr><td>库存</td><td>12</td></tr><tr><td>成本</td><td>3</td></tr></tbody></table>"
    for component in components(tree):
        order: list[int | None] = [*range(len(header_row(component))), None]
        reorder(component, order, lambda header: "内部信息" if header else small)
