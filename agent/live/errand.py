"""What a walk is sent out for, and what it comes back with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

from agent.errors import ShoplintError
from agent.home import Home
from agent.live.budget import Usage
from agent.live.guard import Tally
from agent.live.probe import PATIENCE_S
from agent.live.tab import GRACE_S
from extractors.models import Store
from extractors.vocabulary import Vocabulary


class CaptureSettings(Protocol):
    """[capture] of config.toml."""

    @property
    def keep_responses(self) -> bool: ...
    @property
    def max_list_pages(self) -> int: ...
    @property
    def tracking(self) -> Literal["none", "needed", "all"]: ...
    @property
    def pictures(self) -> bool: ...


@dataclass(frozen=True)
class Errand:
    """What is to be captured: the store by its name on the command line and by what it must be, and how."""

    name: str
    store: Store
    home: Home
    capture: CaptureSettings
    language: Literal["zh", "en"] = "zh"
    timeout_s: float = 30.0
    patience_s: float = PATIENCE_S
    grace_s: float = GRACE_S
    only: frozenset[str] | None = None
    """The page kinds to visit; None: all of the page map."""
    tabs: int = 1
    """How many pages are open side by side, at most."""

    def address(self, words: Vocabulary, kind: str, **query: str) -> str:
        """The address of a page kind for this store, in the language that is asked for."""
        address = words.site.address(kind)
        if address is None:
            raise KeyError(kind)
        channel = {"channelId": self.store.channel_id or ""}
        return f"{address}?{urlencode(channel | query | {'_lang': self.locale.replace('-', '_')})}"

    @property
    def locale(self) -> str:
        return "zh-CN" if self.language == "zh" else "en-US"


@dataclass(frozen=True)
class Walked:
    """What came of a walk. ``stopped`` is what ended it early; what was captured until then is kept all the same."""

    pages: int
    failed: int
    stopped: ShoplintError | None
    used: Usage
    tally: Tally
