"""Cuts out of the pictures of a capture what the findings of a run speak of, for the report in HTML.

The capture is looked for where the run says that it lay; a finding has a picture when the very page that it was seen on
is still there, has a picture, and shows the subject, or the label with the text. Whatever is wrong with a picture, the
report goes without it.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.capture.opening import open_capture
from agent.capture.picture import Box, Picture, Spot
from agent.capture.reader import Capture, CapturedPage
from agent.errors import CaptureError
from agent.reports.digest import by_rule, standing
from checks.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image

    from agent.history.runs import SavedRun
    from checks.finding import Evidence, Finding

log = logging.getLogger(__name__)

MOST_OF_RULE = 4
"""Findings of one rule that have a picture: more of the same say nothing new."""
MOST_SOUGHT = 12
"""Findings of one rule for which a picture is sought."""
MOST_PICTURES = 120
MOST_BYTES = 3 << 20
"""Bytes of all pictures of a report, so that it can still be sent by e-mail."""
WIDEST, TALLEST = 1240, 380
"""Pixels of one picture; a row that is taller is cut off below."""
MARGIN = 6
COLOURS = 64
"""Pages of the backend have few; a picture with a palette is a third as large."""
_SPOILT = (
    OSError,
    ValueError,
    SyntaxError,
    ArithmeticError,
    LookupError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What unpacking a damaged picture can raise."""
_BETWEEN = re.compile(r"[\s:：,，;；()（）]+")


@dataclass(frozen=True)
class Cutting:
    """A piece of a picture, as it stands in a report."""

    source: str
    """A data URI; empty where another finding shows the same picture."""
    width: int
    height: int
    same: str | None = None
    """The fingerprint of the finding that shows the same picture."""


def cuttings(run: SavedRun) -> dict[str, Cutting]:
    """Fingerprint -> picture, as far as there are any; the gravest rules are served first."""
    findings = list(_chosen(stated.finding for rule in by_rule(standing(run)) for stated in rule.findings))
    if not findings or not run.record.capture:
        return {}
    with ExitStack() as stack:
        captures = [stack.enter_context(capture) for capture in _captures(run.record.capture)]
        cut: dict[str, tuple[bytes, int, int]] = {}
        for capture in captures:
            cut.update(_of_capture(capture, findings))
            for fault in capture.faults:
                log.warning(fault.text)
    return _within_limits(findings, cut)


