"""Items as messages that a channel takes: grouped by store, event and rule, split where the limit is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from agent.notify.items import Item
from agent.words import SUBJECT
from checks.text import Language, Text

SIGNS = {"error": "✖", "warning": "▲", "info": "●"}
IN_FULL = 3
"""Findings of one rule that are told in a sentence each; the others are named in one line."""
NAMED = 8
MOST_PARTS = 4
"""Messages of one delivery; robots take some twenty a minute, and nobody reads more."""

SECTION = {
    "failed": Text("检查没有完成", "Not audited"),
    "new": Text("新问题", "New"),
    "worse": Text("变严重", "Worse"),
    "due": Text("快到期", "Due soon"),
    "resolved": Text("已解决", "Resolved"),
}


@dataclass(frozen=True)
class Part:
    """One message; ``done`` is how many of the items are told once it has arrived."""

    title: str
    body: str
    done: int


@dataclass(frozen=True)
class _Line:
    heads: tuple[str, ...]
    text: str
    done: int


def merged(items: Sequence[Item]) -> list[Item]:
    """Items of several runs: of one finding the newest only, in the order of stores and of importance."""
    newest = {(entry.store, entry.fingerprint): entry for entry in items}
    order, ranks = list(SECTION), ("error", "warning", "info")
    stores = list(dict.fromkeys(entry.store for entry in items))
    return sorted(
        newest.values(),
        key=lambda i: (stores.index(i.store), order.index(i.event), ranks.index(i.severity), i.code),
    )


def compose(items: Sequence[Item], language: Language, limit: int) -> list[Part]:
    """The messages for items that :func:`merged` gave, each of at most ``limit`` bytes with its title."""
    if not items:
        return []
    title = headline(items, language)
    room = limit - len(title.encode()) - 16
    bodies = list(_bodies(list(_lines(items, language)), room))
    if len(bodies) > MOST_PARTS:
        bodies = _cut(bodies[:MOST_PARTS], items, language, room)
    several = len(bodies) > 1
    return [
        Part(f"{title} ({n}/{len(bodies)})" if several else title, body, done)
        for n, (body, done) in enumerate(bodies, start=1)
    ]


def headline(items: Sequence[Item], language: Language) -> str:
    """ "shoplint · 北风旗舰店：新问题 3，已解决 1"; the word "shoplint" is what robots may ask for as a keyword."""
    counts = Counter(entry.event for entry in items)
    stores = list(dict.fromkeys(entry.store for entry in items))
    who = stores[0] if len(stores) == 1 else Text(f"{len(stores)} 家店铺", f"{len(stores)} stores").to(language)
    told = [f"{SECTION[event].to(language)} {counts[event]}" for event in SECTION if counts[event]]
    return f"shoplint · {who[:60]}" + Text("：", ": ").to(language) + Text("，", ", ").to(language).join(told)


def _lines(items: Sequence[Item], language: Language) -> Iterator[_Line]:
    """Every line with the heads above it, and how many items are told with it."""
    done = 0
    for store, of_store in groupby(items, key=lambda i: i.store):
        entries = list(of_store)
        for event, of_event in groupby(entries, key=lambda i: i.event):
            told = list(of_event)
            section = f"【{SECTION[event].to(language)} {len(told)}】"
            for _, of_rule in groupby(told, key=lambda i: (i.severity, i.code)):
                same = list(of_rule)
                heads = (f"■ {store[:60]} · {entries[-1].at}", section)
                for line in _of_rule(same, heads, language):
                    done += line.done
                    yield _Line(line.heads, line.text, done)


def _of_rule(same: list[Item], heads: tuple[str, ...], language: Language) -> Iterator[_Line]:
    first = same[0]
    sign = "✓" if first.event == "resolved" else SIGNS[first.severity]
    count = f" ×{len(same)}" if len(same) > 1 else ""
    head = f"{sign} {first.code} {first.title}{count}".replace("  ", " ")
    if first.event == "resolved" or not any(entry.text for entry in same):
        names = _names(same, language)
        yield _Line(heads, f"{head}{Text('：', ': ').to(language)}{names}" if names else head, len(same))
        return
    for entry in same[:IN_FULL]:
        yield _Line((*heads, head), f"  {entry.text or entry.title}", 1)
    rest = same[IN_FULL:]
    if rest:
        more = Text(f"  … 另有 {len(rest)} 条", f"  … {len(rest)} more").to(language)
        names = _names(rest, language)
        yield _Line((*heads, head), f"{more}{Text('：', ': ').to(language)}{names}" if names else more, len(rest))


def _names(items: list[Item], language: Language) -> str:
    """The numbers of many: "订单 1、2、3 …"."""
    bare = {word.to(language) for word in SUBJECT.values()}  # what has no number is no name
    known = list(dict.fromkeys(entry.about for entry in items if entry.about and entry.about not in bare))
    comma = Text("、", ", ").to(language)
    return comma.join(known[:NAMED]) + (" …" if len(known) > NAMED else "")


def _bodies(lines: list[_Line], room: int) -> Iterator[tuple[str, int]]:
    """Lines gathered into bodies; a body that begins in the middle repeats the heads above."""
    body: list[str] = []
    above: tuple[str, ...] = ()
    done = size = 0
    for line in lines:
        added = [*_new_heads(above, line.heads), line.text]
        if body and size + _size(added) > room:
            yield "\n".join(body), done
            body, size, added = [], 0, [*line.heads, line.text]
        added = [_within(text, max(room // 2, 80)) for text in added]
        body += added
        size += _size(added)
        above, done = line.heads, line.done
    if body:
        yield "\n".join(body), done


def _new_heads(above: tuple[str, ...], heads: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(above), len(heads)) and above[same] == heads[same]:
        same += 1
    return heads[same:]


def _cut(bodies: list[tuple[str, int]], items: Sequence[Item], language: Language, room: int) -> list[tuple[str, int]]:
    """The first bodies, the last of which says how much is not told here and where it stands."""
    body, done = bodies[-1]
    where = " / ".join(dict.fromkeys(entry.run for entry in items if entry.run))[:120] or "last"
    left = len(items) - done
    said = Text(f"… 另有 {left} 条：shoplint show {where}", f"… {left} more: shoplint show {where}").to(language)
    return [*bodies[:-1], (_within(body, room - _size([said])) + "\n" + said, len(items))]


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _within(text: str, room: int) -> str:
    """A text of at most ``room`` bytes, never cut in the middle of a character."""
    body = text.encode()
    return text if len(body) <= room else body[: room - 3].decode("utf-8", "ignore") + "…"
