"""A capture becomes a recording: scrubbed, with its truth, or not at all."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.capture.opening import open_capture
from agent.errors import CaptureExists, CaptureMissing, RecordingRefused, ShoplintError, UsageError
from agent.home import Home
from agent.live.personal import personal
from agent.live.record import record, record_store
from checks.text import plain
from extractors.reading import read_page
from extractors.vocabulary import shipped
from fixtures.standin import StandIn
from tests.conftest import RECORDINGS

NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/capture.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every recording, recorded once more."""
    into = tmp_path_factory.mktemp("recordings")
    for name in NAMES:
        record(RECORDINGS / name, into, name, shipped(), seed=5)
    return into


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_a_capture_with_its_truth(name: str, recordings: Path) -> None:
    first, second = load(RECORDINGS / name / "capture.json"), load(recordings / name / "capture.json")
    for key in ("captured_at", "finished_at", "timezone", "locale"):
        assert second[key] == first[key]
    shape = ("kind", "view", "sequence", "file", "captured_at")
    pages = [[[page[key] for key in shape] for page in capture["pages"]] for capture in (first, second)]
    assert pages[0] == pages[1]
    assert [answer["api"] for answer in second["responses"]] == [answer["api"] for answer in first["responses"]]
    for key in ("id", "name", "channel_id"):
        assert second["store"][key] != first["store"][key]
    assert second["store"].get("premium", False) == first["store"].get("premium", False)


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_what_the_extractors_read(name: str, recordings: Path) -> None:
    truth = recordings / name / "truth"
    verdicts = load(truth / "verdicts.json")
    seen = set()
    with open_capture(recordings / name) as capture:
        for entry, page in capture.read():
            if page is None:
                continue
            key = f"{entry.kind}-{entry.sequence}"
            seen.add(key)
            reading = read_page(page, shipped())
            assert verdicts[key] == reading.verdict
            wanted = None if reading.data is None else reading.data.model_dump(mode="json", by_alias=True)
            assert load(truth / f"{key}.json") == wanted
        assert load(truth / "run.json") == {"now": capture.captured_at.isoformat(), "args": []}
    assert set(verdicts) == seen
    assert load(RECORDINGS / name / "truth" / "verdicts.json").keys() == verdicts.keys()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_personal_is_in_any_file(name: str, recordings: Path) -> None:
    own = load(RECORDINGS / name / "capture.json")["store"]
    for path in (recordings / name).rglob("*.*"):
        text = path.read_text("utf-8")
        kind = path.name.rpartition("-")[0] if path.suffix == ".html" else ""
        assert [str(found) for found in personal(text, kind)] == [], path
        assert own["id"] not in text
        assert own["name"] not in text


@pytest.mark.parametrize("name", ["northwind", "harbor"])
def test_ids_relate_across_pages_as_before(name: str, recordings: Path) -> None:
    """Which order has which parcels, disputes, reviews: the same pattern, with other numbers."""
    assert pattern(RECORDINGS / name) == pattern(recordings / name)


def pattern(folder: Path) -> list[tuple[str, list[int]]]:
    places: dict[str, int] = {}
    found = []
    with open_capture(folder) as capture:
        for entry, page in capture.read():
            if page is None:
                continue
            data = read_page(page, shipped()).data
            ids = list(every_id(data.model_dump(mode="json") if data else None))
            found.append((f"{entry.kind}-{entry.sequence}", [places.setdefault(number, len(places)) for number in ids]))
    assert len(places) > 100
    return found


def every_id(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from every_id(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from every_id(item, key)
    elif isinstance(value, str) and (key.endswith("_id") or key in ("number", "tracking_number", "brand")):
        yield value


def test_a_recording_can_be_served(recordings: Path) -> None:
    with StandIn(recordings / "northwind") as standin:
        listing = standin.store.listing("orders", "awaiting_shipment")
        assert listing is not None
        assert len(listing.rows) == listing.total


def test_times_may_move(tmp_path: Path) -> None:
    done = record(RECORDINGS / "newstore", tmp_path, "moved", shipped(), weeks=52)
    first, second = load(RECORDINGS / "newstore" / "capture.json"), load(done.folder / "capture.json")
    moved = datetime.fromisoformat(second["captured_at"]) - datetime.fromisoformat(first["captured_at"])
    assert moved == timedelta(weeks=52)


# What cannot be recorded


def spoiled(tmp_path: Path, kind: str, old: str, new: str) -> Path:
    folder = tmp_path / "capture"
    shutil.copytree(RECORDINGS / "northwind", folder)
    page = folder / "pages" / f"{kind}-1.html"
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_a_person_nobody_expected_is_scrubbed(tmp_path: Path) -> None:
    added = "Penelope Realname</a><p>penelope@mail.test, +49 170 1234567</p>"
    capture = spoiled(tmp_path, "orders", "P*** Dubois</a>", added)
    done = record(capture, tmp_path, "done", shipped())
    text = "".join(path.read_text("utf-8") for path in done.folder.rglob("*.*"))
    assert "Realname" not in text
    assert "penelope" not in text.lower()
    assert "1234567<" not in text


def test_a_recording_that_reads_differently_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.live.standins.StandIns.number", lambda self, digits: "lost")
    with pytest.raises(RecordingRefused, match="reads differently"):
        record(RECORDINGS / "northwind", tmp_path, "done", shipped())
    assert list(tmp_path.iterdir()) == []


def test_what_is_still_personal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.live.standins.StandIns.name", lambda self, text: "Q*** Realname")
    with pytest.raises(RecordingRefused, match="personal data") as caught:
        record(RECORDINGS / "northwind", tmp_path, "done", shipped())
    assert "Realname" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_export_cannot_be_recorded(tmp_path: Path) -> None:
    with pytest.raises(RecordingRefused, match="order export"):
        record(RECORDINGS / "exports" / "orders_zh.xlsx", tmp_path, "done", shipped())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "error"), [("../x", UsageError), ("Big", UsageError), ("", UsageError), ("there", CaptureExists)]
)
def test_a_name_that_cannot_be(tmp_path: Path, name: str, error: type[ShoplintError]) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(error):
        record(RECORDINGS / "newstore", tmp_path, name, shipped())


def test_no_capture(tmp_path: Path) -> None:
    with pytest.raises(CaptureMissing):
        record(tmp_path / "nothing", tmp_path, "done", shipped())


# From the store itself


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_the_capture_is_left_behind(tmp_path: Path, fails: bool) -> None:
    home = Home(tmp_path / "home")
    taken: list[Path] = []

    async def take(folder: Path) -> None:
        taken.append(folder)
        shutil.copytree(RECORDINGS / "newstore", folder)
        assert folder.parent.stat().st_mode & 0o077 == 0
        if fails:
            raise UsageError(plain("stopped"))

    work = record_store(take, home, tmp_path / "into", "done", shipped())
    if fails:
        with pytest.raises(UsageError):
            asyncio.run(work)
    else:
        assert asyncio.run(work).pages == 16
    assert taken
    assert not taken[0].exists()
    assert list(home.captures.iterdir()) == []
    assert (tmp_path / "into" / "done").exists() is not fails
