"""LIC001-LIC006: what has ended, what is about to, and what the company's verification lacks."""

from datetime import date, timedelta

import pytest

from checks.lic.workdays import workdays_since
from checks.page_names import page_name
from extractors.models import Document, Verdict
from tests.rules.build_lic import (
    HEALTHY,
    alipay,
    back,
    ce,
    document,
    documents,
    front,
    judged,
    letter,
    licence,
    trademark,
)
from tests.rules.pages import at, garbled, lost, page, run, says, seen, short
from tests.truths import RECORDINGS, compare

TODAY = date(2026, 6, 10)
CODES = [f"LIC{n:03}" for n in range(1, 12)]


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_recorded_stores_come_out_as_demanded(name: str) -> None:
    assert compare(RECORDINGS / name, ("LIC",)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_store_in_good_order_has_no_finding(code: str) -> None:
    found = run(code, documents(*HEALTHY))
    assert found.findings == ()
    assert found.kind == ("not_applicable" if code in ("LIC007", "LIC010") else "pass"), found.reason


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("reading", [lost("documents"), page("documents", None, verdict=Verdict.SKELETON)])
def test_without_the_page_nothing_passes(code: str, reading: object) -> None:
    found = run(code, reading, premium=True)  # type: ignore[arg-type]
    assert found.findings == ()
    assert found.kind == "unknown"
    assert page_name("documents").en in found.reason


@pytest.mark.parametrize("code", ["LIC001", "LIC003", "LIC006", "LIC007", "LIC009", "LIC011"])
def test_a_list_with_gaps_never_passes(code: str) -> None:
    assert run(code, documents(*HEALTHY, problems=(short("documents"),), regulated_categories=("美妆",))).kind in (
        "unknown",
        "pass" if code == "LIC007" else "unknown",  # a certificate that stands is enough
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("LIC001", "not_applicable"),
        ("LIC002", "unknown"),
        ("LIC003", "not_applicable"),
        ("LIC004", "unknown"),
        ("LIC005", "unknown"),
        ("LIC006", "unknown"),
        ("LIC007", "not_applicable"),
        ("LIC008", "not_applicable"),
        ("LIC009", "not_applicable"),
        ("LIC011", "not_applicable"),
    ],
)
def test_a_page_without_documents_proves_nothing(code: str, kind: str) -> None:
    assert judged(code).kind == kind


# One finding a document


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (licence(valid_until=days(-1), status="expired"), "LIC001"),
        (licence(valid_until=days(-1), status="approved"), "LIC001"),
        (licence(valid_until=days(-1), status="rejected"), "LIC001"),
        (licence(valid_until=days(-1), status="update_needed"), "LIC001"),
        (ce(valid_until=days(-1), superseded_by="EN IEC 62368-1:2023"), "LIC001"),
        (letter(valid_until=days(-1), status="under_review", submitted_on=days(-60)), "LIC001"),
        (licence(valid_until=days(30)), "LIC002"),
        (licence(valid_until=days(30), status="under_review", submitted_on=days(-60)), "LIC002"),
        (trademark(valid_until=days(30)), "LIC003"),
        (front(valid_until=days(30)), "LIC003"),
        (document("other", valid_until=days(30)), "LIC003"),
        (licence(status="update_needed"), "LIC004"),
        (licence(status="update_needed", valid_until=days(30)), "LIC004"),
        (licence(status="rejected", note="法人变更审核未通过"), "LIC004"),
        (licence(status="rejected", note="Legal representative changed: papers do not match"), "LIC004"),
        (alipay(status="not_bound"), "LIC005"),
        (alipay(status="missing"), "LIC005"),
        (licence(status="rejected", note="Address change not accepted"), "LIC004"),
        (licence(status="rejected", note="Please change the photo, it is blurred"), "LIC006"),
        (licence(status="missing", valid_until=None), "LIC006"),
        (licence(status="rejected", note="照片不清晰"), "LIC006"),
        (licence(status="rejected", valid_until=days(30)), "LIC006"),
        (front(status="rejected"), "LIC006"),
        (back(status="missing", valid_until=None), "LIC006"),
        (ce(superseded_by="EN IEC 62368-1:2023"), "LIC008"),
        (ce(superseded_by="EN IEC 62368-1:2023", valid_until=days(30)), "LIC008"),
        (trademark(status="rejected"), "LIC011"),
        (alipay(status="rejected"), "LIC011"),
        (ce(status="rejected", superseded_by="EN IEC 62368-1:2023"), "LIC011"),
        (letter(status="under_review", submitted_on=days(-60)), "LIC011"),
        (front(status="under_review", submitted_on=days(-60)), "LIC011"),
    ],
)
def test_one_finding_a_document(row: Document, code: str) -> None:
    others = [d for d in HEALTHY if d.kind != row.kind]
    fired = {c: run(c, documents(row, *others)) for c in CODES}
    assert [c for c in CODES if any(f.subject.id.startswith(row.kind) for f in fired[c].findings)] == [code]
    number = f":{row.number}" if row.number else ""
    assert fired[code].one.subject.type == "document"
    assert fired[code].one.subject.id == row.kind + number


