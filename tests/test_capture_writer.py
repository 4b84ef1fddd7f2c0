"""Writing captures: what is written can be read, and so can what a killed writer leaves behind."""

import gzip
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture.atomic import write_aside
from agent.capture.model import PageError
from agent.capture.opening import open_capture
from agent.capture.writer import LOCK, CaptureWriter, Head
from agent.errors import CaptureExists, CaptureInUse, CaptureNotWritten, ShoplintError
from agent.lock import FileLock, LockHeld
from extractors.models import Store
from tests.conftest import RECORDINGS
from tests.small_captures import AT, PAGE

ROOT = Path(__file__).parent.parent
HEAD = Head(Store(id="1102345678", name="Northwind", channel_id="244176"), AT, "shoplint test", locale="zh-CN")
LATER = AT + timedelta(minutes=1)


def written(folder: Path, pages: int = 2, **how: bool) -> Path:
    """A finished capture of some pages."""
    with CaptureWriter(folder, HEAD, **how) as writer:
        for _ in range(pages):
            writer.add_page("orders", html=PAGE, captured_at=AT)
        writer.finish(LATER)
    return folder


def refused(kind: type[ShoplintError], folder: Path, head: Head = HEAD, **how: bool) -> str:
    with pytest.raises(kind) as caught:
        CaptureWriter(folder, head, **how)
    assert re.search(r"[\u4e00-\u9fff]", caught.value.text.zh)
    assert str(folder) in caught.value.text.zh
    return caught.value.text.en


# --- what is written can be read ------------------------------------------------------------------------------------


def test_everything_that_can_be_written_is_read_again(tmp_path: Path) -> None:
    export = (RECORDINGS / "exports" / "orders_zh.xlsx").read_bytes()
    with CaptureWriter(tmp_path / "c", HEAD) as writer:
        assert writer.add_page("orders", view="all", url="https://x/1", html="<html>订单\ud800", captured_at=AT) == 1
        assert writer.add_page("health", html=PAGE, captured_at=LATER) == 2
        assert writer.add_page("orders", error=PageError(type="timeout", message="30 s"), captured_at=LATER) == 3
        assert writer.add_page("order_export", xlsx=export, captured_at=LATER) == 4
        writer.add_response("mtop.x", '{"ret": ["SUCCESS"]}', page=2, captured_at=AT)
        writer.add_response("mtop.y", b"{}", captured_at=AT)
        writer.finish(LATER)
        assert writer.pages == 4
    with open_capture(tmp_path / "c") as capture:
        assert (capture.store, capture.captured_at, capture.ended_at, capture.finished) == (HEAD.store, AT, LATER, True)
        assert (capture.manifest.tool, capture.manifest.locale) == ("shoplint test", "zh-CN")
        entries, pages = zip(*capture.read(), strict=True)
        assert [(e.kind, e.sequence, e.file) for e in entries] == [
            ("orders", 1, "pages/orders-1.html"),
            ("health", 1, "pages/health-1.html"),
            ("orders", 2, None),
            ("order_export", 1, "pages/order_export-1.xlsx"),
        ]
        assert [page and page.body for page in pages] == ["<html>订单?".encode(), PAGE, None, export]
        assert pages[1].responses == ({"ret": ["SUCCESS"]},)
        assert entries[2].error == PageError(type="timeout", message="30 s")


def test_the_written_keys_are_the_contracts(tmp_path: Path) -> None:
    said = json.loads((written(tmp_path / "c") / "capture.json").read_text("utf-8"))
    known = json.loads((RECORDINGS / "northwind" / "capture.json").read_text("utf-8"))
    assert said.keys() == known.keys()
    assert said["store"].keys() == known["store"].keys()
    assert said["pages"][0].keys() == known["pages"][0].keys()


def test_premium_is_written_when_it_is_so(tmp_path: Path) -> None:
    head = Head(Store(id="1", premium=True), AT, "t")
    with CaptureWriter(tmp_path / "c", head):
        pass
    assert json.loads((tmp_path / "c" / "capture.json").read_text("utf-8"))["store"]["premium"] is True


def test_packed_pages(tmp_path: Path) -> None:
    folder = written(tmp_path / "c", gz=True)
    assert gzip.decompress((folder / "pages" / "orders-2.html.gz").read_bytes()) == PAGE
    with open_capture(folder) as capture:
        assert [page.body for _, page in capture.read() if page] == [PAGE, PAGE]


