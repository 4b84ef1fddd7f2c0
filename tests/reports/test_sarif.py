"""SARIF 2.1.0: held against models that were generated from the official schema, and what the schema cannot say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from agent.history.runs import SavedRun
from agent.reports import render
from agent.reports.sarif import message
from checks.rule import all_rules
from checks.text import Language
from tests.history_runs import finding
from tests.reports.build import HOSTILE, hostile, look, saved, stated, whole


def parsed(run: SavedRun, language: Language = "en") -> dict[str, Any]:
    """The one run of a log that is valid."""
    log = json.loads(render("sarif", run, look(language)))
    Log.model_validate(log)
    (found,) = log["runs"]
    assert isinstance(found, dict)
    return found


def results(run: SavedRun, code: str) -> list[dict[str, Any]]:
    return [result for result in parsed(run)["results"] if result["ruleId"] == code]


def test_the_models_refuse_what_the_schema_does_not_know() -> None:
    log = json.loads(render("sarif", whole(), look()))
    log["runs"][0]["results"][0]["levels"] = "error"
    with pytest.raises(ValueError, match="levels"):
        Log.model_validate(log)


def test_levels_follow_the_severity() -> None:
    levels = {result["ruleId"]: result["level"] for result in parsed(whole())["results"]}
    assert (levels["LOG001"], levels["LOG003"], levels["LOG012"]) == ("error", "warning", "note")


def test_every_result_points_to_its_rule() -> None:
    run = parsed(whole())
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rules_carry_their_help(language: Language) -> None:
    rules = {rule["id"]: rule for rule in parsed(whole(), language)["tool"]["driver"]["rules"]}
    rule, shown = all_rules()["LOG001"], rules["LOG001"]
    assert shown["name"] == rule.name
    assert shown["shortDescription"]["text"] == rule.title.to(language)
    assert rule.why.to(language) in shown["help"]["text"]
    assert rule.fix.to(language) in shown["help"]["markdown"]
    assert shown["defaultConfiguration"]["level"] == "error"


def test_the_fingerprint_is_the_findings_own() -> None:
    found = whole().findings
    prints = [result["partialFingerprints"] for result in parsed(whole())["results"]]
    assert prints == [{"shoplint/v1": s.finding.fingerprint} for s in found]


def test_store_page_and_subject_are_places_within_each_other() -> None:
    run = parsed(whole())
    places = run["logicalLocations"]
    (place,) = run["results"][0]["locations"][0]["logicalLocations"]
    assert place["kind"] == "order"
    assert place["fullyQualifiedName"] == "northwind/orders-1/order:8203955732372614"
    subject = places[place["index"]]
    page = places[subject["parentIndex"]]
    store = places[page["parentIndex"]]
    assert (page["kind"], page["name"], store["kind"], store["name"]) == (
        "page",
        "orders-1",
        "store",
        "Northwind Official Store",
    )
    assert "parentIndex" not in store


def test_what_is_new_persists_or_is_gone() -> None:
    run = parsed(whole())
    states = [result["baselineState"] for result in run["results"]]
    assert states == ["new", "unchanged", "unchanged", "new", "unchanged", "new", "absent"]
    before = parsed(saved(id="northwind-0000"))
    assert run["baselineGuid"] == before["automationDetails"]["guid"]
    assert run["automationDetails"]["guid"] != run["baselineGuid"]


def test_a_first_run_claims_no_baseline() -> None:
    run = parsed(saved([stated(finding())]))
    assert "baselineGuid" not in run
    assert "baselineState" not in run["results"][0]


def test_muted_is_suppressed_with_its_reason() -> None:
    (muted,) = results(whole(), "LOG009")
    (suppression,) = muted["suppressions"]
    assert suppression["justification"].endswith("两单合并发货")
    assert all("suppressions" not in result for result in results(whole(), "LOG001"))


def test_what_could_not_be_judged_is_a_notification() -> None:
    (invocation,) = parsed(whole())["invocations"]
    told = {
        n["associatedRule"]["id"]: (n["level"], n["message"]["text"]) for n in invocation["toolExecutionNotifications"]
    }
    assert told.keys() == {"RSP001", "RSP002", "LIC001"}
    assert told["RSP001"][0] == "warning"
    assert told["RSP001"][1].endswith("the messages page was not reached (timeout)")
    assert told["LIC001"][0] == "note"
    assert re.fullmatch(r"2026-11-20T00:00:00\.000Z", invocation["startTimeUtc"])


def test_a_rule_of_another_version_is_described_by_its_name() -> None:
    run = parsed(saved([stated(finding("1", "LOG999", name="of-tomorrow"))]))
    assert {"id": "LOG999", "name": "of-tomorrow", "shortDescription": {"text": "of-tomorrow"}} in run["tool"][
        "driver"
    ]["rules"]


def test_braces_and_links_of_a_page_mean_nothing() -> None:
    assert message("a {0} [x](1) [y] \\") == "a {{0}} \\[x](1) [y] \\\\"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_text(name: str) -> None:
    found = results(hostile(HOSTILE[name]), "LOG001")
    wanted = HOSTILE[name].replace("\ud83d", "?")
    assert [result["properties"]["evidence"]["text"] for result in found] == [wanted]
    assert [result["message"]["text"] for result in found] == [message(wanted)]
