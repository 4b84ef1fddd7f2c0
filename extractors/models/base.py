"""What the models are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.dataclasses import dataclass


class Model(BaseModel):
    """Base of every model: frozen, refuses unknown keys, keeps the public key order.

    What validates a model is made when the first one is: a run needs few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


# Orders and parcels come by the hundred thousand. As dataclasses with slots they are validated just the same and take a
# fifth of the memory.
STRICT = ConfigDict(extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Money:
    """An amount of money; the amount is a decimal, written as a string."""

    currency: str
    amount: Annotated[Decimal, PlainSerializer(str, return_type=str)]


Ratio = float
"""A rate as a fraction of 1 (98.5 % is 0.985)."""