@given(st.lists(st.sampled_from(["orders", "health", "tracking"]), max_size=12), st.booleans())
def test_no_two_pages_share_a_file(tmp_path_factory: pytest.TempPathFactory, kinds: list[str], gz: bool) -> None:
    folder = tmp_path_factory.mktemp("kinds") / "c"
    with CaptureWriter(folder, HEAD, gz=gz) as writer:
        for number, kind in enumerate(kinds):
            writer.add_page(kind, html=f"<html>{number}", captured_at=AT)
    with open_capture(folder) as capture:
        assert [page and page.body for _, page in capture.read()] == [f"<html>{n}".encode() for n in range(len(kinds))]
    shutil.rmtree(folder)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, view: str, url: str) -> None:
    folder = tmp_path_factory.mktemp("text") / "c"
    with CaptureWriter(folder, HEAD) as writer:
        writer.add_page("orders", view=view, url=url, html=url, captured_at=AT)
    with open_capture(folder) as capture:
        [entry] = capture.pages()
        assert (entry.view, entry.url) == (view, url)
    shutil.rmtree(folder)


@pytest.mark.parametrize("kind", ["../x", "a/b", "", "A", "a.b", "1a"])
def test_a_kind_is_never_a_path(tmp_path: Path, kind: str) -> None:
    with CaptureWriter(tmp_path / "c", HEAD) as writer, pytest.raises(ValueError, match="page kind"):
        writer.add_page(kind, html=PAGE, captured_at=AT)


def test_a_page_is_something_and_one_thing(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "c", HEAD) as writer:
        with pytest.raises(ValueError, match="html, or xlsx, or an error"):
            writer.add_page("orders", captured_at=AT)
        with pytest.raises(ValueError, match="html, or xlsx, or an error"):
            writer.add_page("orders", html=PAGE, xlsx=b"x", captured_at=AT)
        with pytest.raises(ValueError, match="offset"):
            writer.add_page("orders", html=PAGE, captured_at=datetime(2026, 11, 20))  # noqa: DTZ001
    with open_capture(tmp_path / "c") as capture:
        assert list(capture.pages()) == []


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "a" / "c")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes == {"c": 0o700, "pages": 0o700, "capture.json": 0o600, "orders-1.html": 0o600, "orders-2.html": 0o600}


# --- what is never overwritten --------------------------------------------------------------------------------------


def test_a_finished_capture_is_never_overwritten(tmp_path: Path) -> None:
    folder = written(tmp_path / "c")
    before = snapshot(folder)
    for resume in (False, True):
        assert "finished capture" in refused(CaptureExists, folder, resume=resume)
    assert snapshot(folder) == before


def test_an_unfinished_capture_is_continued_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    with CaptureWriter(folder, HEAD) as writer:
        writer.add_page("orders", html=b"1", captured_at=AT)
        writer.add_page("health", html=b"2", captured_at=AT)
        writer.add_response("mtop.x", b"{}", page=2, captured_at=AT)
    assert "cut short" in refused(CaptureExists, folder)
    with CaptureWriter(folder, Head(HEAD.store, LATER, "newer"), resume=True) as writer:
        assert writer.pages == 2
        assert writer.add_page("orders", html=b"3", captured_at=LATER) == 3
        writer.add_response("mtop.x", b"{}", page=3, captured_at=AT)
        writer.finish(LATER)
    with open_capture(folder) as capture:
        assert [(e.kind, e.sequence, p and p.body, len(p.responses) if p else 0) for e, p in capture.read()] == [
            ("orders", 1, b"1", 0),
            ("health", 1, b"2", 1),
            ("orders", 2, b"3", 1),
        ]
        assert (capture.captured_at, capture.finished, capture.manifest.tool) == (AT, True, "shoplint test")


def test_another_stores_capture_is_not_continued(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "c", HEAD):
        pass
    assert "another store's" in refused(CaptureExists, tmp_path / "c", Head(Store(id="2"), AT, "t"), resume=True)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert "not empty" in refused(CaptureExists, tmp_path)
    assert snapshot(tmp_path) == {"letter.txt": b"dear"}


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("x")
    refused(CaptureNotWritten, tmp_path / "c")


def test_two_writers_never_share_a_folder(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "c", HEAD) as writer:
        assert "another program" in refused(CaptureInUse, tmp_path / "c", resume=True)
        writer.add_page("orders", html=PAGE, captured_at=AT)
    assert not (tmp_path / "c" / LOCK).exists()
    CaptureWriter(tmp_path / "c", HEAD, resume=True).close()


