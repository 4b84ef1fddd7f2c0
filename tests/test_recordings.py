"""One test for each field of each recorded page. A recording put into the folder is picked up by itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from extractors.models import Reading
from tests.recordings import Recorded, data_of, differences, missing_problems, recorded

CASES = {case.name: case for case in recorded()}


@cache
def reading_of(name: str) -> Reading:
    return CASES[name].read()


def fields() -> Iterator[tuple[str, str]]:
    for case in CASES.values():
        for name in case.truth or ():
            yield case.name, name


@pytest.mark.parametrize(("page", "name"), [pytest.param(*f, id="/".join(f)) for f in fields()])
def test_field(page: str, name: str) -> None:
    truth, data = CASES[page].truth, data_of(reading_of(page))
    assert truth is not None
    assert data is not None, f"{page} was not read: {reading_of(page).verdict}"
    assert name in data
    lines = differences(truth[name], data[name], name)
    assert not lines, f"{len(lines)} differences\n" + "\n".join(lines[:40])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_verdict(case: Recorded) -> None:
    reading = reading_of(case.name)
    assert reading.verdict.value in (case.verdict, *case.also)
    if case.truth is None:
        assert reading.data is None, "a page that is not itself gives no data"
        assert not reading.problems


@pytest.mark.parametrize("case", [c for c in CASES.values() if c.problems], ids=lambda case: case.name)
def test_demanded_problems(case: Recorded) -> None:
    assert not missing_problems(case, reading_of(case.name)), reading_of(case.name).problems


@pytest.mark.parametrize("case", [c for c in CASES.values() if c.truth and not c.problems], ids=lambda case: case.name)
def test_good_page_has_no_required_field_missing(case: Recorded) -> None:
    assert [p for p in reading_of(case.name).problems if p.type == "field_not_found"] == []
