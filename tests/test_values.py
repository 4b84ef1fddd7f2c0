"""Numbers, rates, money, comparisons, units, flags and levels: every format that a page shows, and what is refused."""

import copy
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import values
from extractors.models import Level, Money
from extractors.plain import plain_amounts
from extractors.values import (
    NotUnderstood,
    Unit,
    clean,
    comparison,
    flag,
    integer,
    level,
    measure,
    money,
    not_assessed,
    number,
    plain_money,
    rate,
    unit_of,
)
from tests.noise import ANYTHING, noisy

NOT_ASSESSED = ["", " ", "-", "--", "—", "–", "−", "/", "暂无", "暂无数据", "暂无评分", "不考核", "未考核", "N/A",
                "No data", "not assessed", "--%", "-- 天", "- %", "--:--:--", "－", " \u00a0-\r\n"]  # fmt: skip
READERS = (number, integer, rate, money, level)


# Text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", "plain"),
        ("", ""),
        ("  two\r\n words\t", "two words"),
        ("１２３，４５６．７％", "123,456.7%"),
        ("剩余时间：", "剩余时间:"),
        ("CN￥\u00a01,234.56", "CN￥ 1,234.56"),
        ("￥￦￡", "￥￦￡"),
        ("已通过。、“好”", "已通过。、“好”"),
        ("\u202aUS\u2009$\u202f9.99\u202c", "US $ 9.99"),
        ("a\u200bb\ufeff\u200e", "ab"),
        ("全\u3000角", "全 角"),
        ("–30 °C · ümlaut", "–30 °C · ümlaut"),
    ],
)
def test_clean(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@given(ANYTHING)
def test_clean_is_stable_and_single_spaced(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "  " not in once
    assert once == once.strip()


@pytest.mark.parametrize("text", NOT_ASSESSED)
def test_not_assessed(text: str) -> None:
    assert not_assessed(text)
    assert [read(text) for read in READERS] == [None] * len(READERS)
    assert flag(text, yes=["是"], no=["否"]) is None
    assert measure(text, "ratio") is None
    assert measure(text, "seconds") is None
    assert measure(text, "days") is None
    assert unit_of(text) in (None, "ratio", "days")


@pytest.mark.parametrize("text", ["0", "0%", "0.00%", "-5", "None", "无", "null", "NaN", "undefined", "%", "...", "*"])
def test_zero_and_broken_values_are_not_unassessed(text: str) -> None:
    assert not not_assessed(text)


def test_a_refusal_carries_the_text_as_it_was() -> None:
    with pytest.raises(NotUnderstood) as caught:
        rate("  ##.##%\n")
    assert caught.value.text == "  ##.##%\n"
    assert caught.value.wanted == "a rate"
    assert str(caught.value) == "wanted a rate, got '  ##.##%\\n'"


def test_a_refusal_shortens_a_long_text_in_its_message_only() -> None:
    refusal = NotUnderstood("x" * 500, "a number")
    assert len(str(refusal)) < 120
    assert refusal.text == "x" * 500


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_refusal_survives_copies(copied: Any) -> None:
    assert copied(NotUnderstood("x", "a number")).text == "x"


# Numbers


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0", 0.0), ("83.4", 83.4), ("186,400", 186400.0), ("1 234", 1234.0), ("1,234,567.8", 1234567.8),
        ("1.234,56", 1234.56), ("1.234.567", 1234567.0), ("1'234.5", 1234.5), ("98,5", 98.5), ("4,62", 4.62),
        ("0,123", 0.123), ("-5", -5.0), ("−5.5", -5.5), ("+3", 3.0), ("4.62/5.0", 4.62), ("78 / 100", 78.0),
        ("78分/100分", 78.0),
        ("26 天", 26.0), ("3 工作日", 3.0), ("120 笔", 120.0), ("4.8分", 4.8), ("90 points", 90.0), ("12 pcs", 12.0),
        ("1.2万", 12000.0), ("3万笔", 30000.0), ("1.5亿", 150000000.0), ("60K", 60000.0), ("３４．５", 34.5),
        ("00012", 12.0), ("123456789012345678", 123456789012345678.0),
    ],
)  # fmt: skip
def test_number(text: str, wanted: float) -> None:
    assert number(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["95%", "12 34", "1,23,456", "1,2,3", "3.", ".5", "8#.4", "≥ 60,000", "3-5", "1/30", "4.62/4.9", "100+", "nan",
     "inf",
     "1e5", "0x1F", "５½", "٣", "US $5", "5 bananas", "1,234.567,8", "9" * 40, "9" * 5000, "得分 78", "1_000",
     "12:30"],
)  # fmt: skip
def test_number_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        number(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0", 0), ("7", 7), ("x2", 2), ("X 2", 2), ("×3", 3), ("3 工作日", 3), ("3 working days", 3), ("26 天", 26),
        ("60 days", 60), ("5星", 5), ("4 stars", 4), ("1 star", 1), ("1,234", 1234), ("3.0", 3), ("(40)", 40),
        ("（40）", 40),
        ("共 140 条", 140), ("共3条", 3), ("Total 63", 63), ("Total: 1,063", 1063), ("-3", -3), ("１２", 12),
    ],
)  # fmt: skip
def test_integer(text: str, wanted: int) -> None:
    assert integer(text) == wanted
    assert type(integer(text)) is int


