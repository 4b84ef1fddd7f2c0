"""Takes a picture of a page with all that may be personal made unreadable before, and notes where things are on it.

Nothing on the page is touched, nothing is clicked, nothing is asked of the backend. Where the veil cannot be drawn, or
the page was another one when it was lifted, there is no picture: a picture is a help and never worth a page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agent.capture.picture import MOST_HEIGHT, MOST_PIXELS, MOST_WIDTH, Shot
from agent.live.veil import BLANKS, SKIPPED, Plan, plan

if TYPE_CHECKING:
    from playwright.async_api import JSHandle, Page

    from agent.live.probe import Sight
    from extractors.vocabulary import Vocabulary

log = logging.getLogger(__name__)

PICTURE_S = 8.0
"""How long a picture may take; a page whose scripts hang has none."""
LIFT_S = 2.0
MOST_SIGNS = 8_000_000
"""A page whose DOM is larger has no picture: most of it would lie beyond the edge."""
TRIES = 2
COLOURS = 48
PICTURES = (
    *("img", "picture", "video", "audio", "canvas", "svg", "iframe", "frame", "frameset", "object", "embed"),
    *("input", "textarea", "select", "option", "meter", "progress"),
)
"""Elements that show something else than texts of the page."""


@dataclass(frozen=True)
class Camera:
    """Takes pictures of pages whose kinds are known, if that was asked for."""

    vocabulary: Vocabulary
    is_on: bool

    async def take(self, page: Page, kind: str, sight: Sight) -> Shot | None:
        """A picture of the page as it was just looked at; None where none is wanted or can be had."""
        from playwright.async_api import Error

        if not self.is_on or sight.state != "ready" or len(sight.html) > MOST_SIGNS:
            return None
        found = await asyncio.to_thread(plan, sight.html, kind, self.vocabulary)
        if found is None:
            return None
        try:
            async with asyncio.timeout(PICTURE_S):
                for _ in range(TRIES):
                    shot = await _shot(page, found)
                    if shot is not None:
                        return shot
        except (Error, TimeoutError) as error:
            log.info("%s: no picture (%s)", kind, str(error).partition("\n")[0] or "time is up")
        return None


async def _shot(page: Page, found: Plan) -> Shot | None:
    """One try. The veil is lifted whatever happens."""
    veil = await page.evaluate_handle(script(), _asked(found))
    try:
        told = await veil.evaluate("veil => veil.told")
        if not told["ok"]:
            log.info("no picture: %s", told["why"])
            return None
        png = await page.screenshot(
            type="png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": told["width"], "height": told["height"]},
            scale="css",
            caret="initial",
            animations="allow",
            timeout=PICTURE_S * 1000,
        )
    except BaseException:
        await _lifted(veil)
        raise
    if not await _lifted(veil):
        log.info("no picture: the page changed meanwhile")
        return None
    return Shot(png, _places(found, told))


async def _lifted(veil: JSHandle) -> bool:
    """Take the veil away; whether the page below is still the same."""
    from playwright.async_api import Error

    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(LIFT_S):
            same = bool(await veil.evaluate("veil => veil.lift()"))
            await veil.dispose()
            return same
    return False


@cache
def script() -> str:
    """What draws the veil."""
    return (files("agent") / "data" / "veil.js").read_text("utf-8")


def _asked(found: Plan) -> str:
    spots = [{"extent": (spot.start, spot.end), "row": spot.kind == "row"} for spot in found.spots]
    heads = [{"extent": head, "row": True} for head in _heads(found)]
    return json.dumps(
        {
            "line": found.line,
            "shown": found.shown,
            "spots": [*spots, *heads],
            "blanks": BLANKS,
            "skipped": SKIPPED,
            "pictures": PICTURES,
            "colours": COLOURS,
            "width": MOST_WIDTH,
            "height": MOST_HEIGHT,
            "pixels": MOST_PIXELS,
        }
    )


def _heads(found: Plan) -> list[tuple[int, int]]:
    return list(dict.fromkeys(spot.head for spot in found.spots if spot.head))


def _places(found: Plan, told: dict[str, Any]) -> bytes:
    """What lies where on the picture; only what can be read on it is told."""
    boxes = told["places"]
    heads = dict(zip(_heads(found), boxes[len(found.spots) :], strict=True))
    size = told["width"], told["height"]
    places = [
        {"kind": spot.kind, "box": box, "head": spot.head and heads[spot.head], "ids": spot.ids, "texts": spot.texts}
        for spot, box in zip(found.spots, boxes, strict=False)
        if box is not None and _is_on(box, size)
    ]
    return json.dumps({"format": 1, "places": places}, ensure_ascii=False).encode("utf-8", "replace")


def _is_on(box: list[float], size: tuple[int, int]) -> bool:
    x, y, _, height = box
    return 0 <= x < size[0] and y >= 0 and y + height <= size[1]
