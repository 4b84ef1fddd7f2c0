"""Reviews."""

from __future__ import annotations

from datetime import datetime

from extractors.models.base import Model
from extractors.models.rows import ListRow


class Review(ListRow):
    """A buyer's review (stars 1–5) and when the seller contacted the buyer."""

    order_id: str
    stars: int | None
    posted_at: datetime | None
    seller_contacted_at: datetime | None


class ReviewsData(Model):
    """Reviews."""

    total: int | None
    reviews: tuple[Review, ...]
