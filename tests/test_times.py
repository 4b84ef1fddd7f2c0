"""Moments, days, countdowns, durations and validities: every format that a page shows, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.plain import PlainMoments
from extractors.texts import NotUnderstood
from extractors.times import Validity, countdown, day, duration_s, moment, validity
from tests.noise import ANYTHING, noisy

PACIFIC = ZoneInfo("America/Los_Angeles")
NOT_ASSESSED = ["", " ", "-", "--", "—", "/", "暂无", "暂无数据", "N/A", "--:--:--", "-- 天", " \u00a0-\r\n"]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def pacific(text: str) -> datetime | None:
    return moment(text, PACIFIC)


@pytest.mark.parametrize("text", NOT_ASSESSED)
def test_not_assessed(text: str) -> None:
    assert [read(text) for read in (pacific, day, countdown, duration_s)] == [None] * 4
    assert validity(text) == Validity(None, None, False)


def test_a_refusal_carries_the_text_as_it_was() -> None:
    for read in (pacific, day, countdown, duration_s, validity):
        with pytest.raises(NotUnderstood) as caught:
            read(" 2026-1?-19\r\n")
        assert caught.value.text == " 2026-1?-19\r\n"


# Moments


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-19 23:18", "2026-11-19T23:18:00-08:00"),
        ("2026-07-01 12:00", "2026-07-01T12:00:00-07:00"),
        ("2026-11-19 23:18:05", "2026-11-19T23:18:05-08:00"),
        ("2026-11-19T23:18", "2026-11-19T23:18:00-08:00"),
        ("2026/07/01 12:00", "2026-07-01T12:00:00-07:00"),
        ("2026.07.01", "2026-07-01T00:00:00-07:00"),
        ("2026-7-1 9:05", "2026-07-01T09:05:00-07:00"),
        ("2026年7月1日 12:00", "2026-07-01T12:00:00-07:00"),
        ("2026年07月01日12时30分", "2026-07-01T12:30:00-07:00"),
        ("2026 年 7 月 1 日 12:00:09", "2026-07-01T12:00:09-07:00"),
        ("2026-07-01 上午 9:05", "2026-07-01T09:05:00-07:00"),
        ("2026-07-01 下午3:20", "2026-07-01T15:20:00-07:00"),
        ("2026-07-01 下午 15:20", "2026-07-01T15:20:00-07:00"),
        ("Nov 19, 2026 23:18", "2026-11-19T23:18:00-08:00"),
        ("Nov 19,2026 23:18", "2026-11-19T23:18:00-08:00"),
        ("Nov 19, 2026 11:18 PM", "2026-11-19T23:18:00-08:00"),
        ("November 19, 2026 at 12:05 a.m.", "2026-11-19T00:05:00-08:00"),
        ("Nov. 19th, 2026, 12:05 pm", "2026-11-19T12:05:00-08:00"),
        ("19 Nov 2026", "2026-11-19T00:00:00-08:00"),
        ("Thu, 19 Nov 2026 23:18:07 GMT", "2026-11-19T15:18:07-08:00"),
        ("2026-11-20T03:15:00-08:00", "2026-11-20T03:15:00-08:00"),
        ("2026-11-20T03:15:00Z", "2026-11-19T19:15:00-08:00"),
        ("2026-11-20T03:15:00.250+08:00", "2026-11-19T11:15:00.250000-08:00"),
        ("2026-11-19 23:18 UTC+8", "2026-11-19T07:18:00-08:00"),
        ("2026-11-19 23:18 (PT)", "2026-11-19T23:18:00-08:00"),
        ("2026-11-19 23:18 PST", "2026-11-19T23:18:00-08:00"),
        ("2026-11-19 23:18 北京时间", "2026-11-19T07:18:00-08:00"),
        ("2026-07-01 24:00", "2026-07-02T00:00:00-07:00"),
        ("1763600000000", "2025-11-19T16:53:20-08:00"),
        ("下单时间: 2024-05-10 23:41", "2024-05-10T23:41:00-07:00"),
        ("２０２６－１１－１９\u00a0２３：１８", "2026-11-19T23:18:00-08:00"),
        ("2026-11-19\u200e 23:18\r\n", "2026-11-19T23:18:00-08:00"),
    ],
)
def test_moment(text: str, wanted: str) -> None:
    found = pacific(text)
    assert found is not None
    assert found.isoformat() == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-08 01:59", "2026-03-08T01:59:00-08:00"),
        ("2026-03-08 02:30", "2026-03-08T02:30:00-08:00"),
        ("2026-03-08 03:00", "2026-03-08T03:00:00-07:00"),
        ("2026-11-01 00:59", "2026-11-01T00:59:00-07:00"),
        ("2026-11-01 01:30", "2026-11-01T01:30:00-07:00"),
        ("2026-11-01T09:30:00Z", "2026-11-01T01:30:00-08:00"),
        ("2026-11-01 02:00", "2026-11-01T02:00:00-08:00"),
    ],
)
def test_the_clock_changes(text: str, wanted: str) -> None:
    found = pacific(text)
    assert found is not None
    assert found.isoformat() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-19 19:02:00 速卖通注意: 此买家可能需要更改订单信息",
        "2026-02-30 00:00",
        "2026-13-01 00:00",
        "2026-11-19 25:00",
        "2026-11-19 23:60",
        "2026-11-19 24:01",
        "1999-12-31 23:59",
        "2101-01-01 00:00",
        "2026-11/19 23:18",
        "11/12/2026 23:18",
        "23:18",
        "2026-11-19 13:18 PM",
        "2026-11-19 0:18 AM",
        "2026-11-19 23:18-1",
        "2026-11-19 23:18 CST",
        "2026-11-19 23:18+99:00",
        "2026-1?-19 23:18",
        "8187654321098765",
        "9999999999999",
        "2026-11-19 23:18 2026-11-20 23:18",
        "长期有效",
    ],
)
def test_moment_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        pacific(text)


SHOWN_MOMENTS: list[Callable[[datetime], str]] = [
    lambda t: f"{t:%Y-%m-%d %H:%M}",
    lambda t: f"{t:%Y/%m/%d %H:%M}",
    lambda t: f"{t:%Y.%m.%d %H:%M}",
    lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    lambda t: f"{MONTHS[t.month - 1]} {t.day}, {t.year} {t:%H:%M}",
    lambda t: f"{t.day} {MONTHS[t.month - 1]} {t.year} {t:%H:%M}",
    lambda t: f"{MONTHS[t.month - 1]} {t.day}, {t.year} {t.hour % 12 or 12}:{t:%M} {'PM' if t.hour >= 12 else 'AM'}",
    lambda t: f"{t:%Y-%m-%d} {'下午' if t.hour >= 12 else '上午'} {t.hour % 12 or 12}:{t:%M}",
]
MINUTES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0))  # noqa: DTZ001


@given(st.data(), MINUTES, st.sampled_from(SHOWN_MOMENTS))
def test_moment_round_trip(data: st.DataObject, local: datetime, show: Callable[[datetime], str]) -> None:
    assert pacific(data.draw(noisy(show(local)))) == local.replace(tzinfo=PACIFIC)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


NEARLY_PLAIN = st.builds("20{}-{}-{} {}:{}{}".format, *[digits(2)] * 5, st.sampled_from(("", ":07", ":60", ":7", "Z")))
PLAIN = MINUTES.filter(lambda t: t.year < 2100).map(lambda t: f"{t:%Y-%m-%d %H:%M}")


@given(st.lists(PLAIN | NEARLY_PLAIN | st.text(max_size=20)))
def test_plain_moments_are_those_that_any_text_has(texts: list[str]) -> None:
    found = PlainMoments(PACIFIC).of([*texts, *texts])
    assert {text: (at, at.tzinfo) for text, at in found.items()} == {text: (pacific(text), PACIFIC) for text in found}


@given(PLAIN)
def test_a_plain_moment_is_always_found(text: str) -> None:
    moments = PlainMoments(PACIFIC)
    assert [moments.of([text]), moments.of([text, "2026-02-30 10:00"])] == [{text: pacific(text)}] * 2


DAY = date(2026, 5, 10)


@given(st.lists(PLAIN | st.just("")), st.data())
def test_a_column_of_plain_moments_is_read_at_once_and_one_with_anything_else_is_not(
    cells: list[str], data: st.DataObject
) -> None:
    moments = PlainMoments(PACIFIC)
    assert moments.column(cells) == [pacific(cell) for cell in cells]
    for odd in (data.draw(NEARLY_PLAIN), " ", "-", "2026-02-30 10:00", "2026-05-10 23:41\n", 46_000.5, 0.0, DAY):
        if not moments.of([str(odd)]):
            assert moments.column([*cells, odd, *cells]) is None


@given(st.lists(st.tuples(st.lists(PLAIN), st.sampled_from(["", "\n", "\r\n"]))))
def test_cells_of_several_plain_moments_keep_theirs(cells: list[tuple[list[str], str]]) -> None:
    column = ["\n".join(lines) + end if lines else "" for lines, end in cells]
    moments = PlainMoments(PACIFIC)
    assert moments.lines(column) == [tuple(map(pacific, lines)) for lines, _ in cells]
    for odd in ("\n", "2026-05-10 23:41\n\n2026-05-10 23:42", "2026-05-10 23:41\r\n2026-05-10 23:42", "-", 46_000.5):
        assert moments.lines([*column, odd]) is None


@given(st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_with_an_offset_keeps_its_instant(instant: datetime) -> None:
    for zone in (UTC, PACIFIC, ZoneInfo("Asia/Shanghai")):
        found = pacific(instant.astimezone(zone).isoformat())
        assert found is not None
        assert (found.astimezone(UTC), found.tzinfo) == (instant, PACIFIC)


# Days


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-18", "2026-11-18"),
        ("2026/06/30", "2026-06-30"),
        ("2026.6.30", "2026-06-30"),
        ("2026年6月30日", "2026-06-30"),
        ("Nov 18, 2026", "2026-11-18"),
        ("18 November 2026", "2026-11-18"),
        ("18-Nov-2026", "2026-11-18"),
        ("更新日期：2026-11-18", "2026-11-18"),
        ("统计日期: 2026/06/30", "2026-06-30"),
        ("Statistics date: 2026-03-08", "2026-03-08"),
        ("As of: 2026-03-08", "2026-03-08"),
        ("As of Nov 18, 2026", "2026-11-18"),
        ("截至2026.7.1", "2026-07-01"),
        ("(2026-03-08)", "2026-03-08"),
        ("2026-11-18 23:59", "2026-11-18"),
        ("2024-02-29", "2024-02-29"),
        ("1995-01-01", "1995-01-01"),
    ],
)
def test_day(text: str, wanted: str) -> None:
    assert day(text) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-00-10",
        "01/02/2026",
        "12026-01-01",
        "-2026-01-01",
        "2026-1?-18",
        "2026",
        "1899-12-31",
        "2101-01-01",
        "decnov 18, 2026",
        "2026-01-01 2026-01-02",
        "长期",
    ],
)
def test_day_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        day(text)


DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
SHOWN_DATES: list[Callable[[date], str]] = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
]


@given(
    st.data(), DATES, st.sampled_from(SHOWN_DATES), st.sampled_from(["", "更新日期: ", "As of ", "Statistics date: "])
)
def test_day_round_trip(data: st.DataObject, on: date, show: Callable[[date], str], label: str) -> None:
    assert day(data.draw(noisy(label + show(on)))) == on


# Countdowns


def span(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("09天06:13:55", span(9, 6, 13, 55)),
        ("06:13:55", span(0, 6, 13, 55)),
        ("20:00:00", span(0, 20)),
        ("1 day 06:13:55", span(1, 6, 13, 55)),
        ("1天 3小时 20分", span(1, 3, 20)),
        ("8天18小时6分钟", span(8, 18, 6)),
        ("1d 3h 20m", span(1, 3, 20)),
        ("1d3h20m", span(1, 3, 20)),
        ("8d 23h 8m", span(8, 23, 8)),
        ("9h 11m", span(0, 9, 11)),
        ("1d", span(1)),
        ("2 days 3 hours", span(2, 3)),
        ("2 days, 3 hours and 1 minute", span(2, 3, 1)),
        ("45s", span(seconds=45)),
        ("1.5天", span(1.5)),
        ("0天 0小时 0分", span()),
        ("-1天 2小时", -span(1, 2)),
        ("-06:13:55", -span(0, 6, 13, 55)),
        ("-01天15:11:11", -span(1, 15, 11, 11)),
        ("−1d 2h", -span(1, 2)),
        ("已超时 1天 2小时", -span(1, 2)),
        ("已超时：1天", -span(1)),
        ("overdue 1d 2h", -span(1, 2)),
        ("1d 2h overdue", -span(1, 2)),
        ("1d 2h ago", -span(1, 2)),
        ("Time left: overdue 1d", -span(1)),
        ("已超时", span()),
        ("Expired", span()),
        ("剩余时间：已超时", span()),
        ("剩余时间：09天06:13:55", span(9, 6, 13, 55)),
        ("剩余：\r\n02天03:58:34", span(2, 3, 58, 34)),
        ("剩余时间： -1天", -span(1)),
        ("Time left: 1d 3h", span(1, 3)),
        ("Left: 20:00:00", span(0, 20)),
        ("剩余 3天", span(3)),
        ("3 days left", span(3)),
        ("3天后自动关闭", span(3)),
        ("in 2 days", span(2)),
    ],
)
def test_countdown(text: str, wanted: timedelta) -> None:
    assert countdown(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "06:13",
        "5",
        "09天06:13:5?",
        "06:60:00",
        "3小时 1天",
        "1d 1d",
        "3 months",
        "abc",
        "2026-11-19 23:18",
        "1天 2026",
        "999999999天",
        "已超时吗 1天 2",
    ],
)
def test_countdown_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        countdown(text)


def in_clock(d: int, h: int, m: int, s: int) -> str:
    return f"{d:02}天{h:02}:{m:02}:{s:02}"


def in_chinese(d: int, h: int, m: int, s: int) -> str:
    return f"{d}天 {h}小时 {m}分 {s}秒"


def in_letters(d: int, h: int, m: int, s: int) -> str:
    return f"{d}d {h}h {m}m {s}s"


def in_words(d: int, h: int, m: int, s: int) -> str:
    return f"{d} days {h} hours {m} minutes {s} seconds"


SHOWN_LENGTHS = st.sampled_from([in_clock, in_chinese, in_letters, in_words])
PARTS = st.tuples(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))


@given(st.data(), PARTS, SHOWN_LENGTHS, st.sampled_from(["", "剩余时间: ", "Time left: "]), st.booleans())
def test_countdown_round_trip(
    data: st.DataObject, parts: tuple[int, int, int, int], show: Callable[..., str], label: str, late: bool
) -> None:
    wanted = -span(*parts) if late else span(*parts)
    assert countdown(data.draw(noisy(f"{label}{'-' if late else ''}{show(*parts)}"))) == wanted


# Durations


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("6分50秒", 410),
        ("13小时15分", 47_700),
        ("3m 17s", 197),
        ("4m 12s", 252),
        ("5分", 300),
        ("3 分钟", 180),
        ("45s", 45),
        ("45 秒", 45),
        ("12h", 43_200),
        ("2 小时", 7_200),
        ("2个小时", 7_200),
        ("3.5 小时", 12_600),
        ("1天2小时", 93_600),
        ("1d", 86_400),
        ("00:03:17", 197),
        ("2 hours and 3 minutes", 7_380),
        ("1 hr 5 mins", 3_900),
        ("平均回复时长：5分", 300),
        ("0秒", 0),
    ],
)
def test_duration(text: str, wanted: int) -> None:
    assert duration_s(text) == wanted
    assert type(duration_s(text)) is int


@pytest.mark.parametrize(
    "text", ["-5分", "197", "5", "5m 3h", "03:17", "5 工作日", "< 1m", "5分?", "9" * 100, "5mm", "已超时"]
)
def test_duration_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        duration_s(text)


@given(st.data(), PARTS, SHOWN_LENGTHS)
def test_duration_round_trip(data: st.DataObject, parts: tuple[int, int, int, int], show: Callable[..., str]) -> None:
    assert duration_s(data.draw(noisy(show(*parts)))) == span(*parts).total_seconds()


# Validities


@pytest.mark.parametrize(
    ("text", "start", "end", "long_term"),
    [
        ("2023-05-01 至 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2023-05-01 to 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2021/04/19 至 2030/05/02", "2021-04-19", "2030-05-02", False),
        ("2023/05/01 ~ 2027/01/15", "2023-05-01", "2027-01-15", False),
        ("2023-05-01～2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2023-05-01 - 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2023-05-01-2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2016.05.01-2036.05.01", "2016-05-01", "2036-05-01", False),
        ("2023-05-01 — 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2023年5月1日至2027年1月15日", "2023-05-01", "2027-01-15", False),
        ("2023-05-01 00:00 至 2027-01-15 23:59", "2023-05-01", "2027-01-15", False),
        ("自2023-05-01起至2027-01-15", "2023-05-01", "2027-01-15", False),
        ("from 2023-05-01 to 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("May 1, 2023 to Jan 15, 2027", "2023-05-01", "2027-01-15", False),
        ("有效期：2023-05-01 至 2027-01-15", "2023-05-01", "2027-01-15", False),
        ("2027/01/15", None, "2027-01-15", False),
        ("至 2027-01-15", None, "2027-01-15", False),
        ("until 2027-01-15", None, "2027-01-15", False),
        ("有效期至2027-01-15", None, "2027-01-15", False),
        ("有效期截至：2027-01-15", None, "2027-01-15", False),
        ("valid until 2027-01-15", None, "2027-01-15", False),
        ("Expires on Jan 15, 2027", None, "2027-01-15", False),
        ("- 至 2027-01-15", None, "2027-01-15", False),
        ("2023-05-01 至 -", "2023-05-01", None, False),
        ("长期有效", None, None, True),
        ("长期", None, None, True),
        ("永久", None, None, True),
        ("long-term", None, None, True),
        ("Long term", None, None, True),
        ("Permanent", None, None, True),
        ("有效期：长期", None, None, True),
        ("2021-04-19 至 长期", "2021-04-19", None, True),
        ("2021-04-19 to long-term", "2021-04-19", None, True),
        ("2021-04-19起长期有效", "2021-04-19", None, True),
        ("2021-04-19 至 9999-12-31", "2021-04-19", None, True),
        ("2021-04-19 to 2021-04-19", "2021-04-19", "2021-04-19", False),
    ],
)
def test_validity(text: str, start: str | None, end: str | None, long_term: bool) -> None:
    found = validity(text)
    assert (found.valid_from and found.valid_from.isoformat()) == start
    assert (found.valid_until and found.valid_until.isoformat()) == end
    assert found.long_term is long_term


@pytest.mark.parametrize(
    "text",
    [
        "图片",
        "see picture",
        "2027-01-15 至 2023-05-01",
        "2023-02-30 至 2027-01-15",
        "2023-05-01 至 2027-01-1?",
        "2023-05-01 至",
        "2023-05-01 2027-01-15",
        "长期 至 2027-01-15",
        "至",
        "9144************2X",
        "2023-05-01 至 2027-01-15 至 2030-01-01",
        "3 years",
    ],
)
def test_validity_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        validity(text)


RANGES = st.tuples(DATES, DATES).map(sorted)
BETWEEN = st.sampled_from([" 至 ", "至", " to ", " ~ ", "~", " - ", " – ", " until "])


@given(st.data(), RANGES, st.sampled_from(SHOWN_DATES), BETWEEN)
def test_validity_round_trip(data: st.DataObject, ends: list[date], show: Callable[[date], str], between: str) -> None:
    start, end = ends
    assert validity(data.draw(noisy(show(start) + between + show(end)))) == Validity(start, end, False)
    assert validity(data.draw(noisy(show(end)))) == Validity(None, end, False)


@given(st.data(), DATES, BETWEEN, st.sampled_from(["长期", "长期有效", "long-term", "Permanent"]))
def test_validity_without_end_round_trip(data: st.DataObject, start: date, between: str, word: str) -> None:
    assert validity(data.draw(noisy(start.isoformat() + between + word))) == Validity(start, None, True)


# Whatever a page may hold


def attempt(read: Callable[[str], Any], text: str) -> Any:
    """What a reader makes of a text; None when it refuses it, and a refusal holds the text."""
    refusal: NotUnderstood | None = None
    try:
        return read(text)
    except NotUnderstood as error:
        refusal = error
    assert refusal.text == text
    return None


@given(ANYTHING)
def test_any_text_gives_a_sane_value_or_a_refusal(text: str) -> None:
    at, on = attempt(pacific, text), attempt(day, text)
    assert at is None or (2000 <= at.year <= 2100 and at.tzinfo is PACIFIC)
    assert on is None or 1900 <= on.year <= 2100
    attempt(countdown, text)
    length = attempt(duration_s, text)
    assert length is None or length >= 0
    found = attempt(validity, text)
    assert found is None or not (found.long_term and found.valid_until)