HOLDING = """
import sys, time
from pathlib import Path
from agent.lock import FileLock

FileLock(Path(sys.argv[1])).take()
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_let_go_when_its_holder_dies(tmp_path: Path) -> None:
    with Child(HOLDING, tmp_path / "lock") as held:
        assert held.stdout
        assert held.stdout.readline().strip() == "held"
        with pytest.raises(LockHeld):
            FileLock(tmp_path / "lock").take()
        held.kill()
        held.wait()
    with FileLock(tmp_path / "lock"):
        pass
    assert not (tmp_path / "lock").exists()


# --- when writing fails ---------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "c"
    with CaptureWriter(folder, HEAD) as writer:
        writer.add_page("orders", html=PAGE, captured_at=AT)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(CaptureNotWritten, match="no space is left") as caught:
                writer.add_page("orders", html=PAGE, captured_at=AT)
        assert "磁盘空间不足" in caught.value.text.zh
        with open_capture(folder) as capture:
            assert [page and page.body for _, page in capture.read()] == [PAGE]
        assert {path.name for path in folder.rglob("*")} == {LOCK, "capture.json", "pages", "orders-1.html"}
        assert writer.add_page("orders", html=b"again", captured_at=AT) == 2
        writer.finish(LATER)
    with open_capture(folder) as capture:
        assert [page and page.body for _, page in capture.read()] == [PAGE, b"again"]


def full(number: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    write_aside(path, b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_aside(path, b"new")
    assert snapshot(tmp_path) == {"a": b"old"}


# --- when the process is killed -------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from agent.capture.writer import CaptureWriter, Head
from extractors.models import Store

AT = datetime(2026, 11, 20, tzinfo=UTC)
POINTS = {os: ("fsync", "open", "close", "unlink"), Path: ("replace", "mkdir")}

def write(folder):
    with CaptureWriter(folder, Head(Store(id="1"), AT, "t"), resume=True) as writer:
        for number in range(3):
            place = writer.add_page("orders", html="<html>" + str(number) * 50_000, captured_at=AT)
            writer.add_response("mtop.x", "{}", page=place, captured_at=AT)
        writer.finish(AT)

def dying(real, left):
    def call(*args, **named):
        left[0] -= 1
        if left[0] == 0 and left[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        found = real(*args, **named)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    return call

point = 0
while True:
    point += 1
    ended = []
    for before in (True, False):
        child = os.fork()
        if child == 0:
            left = [point, before]
            for owner, names in POINTS.items():
                for name in names:
                    setattr(owner, name, dying(getattr(owner, name), left))
            write(Path(sys.argv[1]) / f"{point}-{before}")
            os._exit(0)
        ended.append(os.waitpid(child, 0)[1])
    if ended == [0, 0]:
        break
    assert ended == [signal.SIGKILL] * 2, ended
print(point)
"""


def test_killed_at_any_point_it_leaves_a_capture_that_can_be_read_and_continued(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(found.stdout) > 60, "system calls at which the writer was killed, before and after"
    seen = set()
    for folder in sorted(tmp_path.iterdir()):
        if not (folder / "capture.json").exists():
            assert not [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
            continue
        bodies = pages_of(folder)
        seen.add(len(bodies))
        finished = json.loads((folder / "capture.json").read_text("utf-8"))["finished_at"] is not None
        if not finished:
            with CaptureWriter(folder, Head(Store(id="1"), AT, "t"), resume=True) as writer:
                writer.add_page("orders", html=b"more", captured_at=AT)
            assert pages_of(folder) == [*bodies, b"more"]
            assert not [path for path in folder.rglob("*") if path.name.startswith(".aside")]
    assert seen == {0, 1, 2, 3}


def pages_of(folder: Path) -> list[bytes]:
    """Every page's bytes, each proved to be whole."""
    found = []
    with open_capture(folder) as capture:
        for number, (entry, page) in enumerate(capture.read()):
            assert page, entry.error
            assert page.body in (f"<html>{str(number) * 50_000}".encode(), b"more")
            found.append(page.body)
        assert not capture.faults
    return found


BUSY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from agent.capture.writer import CaptureWriter, Head
from extractors.models import Store

AT = datetime(2026, 11, 20, tzinfo=UTC)
with CaptureWriter(Path(sys.argv[1]), Head(Store(id="1"), AT, "t"), gz=True) as writer:
    while True:
        print(writer.add_page("orders", html="<html>" + "x" * 200_000 + "</html>", captured_at=AT), flush=True)
"""


@pytest.mark.parametrize("pages", [1, 7, 40])
def test_killed_from_outside_it_has_every_page_that_it_said_it_had(tmp_path: Path, pages: int) -> None:
    folder = tmp_path / "c"
    with Child(BUSY, folder) as busy:
        assert busy.stdout
        for line in busy.stdout:
            if int(line) == pages:
                break
        with pytest.raises(CaptureInUse):
            CaptureWriter(folder, HEAD, resume=True)
        busy.send_signal(signal.SIGKILL)
        busy.wait()
    with open_capture(folder) as capture:
        read = list(capture.read())
        assert not capture.finished
    assert len(read) >= pages
    assert all(page and page.body.endswith(b"</html>") for _, page in read)


class Child(subprocess.Popen[str]):
    """A process that is gone when the block ends."""

    def __init__(self, code: str, *args: Path) -> None:
        super().__init__([sys.executable, "-c", code, *map(str, args)], stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def __exit__(self, *raised: object) -> None:
        self.kill()
        super().__exit__(None, None, None)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The usual mask, whatever the machine's is."""
    before = os.umask(0o022)
    yield
    os.umask(before)
