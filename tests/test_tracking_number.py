"""Tracking numbers: shapes and check digits, on known numbers and on arbitrary ones."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.tracking_number import (
    bare,
    is_cainiao_order,
    is_clean,
    is_named,
    is_ups,
    is_usps,
    s10_check_digit,
    s10_series,
    s10_valid,
    shape,
    ups_check_digit,
    usps_check_digit,
)

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letters = st.text(UPPER, min_size=2, max_size=2)
serials = st.text(DIGITS, min_size=8, max_size=8)
usps_bodies = st.builds(
    str.__add__, st.sampled_from(["91", "92", "93", "94", "95"]), st.text(DIGITS, min_size=19, max_size=19)
)


@st.composite
def s10_numbers(draw: st.DrawFn) -> str:
    serial = draw(serials)
    return f"{draw(letters)}{serial}{s10_check_digit(serial)}{draw(letters)}"


@st.composite
def usps_numbers(draw: st.DrawFn) -> str:
    body = draw(usps_bodies)
    return f"{body}{usps_check_digit(body)}"


def with_other_digit(number: str, place: int, step: int) -> str:
    return f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"


@given(s10_numbers())
def test_an_s10_number_with_its_check_digit_is_valid(number: str) -> None:
    assert s10_valid(number)
    assert s10_series(number) == f"{number[:2]}…{number[-2:]}"
    assert is_clean(number)


@given(s10_numbers(), st.integers(1, 9))
def test_another_check_digit_fails(number: str, step: int) -> None:
    assert not s10_valid(with_other_digit(number, 10, step))


@given(s10_numbers(), st.integers(2, 9), st.integers(1, 9))
def test_another_serial_digit_fails_unless_both_remainders_share_a_check_digit(
    number: str, place: int, step: int
) -> None:
    """Two remainders of eleven give 5, so that a single slip may rarely go unseen."""
    other = with_other_digit(number, place, step)
    assert s10_valid(other) == (s10_check_digit(other[2:10]) == s10_check_digit(number[2:10]))
    if number[10] != "5":
        assert not s10_valid(other)


@given(usps_numbers())
def test_a_usps_number_is_known_alone_and_behind_a_zip(number: str) -> None:
    assert is_usps(number)
    assert is_usps(f"42090210{number}")
    assert is_usps(f"420902101234{number}")
    assert shape(number) == "USPS"


@given(usps_numbers(), st.integers(0, 21), st.integers(1, 9))
def test_a_usps_number_with_one_other_digit_is_none(number: str, place: int, step: int) -> None:
    assert not is_usps(with_other_digit(number, place, step))
    assert shape(with_other_digit(number, place, step)) is None


@given(st.text(DIGITS + UPPER, min_size=15, max_size=15), st.integers(1, 9))
def test_a_ups_number_stands_and_falls_with_its_check_digit(body: str, step: int) -> None:
    number = f"1Z{body}{ups_check_digit(body)}"
    assert is_ups(number)
    assert shape(number) == "UPS"
    assert not is_ups(with_other_digit(number, 17, step))


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    for ask in (is_clean, is_usps, is_ups, is_cainiao_order, s10_valid):
        assert ask(text) in (True, False)
    assert s10_valid(text) is False or s10_series(text) is not None
    assert shape(text) in (None, "USPS", "UPS")
    assert bare(bare(text)) == bare(text) or not text.isascii()


@given(s10_numbers(), st.sampled_from("#?*/ ,;。·\u200b编"), st.integers(1, 12))
def test_a_stray_character_inside_is_never_clean(number: str, stray: str, place: int) -> None:
    assert not is_clean(f"{number[:place]}{stray}{number[place:]}")


@given(s10_numbers())
def test_case_width_and_the_space_around_make_no_difference(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    for other in (number.lower(), f" {number}\n", wide):
        assert bare(other) == number
        assert s10_valid(other)
        assert is_clean(other)


@given(s10_numbers())
def test_an_s10_number_of_the_us_is_usps(number: str) -> None:
    assume(not number.endswith("US"))
    assert shape(number) is None
    assert shape(f"{number[:11]}US") == "USPS"


@pytest.mark.parametrize(
    "number",
    [
        "RR473124829GB",
        "RB123456785GB",
        "LB104060594CN",
        "PQ286080423ES",
        "9361289878700317633795",
        "1Z8V92A70367203024",
    ],
)
def test_known_numbers(number: str) -> None:
    assert s10_valid(number) or is_usps(number) or is_ups(number)


@pytest.mark.parametrize(
    ("serial", "digit"), [("47312482", 9), ("00000000", 5), ("10000000", 3), ("00000010", 2), ("00000001", 4)]
)
def test_s10_check_digits(serial: str, digit: int) -> None:
    assert s10_check_digit(serial) == digit


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("LP00186872357713", True),
        ("lp00186872357713", True),
        ("LP123456785CN", False),
        ("LB104060594CN", False),
        ("LPX0186872357713", False),
        ("LP", False),
    ],
)
def test_cainiao_orders(number: str, expected: bool) -> None:
    assert is_cainiao_order(number) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("YT7278412242596920", True),
        ("12345678-0001-1", True),
        ("LB104060-594CN", False),
        ("9361-2898-7870-0317-6337-95", False),
        ("-12345678", False),
        ("12345678--1", False),
        ("LB6015#74744CN?", False),
        ("PENDING", False),
        ("N/A", False),
        ("", False),
        ("待补", False),
    ],
)
def test_clean_numbers(number: str, expected: bool) -> None:
    assert is_clean(number) is expected


@pytest.mark.parametrize(
    "number", ["9674301550189082650496", "936128987870031763379", "YT7278412242596920", "LB104060594CN", "612999AA10"]
)
def test_a_shape_that_could_be_anyone_s_names_no_carrier(number: str) -> None:
    assert shape(number) is None


@pytest.mark.parametrize(
    ("carrier", "declared", "expected"),
    [
        ("USPS", "usps", True),
        ("USPS", "U.S.P.S.", True),
        ("USPS", "United States Postal Service", True),
        ("USPS", "美国邮政", True),
        ("USPS", "FEDEX", False),
        ("UPS", "UPS Express", True),
        ("UPS", "DHL", False),
    ],
)
def test_names_of_carriers(carrier: str, declared: str, expected: bool) -> None:
    assert is_named(carrier, declared) is expected
