"""The read-only guard: every request of the browser passes it, and what could change anything does not pass.

Only GET and HEAD leave, and only for the site's own hosts; gateway calls are judged by the name of their API, whatever
the method. Scripts and style sheets may come from the hosts that the site file lists; pictures, fonts and media are not
loaded; beacons, foreign hosts, downloads and what a page says over a WebSocket are blocked, counted and named. While a
login is under way the login hosts may be sent to as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from agent.live.apis import ApiNames, Deed, allowing, called

if TYPE_CHECKING:
    from extractors.vocabulary import Site

HARMLESS = frozenset({"GET", "HEAD"})
PICTURES = frozenset({"image", "font", "media", "imageset", "manifest", "texttrack"})
ASSETS = frozenset({"script", "stylesheet"})
DEED_KEYS = frozenset(
    {"action", "act", "event", "method", "op", "oper", "operate", "operation", "cmd", "command", "do"}
)
"""Names of what an address asks for, where the path alone does not say it."""
VERIFICATION = "_____tmd_____"
LOCAL = frozenset({"data", "blob", "about"})
MOST_KEPT = 500
"""Different blocked requests that are kept by name; further ones are only counted."""


@dataclass(frozen=True)
class Blocked:
    """A request that did not leave the browser: why, and the line that would allow it where there is one."""

    method: str
    host: str
    what: str
    """The API of a gateway call, else the path."""
    reason: str
    allow: str | None = None


@dataclass
class Tally:
    """What the guard let pass and what it blocked."""

    allowed: Counter[str] = field(default_factory=Counter)
    """Requests that left the browser, by kind."""
    blocked: Counter[Blocked] = field(default_factory=Counter)
    unnamed: int = 0
    """Blocked requests beyond those kept by name."""

    @property
    def requests(self) -> int:
        return self.allowed.total()

    @property
    def writes(self) -> int:
        """Requests that left and could have changed something; the guard makes this zero."""
        return self.allowed["write"]

    @property
    def allowing(self) -> list[str]:
        """The lines of the user's apis.toml that would let the unknown calls pass."""
        return sorted({blocked.allow for blocked in self.blocked if blocked.allow})

    def block(self, found: Blocked) -> None:
        if found in self.blocked or len(self.blocked) < MOST_KEPT:
            self.blocked[found] += 1
        else:
            self.unnamed += 1


@dataclass(frozen=True)
class Ask:
    """A request as the guard sees it."""

    method: str
    url: str
    kind: str
    """Playwright's resource type."""


class Guard:
    """Judges requests; gate.py puts it in front of a browser."""

    def __init__(self, site: Site, apis: ApiNames) -> None:
        self.site = site
        self.apis = apis
        self.tally = Tally()
        self.login = False
        """A login is under way: the login hosts may be sent to."""
        self.by_hand = False
        """A person logs in: pictures are loaded, and the hosts of the verification are open."""
        self._pages = frozenset(site.addresses.values())

    def judge(self, ask: Ask) -> str | Blocked:
        """The kind under which a request is counted when it may pass, else why not."""
        try:
            parts = urlsplit(ask.url)
        except ValueError:
            return Blocked(ask.method, "", brief(ask.url), "no address")
        if parts.scheme in LOCAL:
            return "local"
        host = parts.hostname or ""
        if parts.scheme != "https":
            return Blocked(ask.method, host, parts.path, f"scheme {parts.scheme}")
        if ask.kind in PICTURES and not self.by_hand:
            return Blocked(ask.method, host, brief(parts.path), "pictures, fonts and media are not loaded")
        if among(host, self.site.gateway_hosts):
            return self._gateway(ask, host, parts.path, parse_qsl(parts.query, keep_blank_values=True))
        if self._is_login(host):
            return "login"
        if ask.method not in HARMLESS:
            return Blocked(ask.method, host, brief(parts.path), f"{ask.method} may change something")
        if ask.kind in ("ping", "beacon", "cspviolationreport", "eventsource", "websocket"):
            return Blocked(ask.method, host, brief(parts.path), "reports about the visitor are not sent")
        if among(host, self.site.login_hosts):
            return "page"
        if among(host, self.site.asset_hosts) and ask.kind in ASSETS:
            return "asset"
        if among(host, self.site.hosts):
            return self._own(ask, host, parts.path, parts.query)
        return Blocked(ask.method, host, brief(parts.path), "not one of the site's own hosts")

    def _is_login(self, host: str) -> bool:
        if not self.login:
            return False
        return among(host, self.site.login_hosts) or (self.by_hand and among(host, self.site.login_help_hosts))

    def _gateway(self, ask: Ask, host: str, path: str, query: list[tuple[str, str]]) -> str | Blocked:
        if VERIFICATION in path and ask.method in HARMLESS:
            return "page"
        named = [value for key, value in query if key.lower() == "api"]
        api = called(path, dict(query)) if len(named) < 2 else None
        if api is None:
            return Blocked(ask.method, host, brief(path), "no API name, or two that differ")
        if ask.method not in (*HARMLESS, "POST"):
            return Blocked(ask.method, host, api, f"{ask.method} may change something")
        deed = self.apis.judge(api)
        if deed is Deed.READ:
            return "api"
        if deed is Deed.WRITE:
            return Blocked(ask.method, host, api, "its name says that it writes")
        return Blocked(ask.method, host, api, "its name says neither read nor write", allowing(api))

    def _own(self, ask: Ask, host: str, path: str, query: str) -> str | Blocked:
        if ask.kind in ASSETS:
            return "asset"
        if VERIFICATION in path:
            return "page"  # whatever the page is called that it stands before
        deeds = [value for key, value in parse_qsl(query) if key.lower() in DEED_KEYS]
        if any(self.apis.judge_path(value) is Deed.WRITE for value in deeds):
            return Blocked(ask.method, host, brief(path), "its address names a deed that writes")
        if path not in self._pages and self.apis.judge_path(path) is Deed.WRITE:
            return Blocked(ask.method, host, brief(path), "its address says that it writes")
        return "page" if ask.kind == "document" else "data"


def among(host: str, known: Sequence[str]) -> bool:
    """Whether a host is one of these, or lies under one that is written with a star."""
    return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in known)


def brief(path: str) -> str:
    """A path without what may name a person or a visit."""
    return path if len(path) <= 120 else path[:120] + "…"
