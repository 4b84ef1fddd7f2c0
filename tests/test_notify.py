"""Notifications: what is told, to whom and when; what becomes of a message that does not arrive; nothing personal."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config, load
from agent.errors import ChannelUnusable, NotDelivered, SessionExpired, UsageError
from agent.history.database import History
from agent.history.runs import SavedRun
from agent.history.states import without_history
from agent.home import Home
from agent.lock import FileLock
from agent.notify import address, robots
from agent.notify.desk import Delivery, Desk, notify_failure, notify_run
from agent.notify.items import Frame, Item, item
from agent.notify.message import compose, merged
from agent.notify.news import chosen, news_of
from agent.notify.robots import Robot
from agent.notify.sender import Sender
from agent.unattended import NotifyConfig
from checks.finding import Finding, OutcomeKind, Severity, Subject
from checks.text import Text
from tests.cli import Shell
from tests.history_runs import SHANGHAI, finding, run
from tests.mailbox import Mailbox, opened

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("NO_PROXY", "*")
    with opened() as found:
        yield found


@dataclass
class Office:
    """A home with channels, a clock that a test turns, and the waits that were asked for."""

    home: Home
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.waits: list[float] = []
        self.config = Config()
        self.database = self.home.history
        self.home.make()

    def channels(self, *tables: str, rest: str = "") -> None:
        text = rest + "".join(f"\n[[notify]]\n{table}\n" for table in tables)
        self.home.config.write_text(text, "utf-8")
        self.config = load(self.home)

    @property
    def desk(self) -> Desk:
        return Desk(self, now=lambda: self.now, sleep=self.waits.append)

    def save(self, number: int, findings: list[Finding], **changes: Any) -> SavedRun:
        with History(self.database) as history:
            return history.save(run(number, findings, **changes))

    def tell(self, number: int, *findings: Finding, **changes: Any) -> list[Delivery]:
        return self.desk.run(self.save(number, list(findings), **changes))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(Home(tmp_path / "home"))


def states(deliveries: list[Delivery]) -> list[tuple[str, str, int]]:
    return [(d.channel, d.state, d.lines) for d in deliveries]


# --- what is told ---------------------------------------------------------------------------------------------------


Events = Callable[[list[Finding], list[Finding]], dict[str, str]]


@pytest.fixture
def events(tmp_path: Path) -> Events:
    """Event by subject, of a run with these findings after one with those."""

    def told(before: list[Finding], now: list[Finding]) -> dict[str, str]:
        with History(tmp_path / "history.db") as history:
            first, second = history.save(run(0, before)), history.save(run(1, now))
        return {n.finding.subject.id: n.event for n in news_of(second, first)}

    return told


def test_what_is_new_and_what_was_resolved_is_told_and_what_persists_is_not(events: Events) -> None:
    far = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    kept, gone, new = (finding(name, due_at=far) for name in ("kept", "gone", "new"))
    assert events([kept, gone], [kept, new]) == {"gone": "resolved", "new": "new"}


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ({"severity": Severity.WARNING}, {"severity": Severity.ERROR}, {"1": "worse"}),
        ({"severity": Severity.ERROR}, {"severity": Severity.WARNING}, {}),
        ({"value": 90.0}, {"value": 91.0}, {"1": "worse"}),
        ({"value": 91.0}, {"value": 90.0}, {}),
        ({"value": 90.0}, {"value": 90.0}, {}),
    ],
)
def test_what_grew_worse_is_told(
    then: dict[str, Any], now: dict[str, Any], told: dict[str, str], events: Events
) -> None:
    assert events([finding(due_at=None, **then)], [finding(due_at=None, **now)]) == told


@pytest.mark.parametrize(
    ("left", "severity", "told"),
    [
        (timedelta(hours=23), Severity.ERROR, {"1": "due"}),
        (timedelta(hours=24), Severity.ERROR, {"1": "due"}),
        (timedelta(hours=25), Severity.ERROR, {}),
        (timedelta(hours=23), Severity.INFO, {}),
        (timedelta(0), Severity.ERROR, {"1": "worse"}),
    ],
)
def test_a_deadline_is_told_a_day_before_and_when_it_has_passed(
    left: timedelta, severity: Severity, told: dict[str, str], events: Events
) -> None:
    due = run(1).now + left
    same = finding(due_at=due, severity=severity)
    assert events([same], [same]) == told


def test_a_muted_finding_is_silent_until_it_grows_worse() -> None:
    saved = without_history(run(1, [finding()]))
    [stated] = saved.findings
    accepted = saved._replace(findings=(stated._replace(accepted=True),))
    assert news_of(accepted) == []
    worse = Text("时限已过", "its deadline has passed")
    [told] = news_of(saved._replace(findings=(stated._replace(worse=worse),)))
    assert (told.event, told.how) == ("worse", worse)


def test_a_channel_hears_what_it_asked_for() -> None:
    news = news_of(without_history(run(1, [finding("1"), finding("2", severity=Severity.WARNING)])))
    assert [n.finding.subject.id for n in chosen(news, ["new"], "error")] == ["1"]
    assert [n.finding.subject.id for n in chosen(news, ["new"], "info")] == ["1", "2"]
    assert chosen(news, ["resolved"], "info") == []


# --- nothing personal -----------------------------------------------------------------------------------------------

FRAME = Frame("zh", SHANGHAI, "北风旗舰店", "run-1", NOON)
PERSONAL = "Anna Petrova anna@mail.example"


def told(found: Finding, frame: Frame = FRAME) -> Item:
    [news] = news_of(without_history(run(1, [found])))
    return item(news, frame)


@pytest.mark.parametrize("code", ["LIC005", "AUD003", "PRM001", "LVL005"])
def test_a_sentence_that_quotes_a_page_is_not_told(code: str) -> None:
    about = Subject("document", f"x:{PERSONAL}")
    found = finding("1", code, message=Text(PERSONAL, PERSONAL))._replace(subject=about)
    assert "Anna" not in json.dumps(told(found).as_dict())
    assert told(found).title


def test_a_subject_that_is_no_number_is_not_told() -> None:
    found = finding(PERSONAL, message=Text(PERSONAL, PERSONAL))
    assert "Anna" not in json.dumps(told(found).as_dict())


def test_an_order_number_is_told_and_a_mail_address_is_not() -> None:
    found = finding("8203955732372614", message=Text("订单 8203955732372614 a@b.cn\n\x1b[31m", "x"))
    assert told(found).text == "订单 8203955732372614 … [31m；时限 11-21 12:00（后台 11-20 20:00）"


def test_no_finding_of_a_recorded_store_tells_a_name(recording: Callable[[str], Path]) -> None:
    truth = recorded(recording("northwind"))
    news = news_of(truth)
    assert len(news) > 100
    lines = " ".join(item(n, replace(FRAME, language=language)).text for n in news for language in ("zh", "en"))
    assert not re.search(r"\S@\S|mail\*+", lines)
    quoted = {n.finding.evidence.text for n in news if n.finding.code.startswith("LIC") and n.finding.evidence}
    assert [text for text in quoted if text and len(text) > 6 and text in lines] == []


def recorded(path: Path) -> SavedRun:
    """The run of a recording, as nobody keeps it."""
    from agent.capture.opening import open_capture
    from agent.judging import Question, facts_of, judge_facts
    from checks.rule import selected
    from extractors.vocabulary import shipped

    question = Question(rules=selected((), ()), vocabulary=shipped(), overrides={}, now=None)
    with open_capture(path) as capture:
        facts = facts_of([capture], question, None)
        return without_history(judge_facts(facts, question, capture="x", started_at=NOON, history=None))


# --- messages -------------------------------------------------------------------------------------------------------


def items(count: int, *, event: str = "new", code: str = "LOG001", store: str = "北风") -> list[Item]:
    return [
        Item(
            event,
            "error",
            code,
            "未同步",
            f"订单 {n} 未同步",
            f"订单 {n}",
            f"{event}{code}{n}",
            store,
            "run-1",
            "11-20 12:00",
        )
        for n in range(count)
    ]


def test_a_message_lists_the_findings_by_event_and_rule() -> None:
    [part] = compose(merged([*items(1, event="resolved"), *items(2)]), "zh", 2_000)
    assert part.title == "shoplint · 北风：新问题 2，已解决 1"
    assert part.body.splitlines() == [
        "■ 北风 · 11-20 12:00",
        "【新问题 2】",
        "✖ LOG001 未同步 ×2",
        "  订单 0 未同步",
        "  订单 1 未同步",
        "【已解决 1】",
        "✓ LOG001 未同步：订单 0",
    ]
    assert part.done == 3


def test_many_of_one_rule_are_named_in_one_line() -> None:
    [part] = compose(merged(items(30)), "zh", 4_000)
    assert part.body.splitlines()[-1] == "  … 另有 27 条：" + "、".join(f"订单 {n}" for n in range(3, 11)) + " …"


@pytest.mark.parametrize("limit", [500, 700, 2_000, 6_000])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_message_is_longer_than_the_channel_takes_and_none_is_forgotten(limit: int, language: Any) -> None:
    many = merged([entry for n in range(40) for entry in items(4, code=f"LOG{n:03}", store=f"店 {n % 3}")])
    parts = compose(many, language, limit)
    assert max(len(f"{part.title}\n{part.body}".encode()) for part in parts) <= limit
    assert [part.done for part in parts] == sorted(part.done for part in parts)
    assert parts[-1].done == len(many)
    assert len(parts) <= 4
    assert all(part.body.startswith("■ 店") for part in parts), "each message says of which store it speaks"


def test_what_does_not_fit_is_counted_with_the_command_that_shows_it() -> None:
    last = compose(merged([entry for n in range(40) for entry in items(4, code=f"LOG{n:03}")]), "en", 600)[-1]
    assert re.search(r"… \d+ more: shoplint show run-1$", last.body)


def test_of_one_finding_the_newest_word_is_told() -> None:
    [first], [later] = items(1), [replace(items(1)[0], event="resolved")]
    assert merged([first, later]) == [later]
    assert compose([], "zh", 500) == []


# --- delivery -------------------------------------------------------------------------------------------------------


def test_a_run_is_told_at_once(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    assert states(office.tell(1, finding("8203955732372614"))) == [("ops", "sent", 1)]
    [text] = box.texts
    assert "shoplint · Northwind Official Store：新问题 1" in text
    assert "8203955732372614" in text
    assert office.desk.outbox.all() == []


def test_nothing_new_is_not_told(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    same = finding(due_at=None)
    office.tell(1, same)
    assert office.tell(2, same) == []
    assert len(box.messages) == 1


def test_each_channel_has_its_own_language_severity_and_stores(office: Office, box: Mailbox) -> None:
    rest = '[stores.northwind]\nid = "1102345678"\n[stores.other]\nid = "7"\n'
    office.channels(
        f'name = "en"\nurl = "{box.url}"\nlanguage = "en"',
        f'name = "grave"\nurl = "{box.url}"\nmin_severity = "error"',
        f'name = "other"\nurl = "{box.url}"\nstores = ["other"]',
        rest=rest,
    )
    assert states(office.tell(1, finding(severity=Severity.WARNING))) == [("en", "sent", 1)]
    assert "New 1" in box.texts[0]
    assert not re.search(r"[\u4e00-\u9fff]", box.messages[0]["title"])


def test_a_deadline_is_told_once(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    due = finding(due_at=run(1).now + timedelta(hours=20))
    office.tell(0, due)
    assert states(office.tell(1, due)) == [("ops", "sent", 1)]
    assert "快到期 1" in box.texts[-1]
    same = run(1).now + timedelta(hours=1)
    assert office.tell(2, due, now=same) == []
    moved = due._replace(due_at=same + timedelta(hours=22))
    assert states(office.tell(3, moved, now=same)) == [("ops", "sent", 1)], "a deadline that moved is another one"


def test_a_failed_delivery_is_tried_again_then_kept_then_sent_with_the_next(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    box.status = 503
    [kept] = office.tell(1, finding("1"))
    assert (kept.state, kept.lines, kept.is_trouble) == ("kept", 1, True)
    assert "503" in kept.text.en
    assert "hook-of-secret" not in kept.text.zh + kept.text.en
    assert len(box.paths) == 3
    assert office.waits == [1, 2]
    [waiting] = office.desk.outbox.all()
    assert (waiting.tries, waiting.channel) == (1, "ops")

    box.status = 200
    assert states(office.tell(2, finding("1"), finding("2"))) == [("ops", "sent", 2)]
    assert len(box.messages) == 1, "what was kept goes with what is new, as one message"
    assert office.desk.outbox.all() == []


def test_a_short_failure_is_not_noticed(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    box.answers = [(502, {}), (502, {})]
    assert states(office.tell(1, finding())) == [("ops", "sent", 1)]


def test_what_arrived_is_not_sent_again(office: Office, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.notify.sender.MOST_BYTES", 700)
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    found = [finding(str(n), f"LOG{n:03}") for n in range(1, 18) if n != 16]
    box.answers = [(200, {}), (503, {}), (503, {}), (503, {})]
    [kept] = office.tell(1, *found)
    first = set(re.findall(r"LOG\d{3}", box.texts[0]))
    assert first
    assert kept.lines == 16 - len(first)
    office.desk.flush()
    later = set(re.findall(r"LOG\d{3}", "".join(box.texts[1:])))
    assert later
    assert not first & later


def test_the_run_is_not_lost_when_a_channel_has_no_address(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOPLINT_NOTIFY_OPS", raising=False)
    office.channels('name = "ops"\nurl_env = "SHOPLINT_NOTIFY_OPS"')
    [kept] = office.tell(1, finding())
    assert kept.state == "kept"
    assert "SHOPLINT_NOTIFY_OPS" in kept.text.en


def test_the_reason_is_told_however_quiet_the_logs_are(office: Office, box: Mailbox) -> None:
    """As `audit` sets them: nothing under an error is shown."""
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    box.status = 503
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    try:
        [kept] = office.tell(1, finding("1"))
    finally:
        root.setLevel(before)
    assert "503" in kept.text.en


def test_the_run_is_not_lost_when_nothing_can_be_kept(office: Office) -> None:
    office.channels('name = "ops"\nurl = "json://127.0.0.1:9/x"')
    (office.home.root / "outbox").write_text("in the way")
    deliveries = office.tell(1, finding())
    assert {d.state for d in deliveries} == {"lost"}
    assert deliveries[0].is_trouble


def test_an_old_message_is_given_up_and_reported(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    box.status = 500
    office.tell(1, finding())
    office.now += timedelta(days=14, seconds=1)
    assert states(office.desk.flush()) == [("ops", "dropped", 1)]
    assert office.desk.outbox.all() == []


def test_a_channel_that_is_gone_keeps_its_messages(office: Office) -> None:
    office.channels('name = "ops"\nurl = "json://127.0.0.1:9/x"\ndigest = "daily 23:00"')
    office.tell(1, finding())
    office.channels()
    office.now += timedelta(days=1)
    [kept] = office.desk.flush()
    assert kept.state == "kept"
    assert "no channel ops" in kept.text.en


def test_a_foreign_or_damaged_file_in_the_outbox_stands_in_nobodys_way(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    folder = office.home.make("outbox")
    for name, text in {"a": "{", "b": "[]", "c": '{"format": 99}', "told": "[1]"}.items():
        (folder / f"{name}.json").write_text(text)
    assert states(office.tell(1, finding())) == [("ops", "sent", 1)]
    assert (folder / "a.json").exists()


def test_two_runs_never_send_at_the_same_time(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    with FileLock(office.home.make("outbox") / ".lock"):
        assert states(office.tell(1, finding())) == [("ops", "held", 1)]
    assert box.messages == []
    assert states(office.desk.flush()) == [("ops", "sent", 1)]


# --- digest and quiet hours -----------------------------------------------------------------------------------------


def at(clock: str, day: int = 20) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("settings", "written", "sent"),
    [
        ({}, at("12:00"), at("12:00")),
        ({"digest": "daily 18:00"}, at("12:00"), at("18:00")),
        ({"digest": "daily 18:00"}, at("18:00"), at("18:00")),
        ({"digest": "daily 18:00"}, at("18:01"), at("18:00", 21)),
        ({"quiet_hours": ("22:00-08:00",)}, at("21:59"), at("21:59")),
        ({"quiet_hours": ("22:00-08:00",)}, at("22:00"), at("08:00", 21)),
        ({"quiet_hours": ("22:00-08:00",)}, at("07:59"), at("08:00")),
        ({"quiet_hours": ("22:00-08:00",)}, at("08:00"), at("08:00")),
        ({"quiet_hours": ("08:00-09:00", "22:00-08:00")}, at("23:00"), at("09:00", 21)),
        ({"digest": "daily 07:00", "quiet_hours": ("22:00-08:00",)}, at("12:00"), at("08:00", 21)),
    ],
)
def test_when_a_message_may_be_sent(settings: dict[str, Any], written: datetime, sent: datetime) -> None:
    assert NotifyConfig(name="x", **settings).ripe_at(written, SHANGHAI) == sent


def test_a_digest_gathers_the_runs_of_a_day(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"\ndigest = "daily 18:00"')
    far = datetime(2027, 5, 1, tzinfo=SHANGHAI)
    a, b = finding("1", due_at=far), finding("2", due_at=far)
    [held] = office.tell(1, a)
    assert (held.state, held.text.en) == ("held", "1 finding waiting until 11-20 18:00")
    office.now = at("15:00")
    assert states(office.tell(2, a, b)) == [("ops", "held", 2)]
    assert box.messages == []
    office.now = at("18:00")
    assert states(office.desk.flush()) == [("ops", "sent", 2)]
    [text] = box.texts
    assert "新问题 2" in text


def test_in_quiet_hours_nothing_is_sent_not_even_what_was_kept(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"\nquiet_hours = ["22:00-08:00"]')
    box.status = 500
    office.now = at("21:00")
    assert states(office.tell(1, finding("1"))) == [("ops", "kept", 1)]
    box.status = 200
    office.now = at("23:00")
    assert [d.state for d in office.tell(2, finding("1"), finding("2"))] == ["held", "held"]
    assert box.messages == []
    office.now = at("08:00", 21)
    assert states(office.desk.flush()) == [("ops", "sent", 2)]


def test_whoever_asks_for_it_at_once_gets_it_at_once(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"\nquiet_hours = ["22:00-08:00"]\ndigest = "daily 18:00"')
    office.now = at("23:00")
    saved = office.save(1, [finding()])
    assert states(office.desk.run(saved, at_once=True)) == [("ops", "sent", 1)]


# --- audits that could not be done ----------------------------------------------------------------------------------


def test_a_failure_is_told_once_until_the_store_was_visited(office: Office, box: Mailbox) -> None:
    rest = '[stores.northwind]\nid = "1102345678"\n'
    office.channels(f'name = "ops"\nurl = "{box.url}"', 'name = "no"\nevents = ["new"]', rest=rest)
    error = SessionExpired("northwind")
    assert states(office.desk.failed("northwind", error)) == [("ops", "sent", 1)]
    assert "shoplint login northwind" in box.texts[0]
    assert office.desk.failed("northwind", error) == []
    office.channels(f'name = "ops"\nurl = "{box.url}"', rest=rest)
    assert office.tell(1, outcomes={"LOG001": OutcomeKind.PASS}) == []
    assert states(office.desk.failed("northwind", error)) == [("ops", "sent", 1)]


def test_the_hooks_of_audit(office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    assert states(notify_run(office.save(1, [finding()]), office)) == [("ops", "sent", 1)]
    assert states(notify_failure("northwind", SessionExpired("northwind"), office)) == [("ops", "sent", 1)]


# --- addresses ------------------------------------------------------------------------------------------------------

TOKEN = "b1a2-C3d4"


@pytest.mark.parametrize(
    ("url", "scheme", "secret"),
    [
        (f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", "dingtalk", ""),
        (f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}&secret=SEC1", "dingtalk", "SEC1"),
        (f"dingtalk://SEC1@{TOKEN}", "dingtalk", "SEC1"),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", "feishu", ""),
        (f"https://open.larksuite.com/open-apis/bot/v2/hook/{TOKEN}/", "lark", ""),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", "wecombot", ""),
        (f"wecombot://{TOKEN}/", "wecombot", ""),
    ],
)
def test_a_robots_address_is_taken_as_its_platform_shows_it(url: str, scheme: str, secret: str) -> None:
    assert Robot.at(url) == Robot(scheme, TOKEN, secret)
    assert TOKEN not in repr(Robot.at(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://oapi.dingtalk.com.example/robot/send?access_token=x",
        f"dingtalk://{TOKEN}/13800000000",
        "slack://a/b/c",
        "",
    ],
)
def test_another_address_is_no_robots(url: str) -> None:
    assert Robot.at(url) is None


@pytest.fixture
def robot(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The robots' platforms, all of them at the mailbox."""
    for scheme, kind in robots.KINDS.items():
        path = kind.endpoint.removeprefix(f"https://{kind.host}")
        monkeypatch.setitem(robots.KINDS, scheme, replace(kind, endpoint=f"http://127.0.0.1:{box.port}{path}"))
    return box


