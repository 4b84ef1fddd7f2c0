"""All that one audit knows of a store: the readings of its pages, with lists merged and their gaps named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from checks.mishaps import mishap
from checks.page_names import page_name
from checks.text import Text
from extractors.models import Reading, Row, Store, Verdict

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel

T = TypeVar("T")
ORDER_KINDS = ("orders", "order_export")
LISTS = {
    "orders": "orders",
    "order_export": "orders",
    "tracking": "parcels",
    "assessment": "cases",
    "documents": "documents",
    "messages": "conversations",
    "disputes": "disputes",
    "reviews": "reviews",
    "violations": "violations",
    "products": "products",
}
"""Page kind -> the field of its data that is a list of rows."""


class MetricPoint(NamedTuple):
    """One figure as an earlier run saw it: ``metric`` is ``kind.field``, ``run`` the id of that run."""

    metric: str
    value: float
    at: datetime
    run: str


@dataclass(frozen=True)
class Facts:
    """A store's readings. ``timezone`` is the backend's; times without an offset were read in it.

    ``history`` holds the figures of earlier runs, without this one; it is empty where nothing was saved.
    ``first_seen`` tells when a finding of an earlier run was first reported, by its fingerprint.
    """

    store: Store
    captured_at: datetime
    finished_at: datetime
    timezone: tzinfo
    readings: tuple[Reading, ...]
    history: tuple[MetricPoint, ...] = ()
    first_seen: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def store_key(self) -> str:
        """What identifies the store from run to run; an export alone names none."""
        return self.store.id or self.store.channel_id or self.store.name or "order-export"

    def remembering(self, history: tuple[MetricPoint, ...], first_seen: Mapping[str, datetime]) -> Facts:
        """The same pages with what earlier runs knew; what was made of the pages is not made again."""
        facts = replace(self, history=history, first_seen=first_seen)
        facts.__dict__.update({name: self.__dict__[name] for name in _OF_PAGES if name in self.__dict__})
        return facts

    def pages(self, kind: str) -> list[Reading]:
        """Every reading of one kind, whatever it turned out to be."""
        return self._by_kind.get(kind, [])

    def read(self, kind: str) -> Reading | None:
        """The newest page of one kind that was itself."""
        good = [r for r in self.pages(kind) if r.data is not None]
        return max(good, key=lambda r: r.captured_at) if good else None

    def once(self, derive: Callable[[Facts], T]) -> T:
        """What a function makes of these facts, made once however many rules ask; nobody may change it."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        found: T = self._derived[derive]
        return found

    @cached_property
    def _derived(self) -> dict[Callable[[Facts], Any], Any]:
        return {}

    def gaps(self, kind: str) -> list[Text]:
        """Why a list of this kind may lack rows: pages that were not themselves, short lists."""
        if kind not in self._gaps:
            self._gaps[kind] = self._found_gaps(kind)
        return self._gaps[kind]

    @cached_property
    def _gaps(self) -> dict[str, list[Text]]:
        return {}

    def _found_gaps(self, kind: str) -> list[Text]:
        found = []
        for reading in self.pages(kind):
            if reading.verdict is None or not reading.verdict.readable:
                found.append(cause(reading))
            elif LISTS.get(kind) in reading.absent:
                name = page_name(kind)
                found.append(Text(f"{name.zh}上的列表读不出来", f"the list on {name.en} cannot be read"))
            for problem in reading.problems:
                if problem.type == "list_incomplete":
                    found.append(
                        Text(
                            f"{page_name(kind).zh}没有读全（{problem.text}）",
                            f"{page_name(kind).en} is incomplete ({problem.text})",
                        )
                    )
        return found

    @cached_property
    def _by_kind(self) -> dict[str, list[Reading]]:
        found: dict[str, list[Reading]] = {}
        for reading in self.readings:
            found.setdefault(reading.kind, []).append(reading)
        return found

    def rows(self, kind: str) -> list[Any]:
        """The rows of a list, each id once, the newest page winning."""
        return list(_newest(self._all(kind), _IDS[LISTS[kind]]))

    def _all(self, kind: str) -> Iterable[Any]:
        readings = sorted((r for r in self.pages(kind) if r.data is not None), key=lambda r: r.captured_at)
        for reading in readings:
            yield from getattr(reading.data, LISTS[kind])

    @cached_property
    def orders(self) -> list[Order]:
        """Orders of the list and of an export, each once; what only the export knows is added to the page's order."""
        return list(self.orders_by_id.values())

    @cached_property
    def orders_by_id(self) -> dict[str, Order]:
        """The orders by their number."""
        exported: dict[str, Order] = {o.order_id: o for o in self._all("order_export")}
        listed: dict[str, Order] = {o.order_id: o for o in self._all("orders")}
        if not exported:
            return listed
        merged = {key: _completed(order, exported.pop(key, None)) for key, order in listed.items()}
        return merged | exported

    @cached_property
    def parcels(self) -> list[Parcel]:
        """Parcels of the list and of single orders' pages, each once."""
        return self.rows("tracking")


_OF_PAGES = ("orders", "orders_by_id", "parcels", "_by_kind", "_gaps")


def cause(reading: Reading) -> Text:
    """Why a page gave nothing."""
    name = page_name(reading.kind)
    if reading.verdict is None:
        why = mishap(reading.mishap, reading.error)
        return Text(f"{name.zh}未能打开（{why.zh}）", f"{name.en} was not reached ({why.en})")
    zh, en = _VERDICT_WORDS.get(reading.verdict, ("不是预期的页面", "is not the page expected"))
    return Text(f"{name.zh}{zh}", f"{name.en} {en}")


_VERDICT_WORDS = {
    Verdict.LOGIN: ("变成了登录页", "shows the login page"),
    Verdict.VERIFICATION: ("要求人工验证", "asks for a verification"),
    Verdict.SKELETON: ("只有占位符，数据没有加载出来", "shows placeholders only, its data never came"),
    Verdict.ERROR_PAGE: ("是错误页", "is an error page"),
    Verdict.WRONG_STORE: ("属于另一家店铺", "belongs to another store"),
    Verdict.UNKNOWN: ("的版式无法识别", "has a layout that is not known"),
}


def _completed(order: Order, export: Order | None) -> Order:
    """A listed order with what only the export knows; what the page says itself stands."""
    if export is None:
        return order
    missing = {
        name: getattr(export, name)
        for name in ("ship_by", "tracking", "paid_at", "shipped_at", "confirmed_at", "destination")
        if getattr(order, name) is None and getattr(export, name) is not None
    }
    return replace(order, **missing) if missing else order


def _document_key(row: Any) -> tuple[Any, ...]:
    return (row.kind, row.number, row.name, row.brand, row.valid_until)


_IDS: dict[str, Callable[[Any], object]] = {
    "orders": lambda row: row.order_id,
    "parcels": lambda row: (row.order_id, row.tracking_number),
    "cases": lambda row: (row.order_id, row.reason),
    "documents": _document_key,
    "conversations": lambda row: row.conversation_id,
    "disputes": lambda row: (row.order_id, row.dispute_id),
    "reviews": lambda row: (row.order_id, row.posted_at),
    "violations": lambda row: row.violation_id,
    "products": lambda row: row.product_id,
}


def _newest(rows: Iterable[Row], key: Callable[[Any], object]) -> Iterable[Row]:
    found: dict[object, Row] = {}
    for row in rows:
        found[key(row)] = row
    return found.values()


__all__ = ["LISTS", "ORDER_KINDS", "Facts", "MetricPoint", "cause"]
