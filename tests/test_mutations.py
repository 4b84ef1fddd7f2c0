"""Pages that say the same in another way are read the same: other markup, other words, hostile texts.

Every kind of page of every recording meets every mutation; hypothesis then combines several of them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mutations import MUTATIONS, Mutation, mutated
from tests.mutations_words import OF_KIND, WORDS, as_if
from tests.recordings import Recorded, recorded, wrong

REAL = [case for case in recorded() if case.truth is not None and case.page.kind != "order_export"]
CASES = list({(case.recording, case.page.kind, case.page.view): case for case in REAL}.values())
"""The last page of every list, and every other page."""

IN_ORDER = (*OF_KIND, *WORDS, *MUTATIONS)
"""First what is written on a page, then how it is cut up."""

OTHER_TEXTS = ("hostile", "states")
"""Mutations after which texts that are kept as shown are others."""

NEVER_TOGETHER = (
    # Each rewrites the same figures, or asks for a class or a cell that the other has taken away.
    {"as_definitions", "as_table", "as_lines", "as_spans", "value_first", "two_lines"},
    {"wrapped", "split", "split_strong", "unit_apart", "two_lines", "comments"},
    {"spelled_countdowns", "clock_countdowns", "english_countdowns"},
    {"slashes", "short_slashes", "chinese_dates", "two_lines"},
    {"labels", "english_labels", "chinese_labels"},
    {"one_table", "header_of_cells", "nested_table"},
    {"as_table", "nested_table", "one_table", "header_of_cells", "locked_columns"},
    {"ait", "cn_next"},
    # A line of values above their labels cannot be told from one below when a hostile text holds a label.
    {"value_first", "hostile"},
    # One known title among unknown ones makes no header of ordinary cells.
    {"unknown_columns", "header_of_cells"},
    # A hostile text may be cut up like a figure, and is another text then.
    {"unit_apart", "hostile"},
)


def fits(name: str, case: Recorded) -> bool:
    # Beside identifiers any text could be a label's value; only figures tell where they belong.
    return not (name == "value_first" and case.page.kind == "tracking")


def named(name: str, case: Recorded) -> Mutation:
    return partial(OF_KIND[name], kind=case.page.kind) if name in OF_KIND else {**WORDS, **MUTATIONS}[name]


def differences_after(case: Recorded, names: list[str], seed: int = 1) -> list[str]:
    body = mutated(case.page.body, *(named(name, case) for name in names), seed=seed)
    wanted = replace(case, truth=as_if(case.truth)) if set(names) & set(OTHER_TEXTS) else case
    return wrong(wanted, case.read(body))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("name", IN_ORDER)
def test_same_truth(name: str, case: Recorded) -> None:
    if fits(name, case):
        assert differences_after(case, [name]) == []


@st.composite
def combined(draw: st.DrawFn) -> tuple[str, list[str]]:
    case = draw(st.sampled_from(CASES))
    names = draw(st.lists(st.sampled_from([n for n in IN_ORDER if fits(n, case)]), min_size=2, max_size=6, unique=True))
    for group in NEVER_TOGETHER:
        taken = [name for name in names if name in group]
        names = [name for name in names if name not in taken[1:]]
    return case.name, sorted(names, key=IN_ORDER.index)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(combined(), st.integers(0, 2**16))
def test_same_truth_after_several(chosen: tuple[str, list[str]], seed: int) -> None:
    name, mutations = chosen
    case = next(case for case in CASES if case.name == name)
    assert differences_after(case, mutations, seed) == []