@pytest.mark.parametrize(
    ("scheme", "reply", "text"),
    [
        ("dingtalk", {"errcode": 0}, lambda m: m["text"]["content"]),
        ("wecombot", {"errcode": 0}, lambda m: m["text"]["content"]),
        ("feishu", {"code": 0}, lambda m: m["content"]["text"]),
        ("lark", {"StatusCode": 0}, lambda m: m["content"]["text"]),
    ],
)
def test_a_robot_takes_a_message(scheme: str, reply: dict[str, Any], text: Any, robot: Mailbox) -> None:
    robot.reply = reply
    Sender("ops", f"{scheme}://{TOKEN}").send("shoplint", "店铺")
    [message] = robot.messages
    assert text(message) == "shoplint\n店铺"
    assert TOKEN in robot.paths[0]


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        ((200, {"errcode": 310000, "errmsg": f"keywords not in content {TOKEN}"}), 1),
        ((200, {"errcode": 130101, "errmsg": "send too fast"}), 3),
        ((200, {}), 1),
        ((404, {}), 1),
        ((500, {}), 3),
    ],
)
def test_a_robot_that_refuses_politely_is_not_believed(answer: tuple[int, Any], tries: int, robot: Mailbox) -> None:
    robot.answers = [answer] * 3
    with pytest.raises(NotDelivered) as caught:
        Sender("ops", f"dingtalk://{TOKEN}", sleep=lambda _: None).send("shoplint", "x")
    assert len(robot.paths) == tries
    assert TOKEN not in caught.value.text.zh + caught.value.text.en
    if answer[1]:
        assert str(answer[1]["errcode"]) in caught.value.text.zh


