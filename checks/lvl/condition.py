"""What One Diamond asks for beside the tracker: licence validity, identity, Alipay, no severe violation, compliance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from checks.audit import Audit, CannotTell
from checks.days import time_left
from checks.finding import Evidence, Threshold
from checks.text import Text, day, plain
from extractors.models import Document, DocumentsData, Violation

ABSENT = frozenset({"missing", "rejected", "not_bound"})
IDENTITY = {
    "business_licence": Text("营业执照", "business licence"),
    "legal_person_id_front": Text("法人身份证人像面", "legal representative's identity card, portrait side"),
    "legal_person_id_back": Text("法人身份证国徽面", "legal representative's identity card, emblem side"),
}


@dataclass(frozen=True, slots=True)
class Condition:
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
    licences = _of_kind(audit, "business_licence", IDENTITY["business_licence"])
    dated: list[tuple[timedelta, Document]] = []
    for licence in licences:
        if licence.long_term:
            return
        if licence.valid_until is not None:
            since = licence.seen.captured_at if licence.seen else audit.reading("documents").captured_at
            dated.append((time_left(licence.valid_until, audit.timezone, since), licence))
        elif licence.status == "expired":
            dated.append((timedelta(), licence))
    if not dated:
        raise CannotTell(Text("营业执照没有显示有效期", "the business licence shows no validity"))
    left, licence = max(dated, key=lambda pair: pair[0])
    if left < needed:
        until = f"（{day(licence.valid_until)} 到期）" if licence.valid_until else ""
        ends = f" (until {day(licence.valid_until)})" if licence.valid_until else ""
        yield Condition(
            "licence_validity",
            Text("营业执照有效期", "validity of the business licence"),
            Text(f"剩 {max(left.days, 0)} 天{until}", f"{max(left.days, 0)} days left{ends}"),
            Text(f"≥ {needed.days} 天", f"≥ {needed.days} days"),
            Text(
                "先到市场监管部门办理执照续期，再把新执照传到资质页面。",
                "Renew the licence with the registration authority, then upload the new one on the qualification page.",
            ),
            audit.seen(licence, "valid_until"),
            line,
        )


def _identity(audit: Audit) -> Iterator[Condition]:
    lacking: list[tuple[Text, Document]] = []
    for kind, name in IDENTITY.items():
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
    bindings = _of_kind(audit, "alipay_binding", title)
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


def is_severe(violation: Violation) -> bool | None:
    """The page's own word; without it, an intellectual-property violation of class A is severe."""
    if violation.severe is None and violation.type == "intellectual_property" and violation.violation_class == "A":
        return True
    return violation.severe


def _severe_violation(audit: Audit) -> Iterator[Condition]:
    line = audit.threshold("level_severe_violation")
    window = int(audit.line("level_severe_violation"))
    recent: list[Violation] = []
    for violation in audit.violations():
        severe = is_severe(violation)
        since = violation.seen.captured_at if violation.seen else audit.reading("violations").captured_at
        today = since.astimezone(audit.timezone).date()
        age = None if violation.decided_on is None else (today - violation.decided_on).days
        if severe and age is not None and age <= window:
            recent.append(violation)
        elif (severe is None and (age is None or age <= window)) or (severe and age is None):
            audit.gap(
                Text(
                    f"违规 {violation.violation_id} 缺少处罚日期或严重程度",
                    f"violation {violation.violation_id} shows no date or no severity",
                )
            )
    if recent:
        newest = max(recent, key=lambda v: str(v.decided_on))
        yield Condition(
            "severe_violation",
            Text(f"近 {window} 天无严重违规", f"no severe violation in {window} days"),
            Text(f"{len(recent)} 次，最近一次 {newest.decided_on}", f"{len(recent)}, the last on {newest.decided_on}"),
            plain("0"),
            Text(
                "对不成立的处罚尽快申诉；成立的只能等它超出这个期限，期间不要再犯。",
                "Appeal against a decision that is wrong; one that stands only ages out, so avoid another until then.",
            ),
            audit.seen(newest, "severe"),
            line,
        )


def _compliance(audit: Audit) -> Iterator[Condition]:
    data = audit.page("documents", DocumentsData)
    reading = audit.reading("documents")
    if not data.regulated_categories:
        unread = [p.field for p in reading.problems if "regulated_categories" in p.field]
        if unread or "regulated_categories" in reading.absent:
            raise CannotTell(Text("资质页面读不到监管类目", "the documents page shows no regulated categories"))
        return
    held = [d for d in audit.documents() if d.kind in ("ce", "ukca", "fcc")]
    if any(d.status in ("approved", "expiring") for d in held):
        return
    if any(d.status is None for d in held):
        raise CannotTell(Text("合规证书的状态不明", "the state of a compliance certificate is not clear"))
    categories = data.regulated_categories
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
