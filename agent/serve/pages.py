"""The pages of our own: all stores, one store, one figure, one run as its report. Each opens the history anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from agent import __version__
from agent.cli.past import hushed
from agent.errors import EvidencePruned, RunNotFound
from agent.history.database import History
from agent.history.runs import MetricSeen, SavedRun, StoreHead
from agent.history.trends import shown, trends_of
from agent.reports import Look, render
from agent.reports.charts import Chart, drawn
from agent.reports.digest import SIGNS
from agent.reports.moments import Clock, Told
from agent.reports.sheet import LONG, Item, Sheet
from agent.serve.questions import DATABASE, QUESTIONS, VIEWS
from agent.standing import Ladder
from agent.words import SEVERITY
from checks.finding import Severity
from checks.text import Language, Text

FIRST = 15
"""Findings that the start page lists."""
LADDER = {"level": Text("等级", "Level"), "medal": Text("金银牌", "Medal")}
CHARTS = 4
"""Charts of a store on the start page."""
RUNS = 50
"""Runs that a store's page lists, the newest first."""
POINTS = 200
"""Values that a figure's page lists, the newest first."""


@dataclass(frozen=True)
class Site:
    """What the pages are made from: the database, and how a report is to look for a store's channel."""

    database: Path
    language: Language
    look: Callable[[str | None], Look]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def history(self) -> History:
        return History(self.database, create=False)


@dataclass(frozen=True)
class Open:
    """One open finding with the store and the run in which it was found."""

    item: Item
    left: str | None
    over: bool
    is_new: bool
    """Whether the last run but one had not found it; False where there was none."""
    store: str
    key: str
    run: str


@dataclass(frozen=True)
class StoreCard:
    """A store as it stood at its last run."""

    head: StoreHead
    sheet: Sheet
    judged: Told
    findings: list[Open]

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def over(self) -> int:
        """How many deadlines have passed."""
        return sum(one.over for one in self.findings)

    @property
    def standing(self) -> list[tuple[str, str]]:
        """Level and medal: where the store stands and what comes next, in words."""
        say = self.sheet.say
        return [(LADDER[ladder.kind].to(say), _where(ladder).to(say)) for ladder in self.sheet.ladders]


def start(site: Site) -> str:
    """Every store, and what is most urgent among all their open findings."""
    now = site.now()
    with site.history() as history:
        cards = [_card(site, history, head, now) for head in history.stores()]
    cards.sort(key=lambda card: (-card.sheet.summary.error, -card.sheet.summary.warning))
    found = sorted((one for card in cards for one in card.findings), key=_urgency)
    totals = {level.value: sum(one.item.severity == level.value for one in found) for level in Severity}
    return _render(
        site,
        "start.html",
        cards=cards,
        first=found[:FIRST],
        more=max(len(found) - FIRST, 0),
        totals=totals,
        over=sum(one.over for one in found),
        questions=QUESTIONS,
        views=VIEWS,
        CHARTS=CHARTS,
    )


def store(site: Site, key: str) -> str | None:
    """One store: open findings, runs, figures; None when the history has no such store."""
    now = site.now()
    with site.history() as history:
        head = next((one for one in history.stores() if one.store.key == key), None)
        if head is None:
            return None
        card = _card(site, history, head, now)
        runs = [(run, card.sheet.clock.tell(run.now)) for run in history.runs(key, RUNS)]
        names = history.metric_names(key)
    return _render(site, "store.html", card=card, runs=runs, names=names, rows=sorted(card.findings, key=_urgency))


def metric(site: Site, key: str, name: str) -> str | None:
    """One figure of a store over time; None when it was never read."""
    with site.history() as history:
        head = next((one for one in history.stores() if one.store.key == key), None)
        points = [p for p in history.metric(key, name) if _is_number(p)] if head else []
    if head is None or not points:
        return None
    clock = Clock.of(site.look(head.store.channel_id))
    values = [(p.metric.at, float(p.metric.value or 0)) for p in points]
    chart: Chart = drawn(values)
    rows = [(clock.tell(p.metric.at), p.metric.value, p.run) for p in reversed(points[-POINTS:])]
    return _render(
        site,
        "metric.html",
        head=head,
        name=name,
        title=next((one.name.to(site.language) for one in shown() if one.metric == name), name),
        unit=points[-1].metric.unit or "",
        chart=chart,
        low=min(v for _, v in values),
        high=max(v for _, v in values),
        rows=rows,
        count=len(points),
    )


