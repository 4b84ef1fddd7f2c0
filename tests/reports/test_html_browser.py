"""The HTML report in real Chromium: it loads nothing, runs nothing, fits a phone and paper, and can be heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect, sync_playwright

from agent.history.runs import SavedRun
from agent.reports import render
from checks.text import Language
from tests.history_runs import finding
from tests.reports.build import HOSTILE, LINKS, hostile, look, points, saved, stated, whole
from tests.test_standin_browser import SYSTEM

pytestmark = pytest.mark.browser

ADDRESS = "https://report.test/report.html"
Scheme = Literal["light", "dark"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TRENDS = {"health.score": points("health.score", [88.0, 86.0, 83.4])}

FAINT = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest('.vh, .skip, svg')) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const name = `${node.className || node.tagName}: ${node.textContent.trim().slice(0, 40)}`;
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${name}`);
  }
  return faint;
}"""
"""The texts whose contrast with their ground is under 4.5 : 1."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        places = (Path(playwright.chromium.executable_path), *map(Path, SYSTEM))
        found = next((file for file in places if file.exists()), None)
        if found is None:
            pytest.skip("no Chromium on this machine")
        fence = "--host-resolver-rules=MAP * ~NOTFOUND"
        with playwright.chromium.launch(executable_path=found, args=["--no-sandbox", fence]) as browser:
            yield browser


class Shown:
    """A report that is open in a tab, with all that it asked for and complained about."""

    def __init__(self, context: BrowserContext, html: str) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self._html = html
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.goto(ADDRESS)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if route.request.url == ADDRESS:
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8")
        else:
            route.abort()


@pytest.fixture
def show(browser: Browser) -> Iterator[Any]:
    opened: list[BrowserContext] = []

    def open_report(
        run: SavedRun, language: Language = "en", scheme: Scheme = "light", size: ViewportSize = WIDE
    ) -> Shown:
        context = browser.new_context(color_scheme=scheme, viewport=size)
        opened.append(context)
        return Shown(context, render("html", run, look(language, trends=TRENDS)))

    yield open_report
    for context in opened:
        context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_rendered_without_a_request_or_a_complaint(show: Any, language: Language, scheme: Scheme) -> None:
    shown = show(whole(), language, scheme)
    expect(shown.page.get_by_role("heading", level=1)).to_have_text("Northwind Official Store")
    expect(shown.page.locator("li.item")).to_have_count(5)
    assert shown.asked == [ADDRESS]
    assert shown.said == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_sets_nothing_off(show: Any, name: str) -> None:
    shown = show(hostile(HOSTILE[name]))
    for fold in shown.page.locator("summary").all():
        if fold.is_visible():
            fold.click()
    for item in shown.page.locator(".message, .facts").all():
        item.hover()
    assert "owned" not in shown.page.title().replace(HOSTILE["script"], "").replace(HOSTILE["attribute"], "")
    assert shown.page.evaluate("document.scripts.length + document.images.length") == 0
    assert shown.asked == [ADDRESS]
    assert shown.said == []


def test_its_own_policy_stops_a_script_that_should_ever_slip_in(show: Any) -> None:
    shown = show(whole())
    for intruder in ("script", "img"):
        with shown.page.expect_console_message(lambda message: "Content Security Policy" in message.text):
            shown.page.evaluate(
                """name => {
                  const node = document.createElement(name);
                  if (name === 'script') node.textContent = "document.title = 'owned'";
                  else node.src = 'https://evil.example/p.png';
                  document.body.append(node);
                }""",
                intruder,
            )
    assert shown.page.title() != "owned"
    assert shown.asked == [ADDRESS]


@pytest.mark.parametrize("size", [WIDE, PHONE, {"width": 320, "height": 600}])
@pytest.mark.parametrize("run", [whole(), hostile(HOSTILE["long"]), hostile("W" * 300)], ids=["whole", "long", "word"])
def test_nothing_is_wider_than_the_screen(show: Any, run: SavedRun, size: ViewportSize) -> None:
    page = show(run, "zh", size=size).page
    for fold in page.locator("details:not(.long)").all():
        fold.evaluate("node => node.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    wider = (
        "[...document.querySelectorAll('.card, .lead, h1, .tally')].filter(node => node.scrollWidth > node.clientWidth)"
    )
    assert page.evaluate(f"{wider}.map(node => node.className)") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(show: Any, scheme: Scheme) -> None:
    page = show(whole(), "zh", scheme).page
    page.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert page.evaluate(FAINT) == []


def test_the_dark_look_is_dark(show: Any) -> None:
    grounds = {
        scheme: show(whole(), scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    light, dark = (sum(map(int, re.findall(r"\d+", grounds[scheme]))) for scheme in ("light", "dark"))
    assert dark < 150 < 600 < light


def test_it_can_be_heard(show: Any) -> None:
    page = show(whole()).page
    heard = page.locator("body").aria_snapshot()
    for line in (
        '- link "Skip to the report"',
        "- banner:",
        '- navigation "Contents":',
        "- main:",
        "- contentinfo:",
        '- region "Do these first":',
        '- table "Findings past their deadline":',
        '- columnheader "Due (backend time)"',
        '- article "✖ error LOG001',
        '- img "Store health score, 3 points',
        "order 8203955732372614 (new window)",
    ):
        assert line.replace("✖ ", "") in heard.replace("✖ ", ""), f"{line} is not in\n{heard}"


def test_headings_go_down_step_by_step(show: Any) -> None:
    levels = show(whole()).page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(n => +n.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_names_are_given_once_and_every_link_inside_leads_somewhere(show: Any) -> None:
    page = show(whole()).page
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
    assert len(ids) == len(set(ids))
    inside = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(n => n.getAttribute('href').slice(1))")
    assert inside
    assert set(inside) <= set(ids)
    outside = page.evaluate("[...document.querySelectorAll('a:not([href^=\"#\"])')].map(n => n.href)")
    assert set(outside) == set(LINKS.values())


def test_the_contents_lead_to_the_finding_and_a_fold_opens_by_keyboard(show: Any) -> None:
    page = show(whole()).page
    page.get_by_role("navigation").get_by_role("link", name="All findings").click()
    expect(page.get_by_role("heading", name="All findings")).to_be_in_viewport()
    fold = page.locator("#rules summary")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rules table")).to_be_visible()


def test_focus_is_seen(show: Any) -> None:
    page = show(whole()).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_in_viewport()
    page.keyboard.press("Tab")
    style, width = page.evaluate(
        "(look => [look.outlineStyle, parseFloat(look.outlineWidth)])(getComputedStyle(document.activeElement))"
    )
    assert style == "solid"
    assert width >= 2


def test_paper_shows_what_is_folded_and_leaves_out_what_is_clicked(show: Any) -> None:
    run = saved([stated(finding(f"{n:03}")) for n in range(20)])
    page = show(run, scheme="dark").page
    last = page.locator("li.item").last
    expect(last).to_be_hidden()
    page.emulate_media(media="print")
    expect(last).to_be_visible()
    expect(page.locator("nav")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim()") == "#ffffff"
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_a_page_in_chinese_is_read_as_chinese(show: Any) -> None:
    page = show(whole(), "zh").page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    expect(page.get_by_role("heading", name="先处理这些")).to_be_visible()
    expect(page.get_by_role("table", name="已经超时的问题")).to_be_visible()
