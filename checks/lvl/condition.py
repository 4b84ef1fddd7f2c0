"""What One Diamond asks for beside the tracker: licence validity, identity, Alipay, no severe violation, compliance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit, CannotTell
from checks.column import is_unread
from checks.finding import Evidence, Threshold
from checks.hlt.violations import severe
from checks.lic import documents as lic
from checks.lic.names import ALIPAY, IDENTITY, LICENCE, NAMES
from checks.text import Text, day, plain

if TYPE_CHECKING:
    from extractors.models.documents import Document
    from extractors.models.violations import Violation

ABSENT = frozenset({"missing", "rejected", "not_bound"})


class Condition(NamedTuple):
    """A condition that is not met: what it asks for, what was seen, what to do about it."""

    name: str
    title: Text
    observed: Text
    expected: Text
    fix: Text
    evidence: Evidence | None
    threshold: Threshold | None = None


def unmet(audit: Audit) -> Iterator[Condition]:
    """The conditions that are not met; those that cannot be judged become gaps."""
    judges: tuple[Callable[[Audit], Iterator[Condition]], ...] = (
        _licence_validity,
        _identity,
        _alipay,
        _severe_violation,
        _compliance,
    )
    for judge in judges:
        try:
            yield from judge(audit)
        except CannotTell as stop:
            audit.gap(stop.reason)


def _of_kind(audit: Audit, kind: str, name: Text) -> list[Document]:
    found = [d for d in audit.documents() if d.kind == kind]
    if not found:
        raise CannotTell(Text(f"资质页面没有列出{name.zh}", f"the documents page does not list the {name.en}"))
    return found


def _licence_validity(audit: Audit) -> Iterator[Condition]:
    line = audit.threshold("level_licence_validity")
    needed = timedelta(days=audit.line("level_licence_validity"))
    licences = _of_kind(audit, LICENCE, NAMES[LICENCE])
    dated: list[tuple[timedelta, Document]] = []
    for licence in licences:
        if licence.long_term:
            return
        left = lic.left(audit, licence)
        if left is not None:
            dated.append((left, licence))
        elif licence.status == "expired":
            dated.append((timedelta(), licence))
    if not dated:
        raise CannotTell(Text("营业执照没有显示有效期", "the business licence shows no validity"))
    most, licence = max(dated, key=lambda pair: pair[0])
    if most < needed:
        until = f"（{day(licence.valid_until)} 到期）" if licence.valid_until else ""
        ends = f" (until {day(licence.valid_until)})" if licence.valid_until else ""
        yield Condition(
            "licence_validity",
            Text("营业执照有效期", "validity of the business licence"),
            Text(f"剩 {max(most.days, 0)} 天{until}", f"{max(most.days, 0)} days left{ends}"),
            Text(f"≥ {needed.days} 天", f"≥ {needed.days} days"),
            Text(
                "先到市场监管部门办理执照续期，再把新执照传到资质页面。",
                "Renew the licence with the registration authority, then upload the new one on the qualification page.",
            ),
            audit.seen(licence, "validity"),
            line,
        )


def _identity(audit: Audit) -> Iterator[Condition]:
    lacking: list[tuple[Text, Document]] = []
    for kind in IDENTITY:
        name = NAMES[kind]
        try:
            documents = _of_kind(audit, kind, name)
        except CannotTell as stop:
            audit.gap(stop.reason)
            continue
        if all(d.status in ABSENT for d in documents):
            lacking.append((name, documents[-1]))
        elif all(d.status in (None, "under_review", *ABSENT) for d in documents):
            audit.gap(Text(f"{name.zh}尚未审核通过", f"the {name.en} has not been approved yet"))
    if lacking:
        yield Condition(
            "identity",
            Text("企业身份认证", "enterprise identity verification"),
            Text(
                "缺失或未通过：" + "、".join(name.zh for name, _ in lacking),
                "missing or rejected: " + ", ".join(name.en for name, _ in lacking),
            ),
            Text("营业执照和法人身份证正反面均已通过", "business licence and both sides of the identity card approved"),
            Text(
                "在资质页面补传清晰、完整、未过期的原件照片，等待审核通过。",
                "Upload clear, complete, valid originals on the qualification page and wait for approval.",
            ),
            audit.seen(lacking[0][1], "status"),
        )


def _alipay(audit: Audit) -> Iterator[Condition]:
    title = Text("企业支付宝实名绑定", "enterprise Alipay binding")
    bindings = _of_kind(audit, ALIPAY, NAMES[ALIPAY])
    if any(d.status in ("bound", "approved") for d in bindings):
        return
    if all(d.status in ABSENT for d in bindings):
        yield Condition(
            "alipay",
            title,
            Text("未绑定", "not bound"),
            Text("已绑定", "bound"),
            Text(
                "用与营业执照同名的企业支付宝完成实名绑定。",
                "Bind an enterprise Alipay account that carries the same company name as the licence.",
            ),
            audit.seen(bindings[-1], "status"),
        )
    else:
        raise CannotTell(Text("企业支付宝的绑定状态不明", "the state of the Alipay binding is not clear"))


def _severe_violation(audit: Audit) -> Iterator[Condition]:
    line = audit.threshold("level_severe_violation")
    window = timedelta(days=audit.line("level_severe_violation"))
    today = audit.now.astimezone(audit.timezone).date()
    recent: list[date] = []
    rows: list[Violation] = severe(audit)
    for row in rows:
        if row.decided_on is None:
            number = row.violation_id
            audit.gap(Text(f"违规 {number} 没有处罚日期", f"violation {number} shows no date of decision"))
        elif today - row.decided_on <= window:
            recent.append(row.decided_on)
    if recent:
        newest = max(recent)
        yield Condition(
            "severe_violation",
            Text(f"近 {window.days} 天无严重违规", f"no severe violation in {window.days} days"),
            Text(f"{len(recent)} 次，最近一次 {day(newest)}", f"{len(recent)}, the last on {day(newest)}"),
            plain("0"),
            Text(
                "对不成立的处罚尽快申诉；成立的只能等它超出这个期限，期间不要再犯。",
                "Appeal against a decision that is wrong; one that stands only ages out, so avoid another until then.",
            ),
            audit.seen(next(row for row in rows if row.decided_on == newest), "severe"),
            line,
        )


def _compliance(audit: Audit) -> Iterator[Condition]:
    categories = audit.page("documents").regulated_categories
    if not categories and is_unread(audit, "documents", "regulated_categories"):
        raise CannotTell(Text("资质页面读不到监管类目", "the documents page shows no regulated categories"))
    held = [d for d in audit.documents() if d.kind in lic.CERTIFICATES]
    if not categories or any(lic.is_valid(audit, d) for d in held):
        return
    if any(d.status is None for d in held):
        raise CannotTell(Text("合规证书的状态不明", "the state of a compliance certificate is not clear"))
    yield Condition(
        "compliance",
        Text("监管类目合规证书", "compliance certificates of regulated categories"),
        Text(
            f"{'、'.join(categories)}：没有有效的 CE、UKCA 或 FCC 证书",
            f"{', '.join(categories)}: no valid CE, UKCA or FCC certificate",
        ),
        Text("每个监管类目都有已通过的证书", "an approved certificate for each regulated category"),
        Text(
            "向检测机构取得目标市场的证书（欧盟 CE、英国 UKCA、美国 FCC），上传后等待审核。",
            "Obtain the target market's certificate (CE for the EU, UKCA for the UK, FCC for the US) and upload it.",
        ),
        audit.shown("documents.regulated_categories"),
    )
