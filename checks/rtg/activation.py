"""When an inactive rating will become active: the conditions, each with the time at which it is expected to hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from math import ceil
from typing import NamedTuple, TypeVar

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.rtg.receipts import Receipts, receipts
from checks.rtg.status import opened_on
from checks.text import Text, day, moment, number, percent

Asked = TypeVar("Asked")


class Step(NamedTuple):
    """One condition: when it will hold; without a time it ``blocks`` the rating, or the data are lacking."""

    text: Text
    at: datetime | None = None
    blocks: bool = False


def steps(audit: Audit) -> list[Step]:
    """The conditions of an active rating; one that the data cannot foresee says what is missing."""
    orders = tried(audit, receipts)
    parts = [tried(audit, age), valid_orders(audit, orders), confirmed_rate(audit, orders)]
    return [part if isinstance(part, Step) else Step(part) for part in parts]


def tried(audit: Audit, ask: Callable[[Audit], Asked]) -> Asked | Text:
    """What the data say, or what is missing."""
    try:
        return ask(audit)
    except CannotTell as stop:
        audit.gap(stop.reason)
        return stop.reason
    except DoesNotApply as stop:
        return stop.reason


def age(audit: Audit) -> Step:
    course = bool(audit.maybe("rating.course_completed"))
    days = audit.line("rating_store_age_course" if course else "rating_store_age")
    ready = opened_on(audit) + timedelta(days=days)
    early = Text("（课程已完成）", ", with the course") if course else Text("", "")
    return Step(
        Text(
            f"开店满 {number(days)} 天{early.zh}：{day(ready)}",
            f"store {number(days)} days old{early.en}: {day(ready)}",
        ),
        datetime.combine(ready, time(), tzinfo=audit.timezone),
    )


def valid_orders(audit: Audit, orders: Receipts | Text) -> Step:
    wanted, wait = int(audit.line("rating_valid_orders")), audit.line("rating_valid_after")
    valid = audit.maybe("rating.valid_orders_90d")
    if valid is None and isinstance(orders, Receipts):
        valid = orders.done
    if valid is not None and valid >= wanted:
        return Step(Text(f"有效订单已有 {valid} 笔", f"{valid} valid orders already"), audit.now)
    if valid is None or isinstance(orders, Text):
        why = orders if isinstance(orders, Text) else Text("", "")
        return Step(
            Text(f"第 {wanted} 笔有效订单无法推算：{why.zh}", f"valid order {wanted} cannot be foreseen: {why.en}")
        )
    coming, lacking = sorted((*orders.recent, *orders.expected)), wanted - valid
    if len(coming) < lacking:
        new = lacking - len(coming)
        text = Text(
            f"有效订单 {valid} 笔，未完成的订单里能计入的只有 {len(coming)} 笔，还要 {new} 笔新订单",
            f"{valid} valid orders and only {len(coming)} open ones that can count; new orders needed: {new}",
        )
        return Step(text, blocks=True)
    at = coming[lacking - 1] + timedelta(days=wait)
    when, why = moment(at.astimezone(audit.timezone)), orders.reason
    text = Text(
        f"第 {wanted} 笔有效订单：{when}（{why.zh}，再加 {number(wait)} 天）",
        f"valid order {wanted}: {when} ({why.en}; plus {number(wait)} days)",
    )
    return Step(text, at)


def confirmed_rate(audit: Audit, orders: Receipts | Text) -> Step:
    """The confirmed share of the last 90 days' orders; open ones among them raise it when they are confirmed."""
    line, rate = audit.line("rating_confirmed_rate"), audit.maybe("rating.confirmed_rate")
    total = audit.maybe("rating.orders_90d")
    if rate is not None and rate >= line - DUST:
        return Step(
            Text(f"确认收货率已达 {percent(rate)}", f"confirmed-receipt rate already {percent(rate)}"), audit.now
        )
    if rate is None or not total or isinstance(orders, Text):
        text = Text(
            f"确认收货率何时到 {percent(line)} 无法推算",
            f"when the confirmed-receipt rate is {percent(line)} cannot be foreseen",
        )
        return Step(text)
    confirmed = round(rate * total)
    lacking = max(ceil(line * total - DUST) - confirmed, 1)
    if len(orders.expected) < lacking:
        best = percent((confirmed + len(orders.expected)) / total)
        text = Text(
            f"确认收货率 {percent(rate)}，未完成的订单全部确认也只到 {best}，要靠新订单补到 {percent(line)}",
            f"confirmed-receipt rate {percent(rate)}: with every open order confirmed it is {best}, so new orders have "
            f"to bring it to {percent(line)}",
        )
        return Step(text, blocks=True)
    at = orders.expected[lacking - 1]
    when = moment(at.astimezone(audit.timezone))
    text = Text(
        f"确认收货率到 {percent(line)}：{when}（还差 {lacking} 笔确认）",
        f"confirmed-receipt rate {percent(line)}: {when} (confirmations lacking: {lacking})",
    )
    return Step(text, at)
