"""RSP011-RSP013: refunds, negative reviews and disputes that wait for the seller."""

from datetime import timedelta

import pytest

from extractors.models import Dispute, Problem, Review
from tests.rules.build_rsp import dispute, disputes, review, reviews
from tests.rules.pages import CAPTURED, at, garbled, run, says, seen, short

# RSP011


@pytest.mark.parametrize(
    ("opened", "severity"),
    [
        ("06-09 10:00:00", None),
        ("06-07 22:00:01", None),
        ("06-07 22:00:00", "warning"),
        ("06-07 10:00:01", "warning"),
        ("06-07 10:00:00", "warning"),
        ("06-07 09:59:59", "error"),
        ("05-01 10:00:00", "error"),
    ],
)
def test_a_refund_has_72_hours(opened: str, severity: str | None) -> None:
    found = run("RSP011", disputes(dispute(opened_at=at(opened))))
    assert [finding.severity for finding in found.findings] == ([severity] if severity else [])
    assert found.kind == ("fail" if severity else "pass")


def test_what_is_said_of_a_late_refund() -> None:
    where = seen("disputes", "纠纷发起时间", "2026-06-07 02:00", "opened_at")
    finding = run("RSP011", disputes(dispute(opened_at=at("06-07 02:00"), seen=where))).one
    assert (finding.subject.type, finding.subject.id) == ("refund", "6037")
    assert finding.due_at == at("06-10 02:00")
    says(finding, 3, 8, 72)
    assert finding.evidence is not None
    assert finding.evidence.text == "2026-06-07 02:00"
    assert finding.threshold is not None
    assert finding.threshold.programme == "rating"


def test_what_is_said_of_a_refund_about_to_be_late() -> None:
    finding = run("RSP011", disputes(dispute(opened_at=at("06-07 17:00")))).one
    assert finding.due_at == at("06-10 17:00")
    says(finding, 2, 17, 7, 72)


def test_a_refund_counts_hours_that_passed() -> None:
    opened = at("03-07 09:42")  # the night after has 23 hours
    finding = run("RSP011", disputes(dispute(opened_at=opened)), now=at("03-10 10:41")).one
    assert finding.severity == "warning"
    assert finding.due_at is not None
    assert finding.due_at.isoformat() == "2026-03-10T10:42:00-07:00"


def test_a_refund_without_a_number_is_its_orders() -> None:
    assert run("RSP011", disputes(dispute(dispute_id=None, opened_at=at("06-01 10:00")))).ids == ["8168"]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (dispute(stage="ended", opened_at=at("05-01 10:00")), "pass"),
        (dispute(closed_at=at("05-02 10:00"), opened_at=at("05-01 10:00")), "pass"),
        (dispute(stage="warehouse_receiving", awaiting="none", opened_at=at("05-01 10:00")), "fail"),
        (dispute(stage="platform", awaiting="platform", opened_at=at("05-01 10:00")), "fail"),
        (dispute(kind="return", opened_at=at("05-01 10:00")), "not_applicable"),
        (dispute(kind=None, opened_at=at("05-01 10:00")), "not_applicable"),
        (dispute(opened_at=None), "unknown"),
        (dispute(stage="unknown", opened_at=at("05-01 10:00")), "unknown"),
    ],
)
def test_which_disputes_are_open_refunds(row: Dispute, kind: str) -> None:
    assert run("RSP011", disputes(row)).kind == kind


def test_refunds_none_and_not_all_read() -> None:
    assert run("RSP011", disputes()).kind == "not_applicable"
    assert run("RSP011", disputes(problems=(short("disputes"),))).kind == "unknown"
    assert run("RSP011", disputes(dispute(), problems=(short("disputes"),))).kind == "unknown"


# RSP012


@pytest.mark.parametrize(
    ("stars", "posted", "contacted", "fires"),
    [
        (1, "06-09 10:00:00", None, False),
        (1, "06-09 09:59:59", None, True),
        (2, "06-08 10:00:00", None, True),
        (3, "06-08 10:00:00", None, False),
        (5, "06-08 10:00:00", None, False),
        (1, "06-08 10:00:00", "06-09 10:00:00", False),
        (1, "06-08 10:00:00", "06-09 10:00:01", True),
        (1, "06-08 10:00:00", "06-08 10:05:00", False),
        (1, "06-08 10:00:00", "06-07 10:00:00", False),
    ],
)
def test_a_negative_review_wants_contact_in_a_day(stars: int, posted: str, contacted: str | None, fires: bool) -> None:
    row = review(stars, posted_at=at(posted), seller_contacted_at=at(contacted) if contacted else None)
    assert run("RSP012", reviews(row)).kind == ("fail" if fires else "pass")


def test_what_is_said_of_a_review() -> None:
    finding = run("RSP012", reviews(review(posted_at=at("06-08 18:00")))).one
    assert (finding.severity, finding.subject.type, finding.subject.id) == ("warning", "review", "8154")
    assert finding.due_at == at("06-09 18:00")
    says(finding, 1, 16, 24, "15%")
    late = run("RSP012", reviews(review(posted_at=at("06-08 08:00"), seller_contacted_at=at("06-09 15:00")))).one
    assert "才联系" in late.message.zh
    assert "was contacted" in late.message.en
    assert late.fingerprint == finding.fingerprint


