"""LIC009: a brand's papers are incomplete: certificate and mark, and for a licensed brand the authorisation letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit, DoesNotApply
from checks.column import is_unread
from checks.finding import Finding, Severity, Subject
from checks.lic import documents as lic
from checks.lic.names import NAMES, subject
from checks.rule import rule
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.documents import Document

KINDS = ("trademark", "brand_authorisation")
CERTIFICATE, LETTER = KINDS
MARK = "mark"
PIECES = {
    CERTIFICATE: NAMES[CERTIFICATE],
    MARK: Text("R 标或 TM 标", "® or ™ mark"),
    LETTER: NAMES[LETTER],
}


@rule(
    code="LIC009",
    name="brand-chain-incomplete",
    severity=Severity.ERROR,
    sources=("S2",),
    needs=("documents.documents",),
    page="documents",
    menu=lic.MENU,
    title=Text("品牌授权链路不完整", "A brand's papers are incomplete"),
    why=Text(
        "自有品牌要有带 R 标或 TM 标的注册证，授权品牌还要有授权书；精品准入缺一不可，普通店铺也容易被投诉侵权。",
        "An own brand needs its certificate with ® or ™, a licensed brand the authorisation letter too; premium stores "
        "are not admitted without, and others are open to infringement claims.",
    ),
    fix=Text(
        "补齐缺少的文件：自有品牌上传带 R 标或 TM 标的注册证，授权品牌请品牌方出具覆盖所售类目的授权书。",
        "Add what is missing: for an own brand the certificate with ® or ™, for a licensed one a letter from the "
        "brand's owner that covers the categories you sell.",
    ),
)
def brand(audit: Audit) -> Iterator[Finding]:
    papers = [document for document in audit.documents() if document.kind in KINDS]
    if not papers:
        raise DoesNotApply(Text("资质页没有品牌证件", "the page lists no brand papers"))
    nameless = {paper.kind for paper in papers if not paper.brand and paper.status != "missing"}
    if CERTIFICATE in nameless:
        audit.gap(Text("有商标注册证没有写明品牌", "a trademark certificate names no brand"))
    brands: dict[str, list[Document]] = {}
    for paper in papers:
        if paper.brand:
            brands.setdefault(paper.brand.strip().casefold(), []).append(paper)
    told = set()
    for group in brands.values():
        lacking = missing(audit, group)
        if nameless.intersection(lacking):
            audit.gap(Text(f"品牌 {group[0].brand} 的文件对不上", f"whose papers are {group[0].brand}'s is not shown"))
        elif lacking:
            told.update(lacking)
            yield incomplete(audit, group[0], lacking)
    for paper in papers:
        if not paper.brand and paper.status == "missing" and paper.kind not in told:
            told.add(paper.kind)
            yield incomplete(audit, paper, [paper.kind])


def missing(audit: Audit, papers: list[Document]) -> list[str]:
    """What one brand lacks; an expired or rejected paper is spoken of by its own rule and is not missing."""
    certificates, letters = ([p for p in papers if p.kind == kind and p.status != "missing"] for kind in KINDS)
    standing = [p for p in certificates if lic.rule_of(audit, p) != "LIC001" and p.status != "rejected"]
    own = next((p.own_brand for p in papers if p.own_brand is not None), None)
    licensed = own is False or (own is None and any(p.kind == LETTER for p in papers))
    lacking = [] if certificates else [CERTIFICATE]
    if (standing or not certificates) and not any(p.mark for p in papers):
        lacking.append(MARK)
    if licensed and not letters:
        lacking.append(LETTER)
    if MARK in lacking and is_unread(audit, "documents", MARK):
        audit.gap(Text("读不出商标是 R 标还是 TM 标", "whether a trademark bears ® or ™ could not be read"))
        lacking.remove(MARK)
    if own is None and not licensed and not lacking:
        audit.gap(Text("读不出品牌是自有还是授权", "whether the brand is owned or licensed could not be read"))
    return lacking


def incomplete(audit: Audit, paper: Document, lacking: list[str]) -> Finding:
    zh, en = "、".join(PIECES[p].zh for p in lacking), ", ".join(PIECES[p].en for p in lacking)
    owner = Text(f"品牌 {paper.brand} 的文件", f"The papers of the brand {paper.brand}")
    named = owner if paper.brand else Text("品牌文件", "The brand papers")
    return audit.finding(
        Subject("document", f"brand:{paper.brand}") if paper.brand else subject(paper),
        Text(f"{named.zh}不齐，缺少：{zh}", f"{named.en} are incomplete; missing: {en}"),
        observed=Text(f"缺少：{zh}", f"missing: {en}"),
        expected=Text("注册证、R 标或 TM 标，授权品牌另需授权书", "certificate and mark, and a letter if licensed"),
        severity=Severity.ERROR if audit.store.premium else Severity.WARNING,
        evidence=lic.evidence(audit, paper, "mark"),
    )
