"""RSP001-RSP010 and RSP014: rates, reply times, the automatic reply, and buyers who wait."""

import pytest

from checks.page_names import page_name
from checks.rsp.words import is_unanswered, names_the_order, offers_a_solution
from extractors.models import Conversation, Problem, Reading, Verdict
from tests.rules.build_rsp import assessment, conversation, health, level, messages, rating, reply
from tests.rules.pages import CAPTURED, at, garbled, lost, page, run, says, seen, short
from tests.truths import RECORDINGS, compare

PAGES = {
    "RSP001": ("rating", "messages"),
    "RSP002": ("level", "messages"),
    "RSP003": ("health", "messages"),
    "RSP004": ("messages",),
    "RSP005": ("messages",),
    "RSP006": ("messages",),
    "RSP007": ("messages",),
    "RSP008": ("health", "messages"),
    "RSP009": ("messages",),
    "RSP010": ("rating",),
    "RSP011": ("disputes",),
    "RSP012": ("reviews",),
    "RSP013": ("disputes",),
}


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_recorded_stores_come_out_as_demanded(name: str) -> None:
    assert compare(RECORDINGS / name, ("RSP",)) == []


@pytest.mark.parametrize("code", PAGES)
@pytest.mark.parametrize("how", ["absent", "lost", "skeleton"])
def test_without_the_pages_nothing_passes(code: str, how: str) -> None:
    gone = {"lost": lost, "skeleton": lambda kind: page(kind, None, verdict=Verdict.SKELETON)}
    found = run(code, *(gone[how](kind) for kind in PAGES[code] if how in gone))
    assert (found.kind, found.findings) == ("unknown", ())
    assert page_name(PAGES[code][0]).en in found.reason


# Rates: RSP001, RSP002, RSP010, RSP014


@pytest.mark.parametrize(
    ("value", "fires"), [(0.94, True), (0.9499, True), (0.95, False), (0.9501, False), (1.0, False), (0.0, True)]
)
def test_first_replies_under_95_percent(value: float, fires: bool) -> None:
    assert bool(run("RSP001", rating(first_reply_12h_rate=value)).findings) is fires


def test_first_replies_name_value_line_and_programme() -> None:
    finding = run("RSP001", rating(first_reply_12h_rate=0.9321)).one
    assert (finding.severity, finding.subject.type, finding.subject.id) == ("error", "metric", "first_reply_12h_rate")
    says(finding, "93.21%", "95.00%")
    assert "店铺评分" in finding.message.zh
    assert "store rating" in finding.message.en
    assert finding.threshold is not None
    assert (finding.threshold.programme, finding.threshold.source) == ("rating", "S3")


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("RSP001", rating(first_reply_12h_rate=0.93), messages(first_reply_12h_rate=0.99)),
        ("RSP002", level(("response_rate", 0.93)), messages(response_rate=0.99)),
        ("RSP003", health(average_reply_s=50_000), messages(average_reply_s=60)),
        ("RSP008", health(response_s=301, average_reply_s=60), messages(average_reply_s=60)),
    ],
)
def test_the_page_that_the_rule_names_first_speaks(code: str, first: Reading, second: Reading) -> None:
    found = run(code, second, first)
    assert found.one.evidence is not None
    assert found.one.evidence.page == first.kind


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("RSP001", lost("rating"), messages(first_reply_12h_rate=0.93)),
        ("RSP001", rating(), messages(first_reply_12h_rate=0.93)),
        ("RSP001", rating(garbled("first_reply_12h_rate")), messages(first_reply_12h_rate=0.93)),
        ("RSP002", lost("level"), messages(response_rate=0.93)),
        ("RSP002", level(("health_score", 90)), messages(response_rate=0.93)),
        ("RSP002", level(("response_rate", None)), messages(response_rate=0.93)),
        ("RSP003", lost("health"), messages(average_reply_s=50_000)),
        ("RSP003", health(), messages(average_reply_s=50_000)),
        ("RSP008", lost("health"), messages(average_reply_s=301)),
    ],
)
def test_the_other_page_helps_out(code: str, first: Reading, second: Reading) -> None:
    finding = run(code, first, second).one
    assert finding.evidence is not None
    assert finding.evidence.page == "messages"


