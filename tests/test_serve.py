"""`shoplint serve`: pages and questions about the history, read-only, for this machine or with a password."""

from __future__ import annotations

import asyncio
import base64
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from sqlite_utils import Database

from agent.cli.options import setting
from agent.history.database import History
from agent.history.migrations import MIGRATIONS
from agent.history.runs import Metric, StoreRef
from agent.history.views import VIEWS
from agent.serve import pages, questions, server
from agent.serve.gate import is_loopback
from agent.serve.pages import Site, metric_path, question_path, run_path, store_path
from agent.standing import Ladder, Need
from checks.finding import OutcomeKind, Severity
from checks.text import Language, Text
from tests.cli import Shell
from tests.history_runs import SHANGHAI, bare, day, finding, run
from tests.test_standin_browser import SYSTEM

SCORE = (91.0, 88.0, 83.4)
DISPUTES = (0.0088, 0.0151, 0.0196)
OTHER = StoreRef("Läden & Söhne/2", None, "<b>Söhne</b>", None)
Answers = list[httpx.Response]


def fill(path: Path) -> None:
    """Three runs of one store, the last of which resolves, changes and adds a finding; one run of another."""
    found = [
        [finding("1"), finding("2"), bare("3")],
        [finding("1"), finding("2"), bare("3")],
        [finding("1", observed=Text("更糟", "much worse")), bare("3"), finding("4", severity=Severity.WARNING)],
    ]
    gap = Text("health 页面变成了登录页", "health shows the login page")
    with History(path) as history:
        for number, findings in enumerate(found):
            score = Metric("health.score", SCORE[number], "points", day(number))
            disputes = Metric("health.dispute_rate", DISPUTES[number], "ratio", day(number))
            unknown = {"HLT001": OutcomeKind.UNKNOWN}
            history.save(run(number, findings, outcomes=unknown, gaps={"HLT001": gap}, metrics=(score, disputes)))
        history.save(run(7, [bare("9")])._replace(store=OTHER, id="other-run"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "home" / "history.db"
    fill(file)
    return file


def site_of(path: Path, language: Language = "en", now: datetime | None = None) -> Site:
    settings = setting(path.parent, None, path, language)
    site = Site(path, language, lambda channel: settings.look(channel_id=channel, color=False))
    return site if now is None else replace(site, now=lambda: now)


def ask(
    path: Path,
    *addresses: str,
    language: Language = "en",
    password: str | None = None,
    method: str = "GET",
    host: str = "127.0.0.1",
    **options: Any,
) -> Answers:
    """What the pages answer, one after another, from an application of their own."""
    app = server.application(site_of(path, language), password)

    async def talk() -> Answers:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return [await client.request(method, address, **options) for address in addresses]

    return asyncio.run(talk())


def rows(path: Path, name: str, language: Language = "en", **parameters: str) -> list[dict[str, Any]]:
    (answer,) = ask(path, question_path(name, **parameters).replace(name, f"{name}.json", 1), language=language)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return [dict(zip(body["columns"], row, strict=True)) for row in body["rows"]]


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("zh", "店铺与未解决的问题"), ("en", "Stores and open findings")])
def test_the_start_page_shows_stores_and_what_is_open(path: Path, language: Language, words: str) -> None:
    (answer,) = ask(path, "/", language=language)
    assert answer.status_code == 200
    assert f"<h1>{words}</h1>" in answer.text
    assert "&lt;b&gt;Söhne&lt;/b&gt;" in answer.text
    assert "<b>Söhne" not in answer.text
    assert run_path("other-run") in answer.text
    for question in questions.QUESTIONS:
        assert question.title.to(language) in answer.text


def test_the_store_with_the_gravest_findings_comes_first_and_says_how_it_stands(path: Path) -> None:
    page = pages.start(site_of(path, now=datetime(2026, 11, 21, 6, tzinfo=SHANGHAI)))
    first, second = page.split('<article class="store"')[1:]
    assert "northwind" in first
    assert "Söhne" in second
    assert "1 new, 1 resolved" in first
    assert "this is the first one" in second
    assert "After one more run" in second
    assert re.search(r"<time [^>]+>11-\d\d \d\d:\d\d PST</time> <span class=\"own\">11-\d\d [\d:]+ Beijing time", first)


