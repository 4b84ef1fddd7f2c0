"""LIC007-LIC011: certificates, standards, brands, the age of the business, reviews."""

from datetime import date

import pytest

from extractors.models import Document, Problem
from tests.rules.build_lic import (
    HEALTHY,
    alipay,
    ce,
    document,
    documents,
    front,
    judged,
    letter,
    licence,
    product,
    products,
    trademark,
)
from tests.rules.pages import at, garbled, lost, run, says, seen, short

PAST, SOON = date(2026, 6, 9), date(2026, 7, 1)

# LIC007


def test_a_regulated_category_without_a_certificate() -> None:
    found = run("LIC007", documents(licence(), regulated_categories=("美妆个护", "保健食品")))
    assert found.ids == ["certificate:保健食品", "certificate:美妆个护"]
    assert {f.subject.type for f in found.findings} == {"document"}
    assert {f.severity for f in found.findings} == {"error"}
    first = found.findings[0]
    says(first, first.subject.id.removeprefix("certificate:"), "UKCA", "FCC")


@pytest.mark.parametrize(
    ("row", "fires"),
    [
        (ce(), False),
        (document("ukca"), False),
        (document("fcc", long_term=True, valid_until=None), False),
        (ce(status="expiring", valid_until=SOON), False),
        (ce(status="approved", valid_until=PAST), True),
        (ce(status="expired"), True),
        (ce(status="under_review"), True),
        (ce(status="rejected"), True),
        (ce(status="missing"), True),
        (trademark(), True),
    ],
)
def test_only_an_approved_certificate_counts(row: Document, fires: bool) -> None:
    found = run("LIC007", documents(row, regulated_categories=("美妆个护",)))
    assert found.kind == ("fail" if fires else "pass")


def test_one_approved_certificate_is_enough() -> None:
    rows = (ce(status="expired"), document("ukca"))
    assert run("LIC007", documents(*rows, regulated_categories=("美妆个护",))).kind == "pass"


@pytest.mark.parametrize(
    "reading",
    [
        documents(licence(), absent={"regulated_categories": "监管类目"}),
        documents(licence(), problems=(Problem(type="field_not_found", field="regulated_categories"),)),
        documents(ce(status=None), regulated_categories=("美妆个护",)),
        documents(licence(), regulated_categories=("美妆个护",), problems=(short("documents"),)),
    ],
)
def test_categories_or_certificates_that_were_not_read(reading: object) -> None:
    found = run("LIC007", reading)  # type: ignore[arg-type]
    assert (found.kind, found.findings) == ("unknown", ())


def test_premium_core_products_need_certificates() -> None:
    rows = (
        product("1", certificates=()),
        product("2", certificates=("RoHS",)),
        product("3", certificates=("UKCA certificate",)),
        product("4", core=False, certificates=()),
        product("5", certificates=(), category="汽摩配"),
        product("6", certificates=(), category=None),
    )
    found = run("LIC007", documents(*HEALTHY), products(*rows), premium=True)
    assert found.ids == ["certificate:6", "certificate:家居园艺", "certificate:汽摩配"]
    says(next(f for f in found.findings if f.subject.id == "certificate:家居园艺"), "家居园艺", 2, "1", "2")


def test_core_products_of_other_stores_are_not_judged() -> None:
    found = run("LIC007", documents(*HEALTHY), products(product(certificates=())))
    assert (found.kind, found.reason) == ("not_applicable", "the store sells in no regulated category")


def test_a_category_is_reported_once() -> None:
    rows = products(product(certificates=(), category="美妆个护"))
    reading = documents(licence(), regulated_categories=("美妆个护",))
    assert run("LIC007", reading, rows, premium=True).ids == ["certificate:美妆个护"]


@pytest.mark.parametrize(
    "rows",
    [
        lost("products"),
        products(product(core=None)),
        products(product(certificates=(), seen=seen("products", "标题", "Lamp", "title"))),
        products(product(certificates=()), problems=(Problem(type="field_not_found", field="products.certificates"),)),
    ],
)
def test_premium_products_that_were_not_read(rows: object) -> None:
    assert run("LIC007", documents(*HEALTHY), rows, premium=True).kind == "unknown"  # type: ignore[arg-type]
    # What the documents page says is found all the same.
    regulated = documents(licence(), regulated_categories=("美妆个护",))
    assert run("LIC007", regulated, rows, premium=True).ids == ["certificate:美妆个护"]  # type: ignore[arg-type]


