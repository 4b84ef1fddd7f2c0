"""A year of one store: 365 daily captures, made from a recording's truth, judged and saved as the audit does it.

Papers keep their dates, so they run out as the year goes by; orders, parcels, messages and disputes are new ones every
ten days and age in between; figures follow the courses below. Beside them stand things that must leave no trace: an
incomplete run with absurd figures, and another store's runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.history.database import History
from agent.history.mutes import Mute
from agent.history.runs import SavedRun
from agent.judging import Question, judge_facts
from checks.facts import Facts
from checks.finding import Subject, fingerprint
from checks.rule import all_rules
from extractors import models as m
from extractors.vocabulary import shipped
from tests.truths import RECORDINGS, facts_of

ZONE = ZoneInfo("America/Los_Angeles")
START, DAYS, EPOCH = date(2026, 1, 1), 365, 10
STORE = "1102345678"
RECORDED = date(2026, 11, 20)
AGEING = ("orders", "tracking", "assessment", "messages", "disputes", "reviews", "violations")
LEFT_OUT = {("tracking", number) for number in range(2, 10)} | {("orders", number) for number in range(3, 7)}
"""Pages that only make the year longer to compute."""
INCOMPLETE = 250
"""On this day at noon a second run could not read a page, and read nonsense on another."""
DISPUTES = fingerprint(STORE, "HLT004", Subject("metric", "dispute_rate"))


def on(number: int) -> date:
    return START + timedelta(days=number)


def at(number: int, hour: int = 3) -> datetime:
    """The moment of a day's capture, on the backend's clock, daylight saving included."""
    return datetime.combine(on(number), time(hour, 15), ZONE)


# --- courses --------------------------------------------------------------------------------------------------------


def dispute_rate(number: int) -> float:
    """Rises from day 30, crosses 0.8 % after day 70, rests, jumps on day 120, is mended on day 150, is back on 300."""
    if 30 <= number < 75:
        return 0.004 + 0.0001 * (number - 30)
    steps = ((30, 0.004), (120, 0.0085), (150, 0.010), (300, 0.004))
    return next((value for before, value in steps if number < before), 0.009)


def rating(number: int) -> float:
    return 4.81 if 200 <= number < 260 else 4.79


def medal(number: int) -> str:
    """Gold falls to silver inside the result window of April."""
    return "gold" if number < 103 else "silver"


def evaluated(day: date) -> date:
    """The Tuesday of the latest weekly evaluation."""
    return day - timedelta(days=(day.weekday() - 1) % 7)


def fulfilment(day: date) -> float:
    """Under the line of 95 % in two evaluations of August."""
    return 0.93 if evaluated(day) in (date(2026, 8, 4), date(2026, 8, 11)) else 0.97


# --- one day --------------------------------------------------------------------------------------------------------


@dataclass
class Year:
    """Makes the facts of any day."""

    base: Facts
    epoch: int = -1
    aged: dict[tuple[str, int], Any] | None = None

    @classmethod
    def made(cls) -> Year:
        facts = facts_of(RECORDINGS / "northwind")
        kept = tuple(r for r in facts.readings if (r.kind, r.sequence) not in LEFT_OUT)
        return cls(replace(facts, readings=kept))

    def facts(self, number: int) -> Facts:
        """The capture of one day."""
        if number // EPOCH != self.epoch:
            self.epoch = number // EPOCH
            by = on(self.epoch * EPOCH) - RECORDED
            mine = (r for r in self.base.readings if r.kind in AGEING)
            self.aged = {(r.kind, r.sequence): _moved(r.data, by, self.epoch) for r in mine}
        readings = tuple(self._reading(reading, number) for reading in self.base.readings)
        moment = at(number)
        return replace(
            self.base, captured_at=moment, finished_at=moment + timedelta(minutes=2), timezone=ZONE, readings=readings
        )

    def _reading(self, reading: m.Reading, number: int) -> m.Reading:
        data = (self.aged or {}).get((reading.kind, reading.sequence), reading.data)
        change = CHANGES.get(reading.kind)
        if change is not None:
            data = data.model_copy(update=change(data, number))
        return reading.model_copy(update={"captured_at": at(number), "data": data})


def _moved(value: Any, by: timedelta, epoch: int, name: str = "") -> Any:
    """Everything that ages, some days earlier or later and under the order numbers of its epoch."""
    if isinstance(value, m.Model) or is_dataclass(value):
        names = type(value).model_fields if isinstance(value, m.Model) else [field.name for field in fields(value)]
        found = copy(value)
        for key in names:
            # Frozen rows are set from below, because building thousands anew would validate each of them.
            object.__setattr__(found, key, _moved(getattr(value, key), by, epoch, key))
        return found
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_moved(one, by, epoch) for one in value)
    if isinstance(value, date):
        return value + by
    return f"{value[:-3]}{epoch:03}" if name == "order_id" else value


def _health(data: Any, number: int) -> dict[str, Any]:
    return {"dispute_rate": dispute_rate(number), "as_of": on(number - 2)}


def _rating(data: Any, number: int) -> dict[str, Any]:
    return {"dispute_rate": dispute_rate(number), "rating": rating(number)}


def _assessment(data: Any, number: int) -> dict[str, Any]:
    return {"dispute_rate": dispute_rate(number), "stat_date": on(number - 2)}


def _level(data: m.LevelData, number: int) -> dict[str, Any]:
    values = {"fulfilment_rate": fulfilment(on(number)), "dispute_rate": 0.005, "order_defect_rate": 0.006}
    values |= {"rating_logistics": 4.8, "health_score": 90.0, "response_rate": 0.97}
    tracker = tuple(i.model_copy(update={"value": values.get(i.name, i.value), "state": "green"}) for i in data.tracker)
    last = evaluated(on(number))
    return {
        "tracker": tracker,
        "weeks": (),
        "evaluated_on": last,
        "next_evaluation_on": last + timedelta(weeks=1),
    }


def _medal(data: Any, number: int) -> dict[str, Any]:
    return {"current": medal(number), "period_ends_on": None}


CHANGES: dict[str, Callable[[Any, int], dict[str, Any]]] = {
    "health": _health,
    "rating": _rating,
    "assessment": _assessment,
    "level": _level,
    "medal": _medal,
}


# --- the year -------------------------------------------------------------------------------------------------------


def spend(path: Path) -> None:
    """Judge and save the whole year into a history file."""
    year, question = Year.made(), Question(list(all_rules().values()), shipped(), {})
    with History(path) as history:
        for number in range(DAYS):
            save(history, year.facts(number), question, baseline=number == DAYS - 1)
            for act in DEEDS.get(number, ()):
                act(history, number)
            if number % 30 == 0:
                save(history, elsewhere(number), question)
            if number == INCOMPLETE:
                save(history, half_read(year.facts(number)), question)


def save(history: History, facts: Facts, question: Question, *, baseline: bool = False) -> SavedRun:
    record = judge_facts(facts, question, capture=None, started_at=facts.captured_at, history=history)
    return history.save(record, baseline=baseline)


def elsewhere(number: int) -> Facts:
    """A capture of another store, with figures of its own."""
    facts = facts_of(RECORDINGS / "harbor")
    moved = tuple(r.model_copy(update={"captured_at": at(number)}) for r in facts.readings if r.kind not in AGEING)
    return replace(facts, captured_at=at(number), finished_at=at(number), readings=moved)


def half_read(facts: Facts) -> Facts:
    """The same day at noon: the documents were an error page, the dispute rate absurd."""
    noon = at(INCOMPLETE, 12)
    return replace(facts, captured_at=noon, finished_at=noon, readings=tuple(_half_read(facts, noon)))


def _half_read(facts: Facts, noon: datetime) -> Iterator[m.Reading]:
    for reading in facts.readings:
        changed: dict[str, Any] = {"captured_at": noon}
        if reading.kind == "documents":
            changed |= {"verdict": m.Verdict.ERROR_PAGE, "data": None}
        elif reading.kind == "health":
            changed["data"] = reading.data.model_copy(update={"dispute_rate": 0.5})
        yield reading.model_copy(update=changed)


Deed = Callable[[History, int], object]


def _mute(until: int, **given: Any) -> Deed:
    def act(history: History, number: int) -> object:
        return history.silences.add(Mute(id=0, reason="known", until=at(until), created_at=at(number), **given))

    return act


def _unmute(mute: int) -> Deed:
    return lambda history, number: history.silences.remove(mute, at(number))


def _accept(history: History, number: int) -> object:
    return history.silences.accept(history.run("last", STORE), at(number))


DEEDS: dict[int, tuple[Deed, ...]] = {
    20: (_mute(40, code="RSP007"),),
    80: (_mute(200, store=STORE, fingerprint=DISPUTES, code="HLT004", subject="dispute_rate"), _unmute(1)),
    210: (_unmute(2),),
    340: (_accept,),
}
"""What the owner of the store does after a day's run: mute 1 on day 20, mute 2 on day 80, a baseline on day 340."""