def test_a_robot_that_asks_for_a_signature_gets_it(robot: Mailbox) -> None:
    robot.reply = {"errcode": 0, "code": 0}
    for scheme in ("dingtalk", "feishu"):
        Sender("ops", f"{scheme}://SECx@{TOKEN}", clock=lambda: 1_599_360_473.0).send("a", "b")
    # Both signatures are those that openssl computes.
    assert "timestamp=1599360473000&sign=kZClFWJgWKbpyiNuCYzh2LpxohAhwJ2TFVhsZ%2BjjN8o%3D" in robot.paths[0]
    assert robot.messages[1]["timestamp"] == "1599360473"
    assert robot.messages[1]["sign"] == "UT7c9LEqNJ/xtO0WKPu5SWF8sS2TLQBpIirCKM2ectc="


def test_a_robot_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    kind = replace(robots.KINDS["feishu"], endpoint="http://127.0.0.1:9/{token}")
    monkeypatch.setitem(robots.KINDS, "feishu", kind)
    with pytest.raises(NotDelivered, match="Feishu cannot be reached") as caught:
        Sender("ops", f"feishu://{TOKEN}", sleep=lambda _: None).send("a", "b")
    assert TOKEN not in str(caught.value)


def test_an_address_that_nothing_understands_is_told_without_its_secret() -> None:
    with pytest.raises(ChannelUnusable, match="begins with htps://") as caught:
        Sender("ops", "htps://secret-token")
    assert "secret-token" not in caught.value.text.zh + caught.value.text.en


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    import keyring

    found = Ring()
    monkeypatch.setattr(keyring, "get_password", found.get_password)
    monkeypatch.setattr(keyring, "set_password", found.set_password)
    return found


