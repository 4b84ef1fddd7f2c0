"""Takes the pictures of the README anew: the sample store's report in a terminal and in a browser, and the start page
of `shoplint serve`, in both languages.

    python -m docs.pictures

Needs a browser and a Chinese font. A picture differs from machine to machine, so no test compares them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pictures"
LANGUAGES = {"en": ".en", "zh": ""}
COLUMNS, LINES = 80, 25
"""Of the terminal."""
WIDTH, HEIGHT = 1000, 860
"""Of the report in a browser, in CSS pixels."""
SCREEN = """<meta charset="utf-8"><style>body {{ margin: 0; background: #1d1f21 }}
pre {{ display: inline-block; margin: 0; padding: 14px 18px; background: #1d1f21; color: #d5d8d6;
font: 15px/1.35 "WenQuanYi Micro Hei Mono", "Noto Sans Mono CJK SC", monospace }}</style><pre>{code}</pre>"""
"""Half-width and full-width signs are as wide as in a terminal only in a font made for both."""


def demo(home: Path, language: str) -> Path:
    """The sample store, judged twice so that something persists; the HTML report."""
    for _ in range(2):
        call = "from agent.cli import main; main()"
        options = ("--home", str(home), "--lang", language, "--fail-on", "never")
        subprocess.run([sys.executable, "-c", call, "demo", *options], check=True, capture_output=True)
    return home / "demo" / "report.html"


def terminal(home: Path, language: str) -> str:
    """The report as a terminal shows it, as a page."""
    from rich.console import Console
    from rich.terminal_theme import SVG_EXPORT_THEME
    from rich.text import Text

    from agent.cli.options import setting
    from agent.history.database import History
    from agent.reports import render

    look = setting(home, None, None, language).look(channel_id="244176", color=True)
    with History(home / "demo" / "history.db", create=False) as history:
        shown = render("table", history.run("last"), look)
    text = "\n".join(shown.splitlines()[:LINES])
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    return console.export_html(theme=SVG_EXPORT_THEME, code_format=SCREEN, inline_styles=True)


def take(browser: Any, address: str, path: Path, selector: str | None = None) -> None:
    """A picture of a page, or of one element in it."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.goto(address)
    if selector:
        page.locator(selector).first.screenshot(path=str(path))
    else:
        page.screenshot(path=str(path))
    page.close()


def dashboard(browser: Any, folder: Path, language: str, path: Path) -> None:
    """The start page of `serve` after a month of audits, two hours after the last one."""
    from agent.cli.options import setting
    from agent.serve import server
    from agent.serve.pages import Site
    from docs import month

    home = folder / f"month-{language}"
    now = month.spend(home / "history.db", home) + timedelta(hours=2)
    chosen = setting(home, None, None, language)
    site = Site(
        home / "history.db",
        chosen.language,
        lambda channel: chosen.look(channel_id=channel, color=False),
        now=lambda: now,
    )
    listening = server.bound("127.0.0.1", 0)
    serving = server.server(server.application(site))
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        take(browser, server.address_of(listening), path)
    finally:
        serving.should_exit = True
        thread.join()
        listening.close()


def main() -> int:
    from playwright.sync_api import sync_playwright

    from agent.config import BrowserConfig
    from agent.live.browser import candidates

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        found = next(browser for browser in candidates(BrowserConfig()) if browser.problem is None)
        browser = playwright.chromium.launch(
            executable_path=found.path, channel=found.channel, args=["--no-sandbox"] if root else []
        )
        for language, ending in LANGUAGES.items():
            home = Path(folder) / language
            report = demo(home, language)
            take(browser, report.as_uri(), FOLDER / f"report{ending}.png")
            drawing = Path(folder) / f"terminal{ending}.html"
            drawing.write_text(terminal(home, language), "utf-8")
            take(browser, drawing.as_uri(), FOLDER / f"terminal{ending}.png", "pre")
            dashboard(browser, Path(folder), language, FOLDER / f"dashboard{ending}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
