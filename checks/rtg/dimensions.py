"""The three dimensions of the store rating: their names, and their figures where the page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.rating import RatingDimension

NAMES = {
    "description": Text("商品描述", "description"),
    "logistics": Text("物流服务", "logistics"),
    "service": Text("卖家服务", "service"),
}


def dimensions(audit: Audit) -> Iterator[tuple[str, RatingDimension, float]]:
    """Each dimension that is assessed, with its score; what could not be read is noted as a gap."""
    for name in NAMES:
        try:
            dimension: RatingDimension = audit.value(f"rating.{name}")
        except CannotTell as stop:
            audit.gap(stop.reason)
        except DoesNotApply:
            continue
        else:
            if dimension.score is not None:
                yield name, dimension, dimension.score
            elif not_read(audit, name):
                audit.gap(Text(f"{NAMES[name].zh}评分无法识别", f"the {NAMES[name].en} rating could not be read"))


def not_read(audit: Audit, name: str) -> bool:
    """Whether something of a dimension is missing because it was not read, and not because it is not assessed."""
    return any(problem.field.split(".")[0] == name for problem in audit.reading("rating").problems)