def test_deadlines_are_counted_by_the_clock_of_the_reader(path: Path) -> None:
    due = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
    early, late = (pages.start(site_of(path, now=due + timedelta(minutes=by))) for by in (-30, 30))
    assert ("past due" in early, "past due" in late) == (False, True)
    assert "30 min left" in early
    assert "30 min over" in late


@pytest.mark.parametrize(
    ("met", "said"),
    [
        ((True, False, None), "一钻 → 二钻，还差 1 项"),
        ((True, None, None), "一钻 → 二钻，2 项未考核"),
        ((True, True), "一钻 → 二钻，要求都已达到"),
    ],
)
def test_where_a_store_stands_on_the_way_up(met: tuple[bool | None, ...], said: str) -> None:
    none = Text("", "")
    needs = tuple(Need(str(n), none, 1.0, 2.0, None, False, one, none, none) for n, one in enumerate(met))
    ladder = Ladder("level", Text("一钻", "One Diamond"), Text("二钻", "Two Diamonds"), needs, "run", day(0), None)
    assert pages._where(ladder).zh == said
    assert pages._where(replace(ladder, goal=None)).en == "One Diamond"


def test_every_link_of_our_pages_leads_somewhere(path: Path) -> None:
    ours = ["/", store_path("northwind"), store_path(OTHER.key), metric_path("northwind", "health.score")]
    found = {link for page in ask(path, *ours) for link in re.findall(r'href="(/[^"#]*)', page.text)}
    links = sorted(link.replace("&amp;", "&") for link in found)
    assert len(links) > 15
    assert {link: answer.status_code for link, answer in zip(links, ask(path, *links), strict=True)} == dict.fromkeys(
        links, 200
    )


def test_a_link_to_a_finding_meets_its_place_in_the_report(path: Path) -> None:
    (page,) = ask(path, store_path("northwind"))
    report, _, place = re.findall(r'href="(/run/[^"]+#[^"]+)"', page.text)[0].partition("#")
    (answer,) = ask(path, report)
    assert f'id="{place}"' in answer.text


def test_a_figure_is_drawn(path: Path) -> None:
    (page,) = ask(path, metric_path("northwind", "health.score"))
    (points,) = re.findall(r'<polyline class="path" points="([^"]+)"', page.text)
    assert len(points.split()) == len(SCORE)
    heights = [float(point.partition(",")[2]) for point in points.split()]
    assert heights == sorted(heights), "a falling figure falls"
    assert "Store health score, 3 values, lowest 83.4, highest 91.0" in page.text


@pytest.mark.parametrize(("language", "words"), [("zh", "证据已经删除"), ("en", "evidence of this run was removed")])
def test_a_run_whose_evidence_was_removed_says_so(path: Path, language: Language, words: str) -> None:
    with History(path) as history:
        first = history.runs("northwind")[-1].id
        history.prune(day(1), day(300))
    gone, start = ask(path, run_path(first), "/", language=language)
    assert gone.status_code == start.status_code == 200
    assert words in gone.text
    assert "evidence_days" in gone.text
    assert 'class="tally"' not in gone.text, "no counts that could be taken for all fine"


@pytest.mark.parametrize(
    "address", ["/run/nothing", store_path("nobody"), metric_path("northwind", "health.nothing"), "/store"]
)
def test_what_the_history_does_not_hold_is_told(path: Path, address: str) -> None:
    (answer,) = ask(path, address)
    assert answer.status_code == 404
    assert "The history does not hold this" in answer.text


def test_a_run_that_is_saved_while_the_pages_are_open_is_shown(path: Path) -> None:
    app = server.application(site_of(path))

    async def talk() -> tuple[str, str]:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            before = await client.get("/history/run_summaries.json?_shape=array")
            with History(path) as history:
                history.save(run(9, [finding("1")]))
            after = await client.get("/history/run_summaries.json?_shape=array")
            return before.text, after.text

    before, after = (text.count('"judged_as_of"') for text in asyncio.run(talk()))
    assert (before, after) == (4, 5)


# --- questions -----------------------------------------------------------------------------------------------------


def test_open_findings_of_a_store_the_gravest_first(path: Path) -> None:
    found = rows(path, "open_of_store", store="northwind")
    assert [(row["severity"], row["subject_id"]) for row in found] == [("error", "1"), ("warning", "4"), ("info", "3")]
    assert found[0]["observed"] == "much worse"
    assert rows(path, "open_of_store", "zh", store="northwind")[0]["observed"] == "更糟"
    assert {row["store"] for row in rows(path, "open_of_store")} == {"northwind", OTHER.key}


