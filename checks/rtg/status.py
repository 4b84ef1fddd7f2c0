"""Whether the store's rating is active, and the way to its page."""

from __future__ import annotations

from datetime import date

from checks.audit import Audit, DoesNotApply
from checks.text import Text

MENU = Text("数据中心 → 店铺健康 → 店铺评分", "Data centre → Store health → Store rating")
ENABLED = Text("店铺评分已启用", "the store rating is active")


def is_inactive(audit: Audit) -> bool:
    """Whether the status is "not enabled" or no rating is shown; raises CannotTell when the page does not say."""
    try:
        status = audit.value("rating.status")
    except DoesNotApply:  # a dash where the status should be
        status = None
    if status == "not_enabled":
        return True
    if status == "calculating":
        return audit.maybe("rating.rating") is None
    try:
        audit.value("rating.rating")
    except DoesNotApply:
        return True
    return False


def inactive_only(audit: Audit) -> None:
    """Raises DoesNotApply for a store whose rating is active."""
    if not is_inactive(audit):
        raise DoesNotApply(ENABLED)


def opened_on(audit: Audit) -> date:
    """The day on which the store was opened: the rating page's, else the medal page's."""
    found: date = audit.maybe("rating.opened_on") or audit.maybe("medal.opened_on") or audit.value("rating.opened_on")
    return found


def store_age(audit: Audit) -> int:
    """How long the store has been open, in whole days of the backend's zone."""
    return (audit.now.astimezone(audit.timezone).date() - opened_on(audit)).days
