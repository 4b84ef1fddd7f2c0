"""Whatever happens to the process or to the file, earlier runs stay, and one sentence says what to do."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.errors import HistoryCorrupt, HistoryError, HistoryFull, HistoryLocked, HistoryReadOnly
from agent.history.database import History
from tests.history_runs import finding, many, run, save_and_die, save_into_limit, save_many

SPAWN = multiprocessing.get_context("spawn")
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@contextmanager
def unprivileged() -> Iterator[None]:
    """For the superuser every file can be written; so be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def assert_sound(history: History) -> None:
    assert list(history.db.query("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]
    assert list(history.db.query("PRAGMA foreign_key_check")) == []


# --- killed ------------------------------------------------------------------------------------------------------


def statements(act: Callable[[], None]) -> list[str]:
    """The SQL statements that the act runs."""
    real = sqlite3.connect
    done: list[str] = []

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*args, **options)
        connection.set_trace_callback(done.append)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        act()
    return done


def killed(path: Path, number: int, statement: int | None) -> None:
    child = SPAWN.Process(target=save_and_die, args=(str(path), many(number), statement))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


def save(path: Path, number: int) -> None:
    with History(path) as history:
        history.save(many(number))


@pytest.mark.parametrize("tenths", range(0, 11, 2))
@pytest.mark.parametrize("existing", [True, False], ids=["second run", "first run"])
def test_killed_while_saving_loses_that_run_only(path: Path, tmp_path: Path, existing: bool, tenths: int) -> None:
    """From the first statement to the COMMIT, which is the last."""
    rehearsal = tmp_path / "rehearsal.db"
    if existing:
        save(path, 0)
        save(rehearsal, 0)
    done = statements(lambda: save(rehearsal, 1))
    assert len(done) > 20
    assert done[-1] == "COMMIT"
    killed(path, 1, max(1, len(done) * tenths // 10))
    with History(path) as history:
        assert_sound(history)
        assert [head.id for head in history.runs()] == (["northwind-0000"] if existing else [])
        for table in ("occurrences", "findings"):
            assert history.db.table(table).count == (200 if existing else 0)
        again = history.save(many(1))
        assert history.run() == again
        assert again.summary.persisting == (200 if existing else 0)


def test_killed_after_saving_loses_nothing(path: Path) -> None:
    killed(path, 1, None)
    with History(path) as history:
        assert_sound(history)
        assert history.run().record == many(1)


def test_ctrl_c_while_saving_leaves_the_history_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with History(path) as history:
        before = history.save(many(0))

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("agent.history.rows.outcome_rows", interrupted)
        with pytest.raises(KeyboardInterrupt):
            history.save(many(1))
        monkeypatch.undo()
        assert history.run() == before
        assert len(history.runs()) == 1
        history.save(many(1))


# --- several programs --------------------------------------------------------------------------------------------


def test_two_programs_save_into_one_new_file(path: Path) -> None:
    stores = (("northwind", 0), ("northwind", 100), ("harbor", 0))
    children = [SPAWN.Process(target=save_many, args=(str(path), store, first, 8)) for store, first in stores]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    with History(path) as history:
        assert_sound(history)
        assert len(history.runs("harbor")) == 8
        ids = [head.id for head in reversed(history.runs("northwind"))]
        assert len(ids) == 16
        assert [history.run(i).compared_with for i in ids] == [None, *ids[:-1]]


def test_locked_by_another_program(path: Path) -> None:
    with History(path, busy_s=0.05) as history:
        before = history.save(run(0))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryLocked, match=r"being written by another program.*run again") as caught:
            history.save(run(1))
        assert str(path) in str(caught.value)
        assert history.run() == before
        other.execute("ROLLBACK")
        other.close()
        history.save(run(1))


def test_a_new_file_that_another_program_holds(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryLocked):
        History(path, busy_s=0.05)
    other.close()


# --- no permission -----------------------------------------------------------------------------------------------


def test_a_file_that_may_only_be_read(open_folder: Path) -> None:
    path = open_folder / "history.db"
    with History(path) as history:
        saved = history.save(run(0, [finding()]))
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with unprivileged():
        with pytest.raises(HistoryReadOnly, match="check the permissions") as caught:
            History(path)
        with History(path, create=False) as history:
            assert history.run() == saved
            with pytest.raises(HistoryReadOnly):
                history.save(run(1))
    assert str(path) in str(caught.value)
    assert list(open_folder.iterdir()) == [path]


def test_a_file_in_a_folder_that_may_only_be_read_with_a_log_beside_it(open_folder: Path) -> None:
    """What the log holds must not be passed over silently."""
    path = open_folder / "history.db"
    history = History(path)
    history.save(run(0))
    for name in ("history.db", "history.db-wal"):
        shutil.copy(open_folder / name, open_folder / f"copy-{name}")
    history.close()
    copy = open_folder / "copy-history.db"
    open_folder.chmod(0o555)
    with unprivileged(), pytest.raises(HistoryReadOnly):
        History(copy, create=False)


@pytest.mark.parametrize("name", ["history.db", "below/history.db"])
def test_a_folder_that_may_only_be_read(open_folder: Path, name: str) -> None:
    open_folder.chmod(0o555)
    with unprivileged(), pytest.raises(HistoryReadOnly) as caught:
        History(open_folder / name)
    assert str(open_folder / name) in str(caught.value)


def test_a_path_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryReadOnly):
        History(tmp_path / "file" / "history.db")


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    for create in (True, False):
        with pytest.raises(HistoryReadOnly, match="is a folder"):
            History(tmp_path, create=create)


# --- no space ----------------------------------------------------------------------------------------------------


def assert_full(path: Path, history: History) -> None:
    with pytest.raises(HistoryFull, match=r"no space is left.*this run was not saved.*free some space") as caught:
        history.save(many(1, 1000))
    assert str(path) in str(caught.value)


def test_no_space_for_more_pages(path: Path) -> None:
    with History(path) as history:
        before = history.save(many(0))
        pages = history.db.execute("PRAGMA page_count").fetchone()[0]
        history.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        assert_full(path, history)
        assert_sound(history)
        assert history.run() == before
        history.db.execute("PRAGMA max_page_count = 100000")
        assert history.save(many(1, 1000)).summary.persisting == 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a disk of a given size; only the superuser may, and not in every container."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        except FileNotFoundError:
            pytest.skip("no mount command here: the other tests of this section stand for a full disk")
        if done.returncode != 0:
            pytest.skip(f"no disk can be mounted here ({done.stderr.strip()}): the other tests stand for a full disk")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True, timeout=30)