@pytest.mark.parametrize("text", ["3.5", "1/30", "x", "x-2", "(40", "5%", "²", "two", "3 of 5", "1.2.3", "9" * 5000])
def test_integer_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        integer(text)


SIGNED = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(st.data(), SIGNED, st.sampled_from(["", " 个", "分", " points"]))
def test_number_round_trip(data: st.DataObject, value: Decimal, unit: str) -> None:
    for shown in (f"{value}{unit}", f"{value:,}{unit}"):
        assert number(data.draw(noisy(shown))) == float(value)


WHOLE = ["{}", "{:,}", "x{}", "{} 天", "{:,} days", "共 {} 条", "Total {}", "({})"]


@given(st.data(), st.integers(0, 10**12), st.sampled_from(WHOLE))
def test_integer_round_trip(data: st.DataObject, value: int, form: str) -> None:
    assert integer(data.draw(noisy(form.format(value)))) == value


# Rates


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("93.89%", 0.9389), ("98.5%", 0.985), ("1.5%", 0.015), ("0%", 0.0), ("0.00%", 0.0), ("100%", 1.0),
        ("100.00%", 1.0),
        ("0.07%", 0.0007), ("98,5%", 0.985), ("98.5 %", 0.985), ("９８．５％", 0.985), ("150%", 1.5),
        ("4.18‰", 0.00418),
        ("0.0418", 0.0418), ("0", 0.0), ("1", 1.0), ("0.9389", 0.9389),
    ],
)  # fmt: skip
def test_rate(text: str, wanted: float) -> None:
    assert rate(text) == wanted


@pytest.mark.parametrize(
    "text", ["%", "##.##%", "9#.5%", "-5%", "−5%", "5", "95.4", "9384%", "1,234.5%", "98.5%%", "nan%", "93.89% 达标",
             "≥ 97.00%", "95%-98%", "1e-2", "٩٥%"]
)  # fmt: skip
def test_rate_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        rate(text)


@given(st.data(), st.integers(0, 10_000))
def test_rate_round_trip(data: st.DataObject, hundredths: int) -> None:
    percent = Decimal(hundredths).scaleb(-2)
    wanted = float(percent.scaleb(-2))
    for shown in (f"{percent}%", f"{percent} %", str(percent).replace(".", ",") + "%", str(percent.scaleb(-2))):
        assert rate(data.draw(noisy(shown))) == wanted