def test_where_an_address_is_looked_for(ring: Ring) -> None:
    address.keep(NotifyConfig(name="ops"), "json://kept")
    env = {"SHOPLINT_NOTIFY_OPS": "json://by-name", "OTHER": "json://other"}
    assert address.address(NotifyConfig(name="ops", url="json://here"), env) == "json://here"
    assert address.address(NotifyConfig(name="ops", url_env="OTHER"), env) == "json://other"
    assert address.address(NotifyConfig(name="ops"), env) == "json://by-name"
    assert address.address(NotifyConfig(name="ops"), {}) == "json://kept"
    assert address.address(NotifyConfig(name="x", keyring="notify:ops"), env) == "json://kept"
    address.keep(NotifyConfig(name="y", keyring="group"), "json://group")
    assert address.address(NotifyConfig(name="z", keyring="group"), env) == "json://group"


@pytest.mark.parametrize(
    ("channel", "said", "unsaid"),
    [
        (NotifyConfig(name="ops", url_env="GONE"), "set GONE", "--remember"),
        (NotifyConfig(name="ops", keyring="group"), "notify --remember ops", "set SHOPLINT"),
        (NotifyConfig(name="ops"), "set SHOPLINT_NOTIFY_OPS, or run shoplint notify --remember ops", "GONE"),
    ],
)
def test_an_address_that_is_missing_is_told_with_what_would_give_it(
    ring: Ring, channel: NotifyConfig, said: str, unsaid: str
) -> None:
    with pytest.raises(ChannelUnusable) as caught:
        address.address(channel, {})
    assert said in caught.value.text.en
    assert unsaid not in caught.value.text.en


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def shell(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(office.home.root, capsys, monkeypatch)


def test_a_channel_is_tried(shell: Shell, office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"', 'name = "bad"\nurl = "json://127.0.0.1:9/x"\nlanguage = "en"')
    answer = shell("notify", "--test", "ops", "--lang", "en")
    assert (answer.code, answer.out) == (0, "shoplint: notify ops: JSON took it\n")
    assert "通知测试" in box.texts[0]
    assert "notify --test" in shell("notify", "--test", "--lang", "en", "--help").out


def test_a_channel_that_is_out_of_order_is_told(shell: Shell, office: Office, robot: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "dingtalk://{TOKEN}"')
    robot.reply = {"errcode": 310000, "errmsg": "keywords not in content"}
    for language, said in (("en", "DingTalk refused: 310000 keywords"), ("zh", "钉钉拒绝：310000 keywords")):
        answer = shell("notify", "--test", "--lang", language)
        assert answer.code == 5
        assert said in answer.err


def test_a_past_run_is_told_again(shell: Shell, office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"')
    office.save(1, [finding("8203955732372614")])
    answer = shell("notify", "last", "--lang", "en")
    assert (answer.code, answer.err) == (0, "shoplint: notify ops: 1 finding told\n")
    assert shell("notify", "last", "-q").err == ""
    assert len(box.messages) == 2


def test_what_waits_is_listed_and_sent(shell: Shell, office: Office, box: Mailbox) -> None:
    office.channels(f'name = "ops"\nurl = "{box.url}"\ndigest = "daily 18:00"')
    office.tell(1, finding())
    listed = shell("notify", "--list", "--lang", "en").out
    assert "daily 18:00" in listed
    assert "ops  1 finding, from 11-20 18:00" in listed
    assert "hook-of-secret" not in listed
    assert "等待发送 1" in shell("notify", "--list", "--lang", "zh").out
    assert shell("notify", "--flush", "--at-once", "--lang", "en").err == "shoplint: notify ops: 1 finding told\n"
    assert shell("notify", "--flush", "--lang", "en").err == "shoplint: there is nothing to tell\n"


def test_an_address_is_remembered(
    shell: Shell, office: Office, ring: Ring, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.channels('name = "ops"')
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: box.url)
    answer = shell("notify", "--remember", "ops", "--lang", "en")
    assert (answer.code, "hook-of-secret" in answer.out) == (0, False)
    assert shell("notify", "--test", "ops").code == 0
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "htps://x")
    assert shell("notify", "--remember", "ops").code == 2


def test_an_address_that_would_not_be_read_from_the_keyring_is_not_put_there(shell: Shell, office: Office) -> None:
    office.channels('name = "ops"\nurl_env = "OPS"')
    answer = shell("notify", "--remember", "ops", "--lang", "en")
    assert (answer.code, "take url_env out first" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give one of RUN"),
        (["last", "--flush"], "give one of RUN"),
        (["--test", "opps"], "no channel opps; did you mean ops?"),
        (["--remember", "x"], "no channel x"),
        (["last"], "there is no history"),
    ],
)
def test_a_wrong_call_is_told(shell: Shell, office: Office, arguments: list[str], said: str) -> None:
    office.channels('name = "ops"\nurl = "json://127.0.0.1:9/x"')
    answer = shell("notify", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_without_channels_the_next_step_is_told(shell: Shell) -> None:
    answer = shell("notify", "--test")
    assert answer.code == 2
    assert "shoplint init" in answer.err


def test_an_unknown_channel_is_a_mistake_of_usage(office: Office) -> None:
    with pytest.raises(UsageError):
        office.desk.channel("none")
