"""The report with pictures in real Chromium: nothing is loaded, they are folded, heard, printed, and fit a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from agent.reports import render
from agent.reports.pictures import cuttings
from checks.text import Language
from tests.pictured import ORDER, pictured
from tests.reports.build import look
from tests.reports.test_html_browser import ADDRESS, FAINT, PHONE, WIDE, Scheme, Shown, browser
from tests.reports.test_pictures import run_of, seen

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """A report of two findings on one row and one on another."""
    opened: list[BrowserContext] = []
    run = run_of(pictured(tmp_path), seen(), seen("8203955732372615"), seen(code="LOG003"))
    found = cuttings(run)

    def open_report(language: Language = "en", scheme: Scheme = "light", size: ViewportSize = WIDE) -> Shown:
        context = browser.new_context(color_scheme=scheme, viewport=size)
        opened.append(context)
        return Shown(context, render("html", run, look(language, pictures=found)))

    yield open_report
    for context in opened:
        context.close()


def unfold(page: Page) -> None:
    for fold in page.locator(".shot summary").all():
        fold.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures_are_painted_without_a_request_or_a_complaint(show: Any, language: Language, scheme: Scheme) -> None:
    shown = show(language, scheme)
    pictures = shown.page.locator(".shot img")
    expect(pictures).to_have_count(2)
    expect(pictures.first).to_be_hidden()
    unfold(shown.page)
    for picture in pictures.all():
        expect(picture).to_be_visible()
        picture.scroll_into_view_if_needed()
        picture.evaluate("node => node.decode()")
        assert picture.evaluate("node => node.complete && node.naturalWidth === +node.getAttribute('width')")
    assert shown.asked == [ADDRESS]
    assert shown.said == []


def test_a_picture_is_heard_and_its_fold_named_by_what_it_shows(show: Any) -> None:
    page = show("en").page
    expect(page.get_by_text(f"Picture order {ORDER}", exact=False).first).to_be_visible()
    unfold(page)
    expect(page.get_by_role("img", name=f"order {ORDER}, 同步状态: 未同步")).to_be_visible()
    chinese = show("zh").page
    unfold(chinese)
    expect(chinese.get_by_role("img", name=f"页面截图：订单 {ORDER}")).to_be_visible()


def test_a_finding_on_the_same_row_leads_to_the_one_that_shows_it(show: Any) -> None:
    page = show("en").page
    link = page.locator("p.shot a")
    expect(link).to_have_count(1)
    link.click()
    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    expect(target.locator("img")).to_have_count(1)


@pytest.mark.parametrize("size", [WIDE, PHONE, {"width": 320, "height": 600}])
def test_no_picture_makes_the_page_wider_than_the_screen(show: Any, size: ViewportSize) -> None:
    page = show("zh", size=size).page
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator(".shot img").first.evaluate("node => node.getBoundingClientRect().width") >= 700


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_around_a_picture_stand_out(show: Any, scheme: Scheme) -> None:
    page = show("zh", scheme).page
    unfold(page)
    assert page.evaluate(FAINT) == []


def test_pictures_are_on_paper_without_their_folds_and_no_wider_than_it(show: Any) -> None:
    page = show("en").page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    picture = page.locator(".shot img").first
    expect(picture).to_be_visible()
    expect(page.locator(".shot summary").first).to_be_hidden()
    assert picture.evaluate("node => node.getBoundingClientRect().right") <= 700
    assert page.pdf(format="A4").startswith(b"%PDF-")
