"""`capture` against a bare browser script: a stand-in backend, both sides signed in to it, the same pages in both."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process import CannotRun, Taken, measured

SHOPLINT = str(Path(sys.executable).with_name("shoplint"))
PROGRAM = (sys.executable, "-m")
END_S = 30


@dataclass
class Backend:
    """A stand-in that runs, and a home folder that is signed in to it."""

    folder: Path
    access: dict[str, Any]
    kinds: str
    """The page kinds to visit, with commas; empty: all."""

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def capture(self, tabs: int = 1) -> Taken:
        """`shoplint capture` into a new folder, with an hour's budget that is not begun."""
        out, config = self.folder / f"capture-{tabs}", self.folder / f"tabs-{tabs}.toml"
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(self.home / "visits", ignore_errors=True)
        config.write_text((self.home / "config.toml").read_text("utf-8") + f"\n[capture]\ntabs = {tabs}\n", "utf-8")
        command = [SHOPLINT, "capture", self.access["store"], "--home", str(self.home), "--config", str(config)]
        only = ["--only", self.kinds] if self.kinds else []
        return measured([*command, *only, "-o", str(out), "-q"], {"SHOPLINT_VAULT_KEY": self.access["key"]})

    def bare(self) -> Taken:
        """The bare script over the pages that the last capture has; CannotRun when it had others."""
        plan, pages = self._plan(), self.folder / "plan.json"
        pages.write_text(json.dumps(plan), "utf-8")
        out = self.folder / "bare"
        shutil.rmtree(out, ignore_errors=True)
        arguments = (self.folder / "access.json", pages, out)
        taken = measured([*PROGRAM, "benchmarks.programs.bare_capture", *map(str, arguments)])
        wanted = sum(stop["pages"] for stop in plan)
        if int(taken.said.splitlines()[-1]) != wanted:
            raise CannotRun(f"the bare script kept another number of pages than the capture's {wanted}: {taken.said}")
        return taken

    def _plan(self) -> list[dict[str, Any]]:
        """Addresses, tabs and numbers of pages, as the last capture went through them."""
        manifest = json.loads((self.folder / "capture-1" / "capture.json").read_text("utf-8"))
        plan: list[dict[str, Any]] = []
        part = None
        for page in manifest["pages"]:
            if page["error"]:
                raise CannotRun(f"the capture lacks a page: {page['kind']}: {page['error']['message']}")
            if part != (page["url"], page["view"]):
                part = (page["url"], page["view"])
                labels = self.access["views"][page["view"]] if page["view"] else None
                plan.append({"url": page["url"], "labels": labels, "pages": 0})
            plan[-1]["pages"] += 1
        return plan


@contextmanager
def backend(folder: Path, kinds: str, delay_s: float = 0.0) -> Iterator[Backend]:
    """A running stand-in that answers each call of a page after ``delay_s``."""
    (folder / "home").mkdir()
    command = [*PROGRAM, "benchmarks.programs.backend", str(folder / "home"), str(delay_s)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise CannotRun(f"the stand-in backend does not start:\n{process.stderr.read()[-2000:]}")
        (folder / "access.json").write_text(line, "utf-8")
        yield Backend(folder, json.loads(line), kinds)
    finally:
        process.stdin.close()
        process.wait(END_S)
        process.stdout.close()
        process.stderr.close()