def test_findings_by_rule(path: Path) -> None:
    found = {(row["code"], row["severity"]): (row["open"], row["stores"]) for row in rows(path, "by_rule")}
    assert found == {("LOG001", "error"): (1, 1), ("LOG001", "warning"): (1, 1), ("LOG002", "info"): (2, 2)}


def test_what_changed_between_two_runs(path: Path) -> None:
    with History(path, create=False) as history:
        later, earlier = [head.id for head in history.runs("northwind")][:2]
    found = rows(path, "changes", earlier=earlier, later=later)
    assert sorted((row["change"], row["subject_id"]) for row in found) == [
        ("changed", "1"),
        ("gone", "2"),
        ("new", "4"),
    ]
    assert rows(path, "changes", later=later) == found, "the earlier one is the one that it was compared with"
    assert [row["change"] for row in rows(path, "changes")] == ["new"], "the last run of all, which is a store's first"


def test_a_metric_over_time(path: Path) -> None:
    assert [row["value"] for row in rows(path, "metric", store="northwind")] == list(SCORE)
    assert rows(path, "metric", metric="health.nothing") == []


def test_what_is_unknown_and_why(path: Path) -> None:
    found = rows(path, "unknown", store="northwind")
    assert [(row["code"], row["reason"]) for row in found] == [("HLT001", "health shows the login page")]


def test_findings_that_stood_longest(path: Path) -> None:
    found = [row["subject_id"] for row in rows(path, "oldest", store="northwind")]
    assert found == ["1", "3", "4"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_views_have_words_and_facets_in_both_languages(path: Path, language: Language) -> None:
    addresses = [question_path(view.name) for view in questions.VIEWS]
    for view, answer in zip(questions.VIEWS, ask(path, *addresses, language=language), strict=True):
        assert view.title.to(language) in answer.text
        assert view.about.to(language) in answer.text
        for facet in view.facets:
            assert f'data-column="{facet}"' in answer.text, view.name


def test_every_view_has_its_words_and_every_other_table_is_folded_away(path: Path) -> None:
    assert {view.name for view in questions.VIEWS} == set(VIEWS)
    assert {*questions.HIDDEN, "mutes", "stores"} == set(Database(path).table_names())


def test_a_history_from_before_there_were_views_gets_them(path: Path, tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    MIGRATIONS.apply(old, stop_before=["views_for_readers"])
    for table in ("stores", "runs", "texts", "thresholds", "findings", "occurrences", "outcomes", "metrics"):
        known = old.table(table).columns_dict
        old.table(table).insert_all({name: row[name] for name in known} for row in Database(path).table(table).rows)
    assert old.view_names() == []
    old.close()
    assert rows(tmp_path / "old.db", "open_of_store") == rows(path, "open_of_store")


# --- who may ask, and for what -------------------------------------------------------------------------------------


def test_nothing_can_be_written(path: Path) -> None:
    before = path.read_bytes()
    for answer in ask(path, "/", "/history", "/-/permissions", "/history/runs", method="POST", content=b"x=1"):
        assert answer.status_code == 405
    for sql in ("delete from runs", "attach 'x' as y", "select 1; drop table runs", "pragma user_version = 5"):
        (answer,) = ask(path, "/history.json", params={"sql": sql})
        assert (answer.status_code, answer.json()["ok"]) == (400, False), sql
    (answer,) = ask(path, "/history.json", params={"sql": "with x as (select 1) insert into texts select 1, '', ''"})
    assert (answer.status_code, answer.json()["error"]) == (400, "attempt to write a readonly database")
    assert ask(path, "/history.db")[0].status_code in (403, 404)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("wrong", 401),
        ("", 401),
        ("right", 200),
    ],
)
def test_a_password_that_is_set_is_asked_for(path: Path, header: str | None, status: int) -> None:
    coded = base64.b64encode(f"me:{header}".encode()).decode()
    headers = {"Authorization": f"Basic {coded}"} if header is not None else {}
    for answer in ask(path, "/", "/history.json", "/style.css", password="right", host="10.0.0.5", headers=headers):
        assert answer.status_code == status
        assert ("www-authenticate" in answer.headers) == (status == 401)
        assert "Northwind" not in answer.text or status == 200


