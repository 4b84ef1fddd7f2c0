"""Whether an empty value says anything: a column that is not on the page, or was not understood, does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.audit import Audit
from extractors.models import Row


def is_unread(audit: Audit, kind: str, key: str) -> bool:
    """Whether ``key`` of the pages of ``kind`` was looked for in vain or not understood somewhere."""
    return any(key in re.split(r"[^a-z0-9_]+", field) for field in _troubled(audit, kind))


def lacks_column(row: Row, key: str) -> bool:
    """Whether a row stood in a table without this column."""
    return row.seen is not None and key not in row.seen.labels


def _troubled(audit: Audit, kind: str) -> Iterator[str]:
    for reading in audit.facts.pages(kind):
        yield from reading.absent
        for problem in reading.problems:
            yield problem.field
