"""Licences, certificates, bindings."""

from __future__ import annotations

from datetime import date
from typing import Literal

from extractors.models.base import Model
from extractors.models.rows import ListRow

DocumentKind = Literal[
    "business_licence",
    "legal_person_id_front",
    "legal_person_id_back",
    "alipay_binding",
    "trademark",
    "brand_authorisation",
    "ce",
    "ukca",
    "fcc",
    "other",
]


DocumentStatus = Literal[
    "approved",
    "under_review",
    "rejected",
    "update_needed",
    "expiring",
    "expired",
    "missing",
    "bound",
    "not_bound",
]


class Document(ListRow):
    """A licence, certificate or binding; ``number`` as shown (masked), dates in the backend's zone."""

    kind: DocumentKind
    name: str
    number: str | None
    valid_from: date | None
    valid_until: date | None
    long_term: bool
    status: DocumentStatus | None
    submitted_on: date | None = None
    note: str | None = None
    standard: str | None = None
    superseded_by: str | None = None
    brand: str | None = None
    mark: Literal["R", "TM"] | None = None
    own_brand: bool | None = None


class DocumentsData(Model):
    """Licences and qualifications."""

    documents: tuple[Document, ...]
    registered_on: date | None
    regulated_categories: tuple[str, ...]
