"""What Datasette asks of us: our pages, the ready questions, and links from rows to stores and runs.

Datasette keeps its plugins for the whole process; each answer is for the one Datasette that was made from a site here.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from markupsafe import Markup

from agent.serve import pages
from agent.serve.pages import Site
from agent.serve.questions import DATABASE, canned, metadata

_SITES: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()
RUNS = frozenset({"run", "last_run", "compared_with"})
"""Columns that hold the id of a run."""
SETTINGS = {"allow_download": False, "default_facet_size": 12, "facet_time_limit_ms": 500, "sql_time_limit_ms": 3000}


def datasette_of(site: Site, *, immutable: bool) -> Any:
    """A Datasette that shows the site's history and never writes.

    The database is opened read-only, and not as one that never changes, because audits go on writing to it;
    ``immutable`` is for a file in a folder that may only be read.
    """
    # Where rich is installed, Datasette prints every mistake in a query with all variables, orders among them.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(sys.modules[__name__]):
        pm.register(sys.modules[__name__])
    shown = Datasette(
        [],
        metadata=metadata(site.language),
        template_dir=str(Path(__file__).parent / "templates"),
        settings=SETTINGS,
    )
    shown.remove_database("_memory")
    shown.add_database(Database(shown, path=str(site.database), is_mutable=not immutable), name=DATABASE)
    _SITES[shown] = site
    return shown


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Any]] | None:
    if datasette not in _SITES:
        return None
    site = _SITES[datasette]

    async def start() -> Any:
        return await _page(site, pages.start)

    async def store(request: Any) -> Any:
        key = request.args.get("key") or ""
        return await _page(site, lambda s: pages.store(s, key))

    async def metric(request: Any) -> Any:
        key, name = request.args.get("store") or "", request.args.get("name") or ""
        return await _page(site, lambda s: pages.metric(s, key, name))

    async def run(request: Any) -> Any:
        reference = request.url_vars["id"]
        return await _page(site, lambda s: pages.report(s, reference))

    async def style() -> Any:
        return Response(pages.style(), content_type="text/css; charset=utf-8")

    return [
        (r"^/$", start),
        (r"^/store$", store),
        (r"^/metric$", metric),
        (r"^/run/(?P<id>[A-Za-z0-9_.~-]+)$", run),
        (r"^/style\.css$", style),
    ]


async def _page(site: Site, made: Callable[[Site], str | None]) -> Any:
    """A page, made in a thread of its own so that others need not wait."""
    html = await asyncio.to_thread(made, site)
    return Response.html(html if html is not None else pages.missing(site), status=200 if html is not None else 404)


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, Any]] | None:
    if datasette not in _SITES or database != DATABASE:
        return None
    return canned(_SITES[datasette].language)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any) -> dict[str, Any] | None:
    if datasette not in _SITES:
        return None
    return {"shoplint_zh": _SITES[datasette].language == "zh"}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object, column: str, datasette: Any) -> Markup | None:
    """The id of a run leads to its report, the key of a store to its page."""
    if datasette not in _SITES or not isinstance(value, str) or not value:
        return None
    if column in RUNS and re.fullmatch(r"[A-Za-z0-9_.~-]+", value):
        return Markup('<a href="{}">{}</a>').format(pages.run_path(value), value)
    if column == "store":
        return Markup('<a href="{}">{}</a>').format(pages.store_path(value), value)
    return None
