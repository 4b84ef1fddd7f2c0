"""Parcels and their traces."""

from __future__ import annotations

from datetime import datetime

from pydantic.dataclasses import dataclass

from extractors.models.base import STRICT, Model
from extractors.models.rows import LongListRow
from extractors.models.states import ParcelStatus, Sync


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TraceEvent:
    """One line of a trace; ``scan`` is False for a mere declaration (CONSIGN, ASN)."""

    at: datetime
    place: str | None
    text: str
    scan: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Parcel(LongListRow):
    """A parcel of an order with its trace, newest event first; ``destination`` is an ISO country."""

    order_id: str
    tracking_number: str | None
    carrier: str | None = None
    service: str | None = None
    destination: str | None = None
    shipped_at: datetime | None = None
    last_updated: datetime | None = None
    sync: Sync | None = None
    status: ParcelStatus = ParcelStatus.UNKNOWN
    recipient_matches: bool | None = None
    order_open: bool | None = None
    first_scan_at: datetime | None = None
    events: tuple[TraceEvent, ...] = ()


class TrackingData(Model):
    """Parcels, from the list or from one order's tracking page."""

    total: int | None
    parcels: tuple[Parcel, ...]