def test_a_full_disk_while_saving(small_disk: Callable[[str], Path]) -> None:
    path = small_disk("768k") / "history.db"
    with History(path) as history:
        before = history.save(many(0, 20))
        assert_full(path, history)
        assert history.run() == before
        assert history.save(run(2)).summary.resolved == 20
    with History(path) as history:
        assert_sound(history)
        assert len(history.runs()) == 2


def test_a_full_disk_from_the_beginning(small_disk: Callable[[str], Path]) -> None:
    folder = small_disk("64k")
    with pytest.raises(HistoryFull):
        History(folder / "history.db")


def test_a_write_that_the_system_refuses(path: Path) -> None:
    """As with a quota: the file may not grow beyond a size."""
    with History(path) as history:
        before = history.save(run(0))
    answers = SPAWN.Queue()
    child = SPAWN.Process(target=save_into_limit, args=(str(path), path.stat().st_size + 65536, answers))
    child.start()
    name, sentence = answers.get(timeout=60)
    child.join(60)
    assert name in ("HistoryFull", "HistoryError"), sentence
    assert str(path) in sentence
    with History(path) as history:
        assert_sound(history)
        assert history.run() == before


# --- damaged -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + b"x" * 5000, "店铺".encode() * 900, b"\x00" * 4096])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for create in (True, False):
        with pytest.raises(HistoryCorrupt, match=r"is no history database, or it is damaged; move it aside") as caught:
            History(path, create=create)
        assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_an_empty_file_is_a_new_history(path: Path) -> None:
    path.touch()
    save(path, 0)


@pytest.mark.parametrize("kept", [1, 3])
def test_a_damaged_database_is_told(path: Path, kept: int) -> None:
    save(path, 0)
    content = path.read_bytes()
    page = 4096
    path.write_bytes(content[: kept * page] + b"\xff" * (len(content) - kept * page))

    def use() -> None:
        with History(path) as history:
            history.save(many(1))

    with pytest.raises(HistoryCorrupt):
        use()


def test_a_database_cut_short_is_told(path: Path) -> None:
    save(path, 0)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(HistoryCorrupt), History(path) as history:
        history.save(many(1))


def test_any_other_trouble_is_still_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with History(path) as history:
        monkeypatch.setattr("agent.history.queries.OUTCOMES", "SELECT 1 FROM nowhere WHERE ?")
        history.save(run(0))
        with pytest.raises(HistoryError, match=r"cannot be used \(no such table: nowhere\)"):
            history.run()
