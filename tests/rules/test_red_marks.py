"""Red marks are known by meaning, in both languages."""

import pytest

from checks.red_marks import is_dispute_mark, is_logistics_mark


@pytest.mark.parametrize(
    "text",
    ["纠纷率超标", "纠纷率过高", "Dispute rate too high", "DISPUTE RATE OVER THE LIMIT", "Disputes exceed the line"],
)
def test_a_dispute_mark(text: str) -> None:
    assert is_dispute_mark(text)
    assert not is_logistics_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "物流异常订单过多",
        "Too many logistics exceptions",
        "Too many abnormal logistics orders",
        "Ｌｏｇｉｓｔｉｃｓ exceptions",
    ],
)
def test_a_logistics_mark(text: str) -> None:
    assert is_logistics_mark(text)
    assert not is_dispute_mark(text)


@pytest.mark.parametrize("text", ["", "物流评分偏低", "回复率过低", "Response rate too low"])
def test_another_mark_is_neither(text: str) -> None:
    assert not is_logistics_mark(text)
    assert not is_dispute_mark(text)


def test_a_dispute_rate_about_logistics_is_a_dispute_mark() -> None:
    assert is_dispute_mark("物流异常纠纷率超标")
    assert not is_logistics_mark("物流异常纠纷率超标")