# Money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("CN￥ 1,234.56", "CNY", "1234.56"), ("CN¥ 99.00", "CNY", "99.00"), ("CN￥\u00a00.00", "CNY", "0.00"),
        ("￥88.00", "CNY", "88.00"), ("¥ 5", "CNY", "5"), ("CNY 88.00", "CNY", "88.00"), ("88.00 元", "CNY", "88.00"),
        ("RMB 12.30", "CNY", "12.30"), ("人民币 5元", "CNY", "5"), ("CN￥ 1.2万", "CNY", "12000.0"),
        ("US $1,234.56", "USD", "1234.56"), ("US$3", "USD", "3"), ("$5", "USD", "5"), ("USD 5", "USD", "5"),
        ("(US $9.99)", "USD", "9.99"), ("（US $9.99）", "USD", "9.99"), ("9.99 USD", "USD", "9.99"),
        ("5 美元", "USD", "5"),
        ("€ 1.234,56", "EUR", "1234.56"), ("1.234,56 €", "EUR", "1234.56"), ("€1,234.56", "EUR", "1234.56"),
        ("EUR 5.5", "EUR", "5.5"), ("€ 1,234", "EUR", "1234"), ("€ 1.234", "EUR", "1234"), ("€ 1.23", "EUR", "1.23"),
        ("£3.20", "GBP", "3.20"), ("R$ 1.234,56", "BRL", "1234.56"), ("(R$ 71,90)", "BRL", "71.90"),
        ("R$ 1.209", "BRL", "1209"),
        ("R$71.90", "BRL", "71.90"), ("BRL 1.234.567,89", "BRL", "1234567.89"), ("71,90 руб.", "RUB", "71.90"),
        ("1 234,56 ₽", "RUB", "1234.56"), ("RUB 5", "RUB", "5"), ("C$5", "CAD", "5"), ("C $ 5.00", "CAD", "5.00"),
        ("CAD 7", "CAD", "7"), ("A $5", "AUD", "5"), ("AU $5.10", "AUD", "5.10"), ("AUD 5", "AUD", "5"),
        ("JP¥1,234", "JPY", "1234"), ("JPY ¥500", "JPY", "500"), ("￦12,000", "KRW", "12000"),
        ("₩12.000", "KRW", "12000"),
        ("KRW 5", "KRW", "5"), ("PLN 5", "PLN", "5"), ("12,50 zł", "PLN", "12.50"), ("MXN$5", "MXN", "5"),
        ("MX$ 5", "MXN", "5"),
        ("$5 CAD", "CAD", "5"), ("US $5 USD", "USD", "5"), ("S/ 5", "PEN", "5"), ("- US $5.00", "USD", "-5.00"),
        ("US $-5.00", "USD", "-5.00"), ("US $1.234", "USD", "1.234"),
    ],
)  # fmt: skip
def test_money(text: str, currency: str, amount: str) -> None:
    found = money(text)
    assert found is not None
    assert (found.currency, str(found.amount)) == (currency, amount)


@pytest.mark.parametrize("text", ["US $ --", "CN￥ -", "(R$ -)"])
def test_money_not_assessed_behind_its_currency(text: str) -> None:
    assert money(text) is None


@pytest.mark.parametrize(
    "text",
    ["12.30", "US $", "US $1.00 - 2.00", "CN￥ 99.00 (R$ 71,90)", "US $1,23,4", "kr 5", "US $5 EUR", "-US $-5",
     "US $#.##",
     "XYZ 5", "foo -", "US $1.2.3", "US $" + "9" * 60, "(US $5", "50%"],
)  # fmt: skip
def test_money_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        money(text)


def test_a_currency_of_the_column_serves_amounts_without_one() -> None:
    assert money("12.30", default="USD") == Money(currency="USD", amount=Decimal("12.30"))
    assert money("1.234,50", default="BRL") == Money(currency="BRL", amount=Decimal("1234.50"))
    assert money("€ 5", default="USD") == Money(currency="EUR", amount=Decimal(5))
    with pytest.raises(NotUnderstood):
        money("kr 5", default="USD")