def _chosen(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first findings of each rule that were seen on a page."""
    counts: Counter[str] = Counter()
    for finding in findings:
        if finding.evidence is not None and counts[finding.code] < MOST_SOUGHT:
            counts[finding.code] += 1
            yield finding


def _captures(named: str) -> Iterator[Capture]:
    """What was judged, where it is still there: one path, or several with commas between them."""
    try:
        paths = [named] if Path(named).exists() else named.split(", ")
    except (OSError, ValueError):
        return
    for path in paths:
        try:
            if Path(path).is_dir() or path.lower().endswith(".zip"):
                yield open_capture(path)
        except (CaptureError, OSError, ValueError) as error:
            log.info("no pictures: %s", error)


def _of_capture(capture: Capture, findings: Sequence[Finding]) -> Iterator[tuple[str, tuple[bytes, int, int]]]:
    """The pieces for all findings that were seen in this capture, one page after the other."""
    for page in capture.pages():
        own = [finding for finding in findings if finding.evidence and _is_on(finding.evidence, page)]
        picture = capture.picture(page) if own and page.picture is not None else None
        if picture is None:
            continue
        found = [(finding, spot) for finding in own if (spot := spot_of(finding, picture.spots)) is not None]
        try:
            image = _unpacked(picture) if found else None
            for finding, spot in found:
                if image is not None:
                    yield finding.fingerprint, _packed(_cut(image, spot))
        except _SPOILT as error:
            log.warning(Text("%s 的截图无法使用：%s", "the picture of %s cannot be used: %s"), page.file, error)


def _is_on(seen: Evidence, page: CapturedPage) -> bool:
    """Whether this is the very page: a capture that lies at the same place now may be another one."""
    same = seen.page == page.kind and seen.captured_at is not None and seen.captured_at == page.captured_at
    return same and seen.sequence in (None, page.sequence)


# --- finding the spot -------------------------------------------------------------------------------------------


def spot_of(finding: Finding, spots: Iterable[Spot]) -> Spot | None:
    """Where the picture shows the subject, else the label with the text; the smallest place where there are several.

    A text alone says nothing, since every other row may hold it.
    """
    known = {part for part in (finding.subject.id, finding.subject.id.partition(":")[2]) if part}
    seen = finding.evidence
    label, text = _squeezed(seen.label if seen else None), _squeezed(seen.text if seen else None)
    best: tuple[int, float] = (0, 0.0)
    found = None
    for spot in spots:
        if spot.kind != "row" and spot.box[3] > TALLEST:
            continue
        words = [_squeezed(words) for words in spot.texts]
        is_it = not known.isdisjoint(spot.ids) or any(known & {t, *_BETWEEN.split(t)} for t in spot.texts)
        says = bool(text) and (text in words or (len(text) > 1 and text in "".join(words)))
        names = bool(label) and label in words
        score = 8 * is_it + 2 * says + names if is_it or (says and names) else 0
        rank = (score, -spot.box[2] * spot.box[3])
        if score and (found is None or rank > best):
            best, found = rank, spot
    return found


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split()).rstrip(":：").casefold()


# --- cutting ----------------------------------------------------------------------------------------------------


def _unpacked(picture: Picture) -> Image:
    """The picture itself; ValueError when it is not what it said."""
    from PIL import Image

    with Image.open(io.BytesIO(picture.png), formats=("PNG",)) as image:
        if image.size != (picture.width, picture.height):
            raise ValueError("the picture is not of the size that it states")
        return image.convert("RGB")


def _cut(image: Image, spot: Spot) -> Image:
    """The spot with a little around it, below the titles of its columns."""
    from PIL import Image as Images

    body = image.crop(_frame(spot.box, image.size))
    if spot.head is None or spot.head[1] + spot.head[3] > spot.box[1] + MARGIN:
        return body
    left, _, right, _ = _frame(spot.box, image.size)
    try:
        _, top, _, bottom = _frame(spot.head, image.size, margin=0)
    except ValueError:  # titles that lie beside the picture are no reason to lose the row
        return body
    head = image.crop((left, top + 1, right, bottom))
    whole = Images.new("RGB", (body.width, head.height + body.height), "white")
    whole.paste(head, (0, 0))
    whole.paste(body, (0, head.height))
    return whole


def _frame(box: Box, size: tuple[int, int], margin: int = MARGIN) -> tuple[int, int, int, int]:
    """Left, top, right, bottom on the picture; ValueError when the box lies beside it."""
    left, top = max(int(box[0]) - margin, 0), max(int(box[1]) - margin, 0)
    right = min(int(box[0] + box[2]) + margin, size[0])
    bottom = min(int(box[1] + min(box[3], TALLEST)) + margin, size[1])
    if right - left < 2 or bottom - top < 2:
        raise ValueError("a place lies beside the picture")
    return left, top, right, bottom


def _packed(image: Image) -> tuple[bytes, int, int]:
    """PNG with a palette, no wider than a report needs."""
    from PIL import Image as Images

    if image.width > WIDEST:
        image = image.resize((WIDEST, max(image.height * WIDEST // image.width, 1)), Images.Resampling.LANCZOS)
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Images.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue(), image.width, image.height


def _within_limits(findings: Iterable[Finding], cut: dict[str, tuple[bytes, int, int]]) -> dict[str, Cutting]:
    """The pictures that fit into a report; equal ones stand in it once."""
    kept: dict[str, Cutting] = {}
    first: dict[bytes, str] = {}
    counts: Counter[str] = Counter()
    left = MOST_BYTES
    for finding in findings:
        if finding.fingerprint not in cut or counts[finding.code] >= MOST_OF_RULE:
            continue
        counts[finding.code] += 1
        png, width, height = cut[finding.fingerprint]
        if png in first:
            kept[finding.fingerprint] = Cutting("", width, height, same=first[png])
            continue
        source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
        if len(source) > left or len(first) >= MOST_PICTURES:
            continue
        left -= len(source)
        first[png] = finding.fingerprint
        kept[finding.fingerprint] = Cutting(source, width, height)
    return kept