@pytest.mark.parametrize(
    ("code", "reading", "empty"),
    [
        ("RSP001", rating(), messages(first_reply_12h_rate=None)),
        ("RSP002", level(("response_rate", None)), messages(response_rate=None)),
        ("RSP003", health(), messages(average_reply_s=None)),
        ("RSP008", health(), messages(average_reply_s=None)),
    ],
)
def test_what_no_page_assesses_does_not_apply(code: str, reading: Reading, empty: Reading) -> None:
    assert run(code, reading, empty).kind == "not_applicable"
    # With one page gone it cannot be told.
    assert run(code, reading, lost("messages")).kind == "unknown"


def test_a_garbled_tracker_is_no_pass() -> None:
    reading = level(("response_rate", None), problems=(garbled("tracker.response_rate", "9?%"),))
    assert run("RSP002", reading, messages(response_rate=None)).kind == "unknown"


@pytest.mark.parametrize(("value", "fires"), [(0.9499, True), (0.95, False), (0.954, False)])
def test_the_response_rate_has_its_own_line(value: float, fires: bool) -> None:
    # The tracker's own threshold (0.96 here) belongs to another rule.
    assert bool(run("RSP002", level(("response_rate", value))).findings) is fires


def test_the_response_rate_is_due_in_a_day() -> None:
    reading = level(("response_rate", 0.9312), figures={"tracker.response_rate": ("Response Rate", "93.12%")})
    finding = run("RSP002", reading).one
    assert finding.severity == "error"
    assert finding.due_at == at("06-11 10:00")
    says(finding, "93.12%", "95.00%", 24)
    assert finding.evidence is not None
    assert (finding.evidence.label, finding.evidence.text) == ("Response Rate", "93.12%")


@pytest.mark.parametrize(("value", "fires"), [(0.8999, True), (0.9, False), (0.9001, False)])
def test_refunds_under_90_percent(value: float, fires: bool) -> None:
    found = run("RSP010", rating(refund_72h_rate=value))
    assert bool(found.findings) is fires
    if fires:
        assert (found.one.severity, found.one.subject.id) == ("error", "refund_72h_rate")
        says(found.one, "89.99%", "90.00%", 72)


def test_refunds_not_assessed_or_not_read() -> None:
    assert run("RSP010", rating()).kind == "not_applicable"
    assert run("RSP010", rating(absent={"refund_72h_rate": "72小时退款完结率"})).kind == "unknown"
    assert run("RSP010", rating(garbled("refund_72h_rate"))).kind == "unknown"


def test_the_24_hour_rate_waits_for_a_line_of_the_user() -> None:
    reading = assessment(reply_24h_rate=0.85)
    assert run("RSP014", reading).kind == "not_applicable"
    assert run("RSP014").kind == "not_applicable"
    finding = run("RSP014", reading, overrides={"RSP014": 0.9}).one
    assert (finding.severity, finding.subject.id) == ("warning", "reply_24h_rate")
    says(finding, "85.00%", "90.00%")
    assert finding.threshold is not None
    assert finding.threshold.overridden


@pytest.mark.parametrize(("value", "kind"), [(0.8999, "fail"), (0.9, "pass"), (0.91, "pass")])
def test_the_24_hour_rate_at_the_users_line(value: float, kind: str) -> None:
    assert run("RSP014", assessment(reply_24h_rate=value), overrides={"RSP014": 0.9}).kind == kind
    assert run("RSP014", messages(reply_24h_rate=value), overrides={"RSP014": 0.9}).kind == kind
    assert run("RSP014", lost("assessment"), overrides={"RSP014": 0.9}).kind == "unknown"


# Times: RSP003, RSP008


@pytest.mark.parametrize(("seconds", "fires"), [(43_199, False), (43_200, False), (43_201, True)])
def test_an_average_over_twelve_hours(seconds: int, fires: bool) -> None:
    assert bool(run("RSP003", health(average_reply_s=seconds)).findings) is fires


def test_a_slow_average_is_named() -> None:
    finding = run("RSP003", health(average_reply_s=47_700)).one
    assert (finding.severity, finding.subject.id) == ("error", "average_reply_s")
    says(finding, 13, 15, 12)
    assert "一钻" in finding.message.zh


@pytest.mark.parametrize(("seconds", "fires"), [(299, False), (300, False), (301, True)])
def test_a_response_over_five_minutes(seconds: int, fires: bool) -> None:
    found = run("RSP008", health(response_s=seconds, average_reply_s=90_000))
    assert bool(found.findings) is fires
    if fires:
        assert (found.one.severity, found.one.subject.id) == ("info", "response_s")
        says(found.one, 5, 1)