def test_what_another_rule_reports_is_no_pass() -> None:
    found = judged("LIC002", licence(valid_until=days(-1)))
    assert (found.kind, found.reason) == ("not_applicable", "what is wrong is reported as LIC001")
    assert judged("LIC002", licence(status="update_needed")).kind == "pass"
    assert judged("LIC002", licence(status="update_needed", valid_until=days(30))).kind == "not_applicable"
    assert judged("LIC005", alipay(status="rejected")).kind == "not_applicable"


def test_documents_without_numbers_share_a_subject_and_are_counted() -> None:
    rows = (document("other", valid_until=days(50)), document("other", valid_until=days(20)))
    finding = judged("LIC003", *rows).one
    assert finding.subject.id == "other"
    says(finding, "质检报告", days(20), 1)
    assert finding.due_at == at("06-30 23:59:59")


def test_the_only_finding_also_names_the_days_left() -> None:
    finding = judged("LIC008", ce(superseded_by="EN IEC 62368-1:2023", valid_until=days(30))).one
    assert "有效期只剩 30 天 13 小时" in finding.message.zh
    assert "30 d 13 h" in finding.message.en


# LIC001


@pytest.mark.parametrize(
    ("captured", "fires"),
    [("06-10 23:59:59", False), ("06-11 00:00:00", True), ("06-11 00:00:01", True), ("06-10 00:00:00", False)],
)
def test_a_document_is_valid_to_the_last_second_of_its_last_day(captured: str, fires: bool) -> None:
    row = trademark(valid_until=TODAY, seen=seen("documents", "有效期", "2026/06/10", "validity", at(captured)))
    assert bool(judged("LIC001", row).findings) is fires


def test_the_backends_zone_decides_which_day_it_is() -> None:
    late_in_shanghai = at("06-10 20:00")  # 11 June there
    row = trademark(valid_until=TODAY, seen=seen("documents", "有效期", "x", "valid_until", late_in_shanghai))
    assert judged("LIC001", row).findings == ()


def test_expired_names_document_and_date() -> None:
    where = seen("documents", "有效期", "2026/05/29", "validity")
    row = document("ukca", number="UK-0093", valid_until=days(-12), status="expired", seen=where)
    finding = judged("LIC001", row).one
    assert finding.severity == "error"
    assert finding.due_at is None
    says(finding, "UKCA", "UK-0093", "2026-05-29", "11")
    assert finding.evidence is not None
    assert (finding.evidence.label, finding.evidence.text) == ("有效期", "2026/05/29")


def test_the_status_alone_is_enough_for_expired() -> None:
    finding = judged("LIC001", trademark(status="expired", valid_until=None)).one
    says(finding, "LUMORA")


@pytest.mark.parametrize("code", ["LIC001", "LIC002", "LIC003"])
def test_long_term_never_expires(code: str) -> None:
    rows = (licence(long_term=True, valid_until=None), ce(long_term=True, valid_until=None, status="expired"))
    assert judged(code, *rows).kind == "pass"


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (licence(valid_until=None), ("LIC001", "LIC002")),
        (trademark(valid_until=None), ("LIC001", "LIC003")),
        (ce(valid_until=None, status="expiring"), ("LIC001", "LIC003")),
        (front(valid_until=None, status=None), ("LIC001", "LIC003")),
    ],
)
def test_a_validity_that_was_not_read_is_no_pass(row: Document, codes: tuple[str, ...]) -> None:
    for code in codes:
        found = judged(code, row)
        assert (found.kind, found.findings) == ("unknown", ())
        assert "validity" in found.reason


