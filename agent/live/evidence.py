"""Keeps the page that an error speaks of, and a picture of it: for the owner only, and without what was typed."""

from __future__ import annotations

import contextlib
import html
import logging
import re
import secrets as tokens
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from agent.errors import HomeUnusable
from agent.home import Home
from agent.live.vault import write_private
from checks.text import Text

if TYPE_CHECKING:
    from playwright.async_api import Page

log = logging.getLogger(__name__)

FOLDER = "kept"
MOST_KEPT = 40
"""Files; the oldest go first."""
PICTURE_MS = 10_000

BLANK = """
() => { for (const field of document.querySelectorAll('input')) {
  if (field.type === 'password' || /pass|pwd|code/i.test(field.id + ' ' + field.name)) {
    field.value = ''; field.removeAttribute('value');
  } } }
"""


async def keep(page: Page, home: Home, name: str, *, secrets: Sequence[str] = ()) -> Path | None:
    """The kept page, beside it a picture of the same name; None when the browser is gone or the disk refuses."""
    from playwright.async_api import Error

    name = re.sub(r"[^\w.-]+", "-", name)
    path = Path(FOLDER) / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{tokens.token_hex(2)}.html"
    try:
        folder = home.make(FOLDER)
        bodies = []
        for frame in page.frames:
            with contextlib.suppress(Error):
                await frame.evaluate(BLANK)
                bodies.append((frame.url, await frame.content()))
        if not bodies:
            return None
        write_private(folder / path.name, _without(_joined(bodies), secrets).encode())
        with contextlib.suppress(Error):
            picture = await page.screenshot(timeout=PICTURE_MS)
            write_private((folder / path.name).with_suffix(".png"), picture)
        _tidy(folder)
    except (OSError, HomeUnusable, Error) as error:
        log.warning(Text("无法保存出错的页面：%s", "the page cannot be kept: %s"), error)
        return None
    return folder / path.name


def _joined(bodies: Sequence[tuple[str, str]]) -> str:
    """The page, followed by the pages in its frames."""
    first, *frames = bodies
    return first[1] + "".join(f"\n<!-- frame {html.escape(url.partition('?')[0])} -->\n{body}" for url, body in frames)


def _without(text: str, secrets: Sequence[str]) -> str:
    """The text without the secrets, however they are written."""
    for secret in filter(None, secrets):
        for written in {secret, html.escape(secret), quote(secret), quote(secret, safe="")}:
            text = text.replace(written, "")
    return text


def _tidy(folder: Path) -> None:
    found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in found[: max(0, len(found) - MOST_KEPT)]:
        with contextlib.suppress(OSError):
            path.unlink()
