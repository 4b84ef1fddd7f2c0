"""A running stand-in backend for captures, and a home folder that is signed in to it: ``backend HOME [DELAY]``.

Prints one line of JSON when all is ready and serves until its input is closed. ``state`` is what another browser
program needs to be signed in as well, ``browser`` the executable that `shoplint` uses.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from pathlib import Path

from agent.config import load
from agent.home import Home
from agent.live import session as sessions
from agent.live.browser import candidates
from agent.live.credentials import variables
from agent.live.vault import VARIABLE, Vault
from agent.live.visit import Place
from benchmarks.recorded import RECORDINGS
from extractors.vocabulary import shipped
from fixtures.standin import StandIn, site

ROOM = "pages_per_hour = 1000000\npages_per_run = 1000000\n"
"""Every round of a measurement opens all pages again."""


async def signed_in(place: Place, store: str) -> None:
    """Log in and store the session."""
    budget = place.budget(store)
    async with place.browser() as live:
        with budget.alone():
            await sessions.login(place.session(live, store, budget, place.guard()))


def main() -> None:
    folder, delay = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    os.environ[VARIABLE] = secrets.token_urlsafe(32)
    with StandIn(RECORDINGS / "northwind", answer_delay_s=delay) as standin:
        (folder / "config.toml").write_text(standin.config_toml() + ROOM, "utf-8")
        os.environ.update(zip(variables(standin.alias)[0], standin.credentials, strict=True))
        home = Home(folder)
        place = Place(home, load(home), shipped())
        asyncio.run(signed_in(place, standin.alias))
        stored = Vault(home).load(standin.alias)
        assert stored is not None
        state = folder / "state.json"
        state.write_text(json.dumps(stored.storage_state), "utf-8")
        state.chmod(0o600)
        browser = next(str(found.path) for found in candidates(place.config.browser) if not found.problem)
        told = {
            "store": standin.alias,
            "name": standin.store.name,
            "views": site.VIEWS,
            "key": os.environ[VARIABLE],
            "state": str(state),
            "browser": browser,
            "args": standin.chromium_args(),
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
