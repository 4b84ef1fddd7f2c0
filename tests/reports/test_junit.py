"""Test results for build servers: a rule is a case, and every reader of the common form takes the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from agent.history.runs import SavedRun, State
from agent.reports import render
from agent.reports.junit import legal
from checks.text import Language
from tests.history_runs import finding
from tests.reports.build import HOSTILE, hostile, look, saved, stated, whole

COMMON_FORM = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("junit.rng"))))
"""What readers agree on: no standard exists, this is the form that Ant began and Jenkins, GitLab and others read."""


def parsed(run: SavedRun, language: Language = "en") -> etree._Element:
    root = etree.fromstring(render("junit", run, look(language)).encode())
    COMMON_FORM.assertValid(root)
    return root


def case(root: etree._Element, code: str) -> etree._Element:
    (found,) = [c for c in root.iter("testcase") if (c.get("name") or "").startswith(code)]
    return found


def test_every_rule_is_a_case_of_its_family() -> None:
    root = parsed(whole())
    assert [s.get("name") for s in root] == [
        "LOG Logistics",
        "LIC Licences",
        "RSP Response",
        "HLT Store health",
        "MDL Medals",
    ]
    assert len(list(root.iter("testcase"))) == len(whole().record.outcomes)


def test_a_rule_with_findings_fails_and_lists_them() -> None:
    failure = case(parsed(whole()), "LOG001").find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert (failure.get("message") or "").endswith("(and 1 more)")
    lines = (failure.text or "").splitlines()
    assert [("8203955732372614" in line, "8203955732372615" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert "[due 2026-11-19T22:15:00-08:00]" in lines[0]


def test_what_could_not_be_judged_is_an_error_and_what_does_not_apply_is_skipped() -> None:
    root = parsed(whole(), "zh")
    error, skipped = case(root, "RSP001").find("error"), case(root, "MDL007").find("skipped")
    assert error is not None
    assert error.get("message") == "买家消息页未能打开（超时）"
    assert skipped is not None
    assert skipped.get("message") == "店铺已有奖牌"
    assert len(case(root, "HLT001")) == 0


def test_a_rule_whose_findings_are_all_muted_passes_and_says_so() -> None:
    muted = case(parsed(whole()), "LOG009")
    assert muted.find("failure") is None
    assert "两单合并发货" in (muted.findtext("system-out") or "")


def test_the_totals_add_up() -> None:
    root = parsed(whole())
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        assert int(root.get(name) or -1) == len(list(root.iter(tag)))
        for suite in root:
            assert int(suite.get(name) or -1) == len(list(suite.iter(tag)))
    assert sum(int(suite.get("skipped") or -1) for suite in root) == len(list(root.iter("skipped"))) == 1


def test_a_run_without_rules_is_still_a_file() -> None:
    root = parsed(saved(outcomes={}, selected=()))
    assert root.tag == "testsuites"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_text(name: str) -> None:
    root = parsed(hostile(HOSTILE[name]))
    assert not list(root.iter("script", "img", "b"))
    wanted = legal(HOSTILE[name]).replace("\r\n", "\n")
    assert wanted in (case(root, "LOG001").findtext("failure") or "")


@pytest.mark.parametrize("char", [*map(chr, range(32)), "\x7f", "\ud83d", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out(char: str) -> None:
    kept = char if char in "\t\n\r\x7f" else ""
    assert legal(f"a{char}b") == f"a{kept}b"
    parsed(saved([stated(finding("1", name=f"a{char}b"), State.NEW)]))