@pytest.mark.parametrize(
    "row",
    [
        document("other", valid_until=None),
        alipay(),
        back(valid_until=None, status="missing"),
        letter(valid_until=None, status="under_review"),
    ],
)
def test_a_dash_is_an_answer_where_no_validity_belongs(row: Document) -> None:
    assert judged("LIC001", row).kind != "unknown"
    assert judged("LIC003", row).kind != "unknown"


def test_a_garbled_validity_is_a_gap_for_every_kind() -> None:
    reading = documents(document("other", valid_until=None), problems=(garbled("documents.valid_until", "见图"),))
    assert run("LIC001", reading).kind == "unknown"
    assert run("LIC003", reading).kind == "unknown"


def test_a_finding_stands_beside_a_gap() -> None:
    found = judged("LIC001", trademark(valid_until=None), ce(valid_until=days(-1)))
    assert (found.kind, found.ids) == ("fail", ["ce:CE-2207"])
    assert "validity" in found.reason


# LIC002 and LIC003


@pytest.mark.parametrize(("left", "fires"), [(88, True), (89, True), (90, False), (91, False)])
def test_fewer_than_ninety_days(left: int, fires: bool) -> None:
    assert bool(judged("LIC002", licence(valid_until=days(left))).findings) is fires
    assert bool(judged("LIC003", trademark(valid_until=days(left))).findings) is fires


@pytest.mark.parametrize(("captured", "fires"), [("06-10 00:00:00", True), ("06-09 23:59:59", False)])
def test_ninety_days_to_the_second(captured: str, fires: bool) -> None:
    where = seen("documents", "有效期", "x", "validity", at(captured))
    # The last day's last second is 23:59:59: from midnight it is one second short of ninety days.
    assert bool(judged("LIC002", licence(valid_until=days(89), seen=where)).findings) is fires


def test_daylight_saving_takes_no_day() -> None:
    # 90 calendar days that lose an hour in March.
    where = seen("documents", "有效期", "x", "validity", at("2026-01-01 23:59:59"))
    assert judged("LIC002", licence(valid_until=date(2026, 4, 1), seen=where)).findings == ()


def test_a_licence_about_to_end() -> None:
    finding = judged("LIC002", licence(valid_until=days(61), status="expiring")).one
    assert finding.severity == "error"
    assert finding.subject.id == "business_licence:9144**2X"
    assert finding.due_at == at("08-10 23:59:59")
    says(finding, "2026-08-10", 61, 90)
    assert "一钻" in finding.message.zh
    assert "One Diamond" in finding.message.en
    assert finding.threshold is not None
    assert (finding.threshold.value, finding.threshold.programme, finding.threshold.source) == (90, "one_diamond", "S0")


def test_the_licence_is_not_counted_twice() -> None:
    assert judged("LIC003", licence(valid_until=days(5)), front()).kind == "pass"
    assert judged("LIC002", trademark(valid_until=days(5)), licence()).kind == "pass"


@pytest.mark.parametrize(
    ("left", "notice", "severity"),
    [
        (89, 90, "warning"),
        (60, 90, "warning"),
        (59, 60, "warning"),
        (30, 60, "warning"),
        (29, 30, "warning"),
        (7, 30, "warning"),
        (6, 7, "error"),
        (0, 7, "error"),
    ],
)
def test_the_nearer_the_end_the_graver(left: int, notice: int, severity: str) -> None:
    finding = judged("LIC003", ce(valid_until=days(left))).one
    assert finding.severity == severity
    assert finding.threshold is not None
    assert finding.threshold.value == notice
    says(finding, "CE-2207", days(left), f"{notice}")


@pytest.mark.parametrize(("captured", "severity"), [("06-10 23:59:58", "warning"), ("06-10 23:59:59", "error")])
def test_seven_days_to_the_second(captured: str, severity: str) -> None:
    where = seen("documents", "有效期", "x", "validity", at(captured))
    assert judged("LIC003", ce(valid_until=days(7), seen=where)).one.severity == severity


def test_a_store_sets_its_own_lines() -> None:
    row = licence(valid_until=days(100))
    finding = run("LIC002", documents(row), overrides={"LIC002": 120}).one
    assert finding.threshold is not None
    assert finding.threshold.overridden
    says(finding, 120)
    assert run("LIC003", documents(ce(valid_until=days(50))), overrides={"LIC003": 45}).kind == "pass"
    assert run("LIC003", documents(ce(valid_until=days(40))), overrides={"LIC003": 45}).one.severity == "warning"


# LIC004


