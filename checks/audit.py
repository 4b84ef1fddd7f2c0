"""What a rule is given: the facts, the clock, the policy, and the ways to ask without ever taking silence for a yes.

``unknown`` and ``not applicable`` are raised, not returned: a rule that asks for a field which was not read stops
there, and the engine turns that into the outcome. A list with gaps may still be searched; when nothing is found in
it the outcome is unknown, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal, overload

from checks.facts import ORDER_KINDS, Facts, cause
from checks.finding import Evidence, Finding, Fix, Outcome, Severity, Subject, Threshold, fingerprint
from checks.page_names import page_name
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Text, plain
from extractors.models import Model, Reading, Row, Store

if TYPE_CHECKING:
    from extractors.models.assessment import PromiseCase
    from extractors.models.disputes import Dispute
    from extractors.models.documents import Document, DocumentsData
    from extractors.models.level import LevelData
    from extractors.models.medal import MedalData
    from extractors.models.messages import Conversation
    from extractors.models.orders import Order
    from extractors.models.products import Product
    from extractors.models.rating import RatingData
    from extractors.models.reviews import Review
    from extractors.models.settings import SettingsData
    from extractors.models.tracking import Parcel
    from extractors.models.violations import Violation

MOST_GAPS = 20
DUST = 1e-9
"""Differences smaller than this are binary fractions, not figures."""


class CannotTell(Exception):
    """The data to judge is not there: the outcome is unknown."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class DoesNotApply(Exception):
    """The store is not in the programme, or has none of the subject."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass
class Audit:
    """One rule's view of one store at one moment.

    ``selected`` are the rules of this run without the AUD family; when those are judged, ``outcomes`` tells how each
    of the others came out.
    """

    rule: Rule
    facts: Facts
    now: datetime
    policy: Policy
    selected: tuple[Rule, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    gaps: list[Text] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.facts.store

    @property
    def timezone(self) -> tzinfo:
        """The backend's zone (US Pacific): days and deadlines without a time are counted in it."""
        return self.facts.timezone

    # --- pages and single figures -----------------------------------------------------------------------------

    def reading(self, kind: str) -> Reading:
        """The newest readable page of a kind; raises CannotTell with the cause when there is none."""
        found = self.facts.read(kind)
        if found is None:
            pages = self.facts.pages(kind)
            raise CannotTell(
                cause(pages[-1])
                if pages
                else Text(f"本次采集不包含{page_name(kind).zh}", f"{page_name(kind).en} is not part of this capture")
            )
        return found

    @overload
    def page(self, kind: Literal["documents"]) -> DocumentsData: ...
    @overload
    def page(self, kind: Literal["level"]) -> LevelData: ...
    @overload
    def page(self, kind: Literal["medal"]) -> MedalData: ...
    @overload
    def page(self, kind: Literal["rating"]) -> RatingData: ...
    @overload
    def page(self, kind: Literal["settings"]) -> SettingsData: ...
    def page(self, kind: str) -> Model:
        """The data of a page that a rule looks at as a whole."""
        data: Model = self.reading(kind).data
        return data

    def value(self, name: str) -> Any:
        """The figure ``kind.field``, never None.

        Raises CannotTell when its page or its label is missing or its text was not understood, DoesNotApply when
        the page shows it as not assessed.
        """
        kind, _, key = name.partition(".")
        reading = self.reading(kind)
        found = getattr(reading.data, key)
        if found is not None:
            return found
        self._explain(reading, key)
        raise DoesNotApply(Text(f"后台显示 {name} 未考核", f"the backend shows {name} as not assessed"))

    def _explain(self, reading: Reading, key: str) -> None:
        name = f"{reading.kind}.{key}"
        for problem in reading.problems:
            if problem.field.split(".")[0] == key and problem.type == "value_not_understood":
                raise CannotTell(
                    Text(f"{name} 的值无法识别：{problem.text!r}", f"{name} reads {problem.text!r}, which is no value")
                )
            if problem.field == key:
                raise CannotTell(
                    Text(
                        f"页面上没有 {name}（找过：{problem.label}）",
                        f"{name} is not on the page (tried: {problem.label})",
                    )
                )
        if key in reading.absent:
            tried = reading.absent[key]
            raise CannotTell(Text(f"页面上没有 {name}（找过：{tried}）", f"{name} is not on the page (tried: {tried})"))

    def maybe(self, name: str) -> Any:
        """The figure ``kind.field``, or None for whatever reason; for what only adds to a finding."""
        kind, _, key = name.partition(".")
        reading = self.facts.read(kind)
        return None if reading is None else getattr(reading.data, key)

    def threshold(self, name: str | None = None) -> Threshold:
        """A line of the policy; without a name the rule's first one."""
        return self.policy.threshold(name or self.rule.thresholds[0])

    def line(self, name: str | None = None) -> float:
        """The value of a line; raises DoesNotApply when nobody has set one."""
        value = self.threshold(name).value
        if value is None:
            raise DoesNotApply(Text("尚未设置阈值", "no line has been set for this rule"))
        return value

    # Both comparisons leave out the dust of binary fractions: 1.80 % is not over a line of 1.8 %.

    def below(self, name: str, threshold: str | None = None) -> Iterator[float]:
        """The figure ``kind.field`` when it is under the line: the whole of most rules about a metric."""
        value, line = self.value(name), self.line(threshold)
        if value < line - DUST:
            yield value

    def above(self, name: str, threshold: str | None = None) -> Iterator[float]:
        """The figure ``kind.field`` when it is over the line."""
        value, line = self.value(name), self.line(threshold)
        if value > line + DUST:
            yield value

    # --- lists ------------------------------------------------------------------------------------------------

    def _list(self, kind: str) -> list[Any]:
        self.gaps += self.facts.gaps(kind)
        self.reading(kind)
        return self.facts.rows(kind)

    def orders(self) -> list[Order]:
        """Orders of the list and the export, each once."""
        kinds = [kind for kind in ORDER_KINDS if self.facts.pages(kind)] or ["orders"]
        for kind in kinds:
            self.gaps += self.facts.gaps(kind)
        if not any(self.facts.read(kind) for kind in kinds):
            self.reading(kinds[0])
        return self.facts.orders

    def parcels(self) -> list[Parcel]:
        self.gaps += self.facts.gaps("tracking")
        self.reading("tracking")
        return self.facts.parcels

    def cases(self) -> list[PromiseCase]:
        return self._list("assessment")

    def documents(self) -> list[Document]:
        return self._list("documents")

    def conversations(self) -> list[Conversation]:
        return self._list("messages")

    def disputes(self) -> list[Dispute]:
        return self._list("disputes")

    def reviews(self) -> list[Review]:
        return self._list("reviews")

    def violations(self) -> list[Violation]:
        return self._list("violations")

    def products(self) -> list[Product]:
        return self._list("products")

    def gap(self, reason: Text) -> None:
        """Note that something could not be judged: without a finding the outcome becomes unknown.

        The first reasons are kept, for every order of a long list may have the same.
        """
        if self.wants_gaps:
            self.gaps.append(reason)

    @property
    def wants_gaps(self) -> bool:
        """Whether another reason would still be kept."""
        return len(self.gaps) < MOST_GAPS

    def premium_only(self) -> None:
        """Raises DoesNotApply for a store that its owner has not marked as premium."""
        if not self.store.premium:
            raise DoesNotApply(Text("店铺未标记为精品店铺", "the store is not marked as premium"))

    # --- findings ---------------------------------------------------------------------------------------------

    def finding(
        self,
        subject: Subject,
        message: Text,
        *,
        observed: Text | str,
        expected: Text | str,
        value: float | None = None,
        severity: Severity | None = None,
        threshold: Threshold | None = None,
        evidence: Evidence | None = None,
        due_at: datetime | None = None,
        fix: Text | None = None,
    ) -> Finding:
        """A finding of this rule; severity and fix are the rule's unless given.

        ``value`` is the observed figure in the threshold's unit: further over the line than it was is worse. Figures
        that a clock moves (an age, the days left) are not given, because they grow worse every day by themselves.
        """
        return Finding(
            code=self.rule.code,
            name=self.rule.name,
            severity=severity or self.rule.severity,
            subject=subject,
            message=message,
            observed=plain(observed) if isinstance(observed, str) else observed,
            expected=plain(expected) if isinstance(expected, str) else expected,
            fix=Fix(fix or self.rule.fix, self.rule.menu, self.rule.page),
            fingerprint=fingerprint(self.facts.store_key, self.rule.code, subject),
            threshold=threshold,
            evidence=evidence,
            due_at=due_at,
            value=None if value is None else float(value),
        )

    def subject(self) -> Subject:
        """The store itself."""
        return Subject("store", self.facts.store_key)

    def shown(self, name: str) -> Evidence | None:
        """The evidence of the figure ``kind.field``."""
        kind, _, key = name.partition(".")
        reading = self.facts.read(kind)
        if reading is None:
            return None
        figure = reading.figures.get(key)
        label, text = figure if figure else (None, None)
        return Evidence(reading.kind, reading.sequence, label, text, reading.captured_at)

    @staticmethod
    def seen(row: Row, key: str) -> Evidence | None:
        """The evidence of one field of a row: the column's title as shown and the raw text of the cell."""
        if row.seen is None:
            return None
        where = row.seen
        return Evidence(where.kind, where.sequence, where.labels.get(key), where.texts.get(key), where.captured_at)
