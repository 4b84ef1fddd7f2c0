"""A good page made into another page that says the same: other words and signs, hostile texts, the same truth.

Label and state variants are those the vocabulary knows, so these mutations prove that knowing them is enough and that
no two of them are mistaken for each other; what the vocabulary knows is shown by ``test_vocabulary``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from random import Random
from typing import Any

from extractors.outline import COLON, label_key
from extractors.vocabulary import shipped
from tests.mutations import FIGURE, Mutation, leaves, main_of, parsed, values
from tests.mutations_tables import components, header_row

Element = Any

RAW: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
    (files("extractors") / "data" / "labels.toml").read_text("utf-8")
)
FULL_WIDTH = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *map(ord, ":,.%/~()"))}
DATE = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(.*)", re.DOTALL)
CLOCK = re.compile(r"(?:(\d+)天)?(\d\d):(\d\d):(\d\d)")
SPELLED = re.compile(r"(?:(\d+)天 )?(?:(\d+)小时 )?(\d+)分")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


# --- signs ----------------------------------------------------------------------------------------------------


def full_width(tree: Element, _: Random) -> None:
    for leaf in values(tree):
        leaf.text = leaf.text.translate(FULL_WIDTH)


def other_spaces(tree: Element, chance: Random) -> None:
    for leaf in leaves(tree):
        space = chance.choice("\u00a0\u202f\u2009\u3000")
        leaf.text = space + leaf.text.replace(" ", space) + space


def marks(tree: Element, chance: Random) -> None:
    """Invisible signs around and inside what the page shows."""
    for leaf in leaves(tree):
        at = chance.randrange(len(leaf.text) + 1)
        mark = chance.choice("\u200e\u200f\u200b\u2068\u2069\ufeff\u202a")
        leaf.text = f"\u2068{leaf.text[:at]}{mark}{leaf.text[at:]}\u2069"


def line_breaks(tree: Element, _: Random) -> None:
    for leaf in leaves(tree):
        leaf.text = "\r\n      " + leaf.text.replace(" ", "\r\n") + "\r\n"


def dates(tree: Element, _: Random, pattern: str) -> None:
    """Dates in another writing: 2026/07/01, 2026年7月1日."""
    for leaf in leaves(tree):
        if found := DATE.fullmatch(leaf.text.strip()):
            year, month, day, rest = found.groups()
            if not re.search(r"\d{4}", rest):
                leaf.text = pattern.format(y=year, m=month, d=day, im=int(month), id=int(day)) + rest


def countdowns(tree: Element, _: Random, pattern: str) -> None:
    """Countdowns in another writing; seconds are kept, for the truth has them."""
    for leaf in leaves(tree):
        text = leaf.text.strip()
        if found := CLOCK.fullmatch(text) or SPELLED.fullmatch(text):
            days, hours, minutes, *seconds = (int(part or 0) for part in found.groups())
            leaf.text = pattern.format(d=days, h=hours, m=minutes, s=seconds[0] if seconds else 0)


def date_and_time_on_two_lines(tree: Element, _: Random) -> None:
    for leaf in list(leaves(tree)):
        if "trace" in (leaf.get("class") or ""):
            continue
        date, _space, time = leaf.text.strip().partition(" ")
        if DATE.fullmatch(date) and re.fullmatch(r"\d\d:\d\d(:\d\d)?", time):
            leaf.text = None
            for text in (date, time):
                piece = leaf.makeelement("div")
                piece.text = text
                leaf.append(piece)


# --- labels and states ----------------------------------------------------------------------------------------


def in_cell(element: Element) -> bool:
    return any(box.tag == "td" for box in element.iterancestors())


def is_data(leaf: Element, kind: str) -> bool:
    """Whether a text that may look like a label is a value: a metric's name in a table, a reason's title."""
    named = ("level", "medal", "rating", "products", "violations", "settings", "reviews")
    boxes = [leaf, *leaf.iterancestors()]
    return (kind in named and in_cell(leaf)) or any("whynot" in (box.get("class") or "") for box in boxes)


def label_places(tree: Element, kind: str) -> Iterator[tuple[Element, str, list[str]]]:
    """The labels of a page: the element, what follows the label in it, and every text that says the same.

    Names of metrics are data on the level and medal pages, and stay.
    """
    labels = shipped().kinds[kind]
    raw = RAW[kind]
    for leaf in leaves(tree):
        label, colon, rest = _parted(leaf.text)
        key = label_key(label)
        if leaf.getparent().tag == "th" or any(box.tag == "th" for box in leaf.iterancestors("th")):
            name = labels.columns.get(key)
            group, name = ("columns", name) if name else ("parts", labels.parts.get(key))
        elif is_data(leaf, kind):
            continue
        elif kind == "tracking" and not in_cell(leaf):
            group, name = "columns", labels.columns.get(key)
        else:
            group, name = "parts", labels.parts.get(key)
            if name is None and not in_cell(leaf):
                group, name = "figures", next((n for n, keys in labels.figures.items() if key in keys), None)
        if name is not None and not FIGURE.fullmatch(leaf.text):
            yield leaf, colon + rest, raw[group][name]


def _parted(text: str) -> tuple[str, str, str]:
    found = COLON.search(text)
    return (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :])


def labels(tree: Element, chance: Random, kind: str, keep: Callable[[str], bool] = bool) -> None:
    """Any of the known labels in place of the one shown."""
    chosen: dict[tuple[str, ...], str] = {}
    for leaf, behind, words in list(label_places(tree, kind)):
        fitting = [word for word in words if keep(word)] or words
        word = chosen.setdefault(tuple(words), chance.choice(fitting))
        leaf.text = word + behind


def english(word: str) -> bool:
    return not CHINESE.search(word)


def chinese(word: str) -> bool:
    return bool(CHINESE.search(word))


STATES: dict[str, dict[str, tuple[str, ...]]] = {
    "orders": {"status": ("order_status",), "after_sale": ("after_sale",), "tracking": ("sync",)},
    "tracking": {
        "sync": ("sync",), "status": ("parcel_status",), "recipient_matches": ("recipient",),
        "order_status": ("order_status",), "destination": ("country",),
    },
    "assessment": {"reason": ("case_reason",)},
    "documents": {"status": ("document_status",)},
    "level": {"state": ("tracker_state",)},
    "violations": {"severe": ("yes",)},
    "products": {"video": ("yes",), "role": ("product_role",)},
    "disputes": {"kind": ("dispute_kind",)},
    "settings": {"country": ("country",)},
}  # fmt: skip
"""Kind -> column -> the groups of words by which its texts are told."""

FIGURE_STATES = {
    "health": ("health_level", "yes"),
    "rating": ("rating_status", "yes"),
    "medal": ("medal_level", "front_badge"),
    "messages": ("yes", "last_from"),
}


def states(tree: Element, chance: Random, kind: str) -> None:
    """Any of the known texts in place of the one that names a state."""
    words = shipped()
    columns = shipped().kinds[kind].columns
    for component in components(tree):
        titles = [label_key(cell.text_content()) for cell in header_row(component)]
        for number, title in enumerate(titles):
            for group in STATES.get(kind, {}).get(columns.get(title, ""), ()):
                for cell in component.xpath(f".//td[@data-next-table-col='{number}']"):
                    for leaf in cell.iter():
                        value = words.word(group, leaf.text or "") if len(leaf) == 0 else None
                        if value is not None and "btn" not in (leaf.get("class") or ""):
                            leaf.text = chance.choice(words.groups[group].texts[value])
    for leaf in list(leaves(tree)) if kind in FIGURE_STATES else ():
        if in_cell(leaf) or not re.search("value|inline", leaf.get("class") or ""):
            continue
        label = leaf.getprevious()
        for group in FIGURE_STATES[kind]:
            value = words.word(group, leaf.text)
            is_badge = "标识" in (label.text or "") or "badge" in (label.text or "").lower()
            if value is not None and (group == "front_badge") == is_badge:
                leaf.text = chance.choice(words.groups[group].texts[value])
                break


# --- hostile texts --------------------------------------------------------------------------------------------

HOSTILE = (
    "暂无数据", "No data", "验证码拦截", "Captcha Interception", "未同步", "Not synced", "</td><td>CN￥ 0.01</td>",
    "<script>alert(1)</script>", "订单号: 8190000012345678", "Order ID: 8190000012345678", "店铺健康分 12", "登录",
    "下单时间: 2001-01-01 00:00", "剩余时间： 00:00:01", "共 3 条", "Total 3", "1/9", '{"orders":[{"order_id":"1"}]}',
    "🎁🚚 100% 好评率 👍🏽", "٣٤٥ ۱۲", "订单状态", "订单详情", "Order status", "已取消",
    "页面走丢了", "502 Bad Gateway",
    "加载中...", "Loading", "&lt;b&gt; &amp;amp; &#x5D;]]>", "-", "0", "N/A", "a\u0300\u0489" * 40, "长" * 5000,
    "word " * 1000, "好评率：1.00%", "编辑备注", "我的备注:", "LB000000000CN", "x99", "CN￥ 9,999,999.00",
    "\u202e\u2066 reversed \u2069", "' OR 1=1 --", "\\u0000 %00 \\n", "2099-12-31 23:59", "09天00:00:00", "长期有效",
)  # fmt: skip
"""What buyers and sellers may write into a page: words that mean something elsewhere, markup, numbers, length."""

FREE_TEXT = {
    "orders": ("productInfo--itemTitle", "orderBasic--value", "buyerInfo--inline", "productInfo--skuCodeValue"),
    "disputes": (), "assessment": (), "reviews": (), "products": (), "documents": (), "tracking": ("trace--text",),
    "messages": ("session--name",),
}  # fmt: skip
FREE_COLUMNS = {
    "disputes": ("买家", "商品", "Buyer", "Product"),
    "assessment": ("商品", "Product"),
    "reviews": ("评价内容", "Review", "Content"),
    "products": ("商品标题", "Title"),
    "documents": ("备注", "Note"),
    "tracking": (),
    "orders": (),
}


def free_texts(tree: Element, kind: str) -> Iterator[Element]:
    """The elements that hold what people wrote."""
    for css in FREE_TEXT.get(kind, ()):
        yield from main_of(tree).xpath(f".//*[contains(@class,'{css}')]")
    for component in components(tree):
        for number, cell in enumerate(header_row(component)):
            if cell.text_content().strip() in FREE_COLUMNS.get(kind, ()):
                for body in component.xpath(f".//td[@data-next-table-col='{number}']"):
                    yield from body.xpath(".//div[contains(@class,'cell--text')]")
    if kind == "messages":
        for row in main_of(tree).xpath(".//*[contains(@class,'figures--row')]"):
            if label_key(row[0].text or "") in shipped().kinds["messages"].figures["auto_reply_text"]:
                yield row[1]


def hostile(tree: Element, chance: Random, kind: str) -> None:
    """Every free text is one of the hostile ones; a few hold markup of their own."""
    for element in list(free_texts(tree, kind)):
        if (element.text or "").strip() in ("暂无数据", "No data", *sum(FREE_COLUMNS.values(), ())):
            continue
        # A trace is told by its times: a line that is one is a line of its own.
        element.text = chance.choice([t for t in HOSTILE if kind != "tracking" or not t.startswith("2099")])
        if chance.random() < 0.1 and kind not in ("documents", "products", "tracking", "messages"):
            made = parsed(b"<p>" + b"<span>" * 300 + "订单号: 8190000012345678".encode() + b"</span>" * 300 + b"</p>")
            element.append(made.find(".//p"))


def notes(tree: Element, chance: Random, kind: str) -> None:
    """A seller's note in every order."""
    for link in main_of(tree).xpath(".//*[contains(@class,'orderBasic--edit')]") if kind == "orders" else ():
        note = link.makeelement("span", {"class": "orderBasic--value--abcdefg"})
        note.text = chance.choice(HOSTILE)
        box = link.getparent()
        around = box.makeelement("div")
        around.append(note)
        box.addprevious(around)