def report(site: Site, reference: str) -> str | None:
    """A run as its HTML report, or why it has none any more; None when there is none by that name."""
    with site.history() as history:
        try:
            run = history.run(reference)
        except RunNotFound:
            return None
        except EvidencePruned as gone:
            return _render(site, "missing.html", why=gone.text)
        trends = trends_of(history, run.record)
    return render("html", run, site.look(run.record.store.channel_id)._replace(trends=trends))


def _where(ladder: Ladder) -> Text:
    """ "一钻 → 二钻，还差 2 项" """
    if ladder.goal is None:
        return ladder.current
    lacking = sum(need.met is False for need in ladder.needs)
    zh, en = f"{ladder.current.zh} → {ladder.goal.zh}", f"{ladder.current.en} → {ladder.goal.en}"
    if lacking:
        return Text(f"{zh}，还差 {lacking} 项", f"{en}, {lacking} to go")
    if open_ := sum(need.met is None for need in ladder.needs):
        return Text(f"{zh}，{open_} 项未考核", f"{en}, {open_} not assessed")
    return Text(f"{zh}，要求都已达到", f"{en}, every requirement met")


def _card(site: Site, history: History, head: StoreHead, now: datetime) -> StoreCard:
    run = hushed(history, history.run("last", head.store.key), now)
    look = site.look(head.store.channel_id)._replace(trends=trends_of(history, run.record))
    sheet = Sheet(run, look)
    return StoreCard(head, sheet, sheet.clock.tell(run.record.now), _open(sheet, head, run, now))


def _open(sheet: Sheet, head: StoreHead, run: SavedRun, now: datetime) -> list[Open]:
    found = []
    for item in (item for family in sheet.families for rule in family.rules for item in rule.items):
        due = item.stated.finding.due_at
        left = sheet.clock.left(due, now) if due else None
        over, fresh = due is not None and due <= now, item.is_new and sheet.compared
        found.append(Open(item, left, over, fresh, sheet.name, head.store.key, run.record.id))
    return found


def _urgency(one: Open) -> tuple[int, float, str, str]:
    found = one.item.stated.finding
    return found.severity.rank, found.due_at.timestamp() if found.due_at else float("inf"), found.code, one.item.subject


def _is_number(point: MetricSeen) -> bool:
    return point.metric.value is not None and not isinstance(point.metric.value, str)


def run_path(run: str) -> str:
    return f"/run/{quote(run, safe='')}"


def store_path(key: str) -> str:
    return "/store?" + urlencode({"key": key})


def metric_path(key: str, name: str) -> str:
    return "/metric?" + urlencode({"store": key, "name": name})


def question_path(name: str, **parameters: str) -> str:
    return f"/{DATABASE}/{name}" + (f"?{urlencode(parameters)}" if parameters else "")


def style() -> str:
    """The report's style sheet, and what these pages add to it."""
    environment = _environment()
    assert environment.loader is not None
    return "\n".join(environment.loader.get_source(environment, name)[0] for name in ("report.css", "serve.css"))


def missing(site: Site) -> str:
    """The page for what the history does not hold."""
    return _render(site, "missing.html", why=None)


def _render(site: Site, template: str, **given: Any) -> str:
    zh = site.language == "zh"
    return (
        _environment()
        .get_template(template)
        .render(
            lang="zh-CN" if zh else "en",
            language=site.language,
            t=lambda chinese, english: chinese if zh else english,
            told=lambda text: text.to(site.language) if isinstance(text, Text) else text,
            words={name: word.to(site.language) for name, word in SEVERITY.items()},
            signs=SIGNS,
            LONG=LONG,
            version=__version__,
            run_path=run_path,
            store_path=store_path,
            metric_path=metric_path,
            question_path=question_path,
            **given,
        )
    )


@cache
def _environment() -> Environment:
    from agent.reports.html import _clean

    return Environment(
        loader=ChoiceLoader([PackageLoader("agent.serve"), PackageLoader("agent.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
