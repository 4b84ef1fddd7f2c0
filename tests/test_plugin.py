"""The pytest plugin as another team meets it: their recordings become tests, and their other tests are left alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from agent.cli.main import run
from tests.truths import RECORDINGS

pytest_plugins = ["pytester"]


@pytest.fixture
def recordings(pytester: pytest.Pytester) -> Path:
    """A team's folder: one capture of a few pages with its truth, one export, and a test of their own beside them."""
    folder = pytester.path / "recordings"
    shutil.copytree(RECORDINGS / "newstore", folder / "newstore")
    (folder / "exports").mkdir()
    for name in ("orders_en.xlsx", "orders_en.truth.json"):
        shutil.copy(RECORDINGS / "exports" / name, folder / "exports")
    pytester.makepyfile("def test_own():\n    pass")
    return folder


def truth(recordings: Path, name: str) -> Path:
    return recordings / "newstore" / "truth" / f"{name}.json"


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


def test_a_run_without_recordings_is_left_alone(pytester: pytest.Pytester, recordings: Path) -> None:
    pytester.runpytest().assert_outcomes(passed=1)


def test_nothing_heavy_is_imported_for_a_run_without_recordings(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_own():
            heavy = {"pydantic", "lxml", "playwright", "rich", "click", "extractors", "checks"}
            assert heavy & set(sys.modules) == set()
            assert "agent.testing" in sys.modules
            assert "agent.testing.collector" not in sys.modules
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_every_field_verdict_and_the_findings_become_tests(pytester: pytest.Pytester, recordings: Path) -> None:
    found = pytester.runpytest("--shoplint", "recordings/newstore", "--collect-only", "-q").outlines
    names = {line.partition("::")[2] for line in found if "::" in line}
    verdicts = json.loads(truth(recordings, "verdicts").read_text("utf-8"))
    assert {f"{page}/verdict" for page in verdicts} <= names
    health = json.loads(truth(recordings, "health-1").read_text("utf-8"))
    assert {f"health-1/{field}" for field in health} <= names
    assert "findings" in names
    assert "test_own" not in names


def test_good_recordings_pass(pytester: pytest.Pytester, recordings: Path) -> None:
    answer = pytester.runpytest("--shoplint", "recordings")
    assert answer.ret == 0
    assert answer.parseoutcomes()["passed"] > 100


def test_a_list_is_one_test_that_names_the_rows_that_differ(pytester: pytest.Pytester, recordings: Path) -> None:
    path = truth(recordings, "orders-1")
    orders = json.loads(path.read_text("utf-8"))["orders"]
    orders[0]["destination"], orders[1]["order_id"] = "ZZ", "1"
    change(path, orders=orders)
    answer = pytester.runpytest("--shoplint", "recordings", "-k", "orders-1 and orders and not total")
    answer.stdout.fnmatch_lines(["*newstore: orders-1/orders*"])
    assert f'orders[{orders[0]["order_id"]}].destination: wanted "ZZ"' in answer.stdout.str()
    assert "orders[1]: not read" in answer.stdout.str()
    assert "Traceback" not in answer.stdout.str()
    assert answer.parseoutcomes()["failed"] == 1


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("health-1", {"score": 1.5}, "score: wanted 1.5"),
        ("verdicts", {"health-1": "login"}, "wanted login, got"),
        ("problems", {"health-1": [{"type": "field_not_found", "field": "score"}]}, "no problem field_not_found of"),
        ("verdicts", {"health-9": "expected"}, "the capture has no page health-9"),
    ],
)
def test_what_differs_is_told(
    pytester: pytest.Pytester, recordings: Path, name: str, values: dict[str, object], wanted: str
) -> None:
    path = truth(recordings, name)
    if not path.exists():
        path.write_text("{}", "utf-8")
    change(path, **values)
    answer = pytester.runpytest("--shoplint", "recordings/newstore", "-k", "health")
    assert answer.parseoutcomes()["failed"] == 1
    assert wanted in answer.stdout.str()


def test_a_finding_that_is_demanded_and_missing_fails(pytester: pytest.Pytester, recordings: Path) -> None:
    path = truth(recordings, "findings")
    wanted = json.loads(path.read_text("utf-8"))
    wanted.append({"code": "LOG003", "subject": {"type": "order", "id": "1"}, "severity": "error", "due_at": None})
    path.write_text(json.dumps(wanted), "utf-8")
    answer = pytester.runpytest("--shoplint", "recordings/newstore", "-k", "findings")
    answer.assert_outcomes(failed=1, deselected=answer.parseoutcomes()["deselected"])
    assert "missing LOG003 1 error" in answer.stdout.str()


def test_recordings_of_the_configuration_belong_to_the_whole_run(pytester: pytest.Pytester, recordings: Path) -> None:
    pytester.makeini("[pytest]\nshoplint_recordings = recordings/exports")
    whole = pytester.runpytest().parseoutcomes()["passed"]
    assert whole > 3
    pytester.runpytest("test_recordings_of_the_configuration_belong_to_the_whole_run.py").assert_outcomes(passed=1)
    assert pytester.runpytest("recordings").parseoutcomes()["passed"] == whole - 1
    parallel = pytester.runpytest_subprocess("-n", "2")
    assert parallel.parseoutcomes()["passed"] == whole


def test_a_folder_without_recordings_is_a_mistake(pytester: pytest.Pytester) -> None:
    (pytester.path / "empty").mkdir()
    answer = pytester.runpytest("--shoplint", "empty")
    assert answer.ret == pytest.ExitCode.USAGE_ERROR
    answer.stderr.fnmatch_lines(["*there is no recording in*shoplint record*"])


def test_a_capture_without_truth_says_what_writes_it(pytester: pytest.Pytester, recordings: Path) -> None:
    shutil.rmtree(recordings / "newstore" / "truth")
    answer = pytester.runpytest("--shoplint", "recordings/newstore")
    assert answer.ret == pytest.ExitCode.INTERRUPTED
    answer.stdout.fnmatch_lines(["*no truth/verdicts.json*shoplint record*"])


def test_words_of_a_team_mend_a_label_that_changed(pytester: pytest.Pytester, recordings: Path) -> None:
    page = recordings / "newstore" / "pages" / "settings-1.html"
    before = page.read_text("utf-8")
    label = "自动确认收货时间"
    page.write_text(before.replace(label, "到期自动完成"), "utf-8")
    failed = pytester.runpytest("--shoplint", "recordings/newstore", "-k", "settings-1/auto_confirm")
    words = pytester.mkdir("words") / "labels.toml"
    words.write_text('[settings]\nfigures = { auto_confirm_days = ["到期自动完成"] }\n', "utf-8")
    mended = pytester.runpytest(
        "--shoplint", "recordings/newstore", "--shoplint-words", "words", "-k", "settings-1/auto_confirm"
    )
    assert label in before
    assert failed.parseoutcomes()["failed"] == 1
    assert mended.ret == 0


def test_what_shoplint_record_writes_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOPLINT_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text('[stores.shop]\nchannel_id = "244176"\n', "utf-8")
    source = str(RECORDINGS / "newstore")
    assert run(["record", "shop", "mine", "--from", source, "--into", str(pytester.path / "own"), "-q"]) == 0
    answer = pytester.runpytest("--shoplint", "own")
    assert answer.ret == 0
    assert answer.parseoutcomes()["passed"] > 80
