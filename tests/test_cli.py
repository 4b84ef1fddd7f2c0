"""The commands as a user meets them: reports in both languages, exit codes, and one sentence for every mistake."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rich.cells import cell_len

from agent.cli.main import COMMANDS, cli, run
from tests.cli import Shell
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
SHOPLINT = [sys.executable, "-c", "from agent.cli import main; main()"]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


# --- reports --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_demo_prints_a_report_that_fits_80_columns_without_colour(shell: Shell, language: str) -> None:
    answer = shell("demo", "--lang", language)
    assert answer.code == 1
    assert "Northwind Official Store" in answer.out
    assert ("订单没有填写物流单号" if language == "zh" else "LOG002") in answer.out
    assert "\x1b" not in answer.out
    links = [line for line in answer.out.splitlines() if line.strip().startswith("https://")]
    assert links
    assert all(line.endswith("channelId=244176") for line in links)
    assert max(cell_len(line) for line in answer.out.splitlines() if line not in links) <= 80
    assert len(answer.err.strip().splitlines()) >= 1


def test_a_second_demo_knows_the_first(shell: Shell) -> None:
    shell("demo")
    answer = json.loads(shell("demo", "--format", "json").out)
    assert answer["summary"]["new"] == 0
    assert answer["summary"]["persisting"] == len(answer["findings"])
    assert {finding["state"] for finding in answer["findings"]} == {"persisting"}


def test_json_holds_every_key_of_the_contract(shell: Shell) -> None:
    answer = json.loads(shell("judge", NORTHWIND, "--format", "json").out)
    assert set(answer) == {"format", "run", "summary", "outcomes", "findings"}
    assert {"id", "store", "started_at", "finished_at", "now", "tool", "capture"} <= set(answer["run"])
    assert answer["run"]["now"] == "2026-11-20T03:15:00-08:00"
    assert set(answer["summary"]["rules"]) == {"fail", "pass", "not_applicable", "unknown"}
    wanted = {
        "code", "name", "severity", "fingerprint", "subject", "message", "observed", "expected", "threshold",
        "evidence", "fix", "due_at", "state", "first_seen",
    }  # fmt: skip
    for finding in answer["findings"]:
        assert wanted <= set(finding)
        assert set(finding["subject"]) == {"type", "id"}
        assert set(finding["fix"]) == {"text", "menu", "url"}
    by_code = {outcome["code"]: outcome["outcome"] for outcome in answer["outcomes"]}
    assert by_code["LOG001"] == "fail"
    assert all(outcome["reason"] for outcome in answer["outcomes"] if outcome["outcome"] == "unknown")
    links = {finding["fix"]["url"] for finding in answer["findings"] if finding["code"] == "LOG002"}
    assert links == {"https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176"}


def test_messages_speak_the_language_asked_for(shell: Shell) -> None:
    for language, word in (("zh", "店铺健康分"), ("en", "health score")):
        found = json.loads(shell("judge", NORTHWIND, "--select", "HLT001", "--format", "json", "--lang", language).out)
        assert word in found["findings"][0]["message"]


@pytest.mark.parametrize(("language", "word"), [("zh", "店铺"), ("en", "store")])
def test_errors_speak_the_language_of_the_configuration(shell: Shell, language: str, word: str) -> None:
    shell.speak("zh" if language == "en" else "en")
    shell.home.mkdir(exist_ok=True)
    (shell.home / "config.toml").write_text(f'language = "{language}"\n[stores.north]\n', encoding="utf-8")
    answer = shell("session", "south")
    assert answer.code == 2
    assert word in answer.err


def test_a_run_is_shown_again_as_it_was(shell: Shell) -> None:
    first = json.loads(shell("judge", NORTHWIND, "--format", "json").out)
    assert json.loads(shell("show", "last", "--format", "json").out) == first
    assert json.loads(shell("show", first["run"]["id"][:12], "--format", "json").out) == first
    listed = shell("history").out
    assert first["run"]["id"] in listed
    assert all(word in listed for word in ("Northwind", "Official", "Store", "2026-11-20 03:15"))
    heads = json.loads(shell("history", "--format", "json").out)
    assert [head["id"] for head in heads] == [first["run"]["id"]]


def test_a_report_goes_to_files_and_the_screen_in_step(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    answer = shell("judge", NORTHWIND, "--format", "json", "--format", "table", "-o", target, "--select", "HLT")
    assert json.loads(target.read_text("utf-8"))["summary"]["error"] > 0
    assert "HLT001" in answer.out
    assert str(target) in answer.err


def test_a_link_a_mode_and_a_device_stay_what_they_are(shell: Shell, tmp_path: Path) -> None:
    target, link, line = tmp_path / "result.json", tmp_path / "link.json", tmp_path / "line"
    target.write_text("{}", "utf-8")
    target.chmod(0o600)
    link.symlink_to(target)
    os.mkfifo(line)
    end = os.open(line, os.O_RDONLY | os.O_NONBLOCK)
    for output in (link, line, os.devnull):
        shell("judge", NORTHWIND, "--format", "csv", "-o", output, "--select", "HLT001", "--no-history")
    assert b"HLT001" in os.read(end, 65_536)
    os.close(end)
    assert "HLT001" in target.read_text("utf-8")
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o600
    assert Path(os.devnull).is_char_device()


def test_an_export_beside_a_capture_belongs_to_its_store(shell: Shell) -> None:
    export = RECORDINGS / "exports" / "orders_zh.xlsx"
    answer = json.loads(shell("judge", NORTHWIND, export, "--format", "json", "--now", "2026-11-20T03:15:00-08:00").out)
    assert answer["run"]["store"]["id"] == "1102345678"
    reused = {f["subject"]["id"] for f in answer["findings"] if f["code"] == "LOG009"}
    assert {"LB063980128CN", "LB762855485CN"} <= reused


def test_several_captures_are_several_runs(shell: Shell) -> None:
    shell("judge", NORTHWIND, RECORDINGS / "harbor", "--select", "HLT")
    stores = {head["store"]["name"] for head in json.loads(shell("history", "--format", "json").out)}
    assert stores == {"Northwind Official Store", "Harbor Home Premium"}


# --- exit codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["judge", "newstore", "--select", "HLT"], 0),
        (["judge", "northwind"], 1),
        (["judge", "northwind", "--fail-on", "never"], 0),
        (["judge", "northwind", "--select", "HLT006"], 0),
        (["judge", "northwind", "--select", "HLT006", "--fail-on", "warning"], 1),
        (["judge", "northwind", "--select", "LOG018", "--fail-on", "warning"], 0),
        (["judge", "northwind", "--select", "LOG018", "--fail-on", "info"], 1),
        (["judge", "broken", "--select", "LIC"], 3),
        (["judge", "broken", "--select", "LIC", "--fail-on", "never"], 0),
    ],
)
def test_exit_codes_say_what_was_found(shell: Shell, arguments: list[str], code: int) -> None:
    command, recording, *rest = arguments
    answer = shell(command, RECORDINGS / recording, *rest)
    assert answer.code == code
    assert (len(answer.err.strip().splitlines()) == 1) is (code != 0)


def test_quiet_says_nothing_but_why(shell: Shell) -> None:
    assert len(shell("judge", NORTHWIND, "-q").err.strip().splitlines()) == 1
    assert shell("judge", NORTHWIND, "-q", "--fail-on", "never").err == ""


def test_the_home_may_be_named_before_the_command(shell: Shell, tmp_path: Path) -> None:
    shell("--home", tmp_path / "elsewhere", "judge", NORTHWIND, "--select", "HLT")
    assert (tmp_path / "elsewhere" / "history.db").exists()
    assert not (shell.home / "history.db").exists()


# --- rules ----------------------------------------------------------------------------------------------------------


def test_rules_lists_every_rule_once(shell: Shell) -> None:
    rules = json.loads(shell("rules", "--format", "json").out)
    codes = [rule["code"] for rule in rules]
    assert len(codes) == len(set(codes))
    assert {"LOG018", "LIC011", "RSP014", "HLT011", "AUD008"} <= set(codes)
    table = shell("rules", "--select", "LIC")
    assert "LIC001" in table.out
    assert "LOG001" not in table.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_explain_tells_source_line_and_cure(shell: Shell, language: str) -> None:
    answer = shell("explain", "hlt004", "--lang", language)
    assert answer.code == 0
    for wanted in ("HLT004", "0.80%", "4.50%", "S3"):
        assert wanted in answer.out


def test_a_users_own_line_is_used_and_shown(shell: Shell) -> None:
    shell.home.mkdir()
    (shell.home / "config.toml").write_text(
        '[stores.northwind]\nid = "1102345678"\nthresholds = { RSP014 = 0.99, HLT001 = 80 }\n', "utf-8"
    )
    answer = json.loads(shell("judge", NORTHWIND, "--select", "RSP014,HLT001", "--format", "json").out)
    assert [finding["code"] for finding in answer["findings"]] == ["RSP014"]
    line = answer["findings"][0]["threshold"]
    assert (line["value"], line["overridden"]) == (0.99, True)
    assert "RSP014 = 0.99" in shell("show").out
    assert (
        "0.99" in shell("explain", "RSP014", "--store", "northwind").out
        or "99" in shell("explain", "RSP014", "--store", "northwind").out
    )


# --- mistakes -------------------------------------------------------------------------------------------------------


def test_every_mistake_is_one_sentence_with_a_next_step(shell: Shell) -> None:
    for arguments, words in [
        (["juge"], "did you mean judge"),
        (["judge"], "--help"),
        (["judge", NORTHWIND, "--select", "LOG01"], "did you mean"),
        (["judge", NORTHWIND, "--select", "AUD", "--ignore", "AUD"], "no rule"),
        (["judge", NORTHWIND, "--now", "yesterday"], "2026-11-20T03:15:00-08:00"),
        (["judge", NORTHWIND, "--now", "2026-11-20T03:15:00"], "offset"),
        (["judge", NORTHWIND, "--format", "json", "--format", "table"], "-o"),
        (["judge", NORTHWIND, "-o", "a", "-o", "b"], "--format"),
        (["judge", NORTHWIND, "--store", "nobody"], "nobody"),
        (["judge", "no-such-file"], "no-such-file"),
        (["explain", "LOG"], "LOG001"),
        (["show"], "shoplint judge"),
        (["history"], "shoplint judge"),
        (["extract", NORTHWIND, "--kind", "hats"], "orders"),
    ]:
        answer = shell(*arguments)
        assert answer.code == 2, arguments
        assert words in answer.err, arguments
        assert len(answer.err.strip().splitlines()) == 1, answer.err
        assert "Traceback" not in answer.err


def test_mistakes_are_told_in_chinese_too(shell: Shell) -> None:
    shell.speak("zh")
    for arguments, words in [
        (["juge"], "是不是 judge"),
        (["judge", "no-such-file"], "no-such-file"),
        (["judge"], "缺少参数"),
        (["judge", NORTHWIND, "--fail-on", "bad"], "可选：error、warning、info、never"),
        (["judge", NORTHWIND, "--fial-on", "error"], "是不是 --fail-on"),
        (["judge", NORTHWIND, "--now", "gestern"], "不是 ISO 时间"),
        (["history", "--limit", "many"], "需要数字"),
        (["rules", "more"], "多余的参数"),
    ]:
        answer = shell(*arguments)
        assert answer.code == 2
        assert words in answer.err, answer.err
        assert len(answer.err.strip().splitlines()) == 1


def _bad_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    page = (NORTHWIND / "pages" / "health-1.html").read_bytes()
    made = {
        "empty.html": b"",
        "pdf.html": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "cut.html.gz": gzip.compress(page)[:400],
        "noise.zip": bytes(range(256)) * 4,
        "text.xlsx": b"order id,status\n1,2\n",
    }
    for name, body in made.items():
        (folder / name).write_bytes(body)
    with zipfile.ZipFile(folder / "slip.zip", "w") as archive:
        archive.writestr("../outside.html", "x")
        archive.writestr("capture.json", "{}")
    shutil.copytree(NORTHWIND, folder / "keyless")
    manifest = json.loads((folder / "keyless" / "capture.json").read_text("utf-8"))
    del manifest["captured_at"]
    (folder / "keyless" / "capture.json").write_text(json.dumps(manifest), "utf-8")
    words = {
        "empty.html": "empty",
        "pdf.html": "PDF",
        "cut.html.gz": "extract",
        "noise.zip": "damaged",
        "text.xlsx": "text.xlsx",
        "slip.zip": "../outside.html",
        "keyless": "captured_at",
    }
    return {name: (folder / name, word) for name, word in words.items()}


@pytest.mark.parametrize(
    "name", ["empty.html", "pdf.html", "cut.html.gz", "noise.zip", "text.xlsx", "slip.zip", "keyless"]
)
def test_bad_input_is_refused_with_its_name(shell: Shell, tmp_path: Path, name: str) -> None:
    path, word = _bad_inputs(tmp_path)[name]
    answer = shell("judge", path)
    assert answer.code == 2
    assert word in answer.err
    assert path.name in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert not (tmp_path.parent / "outside.html").exists()


def test_a_page_in_russian_is_unknown_and_never_zero(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><title>Заказы</title><table><tr><th>Номер</th></tr><tr><td>0</td></tr></table></html>", "utf-8"
    )
    answer = json.loads(shell("extract", page).out)
    assert [(p["verdict"], p["data"]) for p in answer["pages"]] == [("unknown", None)]


def test_a_single_page_is_told_by_what_stands_on_it(shell: Shell) -> None:
    answer = json.loads(shell("extract", NORTHWIND / "pages" / "health-1.html").out)
    assert [(p["kind"], p["verdict"]) for p in answer["pages"]] == [("health", "expected")]
    assert answer["pages"][0]["data"]["score"] == 83.4


def test_a_locked_history_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.history.database.BUSY_S", 0.05)
    shell("judge", NORTHWIND, "--select", "HLT001")
    database = shell.home / "history.db"
    with sqlite3.connect(database) as holder:
        holder.execute("BEGIN IMMEDIATE")
        answer = shell("judge", NORTHWIND, "--select", "HLT001")
        holder.rollback()
    assert answer.code == 2
    assert str(database) in answer.err
    assert "Traceback" not in answer.err


def test_a_history_of_a_newer_version_is_refused(shell: Shell) -> None:
    shell("judge", NORTHWIND, "--select", "HLT001")
    with sqlite3.connect(shell.home / "history.db") as database:
        table = next(
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "migration" in name
        )
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        values = [
            "2999_from_the_future" if c in ("name",) else database.execute(f"SELECT {c} FROM {table}").fetchone()[0]
            for c in columns
            if c != "id"
        ]
        names = ", ".join(c for c in columns if c != "id")
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", values)
    answer = shell("judge", NORTHWIND, "--select", "HLT001")
    assert answer.code == 2
    assert "newer" in answer.err


def test_a_full_disk_is_told_and_nothing_is_kept(shell: Shell, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk that is full."""
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from agent.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "judge", str(NORTHWIND), "--db", str(tmp_path / "small.db")],
        capture_output=True,
        text=True,
        env={**os.environ, "SHOPLINT_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "small.db" in done.stderr


def test_ctrl_c_ends_with_a_sentence_and_saves_nothing(tmp_path: Path) -> None:
    """The interrupt is sent by the program itself at a page in the middle, so that no test waits for a moment."""
    script = (
        "import os, signal\n"
        "import extractors.reading as reading\n"
        "read, seen = reading.read_page, []\n"
        "def interrupted(page, words):\n"
        "    seen.append(page)\n"
        "    if len(seen) == 5:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return read(page, words)\n"
        "reading.read_page = interrupted\n"
        "from agent.cli import main\n"
        "main()\n"
    )
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-c", script, "judge", str(NORTHWIND)],
        capture_output=True,
        text=True,
        env={**os.environ, "SHOPLINT_HOME": str(home), "SHOPLINT_LANG": "en"},
        check=False,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "history.db").exists()


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [*SHOPLINT, "rules", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "SHOPLINT_HOME": str(tmp_path)},
    )
    assert first.stdout is not None
    first.stdout.close()
    _, err = first.communicate(timeout=60)
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