def test_without_a_response_time_the_average_counts() -> None:
    finding = run("RSP008", health(average_reply_s=660)).one
    assert finding.subject.id == "average_reply_s"
    says(finding, 11, 5)


# The automatic reply: RSP007, RSP009


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"delay_s": 0}, "pass"),
        ({"delay_s": 119}, "pass"),
        ({"delay_s": 120}, "pass"),
        ({"delay_s": 121}, "fail"),
        ({"enabled": False}, "fail"),
        ({"enabled": False, "delay_s": None, "text": None}, "fail"),
        ({"delay_s": None}, "unknown"),
        ({"enabled": None}, "unknown"),
    ],
)
def test_the_automatic_reply(changes: dict[str, object], kind: str) -> None:
    assert run("RSP007", messages(auto_reply=reply(**changes))).kind == kind


def test_a_late_automatic_reply_is_named() -> None:
    figures = {"auto_reply_delay": ("自动回复延迟", "5分")}
    finding = run("RSP007", messages(auto_reply=reply(delay_s=300), figures=figures)).one
    assert (finding.severity, finding.subject.type, finding.subject.id) == ("warning", "metric", "auto_reply")
    says(finding, 5, 2)
    assert finding.evidence is not None
    assert finding.evidence.text == "5分"
    off = run("RSP007", messages(auto_reply=reply(enabled=False))).one
    assert "没有开启" in off.message.zh
    assert "off" in off.message.en
    assert off.fingerprint == finding.fingerprint


