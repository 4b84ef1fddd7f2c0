"""What a command loads: a run pays for the pages that it has, and for no others."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
SCRIPT = """
import json, sys
from agent.cli.main import run
run(sys.argv[1:])
json.dump(sorted(sys.modules), sys.stderr)
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A capture of one page of orders, and of nothing else."""
    capture = json.loads((NORTHWIND / "capture.json").read_text("utf-8"))
    page = next(page for page in capture["pages"] if page["kind"] == "orders")
    folder = tmp_path / "orders"
    (folder / page["file"]).parent.mkdir(parents=True)
    shutil.copy(NORTHWIND / page["file"], folder / page["file"])
    (folder / "capture.json").write_text(json.dumps(capture | {"pages": [page], "responses": []}), "utf-8")
    return folder


@pytest.fixture
def judged(orders: Path, tmp_path: Path) -> set[str]:
    """The modules that a process has loaded when it has judged the capture of orders."""
    command = ["judge", str(orders), "--home", str(tmp_path / "home"), "--fail-on", "never", "-q"]
    done = subprocess.run([sys.executable, "-c", SCRIPT, *command], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_judging_orders_makes_the_models_of_no_other_page(judged: set[str]) -> None:
    """Nor does it load what reads another page."""
    found = {name for name in judged if name.startswith(("extractors.models.", "extractors.pages."))}
    assert found == {
        "extractors.models.base",
        "extractors.models.orders",
        "extractors.models.reading",
        "extractors.models.rows",
        "extractors.models.states",
        "extractors.pages.orders",
    }