POINT = {
    "CN￥ {}": "CNY",
    "CN¥{}": "CNY",
    "US ${}": "USD",
    "(US ${})": "USD",
    "CNY {}": "CNY",
    "£{}": "GBP",
    "AU ${}": "AUD",
}
COMMA = {"R$ {}": "BRL", "(R$ {})": "BRL", "{} €": "EUR", "{} zł": "PLN", "{} руб.": "RUB", "EUR {}": "EUR"}


@given(st.data(), st.decimals(min_value=0, max_value=10**9, places=2), st.booleans())
def test_money_round_trip(data: st.DataObject, amount: Decimal, comma: bool) -> None:
    form, currency = data.draw(st.sampled_from(sorted((COMMA if comma else POINT).items())))
    shown = f"{amount:,}"
    if comma:
        shown = shown.translate(str.maketrans(",.", ".,"))
    found = money(data.draw(noisy(form.format(shown))))
    assert found is not None
    assert (found.currency, str(found.amount)) == (currency, str(amount))


PLAIN_AMOUNTS = st.builds(
    "{}{:,}".format,
    st.sampled_from(["US $", "CN￥ ", "R$ ", "€", "£ ", "JP￥", "foo "]),
    st.decimals(min_value=0, max_value=10**9, places=2),
)


@given(
    st.lists(PLAIN_AMOUNTS, min_size=1), st.sampled_from(["", "US $ --", "12.30", "US $1.00\n", "US $1.00\nUS $2.00"])
)
def test_a_column_of_plain_amounts_is_read_at_once_and_one_with_anything_else_is_not(
    cells: list[str], odd: str
) -> None:
    each = [plain_money(cell) for cell in cells]
    assert plain_amounts(cells) == (None if None in each else each)
    assert plain_amounts([*cells, odd]) is None
    assert plain_amounts([odd, *cells, "no amount"]) is None
    assert plain_amounts([*cells, 12.5]) is None


# Comparisons and units


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("≥ 97.00%", (">=", "97.00%")), (">=5", (">=", "5")), ("≤ 1.20%", ("<=", "1.20%")), ("<= 3", ("<=", "3")),
        ("＞ 3", (">", "3")), ("< 5", ("<", "5")), ("不低于 95%", (">=", "95%")), ("不高于1.2%", ("<=", "1.2%")),
        ("不超过3笔", ("<=", "3笔")), ("at least 4.70", (">=", "4.70")), ("At most 5", ("<=", "5")),
        ("大于等于 5", (">=", "5")),
        ("大于 5", (">", "5")), ("低于5", ("<", "5")), ("97%以上", (">=", "97%")), ("1.2% 以下", ("<=", "1.2%")),
        ("95% or more", (">=", "95%")), ("97.00%", ("", "97.00%")), ("", ("", "")), ("-", ("", "-")),
        ("minute 5", ("", "minute 5")),
        ("overdue 5", ("", "overdue 5")), ("≥\u00a060,000", (">=", "60,000")), ("≥ -", (">=", "-")),
        ("mİn 5", ("", "mİn 5")),
    ],
)  # fmt: skip
def test_comparison(text: str, wanted: tuple[str, str]) -> None:
    assert comparison(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("97.00%", "ratio"), ("≥ 97.00%", "ratio"), ("5‰", "ratio"), ("US $5", "money"), ("CNY 5", "money"),
        ("R$ 71,90", "money"),
        ("近90天成交额 (US $)", "money"), ("Sales in 90 days (US $)", "money"), ("5 元", "money"), ("5 天", "days"),
        ("3 工作日", "days"), ("5 working days", "days"), ("3分17秒", "seconds"), ("3m 17s", "seconds"),
        ("45s", "seconds"),
        ("2 小时", "seconds"), ("1天2小时", "seconds"), ("5分", "points"), ("90 points", "points"),
        ("20 笔", "count"),
        ("1,200 orders", "count"), ("83.4", None), ("186,400", None), ("≥ 60,000", None), ("-", None), ("", None),
        ("单元测试", None), ("小时", None), ("24小时回复率", None), ("x" * 1000, None),
    ],
)  # fmt: skip
def test_unit_of(text: str, wanted: Unit | None) -> None:
    assert unit_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "unit", "wanted"),
    [
        ("97.00%", "ratio", 0.97), ("0.0418", "ratio", 0.0418), ("186,400", "money", 186400.0),
        ("US $18,342.55", "money", 18342.55),
        ("6分50秒", "seconds", 410), ("5分", "seconds", 300), ("197", "seconds", 197.0), ("26 天", "days", 26.0),
        ("1天 12小时", "days", 1.5), ("83.4", "points", 83.4), ("4.62/5.0", "points", 4.62), ("20 笔", "count", 20.0),
        ("12", None, 12.0),
    ],
)  # fmt: skip
def test_measure(text: str, unit: Unit | None, wanted: float) -> None:
    assert measure(text, unit) == wanted


