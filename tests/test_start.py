"""What a command loads: a run pays for the pages that it has, and for no others."""

from __future__ import annotations

import json
import os
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


SPY = """
from pathlib import Path

Path(__file__).with_name("seen").touch()


class Spy:
    def new_schema_validator(self, *given):
        return None, None, None


plugin = Spy()
"""


@pytest.mark.parametrize(("chosen", "loaded"), [(None, False), ("", True)])
def test_no_plugin_of_pydantic_is_loaded_unless_it_was_asked_for(
    orders: Path, tmp_path: Path, chosen: str | None, loaded: bool
) -> None:
    """Any package of the machine may offer one, and it would run beside an open session."""
    place = tmp_path / "packages"
    (place / "spy-1.0.dist-info").mkdir(parents=True)
    (place / "spy-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: spy\nVersion: 1.0\n", "utf-8")
    (place / "spy-1.0.dist-info" / "entry_points.txt").write_text("[pydantic]\nspy = spy:plugin\n", "utf-8")
    (place / "spy.py").write_text(SPY, "utf-8")
    own = {name: value for name, value in os.environ.items() if name != "PYDANTIC_DISABLE_PLUGINS"}
    own |= {"PYTHONPATH": os.pathsep.join([str(place), own.get("PYTHONPATH", "")])}
    own |= {} if chosen is None else {"PYDANTIC_DISABLE_PLUGINS": chosen}
    command = ["judge", str(orders), "--home", str(tmp_path / "home"), "--fail-on", "never", "-q"]
    subprocess.run([sys.executable, "-c", "from agent.cli import main; main()", *command], env=own, check=True)
    assert (place / "seen").exists() is loaded
