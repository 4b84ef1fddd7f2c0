"""The report as test results, for build servers: a family is a suite, a rule is a case.

A rule with findings fails, one that does not apply is skipped, one that could not be judged is an error. A rule whose
findings are all silenced passes and says so. Characters that XML cannot hold are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from xml.etree import ElementTree as ET

from agent.history.runs import SavedRun, StatedFinding
from agent.reports import Look
from agent.reports.digest import SIGNS, family_name, silence, silenced, standing, title, told
from agent.words import SEVERITY
from checks.finding import Outcome, OutcomeKind
from checks.text import Text

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COUNTED = {OutcomeKind.FAIL: "failures", OutcomeKind.UNKNOWN: "errors", OutcomeKind.NOT_APPLICABLE: "skipped"}


def render(run: SavedRun, look: Look) -> str:
    root = ET.Element("testsuites", name="shoplint")
    found = _by_code(standing(run))
    families: dict[str, list[Outcome]] = {}
    for outcome in run.record.outcomes:
        families.setdefault(outcome.code[:3], []).append(outcome)
    for family, outcomes in families.items():
        root.append(_suite(run, family, outcomes, found, look))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _seconds(run))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _suite(
    run: SavedRun, family: str, outcomes: list[Outcome], found: dict[str, list[StatedFinding]], look: Look
) -> ET.Element:
    record = run.record
    suite = ET.Element("testsuite", name=legal(f"{family} {family_name(family, look.language)}"))
    kinds = [_kind(outcome, found) for outcome in outcomes]
    suite.set("tests", str(len(outcomes)))
    for kind, name in COUNTED.items():
        suite.set(name, str(kinds.count(kind)))
    suite.set("time", "0")
    # The form that all readers take: UTC, to the second, without an offset.
    suite.set("timestamp", f"{record.now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}")
    properties = ET.SubElement(suite, "properties")
    for name, value in (("store", record.store.key), ("run", record.id), ("tool", record.tool)):
        ET.SubElement(properties, "property", name=name, value=legal(value))
    muted = _by_code(silenced(run))
    for outcome, kind in zip(outcomes, kinds, strict=True):
        suite.append(_case(outcome, kind, found.get(outcome.code, []), muted.get(outcome.code, []), look))
    return suite


def _case(
    outcome: Outcome, kind: OutcomeKind, found: Sequence[StatedFinding], muted: Sequence[StatedFinding], look: Look
) -> ET.Element:
    say = look.language
    name = title(outcome.code, say) or outcome.code
    case = ET.Element(
        "testcase", name=legal(f"{outcome.code} {name}"), classname=f"shoplint.{outcome.code[:3]}", time="0"
    )
    reason = outcome.reason.to(say) if outcome.reason else Text("没有说明", "no reason given").to(say)
    if kind is OutcomeKind.FAIL:
        failure = _told(case, "failure", _summary(found, look), found[0].finding.severity.value)
        failure.text = legal("\n".join(_line(stated, look) for stated in found))
    elif kind is OutcomeKind.UNKNOWN:
        _told(case, "error", reason, "unknown").text = legal(reason)
    elif kind is OutcomeKind.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message=legal(reason))
    if muted:
        lines = [f"{silence(stated, say)}: {told(stated.finding, say)}" for stated in muted]
        ET.SubElement(case, "system-out").text = legal("\n".join(lines))
    return case


def _told(case: ET.Element, tag: str, message: str, kind: str) -> ET.Element:
    return ET.SubElement(case, tag, message=legal(" ".join(message.split())), type=kind)


def _summary(found: Sequence[StatedFinding], look: Look) -> str:
    """The gravest message, and how many more there are."""
    more = len(found) - 1
    gravest = told(found[0].finding, look.language)
    return gravest + (Text(f"（另有 {more} 条）", f" (and {more} more)").to(look.language) if more else "")


def _line(stated: StatedFinding, look: Look) -> str:
    say, found = look.language, stated.finding
    due = f" [{Text('截止', 'due').to(say)} {found.due_at.isoformat()}]" if found.due_at else ""
    severity = f"{SIGNS[found.severity.value]} {SEVERITY[found.severity.value].to(say)}"
    return f"{severity}: {told(found, say)}{due} ({found.fingerprint})"


def _kind(outcome: Outcome, found: dict[str, list[StatedFinding]]) -> OutcomeKind:
    """How a rule came out once what is muted is left aside."""
    if outcome.kind is OutcomeKind.FAIL and outcome.code not in found:
        return OutcomeKind.PASS
    return outcome.kind


def _by_code(findings: Sequence[StatedFinding]) -> dict[str, list[StatedFinding]]:
    """The findings by rule, the gravest first."""
    by_code: dict[str, list[StatedFinding]] = {}
    for stated in sorted(findings, key=lambda f: (f.finding.severity.rank, f.finding.subject.id)):
        by_code.setdefault(stated.finding.code, []).append(stated)
    return by_code


def _seconds(run: SavedRun) -> str:
    return f"{(run.record.finished_at - run.record.started_at).total_seconds():.3f}"


def legal(text: str) -> str:
    """The text without characters that XML 1.0 cannot hold, not even escaped."""
    return _ILLEGAL.sub("", text)