@pytest.mark.parametrize("header", ["Basic !!!", "Basic", "Bearer right", "Basic cmlnaHQ="])
def test_a_broken_password_header_is_a_wrong_password(path: Path, header: str) -> None:
    (answer,) = ask(path, "/", password="right", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("127.0.0.1:8321", 200), ("[::1]", 200), ("evil.example", 403)]
)
def test_without_a_password_only_this_machine_is_answered(path: Path, host: str, status: int) -> None:
    assert ask(path, "/", host=host)[0].status_code == status


def test_which_addresses_are_this_machine() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "example.com", "127.0.0.1.example.com", "")))


def test_every_answer_forbids_loading_from_elsewhere(path: Path) -> None:
    for answer in ask(path, "/", "/history", "/history/open_findings", run_path("other-run"), "/style.css", "/run/no"):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.delenv("SHOPLINT_SERVE_PASSWORD", raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    return Shell(tmp_path / "home", capsys, monkeypatch)


def test_a_missing_history_is_told_in_the_usual_words(shell: Shell) -> None:
    answer = shell("serve")
    assert (answer.code, answer.out) == (2, "")
    assert "judge a capture first" in answer.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_other_machines_need_a_password(shell: Shell, path: Path, host: str) -> None:
    answer = shell("serve", "--host", host)
    assert (answer.code, answer.out) == (2, "")
    assert f"{host} can be reached by other machines" in answer.err
    assert "SHOPLINT_SERVE_PASSWORD" in answer.err


def test_a_port_that_is_taken_is_told(shell: Shell, path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = shell("serve", "--port", str(taken.getsockname()[1]))
    assert answer.code == 2
    assert "choose another --port" in answer.err


def test_it_serves_until_it_is_interrupted(path: Path) -> None:
    shoplint = str(Path(sys.executable).with_name("shoplint"))
    call = [shoplint, "serve", "--home", str(path.parent), "--port", "0", "--lang", "en"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            address = re.findall(r"http://\S+", process.stdout.readline())[0]
            assert b"Stores and open findings" in urlopen(address, timeout=30).read()
        finally:
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone() == (4,)


def test_help_loads_neither_datasette_nor_a_server() -> None:
    code = (
        "import sys; from agent.cli.main import run; run(['serve', '--help']); "
        "print([m for m in sys.modules if m.split('.')[0] in ('datasette', 'uvicorn', 'httpx', 'jinja2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# --- in a browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        places = (Path(playwright.chromium.executable_path), *map(Path, SYSTEM))
        found = next((file for file in places if file.exists()), None)
        if found is None:
            pytest.skip("no Chromium on this machine")
        fence = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        with playwright.chromium.launch(executable_path=found, args=["--no-sandbox", fence]) as browser:
            yield browser


LINES_OF_VALUES = """() => [...document.querySelectorAll('.trend .value')]
  .map(value => value.getBoundingClientRect().height / parseFloat(getComputedStyle(value).fontSize))"""
PHONE: ViewportSize = {"width": 390, "height": 844}
SMALL: ViewportSize = {"width": 1000, "height": 860}
WIDE: ViewportSize = {"width": 1280, "height": 900}


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("zh", PHONE), ("en", WIDE), ("en", PHONE), ("en", SMALL)])
def test_pages_fit_the_screen_and_load_nothing_from_elsewhere(
    path: Path, browser: Browser, language: Language, size: ViewportSize
) -> None:
    listening = server.bound("127.0.0.1", 0)
    address = server.address_of(listening)
    serving = server.server(server.application(site_of(path, language)))
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
    thread.start()
    asked: list[str] = []
    said: list[str] = []
    try:
        with browser.new_context(viewport=size) as context:
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(address)
            assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
            heights = page.evaluate(LINES_OF_VALUES)
            assert len(heights) == 2
            assert max(heights) < 2, "a figure is never broken in two"
            page.get_by_role("link", name="northwind").first.click()
            assert page.get_by_role("row").count() > 3
            ours = [store_path("northwind"), store_path(OTHER.key), metric_path("northwind", "health.score")]
            for one in ("/", *ours, run_path("other-run"), "/history", "/history/open_findings", "/history/changes"):
                page.goto(address.rstrip("/") + one)
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], one
    finally:
        serving.should_exit = True
        thread.join(timeout=30)
        listening.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
