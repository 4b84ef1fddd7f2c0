"""The audit itself: rules of the store are stood in for by small ones, so that only the readings are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from checks.audit import Audit
from checks.engine import judge
from checks.finding import Finding, Subject
from checks.policy import Policy, known_names
from checks.rule import Rule, all_rules
from checks.text import Text
from extractors.models import Model, Problem, Reading, Verdict
from tests.rules.build_hlt import assessment, dimension, facts, health, level, medal, messages, rating, violations
from tests.rules.pages import CAPTURED, Judged, garbled, lost, page, says, short
from tests.truths import RECORDINGS, compare

SOME = Text("字", "word")


def asking(*needs: str, code: str = "HLT901", fires: bool = False) -> Rule:
    """A rule of the store that is unknown unless every page that it needs is there; alternatives with ``|``."""

    def check(audit: Audit) -> Iterator[Finding]:
        if fires:
            yield audit.finding(Subject("metric", "x"), SOME, observed="1", expected="2")
        for need in needs:
            kinds = [name.split(".")[0] for name in need.split("|")]
            if not any(audit.facts.read(kind) for kind in kinds):
                audit.reading(kinds[0])
            for kind in kinds:
                audit.gaps += audit.facts.gaps(kind)

    return all_rules()["HLT001"]._replace(code=code, name="asking", needs=needs, check=check)


def judged(
    code: str, rules: Sequence[Rule], *readings: Reading, now: datetime = CAPTURED, premium: bool = False
) -> Judged:
    """One AUD rule after some rules of the store."""
    given = facts(*readings, premium=premium)
    judgement = judge(given, [*rules, all_rules()[code]], Policy(day=now.date(), overrides={}), now)
    found = tuple(finding for finding in judgement.findings if finding.code == code)
    return Judged(found, next(outcome for outcome in judgement.outcomes if outcome.code == code))


def failed(kind: str, verdict: Verdict) -> Reading:
    return page(kind, None, verdict=verdict)


def missing(field: str, label: str | None = "当前层级") -> Problem:
    return Problem(type="field_not_found", field=field, label=label)


NEEDS = {"health": asking("health.score"), "violations": asking("violations", code="HLT902")}
GOOD = page("health", health())


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_a_recording(name: str) -> None:
    assert compare(RECORDINGS / name, ("AUD",)) == []


@pytest.mark.parametrize("code", [code for code in all_rules() if code.startswith("AUD")])
def test_a_good_page_passes_and_no_page_at_all_is_unknown(code: str) -> None:
    assert judged(code, [NEEDS["health"]], GOOD).kind == "pass"
    assert judged(code, [NEEDS["health"]]).kind == "unknown"
    assert set(all_rules()[code].thresholds) <= known_names()


BAD = [
    lost("violations"),
    failed("violations", Verdict.LOGIN),
    failed("violations", Verdict.VERIFICATION),
    failed("violations", Verdict.ERROR_PAGE),
    page("violations", violations(), garbled("violations.decided_on"), short("violations"), missing("total")),
]


@pytest.mark.parametrize("code", ["AUD001", "AUD002", "AUD003", "AUD004", "AUD005", "AUD006"])
@pytest.mark.parametrize("reading", BAD)
def test_a_page_that_no_selected_rule_needs_is_not_reported(code: str, reading: Reading) -> None:
    assert judged(code, [NEEDS["health"]], GOOD, reading).kind == "pass"
    assert judged(code, [], GOOD, reading).kind == "pass"


@pytest.mark.parametrize("code", ["AUD001", "AUD002", "AUD003", "AUD004", "AUD005", "AUD006"])
def test_rules_for_premium_stores_need_nothing_of_others(code: str) -> None:
    for reading in (replaced(reading, "products") for reading in BAD):
        assert judged(code, [asking("products", code="PRM901")], reading).kind == "pass"


def replaced(reading: Reading, kind: str) -> Reading:
    return reading.model_copy(update={"kind": kind})


class TestPageMissing:
    @pytest.mark.parametrize(
        ("reading", "words"),
        [
            (lost("health"), ("未能打开（timed out）", "was not reached (timed out)")),
            (failed("health", Verdict.SKELETON), ("占位符", "placeholders")),
            (failed("health", Verdict.ERROR_PAGE), ("错误页", "error page")),
            (failed("health", Verdict.WRONG_STORE), ("另一家店铺", "another store")),
            (failed("health", Verdict.UNKNOWN), ("版式", "layout")),
        ],
    )
    def test_the_cause_and_the_rules(self, reading: Reading, words: tuple[str, str]) -> None:
        rules = [NEEDS["health"], asking("health.score", code="HLT903"), NEEDS["violations"]]
        finding = judged("AUD001", rules, reading, page("violations", violations())).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("page", "health")
        assert words[0] in finding.message.zh
        assert words[1] in finding.message.en
        says(finding, "HLT901", "HLT903")
        assert "HLT902" not in finding.message.en

    @pytest.mark.parametrize("verdict", [Verdict.LOGIN, Verdict.VERIFICATION])
    def test_what_other_rules_tell(self, verdict: Verdict) -> None:
        assert judged("AUD001", [NEEDS["health"]], failed("health", verdict)).kind == "pass"

    def test_several_pages_of_a_kind_are_one_finding(self) -> None:
        finding = judged("AUD001", [NEEDS["violations"]], lost("violations"), lost("violations")).one
        says(finding, "2")

    def test_one_page_of_a_list_is_enough(self) -> None:
        judgement = judged("AUD001", [NEEDS["violations"]], page("violations", violations()), lost("violations"))
        assert judgement.ids == ["violations"]

    def test_a_rule_that_found_something_may_lack_the_rest(self) -> None:
        rule = asking("violations", code="HLT902", fires=True)
        assert judged("AUD001", [rule], lost("violations")).ids == ["violations"]

    def test_an_alternative_that_was_read_is_enough(self) -> None:
        rule = asking("health.dispute_rate|violations")
        quiet = rule._replace(check=lambda audit: iter(()))
        assert judged("AUD001", [quiet], GOOD, lost("violations")).kind == "pass"

    def test_a_premium_store_needs_its_products(self) -> None:
        rules = [asking("products", code="PRM901")]
        assert judged("AUD001", rules, lost("products"), premium=True).ids == ["products"]

    def test_a_page_that_is_not_part_of_the_capture_is_no_failure_and_no_pass(self) -> None:
        result = judged("AUD001", [NEEDS["violations"]], GOOD)
        assert (result.kind, list(result.findings)) == ("unknown", [])

    def test_another_store_has_another_remedy(self) -> None:
        finding = judged("AUD001", [NEEDS["health"]], failed("health", Verdict.WRONG_STORE)).one
        assert "channel_id" in finding.fix.text.en
        assert "channel_id" not in judged("AUD001", [NEEDS["health"]], lost("health")).one.fix.text.en


class TestFieldMissing:
    def test_the_field_and_the_labels(self) -> None:
        reading = page("medal", medal(current=None), missing("current"))
        finding = judged("AUD002", [asking("medal.current")], reading).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("page", "medal.current")
        says(finding, "medal.current", "当前层级")

    @pytest.mark.parametrize("need", ["medal", "medal.current", "health.score|medal.current"])
    def test_what_needs_it(self, need: str) -> None:
        assert judged("AUD002", [asking(need)], page("medal", medal(), missing("current"))).ids == ["medal.current"]

    def test_a_field_that_no_rule_needs(self) -> None:
        assert judged("AUD002", [asking("medal.metrics")], page("medal", medal(), missing("current"))).kind == "pass"

    @pytest.mark.parametrize(
        ("kind", "field", "name"),
        [
            ("documents", "documents[].valid_until", "documents.valid_until"),
            ("documents", "documents.valid_until", "documents.valid_until"),
            ("documents", "documents[3].valid_until", "documents.valid_until"),
            ("documents", "valid_until", "documents.valid_until"),
            ("orders", "orders.tracking.number", "orders.tracking"),
            ("assessment", "cases.reason", "assessment.reason"),
            ("level", "tracker.value", "level.value"),
            ("level", "tracker", "level.tracker"),
            ("rating", "description.days_60", "rating.description"),
        ],
    )
    def test_the_name_of_a_field(self, kind: str, field: str, name: str) -> None:
        reading = page(kind, health(), missing(field))
        assert judged("AUD002", [asking(kind)], reading).ids == [name]
        assert judged("AUD003", [asking(kind)], page(kind, health(), garbled(field))).ids == [name]

    def test_a_list_s_name_is_enough_to_need_its_rows(self) -> None:
        reading = page("assessment", assessment(), missing("cases.reason"))
        assert judged("AUD002", [asking("assessment.cases")], reading).ids == ["assessment.reason"]

    def test_each_field_once(self) -> None:
        pages = [page("medal", medal(), missing("current")) for _ in range(2)]
        assert judged("AUD002", [asking("medal")], *pages).ids == ["medal.current"]

    def test_labels_that_are_not_known(self) -> None:
        finding = judged("AUD002", [asking("medal")], page("medal", medal(), missing("current", None))).one
        assert "None" not in finding.message.zh + finding.message.en


class TestValueUnreadable:
    def test_the_raw_text(self) -> None:
        finding = judged(
            "AUD003", [asking("health.score")], page("health", health(), garbled("return_rate", "约三"))
        ).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("page", "health.return_rate")
        says(finding, "约三", "return_rate")
        assert finding.evidence is not None
        assert finding.evidence.text == "约三"

    def test_many_rows_are_one_finding(self) -> None:
        problems = [garbled("documents.valid_until", text) for text in ("见图", "图片", "见图")]
        finding = judged("AUD003", [asking("documents")], page("documents", health(), *problems)).one
        says(finding, "见图", "3")


class TestSession:
    def test_login_pages_are_one_finding(self) -> None:
        readings = [failed("health", Verdict.LOGIN), failed("violations", Verdict.LOGIN)]
        finding = judged("AUD004", list(NEEDS.values()), *readings, page("rating", rating())).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("store", "1102345678")
        assert "店铺健康页、违规记录页" in finding.message.zh
        assert "the store-health page, the violations page" in finding.message.en
        assert "shoplint login" in finding.fix.text.en

    def test_a_dead_session_may_look_like_placeholders_everywhere(self) -> None:
        readings = [failed("health", Verdict.SKELETON), failed("violations", Verdict.SKELETON)]
        finding = judged("AUD004", list(NEEDS.values()), *readings).one
        assert "占位符" in finding.message.zh
        assert "session is dead" in finding.message.en

    def test_placeholders_on_some_pages_are_no_dead_session(self) -> None:
        skeleton = failed("violations", Verdict.SKELETON)
        assert judged("AUD004", list(NEEDS.values()), GOOD, skeleton).kind == "pass"
        assert judged("AUD004", list(NEEDS.values()), skeleton).kind == "pass"
        assert judged("AUD004", list(NEEDS.values()), skeleton, lost("health")).kind == "pass"

    def test_a_verification(self) -> None:
        finding = judged("AUD005", [NEEDS["health"]], failed("health", Verdict.VERIFICATION)).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("store", "1102345678")
        assert "店铺健康页" in finding.message.zh
        assert "the store-health page" in finding.message.en
        assert "30" in finding.fix.text.en

    @pytest.mark.parametrize(("code", "verdict"), [("AUD004", Verdict.VERIFICATION), ("AUD005", Verdict.LOGIN)])
    def test_neither_tells_the_other_s_story(self, code: str, verdict: Verdict) -> None:
        assert judged(code, [NEEDS["health"]], failed("health", verdict)).kind == "pass"


class TestListIncomplete:
    def test_one_finding_a_kind(self) -> None:
        readings = [page("violations", violations(), short("violations")) for _ in range(2)]
        finding = judged("AUD006", [NEEDS["violations"]], *readings).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("page", "violations")
        says(finding, "3 of 9")

    def test_a_whole_list(self) -> None:
        assert judged("AUD006", [NEEDS["violations"]], page("violations", violations())).kind == "pass"


class TestStale:
    @pytest.mark.parametrize(
        ("age", "kind"),
        [
            (timedelta(0), "pass"),
            (timedelta(hours=24) - timedelta(seconds=1), "pass"),
            (timedelta(hours=24), "pass"),
            (timedelta(hours=24, seconds=1), "fail"),
            (timedelta(days=30), "fail"),
        ],
    )
    def test_a_day(self, age: timedelta, kind: str) -> None:
        assert judged("AUD007", [NEEDS["health"]], GOOD, now=CAPTURED + age).kind == kind

    def test_what_it_says(self) -> None:
        finding = judged("AUD007", [], GOOD, now=CAPTURED + timedelta(hours=25, minutes=45)).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("store", "1102345678")
        says(finding, "2026-06-10 10:00 -07:00")
        assert "1 天 1 小时" in finding.message.zh
        assert "1 d 1 h" in finding.message.en

    def test_the_oldest_page_counts_and_once(self) -> None:
        old = page("orders", health(), captured=CAPTURED - timedelta(hours=25))
        assert len(judged("AUD007", [], GOOD, old, lost("rating")).findings) == 1


class TestDisagreement:
    @staticmethod
    def over(**data: Model) -> Judged:
        return judged("AUD008", [], *(page(kind, model) for kind, model in data.items()))

    def test_what_it_says(self) -> None:
        finding = self.over(health=health(), assessment=assessment(fulfilment_rate=0.9731)).one
        assert finding.severity == "info"
        assert (finding.subject.type, finding.subject.id) == ("metric", "fulfilment_rate")
        says(finding, "98.50%", "97.31%")
        assert "店铺健康页" in finding.message.zh
        assert "the shipping-promise page" in finding.message.en

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("dispute_rate", {"health": health(), "rating": rating(dispute_rate=0.007)}),
            ("dispute_rate", {"rating": rating(), "assessment": assessment(dispute_rate=0.007)}),
            ("dispute_rate", {"health": health(), "level": level(dispute_rate=0.007)}),
            ("positive_rate", {"health": health(), "assessment": assessment(positive_rate=0.97)}),
            ("order_defect_rate", {"health": health(), "level": level(order_defect_rate=0.006)}),
            ("score", {"health": health(), "level": level(health_score=92.0)}),
            ("response_rate", {"messages": messages(), "level": level(response_rate=0.96)}),
            ("first_reply_12h_rate", {"messages": messages(), "rating": rating(first_reply_12h_rate=0.97)}),
            ("reply_24h_rate", {"messages": messages(), "assessment": assessment(reply_24h_rate=0.98)}),
            ("average_reply_s", {"messages": messages(average_reply_s=900), "health": health()}),
            ("description", {"rating": rating(), "level": level(rating_description=4.8)}),
            ("logistics", {"rating": rating(), "level": level(rating_logistics=4.8)}),
            ("service", {"rating": rating(service=dimension(4.9)), "level": level(rating_service=4.82)}),
            ("opened_on", {"rating": rating(), "medal": medal(opened_on=date(2023, 8, 9))}),
        ],
    )
    def test_every_figure(self, name: str, data: dict[str, Model]) -> None:
        assert self.over(**data).ids == [name]

    def test_pages_that_agree(self) -> None:
        shown = level(dispute_rate=0.006, fulfilment_rate=0.985, rating_service=4.82, response_rate=0.97)
        assert (
            self.over(
                health=health(),
                rating=rating(),
                assessment=assessment(),
                messages=messages(),
                medal=medal(),
                level=shown,
            ).kind
            == "pass"
        )

    @pytest.mark.parametrize(("other", "kind"), [(0.98509, "pass"), (0.98511, "fail")])
    def test_rounding_of_two_decimals(self, other: float, kind: str) -> None:
        assert self.over(health=health(), assessment=assessment(fulfilment_rate=other)).kind == kind

    @pytest.mark.parametrize(
        ("value", "text", "other", "kind"),
        [
            (0.985, "98.5%", 0.98455, "pass"),
            (0.985, "98.5%", 0.98444, "fail"),
            (0.985, "98.50%", 0.98455, "fail"),
            (0.99, "99 %", 0.9851, "pass"),
        ],
    )
    def test_the_digits_that_a_page_shows(self, value: float, text: str, other: float, kind: str) -> None:
        coarse = page("health", health(fulfilment_rate=value), figures={"fulfilment_rate": ("履约时效", text)})
        fine = page("assessment", assessment(fulfilment_rate=other))
        assert judged("AUD008", [], coarse, fine).kind == kind

    @pytest.mark.parametrize(
        ("text", "value", "kind"), [("4小时", 15_900, "pass"), ("4小时", 16_500, "fail"), ("4小时0分", 14_500, "fail")]
    )
    def test_the_unit_that_a_page_shows(self, text: str, value: int, kind: str) -> None:
        coarse = page("health", health(average_reply_s=14_400), figures={"average_reply_s": ("平均回复时长", text)})
        assert judged("AUD008", [], coarse, page("messages", messages(average_reply_s=value))).kind == kind

    def test_different_days_explain_a_difference(self) -> None:
        yesterday = CAPTURED.date() - timedelta(days=1)
        assert self.over(health=health(), assessment=assessment(dispute_rate=0.01, stat_date=yesterday)).kind == "pass"
        assert self.over(health=health(), level=level(yesterday, dispute_rate=0.01)).kind == "pass"

    def test_an_unknown_day_explains_nothing(self) -> None:
        assert self.over(health=health(), level=level(None, dispute_rate=0.01)).ids == ["dispute_rate"]

    def test_a_figure_that_is_not_assessed_disagrees_with_nothing(self) -> None:
        assert self.over(health=health(fulfilment_rate=None), assessment=assessment()).kind == "pass"

    def test_a_page_that_is_not_itself_disagrees_with_nothing(self) -> None:
        assert judged("AUD008", [], GOOD, failed("assessment", Verdict.LOGIN)).kind == "pass"

    def test_one_finding_a_figure(self) -> None:
        data: dict[str, Any] = {
            "health": health(),
            "rating": rating(dispute_rate=0.01),
            "assessment": assessment(dispute_rate=0.02),
        }
        assert self.over(**data).ids == ["dispute_rate"]
