"""One page as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, SkipValidation

from extractors.models.base import Model
from extractors.models.states import Verdict


class Problem(Model):
    """Something an extractor could not read: the field, the label tried or found, the raw text."""

    type: Literal["field_not_found", "value_not_understood", "list_incomplete"]
    field: str
    label: str | None = None
    text: str | None = None


class Store(Model):
    """The store that a capture belongs to; ``premium`` is the user's word, never read from a page."""

    id: str | None = None
    name: str | None = None
    channel_id: str | None = None
    premium: bool = False


class Figure(NamedTuple):
    """Evidence of one figure: its label as shown and the raw text beside it."""

    label: str | None
    text: str | None


class Reading(Model):
    """One page as it was read: what it is, its data, what could not be read.

    ``absent`` names fields whose label is not on the page at all (field -> labels tried); ``figures`` keeps the
    evidence of single fields. ``error`` is the capture's own error of a page that was not reached,
    ``mishap`` its type.
    """

    kind: str
    view: str | None
    sequence: int
    url: str | None
    captured_at: datetime
    verdict: Verdict | None
    data: Annotated[Any, SkipValidation] = None
    problems: tuple[Problem, ...] = ()
    absent: dict[str, str] = Field(default_factory=dict)
    figures: Annotated[Mapping[str, Figure], SkipValidation] = {}
    error: str | None = None
    mishap: str | None = None
