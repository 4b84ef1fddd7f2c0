"""What every table of config.toml is made of: exact types, no unknown keys, and the forms that values have."""

from __future__ import annotations

import math
import re
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_NAME = re.compile(r"[^\W_][\w.-]*")
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIME = re.compile(_CLOCK)
_QUIET = re.compile(rf"({_CLOCK})-({_CLOCK})")


class Section(BaseModel):
    """A table of the file: exact types, no unknown keys. What validates it is made when a file is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise ValueError("zone") from None
    return value


def _quiet(value: str) -> str:
    found = _QUIET.fullmatch(value)
    if found is None or found[1] == found[2]:
        raise ValueError("quiet")
    return value


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError("time")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("finite")
    return value


def _store_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("store")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("name")
    return value


Count = Annotated[int, Field(ge=1)]
Finite = Annotated[float, AfterValidator(_finite)]
Seconds = Annotated[float, Field(ge=0), AfterValidator(_finite)]
Name = Annotated[str, AfterValidator(_name)]
StoreName = Annotated[str, AfterValidator(_store_name)]
Zone = Annotated[str, AfterValidator(_zone)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
"""A time of the day, such as "08:30", in the user's own zone."""
Times = Annotated[tuple[TimeOfDay, ...], Field(strict=False)]
QuietHours = Annotated[tuple[Annotated[str, AfterValidator(_quiet)], ...], Field(strict=False)]
"""Spans of the day, such as "22:00-08:00", in the user's own zone; one whose end lies first goes over midnight."""