def test_a_fault_of_ours_is_one_sentence_and_a_trace_only_on_demand(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the roof leaks")

    monkeypatch.setattr("agent.judging.judge_facts", broken)
    answer = shell("judge", NORTHWIND)
    assert answer.code == 2
    assert "the roof leaks" in answer.err
    assert "-vv" in answer.err
    with pytest.raises(RuntimeError):
        run(["judge", str(NORTHWIND), "-vv"])


# --- help -----------------------------------------------------------------------------------------------------------


def test_help_loads_nothing_heavy() -> None:
    """Only click and the standard library: the list of our own modules that `--help` may load is short."""
    script = "import json, sys\nfrom agent.cli.main import run\nrun(['--help'])\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = ("pydantic", "lxml", "bs4", "rich", "sqlite_utils", "playwright", "tenacity", "keyring", "cryptography")
    ours = ("agent", "checks", "extractors", "fixtures")
    modules = json.loads(done.stdout.strip().splitlines()[-1])
    loaded = {name for name in modules if name.split(".")[0] in (*heavy, *ours)}
    assert loaded == {"agent", "agent.cli", "agent.cli.speech", "agent.cli.main", "agent.errors"}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_helps_and_ends_with_an_example(shell: Shell, name: str) -> None:
    answer = shell(name, "--help")
    assert answer.code == 0
    last = answer.out.strip().splitlines()[-1]
    assert f"shoplint {name}" in last
    assert cli.get_command(None, name) is not None  # type: ignore[arg-type]