def test_premium_products_with_certificates_pass() -> None:
    assert run("LIC007", documents(*HEALTHY), products(product()), premium=True).kind == "pass"
    assert run("LIC007", documents(*HEALTHY), products(product(core=False)), premium=True).kind == "not_applicable"


# LIC008


def test_an_outdated_standard_names_both_versions() -> None:
    row = ce(
        standard="EN IEC 62368-1:2014",
        superseded_by="EN IEC 62368-1:2023",
        seen=seen("documents", "适用标准", "EN IEC 62368-1:2014", "standard"),
    )
    finding = judged("LIC008", row).one
    assert finding.severity == "error"
    assert finding.subject.id == "ce:CE-2207"
    says(finding, "CE-2207", "EN IEC 62368-1:2014", "EN IEC 62368-1:2023")
    assert finding.evidence is not None
    assert finding.evidence.text == "EN IEC 62368-1:2014"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (ce(), "pass"),
        (ce(standard="EN 1:2023", superseded_by="EN 1:2023"), "pass"),
        (ce(standard=None), "unknown"),
        (ce(standard=None, superseded_by="EN 1:2023"), "fail"),
        (ce(status="missing", standard=None), "not_applicable"),
        (document("ukca", standard="EN 1:2014", superseded_by="EN 1:2023"), "not_applicable"),
    ],
)
def test_standards(row: Document, kind: str) -> None:
    assert judged("LIC008", row).kind == kind


# LIC009


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        ((trademark(mark="R"),), ()),
        ((trademark(mark="TM"),), ()),
        ((trademark(mark=None),), ("TM",)),
        ((trademark(status="missing", mark=None),), ("注册证", "TM")),
        ((trademark(own_brand=False), letter()), ()),
        ((trademark(own_brand=False),), ("授权书",)),
        ((trademark(own_brand=False, mark=None), letter()), ("TM",)),
        ((trademark(own_brand=False, mark=None), letter(status="missing")), ("TM", "授权书")),
        ((letter(),), ("注册证", "TM")),
        ((letter(mark="R"),), ("注册证",)),
        ((trademark(own_brand=None), letter()), ()),
        # Papers that another rule speaks of are not missing.
        ((trademark(mark=None, status="expired"),), ()),
        ((trademark(mark=None, valid_until=PAST),), ()),
        ((trademark(mark=None, status="rejected"),), ()),
        ((trademark(own_brand=False), letter(status="expired")), ()),
        ((trademark(own_brand=False), letter(status="under_review")), ()),
    ],
)
def test_what_a_brand_lacks(rows: tuple[Document, ...], lacking: tuple[str, ...]) -> None:
    found = judged("LIC009", *rows)
    assert found.kind == ("fail" if lacking else "pass"), found.reason
    if lacking:
        assert found.one.subject.id == "brand:LUMORA"
        says(found.one, "LUMORA")
        named = found.one.message.zh.split("缺少：")[1]
        assert [part for part in ("注册证", "TM", "授权书") if part in named] == list(lacking)


@pytest.mark.parametrize(("premium", "severity"), [(True, "error"), (False, "warning")])
def test_a_premium_store_must_have_all_papers(premium: bool, severity: str) -> None:
    assert judged("LIC009", trademark(mark=None), premium=premium).one.severity == severity


def test_each_brand_is_judged_by_its_own_papers() -> None:
    rows = (
        trademark("LUMORA"),
        trademark("Oakridge", mark=None, number="TM-1"),
        trademark("HAVENLY", own_brand=False, number="TM-2"),
        letter("havenly "),
    )
    assert judged("LIC009", *rows).ids == ["brand:Oakridge"]


@pytest.mark.parametrize(
    "rows",
    [
        (trademark(None),),
        (trademark(own_brand=None),),
        (trademark(own_brand=False), letter(None)),
        (trademark(None), letter()),
    ],
)
def test_papers_that_cannot_be_laid_together(rows: tuple[Document, ...]) -> None:
    found = judged("LIC009", *rows)
    assert (found.kind, found.findings) == ("unknown", ())


def test_a_garbled_mark_is_no_missing_mark() -> None:
    found = run("LIC009", documents(trademark(mark=None), problems=(garbled("documents.mark"),)))
    assert (found.kind, found.findings) == ("unknown", ())


