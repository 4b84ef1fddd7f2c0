"""What the licence rules call a document: its subject in the contract and its name for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.finding import Subject
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.documents import Document

LICENCE = "business_licence"
ALIPAY = "alipay_binding"
IDENTITY = (LICENCE, "legal_person_id_front", "legal_person_id_back")
SINGLE = (ALIPAY, *IDENTITY)
"""Kinds of which a store has one, so that a number adds nothing to their name."""

NAMES = {
    LICENCE: Text("营业执照", "business licence"),
    "legal_person_id_front": Text("法人身份证人像面", "legal representative's ID card (portrait side)"),
    "legal_person_id_back": Text("法人身份证国徽面", "legal representative's ID card (emblem side)"),
    ALIPAY: Text("企业支付宝", "enterprise Alipay account"),
    "trademark": Text("商标注册证", "trademark certificate"),
    "brand_authorisation": Text("品牌授权书", "brand authorisation letter"),
    "ce": Text("CE 证书", "CE certificate"),
    "ukca": Text("UKCA 证书", "UKCA certificate"),
    "fcc": Text("FCC 证书", "FCC certificate"),
}


def subject(document: Document) -> Subject:
    return Subject("document", f"{document.kind}:{document.number}" if document.number else document.kind)


def name(document: Document) -> Text:
    """What to call a document: its kind, with brand and number where a store may have several."""
    kind = NAMES.get(document.kind, Text(document.name, document.name))
    marks = [mark for mark in (document.brand, document.number) if mark and document.kind not in SINGLE]
    if not marks:
        return kind
    return Text(f"{kind.zh}（{'，'.join(marks)}）", f"{kind.en} ({', '.join(marks)})")