WORDS: dict[str, Mutation] = {
    "full_width": full_width,
    "other_spaces": other_spaces,
    "marks": marks,
    "line_breaks": line_breaks,
    "slashes": partial(dates, pattern="{y}/{m}/{d}"),
    "short_slashes": partial(dates, pattern="{y}/{im}/{id}"),
    "chinese_dates": partial(dates, pattern="{y}年{im}月{id}日"),
    "spelled_countdowns": partial(countdowns, pattern="{d}天 {h}小时 {m}分 {s}秒"),
    "clock_countdowns": partial(countdowns, pattern="{d:02}天{h:02}:{m:02}:{s:02}"),
    "english_countdowns": partial(countdowns, pattern="{d}d {h}h {m}m {s}s"),
    "two_lines": date_and_time_on_two_lines,
}
"""Mutations of signs, by name; those of words need the page's kind."""

OF_KIND: dict[str, Callable[..., None]] = {
    "labels": labels,
    "english_labels": partial(labels, keep=english),
    "chinese_labels": partial(labels, keep=chinese),
    "states": states,
    "hostile": hostile,
    "notes": notes,
}

WRITTEN_BY_PEOPLE = ("title", "note", "text", "status_text")
"""Fields that hold a text as shown: with other words on the page they are other words too."""


def as_if(truth: Any) -> Any:
    """A truth without the texts that people wrote; what is told by such a text (a scan, a cause) goes with them."""
    if isinstance(truth, dict):
        return {k: as_if(v) for k, v in truth.items() if k not in (*WRITTEN_BY_PEOPLE, "scan", "first_scan_at")}
    return [as_if(row) for row in truth] if isinstance(truth, list) else truth
