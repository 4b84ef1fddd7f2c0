"""What a user would write: opens the pages of a plan one after the other and keeps their HTML.

``bare_capture ACCESS PLAN OUT``: ``ACCESS`` is what the backend program printed. ``PLAN`` is a list of
``{"url", "labels", "pages"}``: an address, the names of the tab to click there (none: the page as it opens) and how
many pages its list has.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

READY = """
({name, labels, number}) => {
  const shop = document.querySelector('[class*="shell--name"]');
  const main = document.querySelector('[class*="shell--main"]');
  if (!shop || shop.textContent.trim() !== name || !main || main.querySelector('.next-loading')) { return false; }
  const tab = labels && main.querySelector('[role=tab][aria-selected=true]');
  if (labels && !(tab && labels.includes(tab.textContent.replace(/\\s*\\(\\d+\\)\\s*$/, '').trim()))) { return false; }
  const shown = main.querySelector('.next-pagination-display');
  if (number > 1 && !(shown && shown.textContent.startsWith(number + '/'))) { return false; }
  return labels ? main.querySelector('tbody td') !== null : main.innerText.trim().length > 40;
}
"""


async def walk(page: Page, access: dict[str, Any], plan: list[dict[str, Any]], out: Path) -> int:
    kept, at = 0, ""

    async def keep(labels: list[str] | None, number: int) -> None:
        nonlocal kept
        await page.wait_for_function(READY, arg={"name": access["name"], "labels": labels, "number": number})
        kept += 1
        (out / f"{kept}.html").write_text(await page.content(), "utf-8")

    for stop in plan:
        labels = stop["labels"]
        if stop["url"] != at:
            at = stop["url"]
            await page.goto(at, wait_until="commit")
        if labels:
            tab = page.get_by_role("tab")
            await tab.filter(has_text=labels[0]).or_(tab.filter(has_text=labels[-1])).first.click()
        await keep(labels, 1)
        for number in range(2, stop["pages"] + 1):
            await page.locator("button.next-pagination-item.next-next").click()
            await keep(labels, number)
    return kept


async def main() -> None:
    access = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    plan = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    out = Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=access["browser"], args=access["args"])
        context = await browser.new_context(
            storage_state=access["state"], ignore_https_errors=True, locale="zh-CN",
            viewport={"width": 1440, "height": 900},
        )  # fmt: skip
        print(await walk(await context.new_page(), access, plan, out))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
