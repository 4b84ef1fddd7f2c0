"""The rows of lists, and where each stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass as plain_dataclass
from datetime import datetime
from typing import Annotated, NamedTuple, Protocol

from pydantic import Field, SkipValidation
from pydantic.dataclasses import dataclass

from extractors.models.base import STRICT, Model


class Where(NamedTuple):
    """What all rows of a list have in common: the page, when it was captured, the labels, which texts are kept."""

    kind: str
    sequence: int
    captured_at: datetime
    labels: Mapping[str, str]
    names: tuple[str, ...]


@plain_dataclass(frozen=True, slots=True)
class Seen:
    """Where a row or a figure stood: the page, when it was captured, and the raw text by field.

    Of a list of a hundred thousand every row has one, so what is common to them is kept once.
    """

    where: Where
    shown: tuple[str, ...]

    @classmethod
    def on(
        cls, kind: str, sequence: int, captured_at: datetime, texts: Mapping[str, str], labels: Mapping[str, str]
    ) -> Seen:
        """The evidence of a single row."""
        return cls(Where(kind, sequence, captured_at, labels, tuple(texts)), tuple(texts.values()))

    @property
    def kind(self) -> str:
        return self.where.kind

    @property
    def sequence(self) -> int:
        return self.where.sequence

    @property
    def captured_at(self) -> datetime:
        return self.where.captured_at

    @property
    def labels(self) -> Mapping[str, str]:
        return self.where.labels

    @property
    def texts(self) -> Mapping[str, str]:
        return dict(zip(self.where.names, self.shown, strict=True))


class Row(Protocol):
    """A row of a list; ``seen`` is its evidence and never part of the public data."""

    @property
    def seen(self) -> Seen | None: ...


class ListRow(Model):
    """A row of a short list."""

    seen: Annotated[Seen | None, SkipValidation] = Field(default=None, exclude=True, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LongListRow:
    """A row of a list that may be long."""

    seen: Annotated[Seen | None, SkipValidation] = Field(default=None, exclude=True, repr=False)
