"""PRM001–PRM011: premium operation, for stores that their owner marks as premium and no others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checks.finding import OutcomeKind, Severity, Subject, fingerprint
from checks.rule import all_rules
from extractors import models as m
from tests import truths
from tests.rules.build_lvl import TODAY, document, documents, health, papers, usd, violation, violations
from tests.rules.build_pages import NOW, STORE, ZONE, Verdict, page, short, store, unreadable
from tests.rules.build_prm import TRADEMARK, premium, product, products, trial
from tests.rules.pages import says

CODES = [code for code in all_rules() if code.startswith("PRM")]


def judged(code: str, *pages: m.Reading, **given: Any) -> Verdict:
    return Verdict(code, premium(*pages), **given)


def of_products(code: str, *rows: m.Product, **given: Any) -> Verdict:
    return judged(code, products(*rows, **given))


@pytest.mark.parametrize("recording", ["northwind", "harbor", "newstore", "broken"])
def test_the_recordings_come_out_as_their_truth_says(recording: str) -> None:
    assert truths.compare(truths.RECORDINGS / recording, ("PRM",)) == []


def test_there_are_eleven_rules() -> None:
    assert len(CODES) == 11


@pytest.mark.parametrize("code", CODES)
def test_only_a_store_marked_as_premium_is_judged(code: str) -> None:
    bad = (products(*(product(str(n), health_score=1.0) for n in range(9)), overseas_coverage=0.0), health())
    verdict = Verdict(code, store(*bad))
    assert (verdict.kind, verdict.findings) == (OutcomeKind.NOT_APPLICABLE, ())
    assert Verdict(code, store()).kind is OutcomeKind.NOT_APPLICABLE


@pytest.mark.parametrize("code", [code for code in CODES if code != "PRM002"])
def test_a_healthy_premium_store_passes(code: str) -> None:
    assert judged(code).kind is OutcomeKind.PASS


@pytest.mark.parametrize("code", CODES)
def test_without_its_pages_a_rule_cannot_tell(code: str) -> None:
    kinds = ("products", "health", "documents", "violations")
    assert judged(code, *(page(kind, None) for kind in kinds)).kind is OutcomeKind.UNKNOWN


# --- figures of the store -----------------------------------------------------------------------------------------

FIGURES = [
    ("PRM003", "average_price", usd("35.00"), usd("34.99"), "$34.99", "$35.00", Severity.WARNING),
    ("PRM006", "overseas_coverage", 0.60, 0.5999, "59.99%", "60.00%", Severity.ERROR),
    ("PRM007", "local_fulfilment_days", 5.0, 5.1, "5.1", "5", Severity.WARNING),
    ("PRM008", "turnover_days", 45.0, 46.0, "46", "45", Severity.WARNING),
]


@pytest.mark.parametrize(("code", "field", "met", "missed", "shown", "line", "severity"), FIGURES)
def test_a_figure_of_the_store(
    code: str, field: str, met: Any, missed: Any, shown: str, line: str, severity: Severity
) -> None:
    assert of_products(code, product(), **{field: met}).kind is OutcomeKind.PASS
    found = of_products(code, product(), **{field: missed}).one
    assert (found.severity, found.subject, found.due_at) == (severity, Subject("metric", field), None)
    says(found, shown, line)
    assert found.threshold is not None
    assert (found.threshold.programme, found.threshold.source) == ("premium", "S2")


@pytest.mark.parametrize(("code", "field"), [(row[0], row[1]) for row in FIGURES])
def test_a_figure_that_is_not_there(code: str, field: str) -> None:
    assert of_products(code, product(), **{field: None}).kind is OutcomeKind.NOT_APPLICABLE
    gone = of_products(code, product(), **{field: None}, absent={field: "label"})
    assert gone.kind is OutcomeKind.UNKNOWN
    garbled = of_products(code, product(), **{field: None}, problems=(unreadable(field),))
    assert garbled.kind is OutcomeKind.UNKNOWN


def test_an_average_price_in_another_currency_is_not_converted() -> None:
    verdict = of_products("PRM003", product(), average_price=usd("24.18", "CNY"))
    assert (verdict.kind, "CNY" in verdict.reason) == (OutcomeKind.UNKNOWN, True)


@pytest.mark.parametrize(("rate", "fires"), [(0.0179, False), (0.018, False), (0.0181, True), (0.0233, True)])
def test_cancellations_are_held_to_premium_stores_figure(rate: float, fires: bool) -> None:
    verdict = judged("PRM011", health(cancel_rate=rate))
    assert bool(verdict.findings) is fires
    for found in verdict.findings:
        assert (found.severity, found.subject) == (Severity.INFO, Subject("metric", "cancel_rate"))
        says(found, f"{rate:.2%}", "1.80%", "5.70%")
        assert found.threshold is not None
        assert (found.threshold.value, found.threshold.programme) == (0.018, "premium")


def test_cancellations_that_are_not_shown() -> None:
    assert judged("PRM011", health(cancel_rate=None)).kind is OutcomeKind.NOT_APPLICABLE
    assert judged("PRM011", health(unreadable("cancel_rate"), cancel_rate=None)).kind is OutcomeKind.UNKNOWN
    assert judged("PRM011", health(cancel_rate=0.02), overrides={"PRM011": 0.03}).kind is OutcomeKind.PASS


# --- PRM001, PRM002 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "fires"), [(1, False), (4, False), (5, False), (6, True)])
def test_five_core_products_at_most(number: int, fires: bool) -> None:
    verdict = of_products("PRM001", *(product(str(n)) for n in range(number)), trial("t"))
    assert bool(verdict.findings) is fires
    for found in verdict.findings:
        assert (found.severity, found.subject) == (Severity.WARNING, Subject("metric", "core_products"))
        says(found, "6", "5")


def test_core_products_of_a_list_with_gaps() -> None:
    unknown = product("x", core=None)
    assert of_products("PRM001", product(), unknown).kind is OutcomeKind.UNKNOWN
    assert of_products("PRM001", *(product(str(n)) for n in range(6)), unknown).ids == ["core_products"]
    assert of_products("PRM001", product(), problems=(short(),)).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize("code", ["PRM001", "PRM004", "PRM005", "PRM009"])
def test_no_products_at_all(code: str) -> None:
    assert of_products(code).kind is OutcomeKind.NOT_APPLICABLE


def test_no_core_and_no_test_products() -> None:
    ordinary = product("1", core=False)
    assert of_products("PRM001", ordinary).kind is OutcomeKind.NOT_APPLICABLE
    assert of_products("PRM005", ordinary).kind is OutcomeKind.NOT_APPLICABLE
    assert of_products("PRM009", ordinary).kind is OutcomeKind.NOT_APPLICABLE


@pytest.mark.parametrize(("sales", "fires"), [("41666.66", True), ("41666.67", False), ("66666.67", False)])
def test_a_year_is_twelve_times_thirty_days(sales: str, fires: bool) -> None:
    verdict = judged("PRM002", health(sales_30d=usd(sales)))
    assert bool(verdict.findings) is fires


def test_short_sales_name_forecast_target_and_the_badge() -> None:
    values: dict[str, Any] = dict.fromkeys(m.RatingData.model_fields) | {"causes": (), "red_marks": ()}
    rating = page("rating", m.RatingData(**(values | {"rating": 4.83})))
    found = judged("PRM002", health(sales_30d=usd("18342.55")), rating).one
    assert (found.severity, found.subject) == (Severity.INFO, Subject("metric", "sales_30d"))
    says(found, "18,342.55", "220,111", "500,000", "800,000", "4.82", "4.83")


def test_sales_that_cannot_be_judged() -> None:
    assert judged("PRM002", health(sales_30d=None)).kind is OutcomeKind.NOT_APPLICABLE
    assert judged("PRM002", health(sales_30d=usd("72.54", "CNY"))).kind is OutcomeKind.UNKNOWN
    assert judged("PRM002", health(unreadable("sales_30d"), sales_30d=None)).kind is OutcomeKind.UNKNOWN


# --- PRM004 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "fires"), [(79.9, True), (80.0, False), (80.1, False), (0.0, True)])
def test_every_products_health_is_judged(score: float, fires: bool) -> None:
    verdict = of_products("PRM004", product("1", core=False, health_score=score), product("2"))
    assert verdict.ids == (["1"] if fires else [])


def test_low_health_is_due_three_days_after_it_was_seen() -> None:
    captured = datetime(2026, 6, 10, 11, 59, 30, tzinfo=ZONE)
    found = of_products("PRM004", product("7", health_score=76.0, at=captured)).one
    assert (found.severity, found.subject) == (Severity.ERROR, Subject("product", "7"))
    assert found.due_at == captured + timedelta(hours=72)
    says(found, "7", "76", "80", "2026-06-13 11:59")
    assert found.evidence is not None
    assert (found.evidence.label, found.evidence.text) == ("title of health_score", "text")


def test_the_clock_runs_from_the_first_time_the_product_was_reported() -> None:
    first = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
    key = fingerprint(STORE, "PRM004", Subject("product", "7"))
    facts = premium(products(product("7", health_score=76.0)), first_seen={key: first})
    assert Verdict("PRM004", facts).one.due_at == first + timedelta(hours=72)
    assert Verdict("PRM004", facts).one.fingerprint == key


@pytest.mark.parametrize(
    ("rows", "problems", "kind"),
    [
        ((product("1", health_score=None), product("2")), (), OutcomeKind.PASS),
        ((product("1", health_score=None),), (), OutcomeKind.NOT_APPLICABLE),
        ((product("1", health_score=None), product("2")), (unreadable("products.health_score"),), OutcomeKind.UNKNOWN),
        ((product("1", health_score=None, without_column="health_score"),), (), OutcomeKind.UNKNOWN),
        ((product("1"),), (short(),), OutcomeKind.UNKNOWN),
    ],
    ids=["a dash", "dashes only", "a value not understood", "no such column", "a list cut short"],
)
def test_health_that_is_not_shown(rows: tuple[m.Product, ...], problems: tuple[m.Problem, ...], kind: Any) -> None:
    assert of_products("PRM004", *rows, problems=problems).kind is kind


# --- PRM005 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"pictures": 8}, "8 张", "8 pictures"),
        ({"video": False}, "没有视频", "no video"),
        ({"languages": ("EN", "ES", "FR")}, "俄语", "Russian"),
        ({"languages": ("ES", "FR", "RU")}, "英语", "English"),
        ({"languages": ("EN", "PT")}, "西班牙语、法语、俄语", "Spanish, French, Russian"),
    ],
)
def test_a_main_product_that_lacks_something(given: dict[str, Any], zh: str, en: str) -> None:
    found = of_products("PRM005", product("7", **given), product("8")).one
    assert (found.severity, found.subject) == (Severity.WARNING, Subject("product", "7"))
    assert zh in found.message.zh
    assert en in found.message.en


def test_all_that_a_product_lacks_is_one_finding() -> None:
    found = of_products("PRM005", product("7", pictures=7, video=False, languages=("EN", "ES"))).one
    says(found, "7", "9")
    assert ("没有视频" in found.message.zh, "法语" in found.message.zh) == (True, True)


@pytest.mark.parametrize("given", [{"pictures": 9}, {"pictures": 10}, {"languages": ("ru", "fr", "es", "en", "PT")}])
def test_a_complete_listing(given: dict[str, Any]) -> None:
    assert of_products("PRM005", product(**given)).kind is OutcomeKind.PASS


def test_other_products_need_no_complete_listing() -> None:
    assert of_products("PRM005", product(), trial(pictures=1), product("3", core=False, pictures=1)).ids == []


@pytest.mark.parametrize("given", [{"pictures": None}, {"video": None}, {"languages": ()}, {"core": None}])
def test_a_listing_that_was_not_read_is_unknown(given: dict[str, Any]) -> None:
    assert of_products("PRM005", product("7", **given), product("8")).kind is OutcomeKind.UNKNOWN


# --- PRM009 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "met", "missed", "line"),
    [
        ("ctr", 0.038, 0.0379, "3.80%"),
        ("add_to_cart_rate", 0.125, 0.1249, "12.50%"),
        ("pay_conversion_rate", 0.021, 0.0209, "2.10%"),
    ],
)
def test_a_test_product_must_reach_each_line(key: str, met: float, missed: float, line: str) -> None:
    assert of_products("PRM009", trial(**{key: met})).kind is OutcomeKind.PASS
    found = of_products("PRM009", trial("9", **{key: missed}), trial("8")).one
    assert (found.severity, found.subject) == (Severity.INFO, Subject("product", "9"))
    says(found, f"{missed:.2%}", line)


def test_several_missed_lines_are_one_finding() -> None:
    found = of_products("PRM009", trial(ctr=0.0312, pay_conversion_rate=0.0188)).one
    says(found, "3.12%", "3.80%", "1.88%", "2.10%")
    assert "12.50%" not in found.message.en


def test_only_test_products_are_tested() -> None:
    assert of_products("PRM009", product(ctr=0.001), trial()).kind is OutcomeKind.PASS


def test_test_rates_that_are_not_there() -> None:
    assert of_products("PRM009", trial(test=None)).kind is OutcomeKind.UNKNOWN
    assert of_products("PRM009", trial(ctr=None, without_column="ctr")).kind is OutcomeKind.UNKNOWN
    assert of_products("PRM009", trial(ctr=None, pay_conversion_rate=0.01)).ids == ["1005009"]


# --- PRM010 -------------------------------------------------------------------------------------------------------


def entry(*pages: m.Reading, **given: Any) -> Verdict:
    return judged("PRM010", *pages, **given)


def brands(*held: m.Document) -> Verdict:
    return entry(documents(*papers(*held)))


@pytest.mark.parametrize(
    ("registered", "fires"), [(date(2024, 6, 9), False), (date(2024, 6, 10), False), (date(2024, 6, 11), True)]
)
def test_the_business_must_be_two_years_old(registered: date, fires: bool) -> None:
    verdict = entry(documents(*papers(TRADEMARK), registered_on=registered))
    assert verdict.ids == (["licence_age"] if fires else [])
    for found in verdict.findings:
        assert (found.severity, found.subject.type) == (Severity.WARNING, "metric")
        says(found, "2024-06-11", "2", "2026-06-11")


@pytest.mark.parametrize(
    ("row", "fires"),
    [
        (violation(date(2025, 6, 10)), True),
        (violation(date(2025, 6, 9)), False),
        (violation(date(2026, 6, 1), severe=False), False),
    ],
)
def test_no_severe_violation_for_twelve_months(row: m.Violation, fires: bool) -> None:
    verdict = entry(violations(row))
    assert verdict.ids == (["severe_violation"] if fires else [])
    for found in verdict.findings:
        says(found, "12", "2025-06-10", "2026-06-10")


@pytest.mark.parametrize(
    "held",
    [
        (document("trademark", brand="A", mark=None, own_brand=True),),
        (document("trademark", "rejected", brand="A", mark="R", own_brand=True),),
        (document("trademark", "expired", brand="A", mark="R", own_brand=True),),
        (document("trademark", brand="A", mark="R", own_brand=True, valid_until=TODAY - timedelta(days=1)),),
        (document("trademark", brand="A", mark="TM", own_brand=False),),
        (TRADEMARK, document("trademark", brand="B", mark=None, own_brand=True)),
        (),
    ],
    ids=["no mark", "rejected", "expired", "ended", "licensed without a letter", "one of two", "no certificate"],
)
def test_a_brand_chain_with_a_piece_missing(held: tuple[m.Document, ...]) -> None:
    verdict = brands(*held)
    assert verdict.ids == ["brand_chain"]
    assert verdict.one.severity is Severity.WARNING
    assert ("品牌链路" in verdict.one.message.zh, "incomplete" in verdict.one.message.en) == (True, True)


@pytest.mark.parametrize(
    "held",
    [
        (TRADEMARK,),
        (document("trademark", "expiring", brand="A", mark="TM", own_brand=True, valid_until=TODAY),),
        (
            document("trademark", brand="A", mark="R", own_brand=False),
            document("brand_authorisation", brand="A"),
        ),
        (
            document("trademark", "rejected", brand="A", mark=None, own_brand=True),
            document("trademark", brand="A", mark="R", own_brand=True, number="2"),
        ),
    ],
    ids=["own brand", "expiring is still valid", "licensed with a letter", "a second certificate stands"],
)
def test_a_complete_brand_chain(held: tuple[m.Document, ...]) -> None:
    assert brands(*held).kind is OutcomeKind.PASS


@pytest.mark.parametrize(
    "held",
    [
        (document("trademark", "under_review", brand="A", mark="R", own_brand=True),),
        (document("trademark", brand="A", mark="R", own_brand=None),),
        (document("trademark", brand="A", mark="R", own_brand=False), document("brand_authorisation", brand=None)),
    ],
    ids=["under review", "own or licensed not shown", "a letter that names no brand"],
)
def test_a_brand_chain_that_cannot_be_told(held: tuple[m.Document, ...]) -> None:
    verdict = brands(*held)
    assert (verdict.kind, verdict.findings) == (OutcomeKind.UNKNOWN, ())


def test_each_missing_requirement_is_a_finding_of_its_own() -> None:
    bare = documents(*papers(), registered_on=date(2025, 1, 1))
    assert entry(bare, violations(violation(TODAY))).ids == ["brand_chain", "licence_age", "severe_violation"]


def test_a_page_that_is_missing_hides_no_finding_of_the_other() -> None:
    assert entry(page("documents", None), violations(violation(TODAY))).ids == ["severe_violation"]
    assert entry(page("documents", None)).kind is OutcomeKind.UNKNOWN
    assert entry(page("violations", None)).kind is OutcomeKind.UNKNOWN
    assert entry(violations(violation(None))).kind is OutcomeKind.UNKNOWN
    assert entry(documents(*papers(TRADEMARK), registered_on=None)).kind is OutcomeKind.UNKNOWN


def test_the_capture_and_not_the_reader_decides_the_age() -> None:
    later = NOW + timedelta(days=30)
    assert entry(documents(*papers(TRADEMARK), registered_on=date(2024, 6, 11)), now=later).ids == ["licence_age"]
