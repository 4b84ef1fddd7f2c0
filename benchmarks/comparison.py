"""One line of the results: a subject, its baseline, and the ratio that was to be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.process import Medians, Taken

MIB = 1024 * 1024
Measure = Callable[[], Taken]


@dataclass(frozen=True)
class Goal:
    """What is to be reached. ``faster`` turns the ratio round: baseline by subject, at least ``ratio``."""

    ratio: float | None = None
    peak: int | None = None
    faster: bool = False


@dataclass(frozen=True)
class Comparison:
    """The medians of both sides of one benchmark."""

    name: str
    subject: str
    baseline: str
    ours: Medians
    least: Medians
    goal: Goal

    @property
    def ratio(self) -> float:
        """Ours by the baseline's; the other way round where the goal is to be faster."""
        part, whole = (self.least, self.ours) if self.goal.faster else (self.ours, self.least)
        return part.wall_s / whole.wall_s

    @property
    def cpu_ratio(self) -> float:
        """The same of processor time, which other work on the machine disturbs less."""
        part, whole = (self.least, self.ours) if self.goal.faster else (self.ours, self.least)
        return part.cpu_s / whole.cpu_s

    @property
    def is_met(self) -> bool:
        """Whether every target of the line is reached; a line without a target is."""
        goal = self.goal
        fast = goal.ratio is None or (self.ratio >= goal.ratio if goal.faster else self.ratio <= goal.ratio)
        return fast and (goal.peak is None or self.ours.peak <= goal.peak)


def in_turns(ours: Measure, least: Measure, rounds: int, slow: int | None = None) -> tuple[Medians, Medians]:
    """Measure both sides in turns, so that a busy moment strikes both; one round before does not count.

    A baseline that takes minutes is measured ``slow`` times only, and every time counts.
    """
    first, *mine = [(ours(), least() if slow is None or number < slow else None) for number in range(rounds + 1)]
    theirs = [taken for _, taken in (mine if slow is None else (first, *mine)) if taken is not None]
    return Medians.of([a for a, _ in mine]), Medians.of(theirs)
