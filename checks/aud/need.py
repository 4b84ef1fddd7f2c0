"""What the selected rules need of the pages, and what was left in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from checks.audit import Audit
from checks.facts import LISTS
from checks.finding import OutcomeKind
from checks.page_names import page_name
from checks.rule import Rule
from checks.text import Text
from extractors.models import Problem, Reading, Verdict

CONTAINERS = frozenset(LISTS.values()) | {"tracker", "why_not", "weeks", "metrics"}
"""Fields that hold rows: a problem inside one is about the field of the row."""


def readers(audit: Audit, kind: str) -> list[Rule]:
    """The selected rules that read a kind of page and speak of this store at all."""
    return [rule for rule in audit.selected if kind in rule.kinds and (rule.family != "PRM" or audit.store.premium)]


def in_the_dark(audit: Audit, kind: str) -> list[str]:
    """Codes of the rules that read a kind of page and could not judge all that they should."""
    codes = []
    for rule in readers(audit, kind):
        outcome = audit.outcomes.get(rule.code)
        if (
            outcome is None
            or outcome.kind is OutcomeKind.UNKNOWN
            or (outcome.kind is OutcomeKind.FAIL and outcome.reason)
        ):
            codes.append(rule.code)
    return codes


def pages(audit: Audit, verdict: Verdict) -> list[Reading]:
    """The pages that selected rules need and that turned out to be this instead."""
    return [page for page in audit.facts.readings if page.verdict is verdict and readers(audit, page.kind)]


def names(found: list[Reading]) -> Text:
    """What some pages are called, each once, in the order in which they were visited."""
    called = [page_name(kind) for kind in dict.fromkeys(page.kind for page in found)]
    return Text("、".join(name.zh for name in called), ", ".join(name.en for name in called))


def field(problem: Problem) -> str:
    """The field of the public data that a problem is about: of a row its column, of a group its name."""
    parts = [part.partition("[")[0] for part in problem.field.split(".")]
    return parts[1] if len(parts) > 1 and parts[0] in CONTAINERS else parts[0]


def is_needed(audit: Audit, kind: str, problem: Problem) -> bool:
    """Whether a selected rule reads the field of a problem, or the whole page."""
    wanted = {kind, *(f"{kind}.{part.partition('[')[0]}" for part in problem.field.split("."))}
    return any(name in wanted for rule in readers(audit, kind) for need in rule.needs for name in need.split("|"))


def problems(
    audit: Audit, sort: Literal["field_not_found", "value_not_understood", "list_incomplete"]
) -> Iterator[tuple[Reading, Problem]]:
    """The problems of one sort on pages that selected rules need."""
    for reading in audit.facts.readings:
        if reading.verdict is not None and reading.verdict.readable and readers(audit, reading.kind):
            for problem in reading.problems:
                if problem.type == sort:
                    yield reading, problem


def sentence(words: str) -> str:
    """Words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def named(codes: list[str]) -> Text:
    """The rules that could not be judged, for the end of a sentence."""
    if not codes:
        return Text("", "")
    return Text(f"，无法判断：{'、'.join(codes)}", f"; not judged: {', '.join(codes)}")
