"""Violations."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from extractors.models.base import Model
from extractors.models.rows import ListRow


class Violation(ListRow):
    """A violation on record."""

    violation_id: str
    type: Literal["intellectual_property", "prohibited_item", "transaction", "other"]
    violation_class: Literal["A", "B", "C", "D"] | None = Field(alias="class")
    severe: bool | None
    points: float | None
    decided_on: date | None
    status: str | None


class ViolationsData(Model):
    """Violations and points."""

    total: int | None
    points: float | None
    violations: tuple[Violation, ...]