def test_a_missing_paper_without_a_brand() -> None:
    assert judged("LIC009", trademark(None, number=None, status="missing", mark=None)).ids == ["trademark"]
    rows = (trademark(own_brand=False), letter(None, number=None, status="missing"))
    assert judged("LIC009", *rows).ids == ["brand:LUMORA"]


def test_a_store_without_brand_papers() -> None:
    assert judged("LIC009", licence(), front(), premium=True).kind == "not_applicable"


# LIC010


@pytest.mark.parametrize(
    ("registered", "fires"),
    [
        (date(2024, 6, 9), False),
        (date(2024, 6, 10), False),
        (date(2024, 6, 11), True),
        (date(2026, 1, 1), True),
    ],
)
def test_two_years_to_the_day(registered: date, fires: bool) -> None:
    found = run("LIC010", documents(*HEALTHY, registered_on=registered), premium=True)
    assert found.kind == ("fail" if fires else "pass")


def test_a_young_business() -> None:
    finding = run("LIC010", documents(*HEALTHY, registered_on=date(2024, 7, 18)), premium=True).one
    assert finding.severity == "info"
    assert (finding.subject.type, finding.subject.id) == ("document", "business_licence")
    says(finding, "2024-07-18", "2026-07-18", 2)
    assert finding.threshold is not None
    assert finding.threshold.programme == "premium"


def test_other_stores_may_be_young() -> None:
    assert run("LIC010", documents(*HEALTHY, registered_on=date(2026, 1, 1))).kind == "not_applicable"


@pytest.mark.parametrize(
    "reading",
    [
        documents(*HEALTHY, registered_on=None),
        documents(*HEALTHY, registered_on=None, absent={"registered_on": "注册日期"}),
        documents(*HEALTHY, registered_on=None, problems=(garbled("registered_on"),)),
    ],
)
def test_a_business_of_unknown_age(reading: object) -> None:
    assert run("LIC010", reading, premium=True).kind == "unknown"  # type: ignore[arg-type]


# LIC011


@pytest.mark.parametrize(
    ("submitted", "number", "fires"),
    [
        (date(2026, 6, 4), 4, False),
        (date(2026, 6, 3), 5, False),
        (date(2026, 6, 2), 6, True),
        (date(2026, 5, 29), 8, True),
    ],
)
def test_five_working_days(submitted: date, number: int, fires: bool) -> None:
    found = judged("LIC011", letter(status="under_review", submitted_on=submitted))
    assert found.kind == ("fail" if fires else "pass")
    if fires:
        says(found.one, "BA-0412", submitted, number, 5)
        assert found.one.severity == "warning"
        assert found.one.threshold is not None
        assert found.one.threshold.value == 5


def test_national_day_is_no_working_week() -> None:
    row = {"status": "under_review", "submitted_on": date(2026, 9, 29)}
    # 30 September, then the holidays, then 8, 9 and (a worked Saturday) 10 October, 12 and 13 October.
    for captured, fires in (("10-12 23:00", False), ("10-13 01:00", True)):
        where = seen("documents", "提交时间", "2026-09-29", "submitted_on", at(captured))
        assert bool(judged("LIC011", letter(**row, seen=where)).findings) is fires


def test_beyond_the_holiday_calendar_the_finding_says_so() -> None:
    where = seen("documents", "提交时间", "2090-01-02", "submitted_on", at("2090-01-20 12:00"))
    row = letter(status="under_review", submitted_on=date(2090, 1, 2), valid_until=date(2095, 1, 1), seen=where)
    finding = judged("LIC011", row).one
    assert "周一至周五" in finding.message.zh
    assert "Monday to Friday" in finding.message.en
    says(finding, 14)


def test_a_rejection_shows_its_reason() -> None:
    finding = judged("LIC011", ce(status="rejected", note="证书与商品型号不符")).one
    assert finding.severity == "warning"
    assert finding.subject.id == "ce:CE-2207"
    says(finding, "CE-2207", "证书与商品型号不符")
    assert "没有写明原因" in judged("LIC011", ce(status="rejected")).one.message.zh


def test_a_review_without_a_date_of_submission() -> None:
    found = judged("LIC011", letter(status="under_review", submitted_on=None))
    assert (found.kind, found.findings) == ("unknown", ())
    assert "submitted" in found.reason


@pytest.mark.parametrize("row", [licence(), alipay(), trademark(status="update_needed"), ce(status="missing")])
def test_what_is_neither_reviewed_nor_rejected(row: Document) -> None:
    assert judged("LIC011", row).kind == "pass"
