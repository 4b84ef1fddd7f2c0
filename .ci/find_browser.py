"""Prints the path of the first Chromium on this machine that really starts; exit code 1 when there is none."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

# The shell without a window comes first: it starts faster and needs half the memory.
SYSTEM = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def candidates(playwright: Playwright) -> Iterator[str]:
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        yield str(own)
    for name in SYSTEM:
        if found := shutil.which(name):
            yield found


def starts(playwright: Playwright, executable: str) -> bool:
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    try:
        browser = playwright.chromium.launch(executable_path=executable, args=args, timeout=20_000)
        try:
            page = browser.new_page()
            page.set_content("<title>店铺</title>")
            return page.title() == "店铺"
        finally:
            browser.close()
    except Error as error:
        print(f"shoplint: {executable} does not start: {str(error).splitlines()[0]}", file=sys.stderr)
        return False


def main() -> int:
    with sync_playwright() as playwright:
        for executable in candidates(playwright):
            if starts(playwright, executable):
                print(executable)
                return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
