"""What a page is waited for: built once per page kind out of the vocabulary and the page map, judged inside the page.

Waiting is for markers only: known labels with values, rows that are not the old ones, the page number, the selected
tab, the store's name, nothing loading any more; or the signs of a login, a verification, an error page. How long what
may never come (the store's name, a last figure, rows that stay the same) is waited for once all else is there is
``patience``; how long a page that never fills is waited for is ``timeout``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from agent.live.pagemap import PageMap, PageStop
from extractors.outline import label_key
from extractors.pages import page_kinds
from extractors.vocabulary import Vocabulary

EVERY_MS = 10
"""How often a page that changed is looked at..."""
SELDOM_MS = 250
"""...and one that did not: a style sheet may have come."""
PATIENCE_S = 3.0

State = Literal["ready", "login", "verification", "error", "strange", "timeout", "failed"]


@dataclass(frozen=True)
class Sight:
    """A page at the moment when waiting for it ended: its DOM, and what was told about it in the page itself."""

    state: State
    url: str
    html: str
    shop: str | None = None
    rows: int = 0
    mark: str = ""
    """What makes the rows these rows: equal marks mean that the list did not change."""
    page: int | None = None
    pages: int | None = None
    next: bool = False
    stale: bool = False
    """The rows are those that were there before."""
    veiled: bool = False
    """The list was seen loading meanwhile."""
    counted: int | None = None
    """How many rows the chosen tab says there are."""
    total: int | None = None
    """How many rows the list itself says there are."""
    filled: bool = False
    """A known figure shows something else than nought."""

    @property
    def odd(self) -> bool:
        """Whether tab and list contradict each other."""
        return self.counted is not None and self.total is not None and self.counted != self.total

    @classmethod
    def read(cls, data: dict[str, Any]) -> Sight:
        """The answer of the script."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(**known)


@cache
def script() -> str:
    """What looks at the page."""
    return (files("agent") / "data" / "probe.js").read_text("utf-8")


@dataclass(frozen=True)
class Wishes:
    """Builds the wish for a page kind."""

    words: Vocabulary
    pages: PageMap
    name: str | None
    timeout_s: float
    patience_s: float = PATIENCE_S

    def wish(
        self, stop: PageStop, *, view: str | None = None, page: int | None = None, before: str | None = None
    ) -> dict[str, Any]:
        """A page of this kind: with this tab, this page number, other rows than ``before``, as far as given."""
        labels = view_keys(self.words, view) if view else []
        return {
            **self._site(),
            **_kind(self.words, stop.kind),
            "ready": ", ".join(stop.ready),
            "views": labels,
            "page": page,
            "before": before,
            "name": self.name,
            "timeout": self.timeout_s * 1000,
            "patience": min(self.patience_s, self.timeout_s) * 1000,
            "every": EVERY_MS,
            "seldom": SELDOM_MS,
        }

    def _site(self) -> dict[str, Any]:
        markers = self.words.site.markers
        return {
            "verification": _marker(self.words, "verification"),
            "login": _marker(self.words, "login"),
            "layouts": ", ".join(markers["other_layout"].widgets),
            "errors": _keys(markers["error_page"].titles),
            "loading": ", ".join(markers["skeleton"].loading),
            "loadingWords": sorted(self.words.loading_keys),
            "empty": sorted(self.words.empty_keys),
            "loginId": self.words.site.shell["login_id"],
            "noName": self.words.site.shell["no_name"],
            "tab": self.pages.tabs.tab,
            "display": self.pages.pagination.display,
            "current": self.pages.pagination.current,
            "next": self.pages.pagination.next,
            "total": self.pages.pagination.total,
            "totals": list(self.words.site.pagination["total"]),
            "row": self.pages.rows.row,
            "item": self.pages.rows.item,
        }


def _marker(words: Vocabulary, name: str) -> dict[str, Any]:
    found = words.site.markers[name]
    return {"addresses": list(found.addresses), "titles": _keys(found.titles), "widgets": ", ".join(found.widgets)}


def _kind(words: Vocabulary, kind: str) -> dict[str, Any]:
    labels, page = words.kinds[kind], page_kinds()[kind]
    groups = (labels.columns, labels.parts)
    return {
        "titles": sorted(labels.titles),
        "labels": sorted(labels.all_keys),
        "figures": sorted(labels.figure_keys),
        "identity": sorted(key for group in groups for key, name in group.items() if name == page.identity),
        "rows": page.rows is not None,
        "listOnly": page.list_only,
    }


def view_keys(words: Vocabulary, view: str) -> list[str]:
    """The labels of a tab, as they are compared."""
    return _keys(words.site.views.get(view, []))


def _keys(texts: Iterable[str]) -> list[str]:
    return sorted({label_key(text) for text in texts} - {""})