def test_a_change_that_is_not_filed() -> None:
    finding = judged("LIC004", licence(status="update_needed", note="法人变更，请更新证件")).one
    assert finding.severity == "error"
    assert "还没有提交" in finding.message.zh
    assert "none is filed" in finding.message.en
    assert "法人" not in finding.message.zh


def test_a_rejected_licence_beside_a_standing_one_is_a_rejected_change() -> None:
    rows = (licence(), licence(number="9144**7Y", status="rejected", note="字迹模糊"), front(), back())
    assert judged("LIC004", *rows).ids == ["business_licence:9144**7Y"]
    assert judged("LIC006", *rows).findings == ()
    assert "没有通过" in judged("LIC004", *rows).one.message.zh


def test_a_binding_long_under_review_is_not_settled() -> None:
    assert judged("LIC005", alipay(status="under_review")).kind == "unknown"
    assert judged("LIC011", alipay(status="under_review")).ids == ["alipay_binding"]


@pytest.mark.parametrize("status", ["approved", "expiring", "under_review"])
def test_a_filed_change_is_fine(status: str) -> None:
    assert judged("LIC004", licence(status=status)).kind == "pass"


def test_other_documents_to_be_updated_are_not_the_licence() -> None:
    assert judged("LIC004", licence(), trademark(status="update_needed")).kind == "pass"


@pytest.mark.parametrize("code", ["LIC004", "LIC006", "LIC011"])
def test_a_status_that_was_not_read_is_no_pass(code: str) -> None:
    found = judged(code, licence(status=None), front(), back())
    assert (found.kind, found.findings) == ("unknown", ())
    assert "status" in found.reason


# LIC005


def test_alipay_not_bound() -> None:
    finding = judged("LIC005", alipay(status="not_bound", number="mail***@shop.example")).one
    assert finding.severity == "error"
    assert finding.subject.id == "alipay_binding:mail***@shop.example"
    assert "支付宝" in finding.message.zh
    assert "Alipay" in finding.message.en
    assert "mail***" not in finding.message.zh


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("bound", "pass"),
        ("approved", "pass"),
        ("under_review", "unknown"),
        ("update_needed", "unknown"),
        (None, "unknown"),
    ],
)
def test_alipay_states(status: str | None, kind: str) -> None:
    assert judged("LIC005", alipay(status=status, submitted_on=TODAY)).kind == kind


def test_a_page_that_lists_no_alipay_proves_nothing() -> None:
    found = judged("LIC005", licence())
    assert (found.kind, found.reason) == ("unknown", "the page lists no enterprise Alipay account")


# LIC006


@pytest.mark.parametrize("status", ["missing", "rejected"])
@pytest.mark.parametrize("kind", ["business_licence", "legal_person_id_front", "legal_person_id_back"])
def test_identity_documents_missing_or_rejected(kind: str, status: str) -> None:
    rows = [d for d in (licence(), front(), back()) if d.kind != kind]
    finding = judged("LIC006", *rows, document(kind, status=status)).one
    assert finding.severity == "error"
    assert finding.subject.id == kind
    assert ("缺失" if status == "missing" else "未通过") in finding.message.zh
    assert status in finding.message.en


def test_a_side_that_is_not_listed_is_unknown() -> None:
    found = judged("LIC006", licence(), front())
    assert (found.kind, found.findings) == ("unknown", ())
    assert "emblem" in found.reason


def test_the_reason_of_a_rejected_identity_document_is_not_quoted() -> None:
    finding = judged("LIC006", licence(), back(), front(status="rejected", note="张三的照片不清晰")).one
    assert "张三" not in finding.message.zh + finding.message.en


# The holiday calendar


@pytest.mark.parametrize(
    ("since", "until", "number", "official"),
    [
        (date(2026, 6, 5), date(2026, 6, 8), 1, True),  # a weekend between
        (date(2026, 9, 30), date(2026, 10, 8), 1, True),  # National Day
        (date(2026, 10, 8), date(2026, 10, 10), 2, True),  # a Saturday that is worked
        (date(2026, 6, 10), date(2026, 6, 10), 0, True),
        (date(2026, 6, 11), date(2026, 6, 10), 0, True),
        (date(2090, 1, 6), date(2090, 1, 13), 5, False),
    ],
)
def test_working_days(since: date, until: date, number: int, official: bool) -> None:
    assert (workdays_since(since, until).number, workdays_since(since, until).official) == (number, official)
