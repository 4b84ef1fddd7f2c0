"""A brand's chain of papers: registration certificate, ® or ™ mark, and for a licensed brand the authorisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit
from checks.lic.documents import left
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.documents import Document


class Lack(NamedTuple):
    """What a brand, or the store as a whole, lacks; ``paper`` is the certificate that shows it."""

    told: Text
    paper: Document | None


def gaps_of_brands(audit: Audit) -> list[Lack]:
    """What is missing in the chains of the store's brands; a chain that cannot be judged becomes a gap."""
    documents = audit.documents()
    certificates = [d for d in documents if d.kind == "trademark"]
    letters = [d for d in documents if d.kind == "brand_authorisation"]
    if not certificates:
        if audit.gaps:
            return []
        return [Lack(Text("没有商标注册证", "no trademark certificate"), None)]
    brands: dict[str, list[Document]] = {}
    for paper in certificates:
        brands.setdefault((paper.brand or "").strip().casefold(), []).append(paper)
    return [lack for papers in brands.values() for lack in _of_brand(audit, papers, letters)]


def _of_brand(audit: Audit, papers: list[Document], letters: list[Document]) -> Iterator[Lack]:
    name = papers[0].brand or ""
    of = Text(f"品牌 {name} ", f"{name}: ") if name else Text("", "")
    standing = [paper for paper in papers if _stands(audit, paper)]
    if not standing:
        if any(paper.status in (None, "under_review") for paper in papers):
            audit.gap(Text(f"{of.zh}商标注册证尚未审核通过", f"{of.en}the trademark certificate is not approved yet"))
        else:
            yield Lack(Text(f"{of.zh}没有有效的商标注册证", f"{of.en}no valid trademark certificate"), papers[0])
        return
    if not any(paper.mark for paper in standing):
        yield Lack(Text(f"{of.zh}没有 R 标或 TM 标", f"{of.en}no ® or ™ mark"), standing[0])
    owned = next((paper.own_brand for paper in standing if paper.own_brand is not None), None)
    if owned:
        return
    own_letters = [d for d in letters if not d.brand or not name or d.brand.strip().casefold() == name.casefold()]
    if any(_stands(audit, d) and d.brand for d in own_letters):
        return
    if owned is None or any(_stands(audit, d) or d.status in (None, "under_review") for d in own_letters):
        audit.gap(Text(f"{of.zh}授权关系无法确认", f"{of.en}the authorisation cannot be told from the page"))
        return
    yield Lack(Text(f"{of.zh}没有有效的授权书", f"{of.en}no valid letter of authorisation"), standing[0])


def _stands(audit: Audit, paper: Document) -> bool:
    """Whether a paper is accepted and has not ended."""
    remaining = left(audit, paper)
    ended = remaining is not None and remaining.total_seconds() < 0
    return paper.status in ("approved", "expiring") and not ended
