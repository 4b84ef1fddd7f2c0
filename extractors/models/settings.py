"""Logistics settings."""

from __future__ import annotations

from extractors.models.base import Model


class SettingsData(Model):
    """Logistics settings; days by region, orders of the last 30 days by ISO country."""

    auto_confirm_days: int | None
    auto_confirm_by_region: dict[str, int]
    destinations_30d: dict[str, int]
