"""capture.json: its shape, read generously (unknown keys are nobody's mistake) and written exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from extractors.models import Store

FORMAT = 1
"""The newest form that is understood, and the one that is written."""

BACKEND_ZONE = "America/Los_Angeles"
"""The backend's own zone: that of a file which does not say."""

EXPORT_KIND = "order_export"
UNKNOWN_KIND = "unknown"
"""The kind of a single page that no capture describes."""


def _moment(value: Any) -> datetime:
    """A time with its offset; a time without one could be any of 26 hours."""
    if not isinstance(value, str):
        raise ValueError("no ISO 8601 time")
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("no ISO 8601 time") from None
    if found.utcoffset() is None:
        raise ValueError("no offset from UTC")
    return found


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise ValueError("no known time zone") from None
    return value


Moment = Annotated[datetime, BeforeValidator(_moment)]
Zone = Annotated[str, AfterValidator(_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True, defer_build=True)


class StoreHead(_Part):
    """The store as the capture names it."""

    id: str | None = None
    name: str | None = None
    channel_id: str | None = None
    premium: bool = False

    def store(self) -> Store:
        return Store(id=self.id, name=self.name, channel_id=self.channel_id, premium=self.premium)


class PageError(_Part):
    """Why a page was not captured, or cannot be read back."""

    type: str
    message: str = ""


class PageEntry(_Part):
    """One page of a capture; ``file`` None means that the page was not reached, and ``error`` says why."""

    kind: str
    view: str | None = None
    sequence: Annotated[int, Field(ge=0)]
    url: str | None = None
    file: str | None
    captured_at: Moment | None = None
    error: PageError | None = None
    picture: Any = None
    """A picture of the page, if one was taken; read with no trust where it is wanted (capture/picture.py)."""


class ResponseEntry(_Part):
    """One JSON answer that a page itself received; ``page`` is the page's place in the list, from 1."""

    api: str
    file: str
    captured_at: Moment | None = None
    page: int | None = None


class Manifest(_Part):
    """capture.json."""

    format: int = FORMAT
    store: StoreHead
    captured_at: Moment
    finished_at: Moment | None = None
    timezone: Zone
    locale: str | None = None
    tool: str | None = None
    pages: tuple[PageEntry, ...]
    responses: tuple[ResponseEntry, ...] = ()
