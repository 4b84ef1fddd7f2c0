"""Which rules speak of what drags a requirement of the level or of a medal down.

The rule about the requirement itself says that it is short; these say where the work lies. A medal's requirements have
no public names, only labels in the page's language, so they are told by words of theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.finding import Finding


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule, and the subject when only its findings about that one matter."""

    code: str
    subject: str | None = None

    def fits(self, finding: Finding) -> bool:
        return finding.code == self.code and self.subject in (None, finding.subject.id)


def _causes(*names: str) -> tuple[Cause, ...]:
    return tuple(Cause(code, subject or None) for code, _, subject in (name.partition(":") for name in names))


_BY_NAME = {
    "positive_rate": _causes("HLT007", "RSP012"),
    "fulfilment_rate": _causes("HLT008", "LOG002", "LOG003", "LOG017"),
    "dispute_rate": _causes("HLT004", "HLT010", "RSP013", "RSP006", "RTG006"),
    "rating_description": _causes("RTG004:description", "RTG006"),
    "rating_logistics": _causes("RTG004:logistics", "LOG001", "LOG005", "LOG006", "LOG013", "LOG016"),
    "rating_service": _causes("RTG004:service", "RSP001", "RSP004", "RSP006", "RSP010", "RTG006"),
    "health_score": _causes("HLT001", "HLT004", "HLT006", "HLT008", "RSP008"),
    "response_rate": _causes("RSP002", "RSP003", "RSP004", "RSP006"),
    "order_defect_rate": _causes("HLT005", "RSP012", "RSP013"),
    "licence_validity": _causes("LIC002", "LIC004"),
    "identity": _causes("LIC006"),
    "alipay": _causes("LIC005"),
    "severe_violation": _causes("HLT009"),
    "compliance": _causes("LIC001", "LIC007", "LIC008"),
}
_BY_WORD = (
    (re.compile(r"货不对版|not[ -]as[ -]described", re.IGNORECASE), _causes("RTG006", "HLT004")),
    (re.compile(r"好评|positive", re.IGNORECASE), _BY_NAME["positive_rate"]),
    (re.compile(r"上网|scan", re.IGNORECASE), _causes("LOG015", "LOG017")),
    (re.compile(r"回复|repl", re.IGNORECASE), _causes("RSP014", "RSP004", "RSP006")),
    (re.compile(r"服务分|service", re.IGNORECASE), _causes("RSP001", "RSP004", "RSP006", "RSP010")),
)


def causes_of(requirement: str) -> tuple[Cause, ...]:
    """The causes of a requirement by its name, or of a medal's by its label; empty when none is known."""
    if requirement in _BY_NAME:
        return _BY_NAME[requirement]
    return next((causes for pattern, causes in _BY_WORD if pattern.search(requirement)), ())
