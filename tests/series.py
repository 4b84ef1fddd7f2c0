"""A recorded store on other days: its capture moved in time, cut down to a few pages, with other figures on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from agent.cli.main import run
from tests.truths import RECORDINGS

FIGURES = ("health", "level", "medal")
"""The pages that hold the figures of levels and medals."""


def one_day(
    folder: Path,
    number: int,
    words: Mapping[str, str] | None = None,
    *,
    kinds: Iterable[str] = FIGURES,
    recording: str = "northwind",
) -> Path:
    """The recording ``number`` days later, with the pages of some kinds only and some texts on them replaced."""
    source = RECORDINGS / recording
    manifest = json.loads((source / "capture.json").read_text("utf-8"))
    pages = [page for page in manifest["pages"] if page["kind"] in tuple(kinds)]
    target = folder / f"day-{number}"
    (target / "pages").mkdir(parents=True)
    for page in pages:
        body = (source / page["file"]).read_text("utf-8")
        for old, new in (words or {}).items():
            body = body.replace(old, new)
        (target / page["file"]).write_text(body, "utf-8")
    for entry in (manifest, *pages):
        for key in ("captured_at", "finished_at"):
            if key in entry:
                entry[key] = (datetime.fromisoformat(entry[key]) + timedelta(days=number)).isoformat()
    (target / "capture.json").write_text(json.dumps(manifest | {"pages": pages, "responses": []}), "utf-8")
    return target


def judged(home: Path, *arguments: str | Path) -> Path:
    """A home whose history holds what `judge` says of the captures, one run each, in their order."""
    for argument in arguments:
        options = ["--home", str(home), "--quiet", "--fail-on", "never"]
        assert run(["judge", str(argument), *options]) == 0, argument
    return home
