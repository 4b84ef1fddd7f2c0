"""Selectors of site files: the simple ones find what cssselect finds, the others are left to it."""

from __future__ import annotations

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from extractors.selectors import select, xpath_of
from extractors.vocabulary import shipped
from tests.recordings import recorded

SITE = shipped().site
SHIPPED = [
    *(selector for markers in SITE.markers.values() for selector in (*markers.widgets, *markers.loading)),
    SITE.shell["regions"],
    SITE.shell["names"],
]
PAGE = html.fromstring(
    """<body class="me-page wide"><div id="me-nav" class="a x-skeleton-b"><p class="me-page">
    <span class="ui-pagination-x">1</span><span class="x ui-pagination">2</span></p></div>
    <form><div><input type="password"><input type="text"></div></form><input type="password" id="me-header">
    <img src="/loading.gif"><img src="/done.gif"><header role="banner">x</header><i aria-busy="true" lang="zh-CN"></i>
    <div class="loading is-open">y</div><div class="loading">z</div></body>"""
)
FURTHER = [
    "body.me-page", "p.me-page, body", "input", "*[lang]", "form input", "form > div", "div ~ form", "body *",
    "[lang|='zh']", "[class^='x']", "div p span.x", '[type="password"]', "[class*='is-open']", "#me-nav.a .x",
    "input:first-child", "[class*='is open']", "[class*='a,b']", ".a:not(.b)", "IMG", "span.ui-pagination",
]  # fmt: skip


@pytest.mark.parametrize("selector", SHIPPED)
def test_the_shipped_selectors_are_simple(selector: str) -> None:
    assert xpath_of(selector)


@pytest.mark.parametrize("selector", [*SHIPPED, *FURTHER])
def test_a_selector_finds_what_cssselect_finds(selector: str) -> None:
    assert select(selector, PAGE) == CSSSelector(selector, translator="html")(PAGE)


def test_the_shipped_selectors_find_the_same_on_recorded_pages() -> None:
    pages = [html.fromstring(case.page.body) for case in recorded() if case.page.body.lstrip()[:1] == b"<"]
    assert pages
    for selector in SHIPPED:
        expected = CSSSelector(selector, translator="html")
        assert all(select(selector, page) == expected(page) for page in pages), selector


@pytest.mark.parametrize(
    "selector", ["", ",", "a,", "a > b", "a:hover", "[a^='b']", "a + b", "[a='b c']", "1a", "#1", "\\61"]
)
def test_what_is_not_simple_is_left_alone(selector: str) -> None:
    assert xpath_of(selector) is None