@pytest.mark.parametrize("code", ["RSP007", "RSP009"])
@pytest.mark.parametrize("absent", [{}, {"auto_reply": "自动回复"}])
def test_a_page_that_does_not_show_the_automatic_reply(code: str, absent: dict[str, str]) -> None:
    assert run(code, messages(auto_reply=None, absent=absent)).kind == "unknown"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("亲，您好，感谢您的咨询，我们会尽快回复您！", "fail"),
        ("Hello dear, thanks for your message, we will reply soon.", "fail"),
        ("请提供您的订单号，我们会尽快处理。", "fail"),
        ("【订单咨询】您好，客服稍后回复。", "fail"),
        ("亲，您的订单 {订单号} 已收到。", "pass"),
        ("Your order {order_id} is on our desk.", "pass"),
        ("您好，我们会在 2 小时内给您个性化的解决方案。", "pass"),
        ("We will send you a personal solution within 2 hours.", "pass"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_empty_template_is_no_answer(text: str | None, kind: str) -> None:
    assert run("RSP009", messages(auto_reply=reply(text=text))).kind == kind


def test_an_empty_template_is_named_without_its_words() -> None:
    finding = run("RSP009", messages(auto_reply=reply(text="亲，您好，请稍等"))).one
    assert (finding.severity, finding.subject.id) == ("warning", "auto_reply")
    assert "订单号" in finding.message.zh
    assert "order's number" in finding.message.en
    assert "请稍等" not in finding.message.zh


def test_a_reply_that_is_off_has_no_text_to_judge() -> None:
    assert run("RSP009", messages(auto_reply=reply(enabled=False, text="您好"))).kind == "not_applicable"


@pytest.mark.parametrize(
    "text",
    [
        "{order_id}", "{{ orderNo }}", "${orderId}", "[Order Number]", "<order no.>", "%order%", "#订单号#",
        "【订单编号】", "｛订单号｝", "{buyer.order_id}", "{número de pedido}", "[номер заказа]",
    ],
)  # fmt: skip
def test_placeholders(text: str) -> None:
    assert names_the_order(f"Hello, {text}: we are on it")


@pytest.mark.parametrize(
    "text", ["order", "订单号", "your order 8203", "{buyer_name}", "[border]", "(订单号)", "【订单咨询】"]
)
def test_what_is_no_placeholder(text: str) -> None:
    assert not names_the_order(text)


def test_words_of_solutions_and_of_open_conversations() -> None:
    assert offers_a_solution("稍后为您补发")
    assert not offers_a_solution("我们会尽快为您处理")
    assert is_unanswered(("AI接待中", "Un-replied"))
    assert not is_unanswered(("AI接待中", "已回复"))


# Buyers who wait: RSP004, RSP005, RSP006


@pytest.mark.parametrize(
    ("since", "code"),
    [
        ("06-10 09:59:00", None),
        ("06-10 00:00:01", None),
        ("06-10 00:00:00", "RSP005"),
        ("06-09 22:00:01", "RSP005"),
        ("06-09 22:00:00", "RSP005"),
        ("06-09 21:59:59", "RSP004"),
        ("06-09 10:00:00", "RSP004"),
        ("06-09 09:59:59", "RSP006"),
        ("06-01 10:00:00", "RSP006"),
    ],
)
@pytest.mark.parametrize("last_from", ["buyer", "robot", "seller"])
def test_the_worst_of_each_conversation(since: str, code: str | None, last_from: str) -> None:
    # "seller" beside a waiting buyer is an automatic reply: it does not answer.
    row = conversation(at(since), last_from=last_from)
    fired = [c for c in ("RSP004", "RSP005", "RSP006") if run(c, messages(row)).findings]
    assert fired == ([code] if code else [])


@pytest.mark.parametrize(
    ("code", "since", "severity", "due", "words"),
    [
        ("RSP004", "06-09 18:30", "error", "06-10 06:30", (15, 30, 12)),
        ("RSP005", "06-09 22:54", "warning", "06-10 10:54", (11, 6, 54, 12)),
        ("RSP006", "06-09 05:00", "error", "06-10 05:00", (1, 5, 24, "ES")),
    ],
)
def test_what_is_said_of_a_waiting_buyer(
    code: str, since: str, severity: str, due: str, words: tuple[object, ...]
) -> None:
    where = seen("messages", "等待回复自", since, "waiting_since")
    finding = run(code, messages(conversation(at(since), seen=where))).one
    assert (finding.severity, finding.subject.type, finding.subject.id) == (severity, "conversation", "2429-975")
    assert finding.due_at == at(due)
    says(finding, *words)
    assert finding.evidence is not None
    assert finding.evidence.text == since


def test_waiting_counts_hours_that_passed() -> None:
    # Clocks go forward on 8 March 2026 at 02:00: from 22:30 to 10:59 the wall shows 12:29, 11:29 h have passed.
    row = conversation(at("03-07 22:30"))
    finding = run("RSP005", messages(row), now=at("03-08 10:59")).one
    assert finding.due_at == at("03-08 11:30")
    assert run("RSP004", messages(row), now=at("03-08 10:59")).kind == "pass"


def test_the_rules_clock_counts_not_the_capture() -> None:
    row = conversation(at("06-10 09:00"))
    assert run("RSP004", messages(row), now=at("06-10 21:00:01")).kind == "fail"
    assert run("RSP004", messages(row), now=CAPTURED).kind == "pass"


@pytest.mark.parametrize("code", ["RSP004", "RSP005", "RSP006"])
def test_conversations_answered_none_and_not_all_read(code: str) -> None:
    assert run(code, messages(conversation(), conversation(conversation_id="2"))).kind == "pass"
    assert run(code, messages()).kind == "not_applicable"
    assert run(code, messages(conversation(), problems=(short("messages"),))).kind == "unknown"
    assert run(code, messages()).kind == "not_applicable"
    assert run(code, messages(absent={"conversations": "conversations"})).kind == "unknown"


@pytest.mark.parametrize("code", ["RSP004", "RSP005", "RSP006"])
@pytest.mark.parametrize(
    "row",
    [
        conversation(last_from="buyer"),
        conversation(last_from="robot"),
        conversation(last_from=None),
        conversation(last_from="buyer", tags=("未回复",), last_message_at=None),
        conversation(last_from="buyer", tags=("未回复",), last_message_at=at("06-10 09:00")),
    ],
)
def test_a_wait_of_unknown_length_is_no_pass(code: str, row: Conversation) -> None:
    found = run(code, messages(row))
    assert (found.kind, found.findings) == ("unknown", ())
    assert "2429-975" in found.reason


def test_an_unanswered_message_waits_at_least_since_it_was_sent() -> None:
    row = conversation(last_from="buyer", tags=("un-replied",), last_message_at=at("06-09 18:30"))
    finding = run("RSP004", messages(row)).one
    assert "至少" in finding.message.zh
    assert "at least" in finding.message.en
    assert run("RSP006", messages(row)).kind == "pass"


def test_no_message_names_the_buyer() -> None:
    problem = Problem(type="field_not_found", field="conversations.buyer_country")
    finding = run("RSP006", messages(conversation(at("06-08 10:00"), buyer_country=None), problems=(problem,))).one
    assert "None" not in finding.message.zh + finding.message.en
