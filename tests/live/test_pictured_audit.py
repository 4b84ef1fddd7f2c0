"""From the backend to the report: an audit with pictures, in real Chromium against the stand-in."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from agent.capture.opening import open_capture
from agent.capture.picture import Picture
from fixtures.standin import StandIn
from tests.cli import Shell
from tests.truths import RECORDINGS

pytestmark = pytest.mark.browser
EMBEDDED = re.compile(
    r'<li class="item \w+" id="f-(\w+)">(?:(?!</li>).)*?<img src="data:image/png;base64,([^"]+)"', re.S
)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(RECORDINGS / "northwind", render_delay_s=0.0) as running:
        yield running
        assert running.writes == []
        assert not running.foreign


@pytest.fixture
def shell(
    standin: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    found = Shell(tmp_path / "home", capsys, monkeypatch)
    found.home.mkdir()
    settings = '\n[capture]\npictures = true\ntracking = "none"\n'
    (found.home / "config.toml").write_text(standin.config_toml() + settings, "utf-8")
    monkeypatch.setenv("SHOPLINT_VAULT_KEY", "a pass phrase for tests")
    user, password = standin.credentials
    monkeypatch.setenv("SHOPLINT_NORTHWIND_USERNAME", user)
    monkeypatch.setenv("SHOPLINT_NORTHWIND_PASSWORD", password)
    return found


def embedded(path: Path) -> dict[str, Image.Image]:
    """The pictures of a report by the fingerprint of their finding."""
    found = EMBEDDED.findall(path.read_text("utf-8"))
    return {name: Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for name, data in found}


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of one size are apart, on average, from 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_the_report_shows_the_row_of_each_dispute_and_each_figure(shell: Shell, tmp_path: Path) -> None:
    captured = shell("capture", "northwind", "--only", "disputes,health")
    assert captured.code == 0
    folder = Path(captured.out.strip())
    report, outcome = tmp_path / "report.html", tmp_path / "run.json"
    forms = ("--format", "html", "-o", report, "--format", "json", "-o", outcome)
    assert shell("judge", folder, "--select", "RSP,HLT", "--fail-on", "never", *forms).code == 0
    findings = {found["fingerprint"]: found for found in json.loads(outcome.read_text("utf-8"))["findings"]}
    shown = embedded(report)
    assert {(findings[name]["code"], findings[name]["subject"]["type"]) for name in shown} >= {
        ("RSP013", "dispute"),
        ("HLT004", "metric"),
        ("RSP003", "metric"),
    }
    with open_capture(folder) as capture:
        pictures = {page.kind: capture.picture(page) for page in capture.pages()}
    for name, piece in shown.items():
        found = findings[name]
        picture = pictures[found["evidence"]["page"]]
        assert picture is not None
        if found["subject"]["type"] == "dispute":
            assert likeness(piece, _row(picture, found["subject"]["id"], piece.size)) < 4

    shell("report", "last", "--format", "html", "-o", tmp_path / "again.html")
    assert embedded(tmp_path / "again.html").keys() == shown.keys()
    shutil.rmtree(folder)
    assert shell("report", "last", "--format", "html", "-o", tmp_path / "later.html").code == 0
    assert embedded(tmp_path / "later.html") == {}


def _row(picture: Picture, number: str, size: tuple[int, int]) -> Image.Image:
    """The row of a dispute on the whole picture, with the margin of a report and below the titles."""
    whole = Image.open(io.BytesIO(picture.png)).convert("RGB")
    [spot] = [spot for spot in picture.spots if number in spot.ids]
    left, bottom = int(spot.box[0]) - 6, int(spot.box[1] + min(spot.box[3], 380)) + 6
    assert spot.head is not None
    top = bottom - (int(spot.box[1] + min(spot.box[3], 380)) - int(spot.box[1]) + 12)
    row = whole.crop((left, top, left + size[0], bottom))
    head = whole.crop((left, int(spot.head[1]) + 1, left + size[0], int(spot.head[1]) + 1 + size[1] - row.height))
    joined = Image.new("RGB", size, "white")
    joined.paste(head, (0, 0))
    joined.paste(row, (0, head.height))
    return joined
