"""Any run in any form, from the command line; and the page that the demo leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.cli.options import FORMATS as OFFERED
from agent.history.database import History
from agent.history.runs import StoreRef
from agent.reports import FORMATS, render
from agent.reports.digest import by_family, by_rule, standing
from checks.finding import Severity
from checks.text import Language
from tests.cli import Shell
from tests.history_runs import day, finding, run
from tests.reports.build import HOSTILE, due, hostile, look, saved, stated, whole

BEGINS = {
    "table": "Northwind Official Store",
    "json": "{",
    "html": "<!doctype html>",
    "markdown": "# Northwind Official Store",
    "csv": '\ufeff"',
    "junit": '<?xml version="1.0" encoding="UTF-8"?>',
    "sarif": "{",
}


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def past(shell: Shell) -> Shell:
    """A home with three runs of one store."""
    with History(shell.home / "history.db") as history:
        for number, subjects in enumerate((["1", "2"], ["2", "3"], ["3"])):
            history.save(run(number, [finding(subject) for subject in subjects]))
    return shell


def test_every_form_that_is_offered_exists() -> None:
    assert set(OFFERED) == set(FORMATS) == set(BEGINS)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reference", ["northwind-0000", "northwind-0001", "last"])
def test_any_past_run_in_any_form(past: Shell, form: str, language: Language, reference: str) -> None:
    answer = past("report", reference, "--format", form, "--lang", language)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.lstrip().startswith(BEGINS[form])


@pytest.mark.parametrize("form", FORMATS)
def test_show_and_report_are_the_same(past: Shell, form: str) -> None:
    assert past("show", "last", "--format", form).out == past("report", "last", "--format", form).out


def test_several_forms_at_once(past: Shell, tmp_path: Path) -> None:
    forms = [name for name in FORMATS if name != "table"]
    given = [part for name in forms for part in ("--format", name, "-o", str(tmp_path / name))]
    answer = past("report", "northwind-0001", *given, "--lang", "en")
    assert answer.code == 0
    assert answer.out == ""
    assert f"the HTML report lies at {tmp_path / 'html'}, open it in a browser" in answer.err
    for name in forms:
        assert (tmp_path / name).read_text("utf-8").startswith(BEGINS[name])
    assert json.loads((tmp_path / "json").read_text("utf-8"))["run"]["id"] == "northwind-0001"


def test_trends_end_with_the_run_that_is_shown(past: Shell) -> None:
    page = past("report", "northwind-0001", "--format", "html", "--lang", "en").out
    assert "2 points from 2026-11-20 03:15 PST to 2026-11-21 03:15 PST" in page
    assert 'id="trends"' not in past("report", "northwind-0000", "--format", "html").out


def test_a_wrong_form_is_one_sentence(past: Shell) -> None:
    answer = past("report", "last", "--format", "pdf")
    assert answer.code == 2
    assert "pdf" in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_a_run_that_is_not_there(past: Shell) -> None:
    answer = past("report", "northwind-9", "--format", "html")
    assert (answer.code, answer.out) == (2, "")
    assert "northwind-9" in answer.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demo_says_where_its_page_lies(shell: Shell, language: Language) -> None:
    answer = shell("demo", "--lang", language)
    path = shell.home / "demo" / "report.html"
    assert str(path) in answer.err
    page = path.read_text("utf-8")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    for name in ("first", "findings", "ladders", "gaps", "run"):
        assert f'id="{name}"' in page
    assert 'href="https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176"' in page


def test_the_demo_writes_nothing_but_its_result_to_stdout(shell: Shell) -> None:
    assert json.loads(shell("demo", "--format", "json").out)["format"] == 1


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_no_text_of_a_page_breaks_a_form(form: str, name: str) -> None:
    for language in ("zh", "en"):
        text = render(form, hostile(HOSTILE[name]), look(language))
        assert text.encode("utf-8")


def test_the_table_takes_no_text_of_a_page_for_its_own_marks() -> None:
    subject = "[/b] [red] :warning:"
    lines = render("table", saved([stated(finding(subject, due_at=due(3)))]), look()).splitlines()
    assert any(line.endswith(f"LOG001 order {subject}") for line in lines)


@pytest.mark.parametrize(("language", "name"), [("zh", "订单导出"), ("en", "order export")])
def test_an_order_export_alone_has_no_store(language: Language, name: str) -> None:
    run = saved([stated(finding())])
    run = run._replace(record=run.record._replace(store=StoreRef("order-export"), captured_at=None, capture=None))
    for form in FORMATS:
        text = render(form, run, look(language))
        assert (name in text) == (form in ("table", "html", "markdown")), form


def test_findings_stand_in_the_order_of_families_and_urgency() -> None:
    late, soon = finding("1", due_at=day(3)), finding("2", due_at=day(1))
    mild = finding("3", severity=Severity.INFO, due_at=None)
    other = finding("4", "LIC001", severity=Severity.WARNING)
    families = by_family(map(stated, (other, mild, late, soon)))
    assert [(f.family, [[s.finding.subject.id for s in r.findings] for r in f.rules]) for f in families] == [
        ("LOG", [["2", "1", "3"]]),
        ("LIC", [["4"]]),
    ]
    assert families[0].counts == {"error": 2, "info": 1}
    assert [rule.code for rule in by_rule([stated(mild), stated(other)])] == ["LIC001", "LOG001"]


def test_what_is_muted_or_accepted_does_not_stand() -> None:
    accepted = stated(finding("9"), accepted=True)
    assert standing(saved([accepted, *whole().findings])) == [s for s in whole().findings if s.counts]