@pytest.mark.parametrize(
    ("text", "unit"), [("95.40", "ratio"), ("95%", "points"), ("a lot", "money"), ("3 cats", "seconds")]
)
def test_measure_refused(text: str, unit: Unit) -> None:
    with pytest.raises(NotUnderstood):
        measure(text, unit)


# Words


def test_flag() -> None:
    yes, no = ("是", "Yes", "有"), ["否", "No", "无", "-"]
    assert flag("是", yes, no) is True
    assert flag(" YES\u200f\r\n", yes, no) is True
    assert flag("no", yes, no) is False
    assert flag("-", yes, no) is False, "the caller's words come before the general ones"
    assert flag("--", yes, no) is None
    with pytest.raises(NotUnderstood):
        flag("maybe", yes, no)


@pytest.mark.parametrize(
    ("text", "kind", "rank"),
    [
        ("5星", "star", 5), ("0 stars", "star", 0), ("1 star", "star", 1), ("5-star", "star", 5),
        ("3星级", "star", 3),
        ("1钻", "diamond", 1), ("一钻", "diamond", 1), ("两钻", "diamond", 2), ("2 Diamonds", "diamond", 2),
        ("1 Diamond", "diamond", 1),
        ("2 钻石卖家", "diamond", 2), ("三冠", "crown", 3), ("3 Crowns", "crown", 3), ("Crown 2", "crown", 2),
        ("１冠", "crown", 1),
        ("2 皇冠", "crown", 2), ("Diamond 1 seller", "diamond", 1),
    ],
)  # fmt: skip
def test_level(text: str, kind: Any, rank: int) -> None:
    assert level(text) == Level(kind=kind, rank=rank)


@pytest.mark.parametrize("text", ["皇冠", "10星", "gold", "5", "1钻2星", "-1星", "starry 5"])
def test_level_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        level(text)


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
def test_any_text_gives_a_finite_value_or_a_refusal(text: str) -> None:
    units: tuple[Unit | None, ...] = ("ratio", "money", "seconds", "days", "points", "count", None)
    for found in (
        *(attempt(read, text) for read in (number, integer, rate)),
        *(attempt(partial(measure, unit=unit), text) for unit in units),
    ):
        assert found is None or math.isfinite(found)
    attempt(level, text)
    comparison(text)
    unit_of(text)
    not_assessed(text)


@given(ANYTHING)
def test_any_rate_lies_between_nothing_and_its_ceiling(text: str) -> None:
    found = attempt(rate, text)
    assert found is None or 0 <= found <= values.HIGHEST_RATE


@given(ANYTHING)
def test_any_amount_is_finite_and_has_a_currency(text: str) -> None:
    found = attempt(partial(money, default="USD"), text)
    assert found is None or (found.amount.is_finite() and len(found.currency) == 3)
