"""A run in the order in which people read it: what is due, what each rule found, what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from agent.history.runs import SavedRun, State, StatedFinding
from agent.words import FAMILY, STATE, SUBJECT
from checks.finding import Finding, OutcomeKind, Severity
from checks.rule import Rule, all_rules
from checks.text import Language, Text, day

SIGNS = {"error": "✖", "warning": "▲", "info": "●"}
"""A severity that is told by more than its colour."""


ACCEPTED = Text("基线已接受", "accepted by the baseline")
NUMBERED = frozenset(
    {"order", "parcel", "document", "conversation", "dispute", "refund", "review", "violation", "product"}
)
"""Subjects that are one of many: a message that does not name its own is told which one it is about."""


class RuleFindings(NamedTuple):
    """What one rule found, the gravest and most urgent first; there is always at least one."""

    code: str
    findings: tuple[StatedFinding, ...]

    @property
    def gravest(self) -> Finding:
        return self.findings[0].finding

    @property
    def rule(self) -> Rule | None:
        """The rule as this version knows it; None for one of another version."""
        return all_rules().get(self.code)

    def title(self, language: Language) -> str:
        return title(self.code, language) or self.gravest.name


class FamilyFindings(NamedTuple):
    """What the rules of one family found."""

    family: str
    rules: tuple[RuleFindings, ...]

    def name(self, language: Language) -> str:
        return family_name(self.family, language)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity, the gravest first, without zeros."""
        found = [stated.finding.severity for rule in self.rules for stated in rule.findings]
        return {s.value: found.count(s) for s in Severity if s in found}


def subject_of(found: Finding, language: Language) -> str:
    """What a finding is about: "order 8203955732372614"."""
    named = SUBJECT.get(found.subject.type)
    return f"{named.to(language) if named else found.subject.type} {found.subject.id}"


def told(found: Finding, language: Language) -> str:
    """The message, with its subject in front where it names none."""
    text = found.message.to(language)
    if found.subject.type in NUMBERED and found.subject.id not in text:
        return Text("{}：{}", "{}: {}").to(language).format(subject_of(found, language), text)
    return text


def title(code: str, language: Language) -> str | None:
    """The rule's title; None for a rule that this version does not know."""
    rule = all_rules().get(code)
    return rule.title.to(language) if rule else None


def family_name(family: str, language: Language) -> str:
    return FAMILY.get(family, Text(family, family)).to(language)


def standing(run: SavedRun) -> list[StatedFinding]:
    """The findings that hold and are neither muted nor accepted by the baseline."""
    return [f for f in run.findings if f.counts]


def silenced(run: SavedRun) -> list[StatedFinding]:
    """The findings that hold but count for nothing: muted, or accepted by the baseline."""
    return [f for f in run.findings if not f.counts and f.state is not State.RESOLVED]


def silence(stated: StatedFinding, language: Language) -> str:
    """Why a finding counts for nothing."""
    if stated.mute is not None:
        until = day(stated.mute.until.date())
        why = Text(f"已静音至 {until}：{stated.mute.reason}", f"muted until {until}: {stated.mute.reason}")
        return why.to(language)
    return (ACCEPTED if stated.accepted else STATE["muted"]).to(language)


def in_state(run: SavedRun, state: State) -> list[StatedFinding]:
    return [f for f in run.findings if f.state is state]


def on_a_clock(findings: Iterable[StatedFinding]) -> list[StatedFinding]:
    """The findings with a deadline, the nearest first; a date that is only worth knowing is no deadline."""
    due = [f for f in findings if f.finding.due_at and f.finding.severity is not Severity.INFO]
    return sorted(due, key=lambda f: (_due(f), f.finding.severity.rank, f.finding.code, f.finding.subject.id))


def by_family(findings: Iterable[StatedFinding]) -> list[FamilyFindings]:
    """The findings by family and rule, in the order of the families; unknown families come last."""
    order = {family: place for place, family in enumerate(FAMILY)}
    ranked = sorted(
        findings,
        key=lambda f: (
            order.get(f.finding.code[:3], len(order)),
            f.finding.code,
            f.finding.severity.rank,
            _due(f),
            f.finding.subject.id,
        ),
    )
    return [
        FamilyFindings(
            family,
            tuple(RuleFindings(code, tuple(same)) for code, same in groupby(members, key=lambda f: f.finding.code)),
        )
        for family, members in groupby(ranked, key=lambda f: f.finding.code[:3])
    ]


def by_rule(findings: Iterable[StatedFinding]) -> list[RuleFindings]:
    """The findings by rule, the gravest rule first."""
    rules = [rule for family in by_family(findings) for rule in family.rules]
    return sorted(rules, key=lambda rule: rule.gravest.severity.rank)


def gaps(run: SavedRun, kind: OutcomeKind, language: Language) -> list[tuple[str, list[str]]]:
    """The reasons that outcomes of one kind name, each with its rules; without a reason it is "-"."""
    reasons: dict[str, list[str]] = {}
    for outcome in run.record.outcomes:
        if outcome.kind is kind:
            reasons.setdefault(outcome.reason.to(language) if outcome.reason else "-", []).append(outcome.code)
    return list(reasons.items())


def partly_judged(run: SavedRun, language: Language) -> list[tuple[str, list[str]]]:
    """What rules that did find something could not see."""
    return [(reason, codes) for reason, codes in gaps(run, OutcomeKind.FAIL, language) if reason != "-"]


def store_name(run: SavedRun, language: Language) -> str:
    store = run.record.store
    return store.name or store.id or Text("订单导出", "order export").to(language)


def shortened(text: str, limit: int) -> str:
    """The text on one line of at most ``limit`` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def numbered(rules: Sequence[RuleFindings]) -> int:
    """How many findings the rules hold."""
    return sum(len(rule.findings) for rule in rules)


def _due(stated: StatedFinding) -> float:
    return stated.finding.due_at.timestamp() if stated.finding.due_at else float("inf")