def test_a_store_sets_what_is_negative_and_how_long() -> None:
    row = reviews(review(3))
    assert run("RSP012", row, overrides={"negative_review": 3}).kind == "fail"
    assert run("RSP012", reviews(review(1)), overrides={"RSP012": 72}).kind == "pass"


def test_of_several_reviews_on_one_order_the_longest_counts() -> None:
    rows = (
        review(posted_at=at("06-08 09:00")),
        review(posted_at=at("06-05 09:00")),
        review(posted_at=at("06-10 09:00")),
    )
    assert run("RSP012", reviews(*rows)).one.due_at == at("06-06 09:00")


@pytest.mark.parametrize("row", [review(None), review(1, posted_at=None)])
def test_a_review_that_was_not_read(row: Review) -> None:
    found = run("RSP012", reviews(row))
    assert (found.kind, found.findings) == ("unknown", ())
    assert "8154" in found.reason


def test_reviews_none_and_not_all_read() -> None:
    assert run("RSP012", reviews()).kind == "not_applicable"
    assert run("RSP012", reviews(problems=(short("reviews"),))).kind == "unknown"
    assert run("RSP012", reviews(review(5), problems=(short("reviews"),))).kind == "unknown"


@pytest.mark.parametrize(
    "reading",
    [
        reviews(review(), absent={"seller_contacted_at": "联系买家时间"}),
        reviews(review(), problems=(Problem(type="field_not_found", field="reviews.seller_contacted_at"),)),
        reviews(review(), problems=(garbled("reviews.seller_contacted_at"),)),
        reviews(review(seen=seen("reviews", "评分", "1星", "stars"))),
    ],
)
def test_a_page_that_does_not_show_the_contact(reading: object) -> None:
    assert run("RSP012", reading).kind == "unknown"  # type: ignore[arg-type]


# RSP013


@pytest.mark.parametrize(
    ("due", "severity"),
    [
        ("06-13 10:00:00", "warning"),
        ("06-11 10:00:01", "warning"),
        ("06-11 10:00:00", "error"),
        ("06-10 10:00:00", "error"),
        ("06-10 09:00:00", "error"),
        (None, "warning"),
    ],
)
def test_the_last_day_of_the_countdown_is_an_error(due: str | None, severity: str) -> None:
    respond_by = at(due) if due else None
    finding = run("RSP013", disputes(dispute(awaiting="seller", respond_by=respond_by))).one
    assert finding.severity == severity
    assert (finding.subject.type, finding.subject.id) == ("dispute", "6037")
    assert finding.due_at == respond_by


def test_what_is_said_of_a_dispute() -> None:
    finding = run("RSP013", disputes(dispute(awaiting="seller", respond_by=at("06-11 06:02")))).one
    says(finding, "2026-06-11 06:02 -07:00", 20, 2, 24)
    over = run("RSP013", disputes(dispute(awaiting="seller", respond_by=at("06-10 08:30")))).one
    says(over, "2026-06-10 08:30", 1, 30)
    assert "已超时" in over.message.zh
    assert "ago" in over.message.en
    open_ended = run("RSP013", disputes(dispute(awaiting="seller"))).one
    assert "没有显示截止时间" in open_ended.message.zh
    assert "no deadline" in open_ended.message.en


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (dispute(awaiting="buyer"), "pass"),
        (dispute(stage="platform", awaiting="platform"), "pass"),
        (dispute(stage="warehouse_receiving", awaiting="none"), "pass"),
        (dispute(stage="buyer_returning", awaiting="buyer"), "pass"),
        (dispute(stage="seller_receiving", awaiting="seller"), "fail"),
        (dispute(stage="seller_receiving", awaiting=None), "fail"),
        (dispute(stage="unknown", awaiting="seller"), "fail"),
        (dispute(stage="ended", awaiting="seller"), "pass"),
        (dispute(awaiting="seller", closed_at=at("06-09 10:00")), "pass"),
        (dispute(kind=None, awaiting="seller"), "fail"),
        (dispute(kind="return", awaiting="seller"), "fail"),
        (dispute(awaiting=None), "unknown"),
        (dispute(stage="unknown", awaiting=None), "unknown"),
        (dispute(stage="platform", awaiting=None), "pass"),
    ],
)
def test_whose_turn_it_is(row: Dispute, kind: str) -> None:
    assert run("RSP013", disputes(row)).kind == kind


def test_a_returned_parcel_is_to_be_confirmed() -> None:
    finding = run("RSP013", disputes(dispute(stage="seller_receiving", awaiting="seller", kind="return"))).one
    assert (finding.severity, finding.due_at) == ("warning", None)
    assert "收到退货" in finding.message.zh
    assert "returned parcel" in finding.message.en
    due = CAPTURED + timedelta(hours=5)
    urgent = dispute(stage="seller_receiving", awaiting="seller", respond_by=due)
    assert run("RSP013", disputes(urgent)).one.severity == "error"


def test_disputes_none_and_not_all_read() -> None:
    assert run("RSP013", disputes()).kind == "not_applicable"
    assert run("RSP013", disputes(problems=(short("disputes"),))).kind == "unknown"
    assert run("RSP013", disputes(dispute(), problems=(short("disputes"),))).kind == "unknown"
    waiting = disputes(dispute(awaiting="seller", dispute_id=None), problems=(short("disputes"),))
    assert run("RSP013", waiting).ids == ["8168"]
