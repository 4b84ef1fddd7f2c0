"""What a rendered page does to a text without changing what it says."""

from hypothesis import strategies as st

_FULL_WIDTH = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *map(ord, ":,.%/~()"))}
_SPACES = [" ", "\u00a0", "\u202f", "\u2009", "\u3000", "\r\n", "\t", " \n ", "\u200b \u200b"]
_MARKS = ["", "", "\u200e", "\u200f", "\u202a", "\u2068", "\u2069", "\ufeff", "\u200b"]
_ENDS = ["", "", " ", "\r\n", "\u00a0", "\n  "]


@st.composite
def noisy(draw: st.DrawFn, text: str) -> str:
    """The same text with full-width digits, other spaces, invisible marks, line breaks at its ends."""
    if draw(st.booleans()):
        text = text.translate(_FULL_WIDTH)
    space = draw(st.sampled_from(_SPACES))
    mark = draw(st.sampled_from(_MARKS))
    at = draw(st.integers(0, len(text)))
    text = (text[:at] + mark + text[at:]).replace(" ", space)
    return draw(st.sampled_from(_ENDS)) + text + draw(st.sampled_from(_ENDS))


# Anything at all, and texts made of the pieces that values are made of.
PIECES = st.lists(
    st.sampled_from(
        [*"0123456789", *"-–—+.,:/%()~≥≤ ", "CN￥", "US $", "R$", "天", "分", "秒", "小时", "d", "h", "m", "s", "星",
        "至",
         "2026", "2026-11-19", "2026年", "月", "日", "23:18", "T", "Z", "PM", "Nov", "长期", "long-term", "已超时",
         "left",
         "万", "x", "共", "to", "İ", "ı", "ſ", "K", "٣", "²", "½", "\u200f", "\x00", "\ud800"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
ANYTHING = st.one_of(st.text(max_size=60), PIECES)
