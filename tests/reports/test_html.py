"""The HTML report as text: what it holds, in both languages, and that no page's text becomes a part of it."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup, Tag

from agent.history.runs import Notice, NoticeKind, SavedRun, State
from agent.reports import Look, render
from agent.reports.charts import HEIGHT, MOST, WIDTH, drawn
from agent.reports.html import _clean
from agent.reports.sheet import LONG, SHOWN
from checks.finding import Severity
from checks.text import Language, Text
from tests.history_runs import LINE, bare, day, finding
from tests.reports.build import HOSTILE, LINKS, due, hostile, look, points, saved, stated, whole

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(run: SavedRun, shown: Look | None = None) -> BeautifulSoup:
    return BeautifulSoup(render("html", run, shown or look()), "html.parser")


def text(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def section(run: SavedRun, name: str, shown: Look | None = None) -> Tag:
    found = page(run, shown).find(id=name)
    assert isinstance(found, Tag), f"no part {name}"
    return found


# --- what it holds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "lang"), [("zh", "zh-CN"), ("en", "en")])
def test_it_says_its_language_and_forbids_itself_everything(language: Language, lang: str) -> None:
    soup = page(whole(), look(language))
    assert soup.html is not None
    assert soup.html["lang"] == lang
    meta = soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert isinstance(meta, Tag)
    assert str(meta["content"]).startswith(POLICY)
    assert not soup.find_all(["script", "img", "iframe", "object", "embed", "form", "base"])
    assert {str(link["href"])[:6] for link in soup.find_all("link")} == {"data:,"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_of_the_other_language_stands_in_the_frame(language: Language) -> None:
    run = saved([stated(bare())], outcomes={})
    shown = text(page(run._replace(record=run.record._replace(capture=None)), look(language)).body)
    rest = re.sub(r"bare|LOG\d+|shoplint[\w .]*", "", shown)
    if language == "en":
        assert not re.search(r"[一-鿿]", re.sub(r"[:：]?\s*未同步", "", rest))
    else:
        assert "findings" not in rest
        assert "Do these first" not in rest
        assert "全部问题" in rest


def test_deadlines_come_first_past_ones_on_top_with_both_clocks() -> None:
    first = section(whole(), "first")
    rows = [text(row) for row in first.select("tbody tr")]
    assert [re.findall(r"\d{16}", row)[0] for row in rows] == [
        "8203955732372614",
        "8203955732372615",
        "8203955732372616",
    ]
    assert rows[0].startswith("5 h over 2026-11-19 22:15 PST 11-20 14:15 Beijing time")
    assert [text(h) for h in first.select("h3")] == [
        "Past the deadline 1",
        "Within 24 hours 1",
        "Later 1",
        "Errors without a deadline 1",
    ]
    assert "LIC001" in text(first.select_one(".grave"))


def test_a_finding_shows_what_was_seen_where_and_whose_line_it_crosses() -> None:
    run = whole()
    item = section(run, f"f-{run.findings[1].finding.fingerprint}")
    told = text(item)
    assert "Now observed: not synced" in told
    assert "(your own line 85 d)" in told
    assert "物流单号 : 未同步" in told
    assert "the order list, 11-20 03:15 PST" in told
    assert "Since 2026-11-16" in told
    assert [str(t["datetime"]) for t in item.select(".evidence time")] == ["2026-11-20T03:15:00-08:00"]


def test_a_rule_says_what_to_do_and_where() -> None:
    card = section(whole(), "rule-LOG001")
    assert "What to do fix: not synced" in text(card)
    assert "menu: not synced" in text(card)
    link = card.select_one(".menu a")
    assert isinstance(link, Tag)
    assert link["href"] == LINKS["orders"]
    assert set(link["rel"]) == {"noopener", "noreferrer"}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", " https://x"])
def test_only_addresses_of_the_web_are_linked(address: str) -> None:
    soup = page(whole(), look(links={"orders": address}))
    assert all(str(a["href"]).startswith("#") for a in soup.find_all("a"))


def test_what_changed_since_the_last_run() -> None:
    changes = text(section(whole(), "changes"))
    assert "New 2" in changes
    assert "Resolved 1" in changes
    assert "8203955732372620" in changes
    assert "muted until 2026-12-20: 两单合并发货" in changes


def test_a_first_run_calls_nothing_new() -> None:
    soup = page(saved([stated(finding())]))
    assert "first run" in text(soup.find(id="changes"))  # type: ignore[arg-type]
    assert not soup.select(".tag.new")


def test_remarks_and_what_became_worse() -> None:
    run = saved([stated(finding(), State.PERSISTING, worse=Text("由 1% 到 2%", "1% to 2%"))], compared_with="x")
    run = run._replace(notices=(Notice(NoticeKind.EXPIRED, Text("静音到期", "a mute has ended")),))
    assert "a mute has ended" in text(section(run, "changes"))
    assert "worse: 1% to 2%" in text(section(run, "findings"))


def test_what_could_not_be_checked_names_the_reason_and_the_rules() -> None:
    gaps = text(section(whole(), "gaps"))
    assert "Not judged 2" in gaps
    assert "the messages page was not reached (timeout) RSP001" in gaps
    assert "Judged in part" in gaps
    assert "the validity of a report could not be read LIC001" in gaps
    assert "2; that is no pass" in text(page(whole()).select_one(".lead"))


def test_every_rule_is_told_with_its_outcome() -> None:
    rows = section(whole(), "rules").select("tbody tr:not(:has(.group))")
    assert len(rows) == len(whole().record.outcomes)
    (medal,) = [text(row) for row in rows if "MDL007" in row.get_text()]
    assert medal.endswith("not applicable the store holds a medal")


def test_what_the_run_did() -> None:
    told = text(section(whole(), "run"))
    for words in (
        "Run northwind-0001",
        "as expected 25 not reached 1",
        "Requests 412",
        "Writes 0",
        "Blocked 37",
        "RSP014 = 0.9",
    ):
        assert words in told
    assert "captures" not in told, "a report that is sent on does not tell about the sender's folders"
    quiet = text(section(saved(deeds={}), "run"))
    assert "Requests" not in quiet
    assert "Pages read" not in quiet


def test_nothing_found_is_said_in_words() -> None:
    soup = page(saved(outcomes={}))
    assert "Nothing was found." in text(soup.select_one(".lead"))
    assert soup.find(id="findings") is None
    assert "No deadline is running" in text(soup.find(id="first"))  # type: ignore[arg-type]


def test_long_lists_are_folded_not_cut() -> None:
    run = saved([stated(finding(f"{n:03}")) for n in range(40)])
    card = section(run, "rule-LOG001")
    assert len(card.select("li.item")) == 40
    assert len(card.select("details.rest li.item")) == 40 - SHOWN


def test_a_rule_of_another_version_stands_under_its_name() -> None:
    found = section(saved([stated(finding("1", "ZZZ001", name="of-tomorrow"))]), "family-ZZZ")
    assert "of-tomorrow" in text(found)


def test_severity_is_never_told_by_colour_alone() -> None:
    soup = page(whole())
    for badge in soup.select(".badge"):
        assert re.search(r"error|warning|info", badge.get_text())
    for item in soup.select("li.item"):
        assert item.select_one(".message .vh")


def test_a_clock_of_the_backends_own_zone_is_told_once() -> None:
    shown = look(user_zone=None)
    assert "Beijing" not in text(page(whole(), shown).body)


# --- trends ---------------------------------------------------------------------------------------------------------


def test_trends_tell_value_direction_line_and_days() -> None:
    shown = look(trends={"health.score": points("health.score", [88.0, 86.0, 83.4])})
    (figure,) = section(whole(), "trends", shown).select("figure")
    assert text(figure) == "Store health score 83.4 −4.6 points worse 2026-11-18 – 2026-11-20 One Diamond 85"
    svg = figure.select_one("svg")
    assert isinstance(svg, Tag)
    assert svg["role"] == "img"
    assert svg["aria-label"] == (
        "Store health score, 3 points from 2026-11-18 03:15 PST to 2026-11-20 03:15 PST, now 83.4"
    )
    assert len(svg.select("line.threshold")) == 1


def test_for_a_rate_that_should_be_low_less_is_better() -> None:
    shown = look("zh", trends={"health.dispute_rate": points("health.dispute_rate", [0.03, 0.0196])})
    told = text(section(whole(), "trends", shown))
    assert "1.96% −1.04 个百分点 变好" in told
    assert "一钻 0.80% 店铺评分 1.80% 平台红线 2.50%" in told


def test_only_a_line_that_is_drawn_has_its_sign() -> None:
    shown = look(trends={"health.dispute_rate": points("health.dispute_rate", [0.0181, 0.0179])})
    figure = section(whole(), "trends", shown)
    assert [text(one) for one in figure.select(".dash")] == ["store rating 1.80%"]
    assert len(figure.select("line.threshold")) == 1
    assert "One Diamond 0.80%" in text(figure)


@pytest.mark.parametrize("values", [[], [88.0], [None, 88.0], ["gold", "silver"]])
def test_without_two_numbers_there_is_no_trend(values: list[float]) -> None:
    soup = page(whole(), look(trends={"health.score": points("health.score", values)}))
    assert soup.find(id="trends") is None
    assert soup.select('a[href="#trends"]') == []


@pytest.mark.parametrize("values", [[1.0, 1.0], [0.0, 0.0], [1e9, -1e9], [0.1] * 500, list(range(1000))])
def test_a_chart_stays_in_its_box(values: list[float]) -> None:
    chart = drawn([(day(n), float(value)) for n, value in enumerate(values)], [0.5, 1e12])
    places = [tuple(map(float, pair.split(","))) for pair in chart.points.split()]
    assert 2 <= len(places) <= MOST
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert all(0 <= y <= HEIGHT for y in chart.lines)
    assert chart.last == places[-1]


def test_a_far_line_does_not_press_the_chart_flat() -> None:
    values = [(day(n), 100.0 + n) for n in range(5)]
    assert drawn(values, [1000.0]).lines == ()
    assert len(drawn(values, [105.0]).lines) == 1


# --- hostile pages --------------------------------------------------------------------------------------------------


def skeleton(run: SavedRun) -> list[str]:
    """The tags of a report with their classes, without those that fold a long text."""
    soup = page(run)
    for fold in soup.select("details.long"):
        fold.unwrap()
    for part in soup.select("summary > bdi + .more"):
        part.parent.decompose()  # type: ignore[union-attr]
    return [f"{tag.name}.{'.'.join(tag.get('class') or [])}" for tag in soup.find_all(True)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_adds_no_element_and_no_attribute(name: str) -> None:
    run = hostile(HOSTILE[name])
    assert skeleton(run) == skeleton(hostile("innocent"))
    for tag in page(run).find_all(True):
        assert not [key for key in tag.attrs if key.startswith("on")]
        assert not str(tag.attrs.get("href", "")).startswith(("javascript:", "data:text"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_still_shown(name: str) -> None:
    wanted = _clean(HOSTILE[name].replace("\ud83d", "?"))
    found = section(hostile(HOSTILE[name]), "findings").select("q bdi")
    assert found[-1].get_text() == wanted


def test_a_long_text_is_folded_behind_its_beginning() -> None:
    (fold,) = section(hostile("长" * 10_000), "findings").select("details.long")
    summary = fold.select_one("summary bdi")
    assert summary is not None
    assert len(summary.get_text()) == LONG + 1


def test_texts_of_a_page_cannot_turn_the_direction_of_the_line() -> None:
    soup = page(hostile(HOSTILE["direction"]))
    holders = [node.parent.name for node in soup.find_all(string=re.compile("\u202e")) if node.parent]
    assert set(holders) == {"bdi", "title"}


def test_findings_without_any_part_that_may_be_missing() -> None:
    item = section(saved([stated(bare())]), "findings").select_one("li.item")
    assert "Seen" not in text(item)
    assert "Due" not in text(item)


def test_the_users_own_line_is_marked() -> None:
    own = finding("1", threshold=LINE)
    theirs = finding("2", "LOG003", threshold=LINE._replace(overridden=False), severity=Severity.WARNING, due_at=due(9))
    marked = page(saved([stated(own), stated(theirs)])).select(".own-line")
    assert [text(one) for one in marked] == ["(your own line 85 d)"]
