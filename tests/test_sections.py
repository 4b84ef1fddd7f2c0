"""The same sections in other dresses: title in a head of its own, cards of the component library, articles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.models import Verdict
from tests.mutations import Element, main_of, parsed, serialised
from tests.recordings import Recorded, recorded, wrong

KINDS = ("health", "rating", "level", "medal", "settings", "assessment")
CASES = [case for case in recorded() if case.page.kind in KINDS and case.verdict == "expected"]
NOTE = "近30天"


def box(tree: Element, name: str, *inner: Element, text: str | None = None) -> Element:
    made = tree.makeelement(name.partition(".")[0], {"class": name.partition(".")[2]})
    made.text = text
    made.extend(inner)
    return made


def in_a_head(section: Element, title: Element) -> None:
    """head > title + note, then a body that wraps everything else."""
    rest = [element for element in section if element is not title]
    head = box(section, "div.card--head--aB3dE5f", title, box(section, "span.card--extra--aB3dE5f", text=NOTE))
    section[:] = [head, box(section, "div.card--body--aB3dE5f", *rest)]


def as_a_card(section: Element, title: Element) -> None:
    """The card of the component library: its title is no heading."""
    rest = [element for element in section if element is not title]
    named = box(section, "div.next-card-title", text="".join(title.itertext()))
    head = box(section, "div.next-card-head", box(section, "div.next-card-head-main", named))
    section[:] = [head, box(section, "div.next-card-body", box(section, "div.next-card-content", *rest))]
    section.set("class", "next-card next-card-show-divider")


def with_its_figures_in_footers(section: Element, title: Element) -> None:
    """A card as an article whose last line is a footer; only the footer of the page is none of its content."""
    section.tag = "section"
    for element in section.iter("div"):
        if "figures--score" in (element.get("class") or "") or "figures--weight" in (element.get("class") or ""):
            element.tag = "footer"


def dressed(case: Recorded, dress: Callable[[Element, Element], None]) -> bytes:
    tree = parsed(case.page.body)
    sections = [e for e in main_of(tree).iter("div") if "section--box" in (e.get("class") or "")]
    assert sections
    for section in sections:
        title = next(element for element in section if element.tag == "h2")
        dress(section, title)
    return serialised(tree)


@pytest.mark.parametrize("dress", [in_a_head, as_a_card, with_its_figures_in_footers])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_sections_in_another_dress_hold_the_same(case: Recorded, dress: Callable[[Element, Element], None]) -> None:
    reading = case.read(dressed(case, dress))
    assert reading.verdict is Verdict.EXPECTED
    assert not wrong(case, reading)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_title_that_is_no_heading_names_the_page(case: Recorded) -> None:
    """Neither the document's title nor the breadcrumb says what the page is; the card does."""
    tree = parsed(dressed(case, as_a_card))
    for element in tree.xpath("//title | //nav"):
        element.getparent().remove(element)
    reading = case.read(serialised(tree))
    assert reading.verdict is Verdict.EXPECTED
    assert not wrong(case, reading)


@pytest.mark.parametrize("dress", [in_a_head, as_a_card])
def test_a_section_without_items_does_not_borrow_the_next_ones(dress: Callable[[Element, Element], None]) -> None:
    case = next(case for case in CASES if case.name == "northwind/rating-1")
    tree = parsed(dressed(case, dress))
    for tag in tree.xpath("//*[contains(@class,'section--tags')]/*"):
        tag.getparent().remove(tag)
    data = case.read(serialised(tree)).data
    assert data is not None
    assert data.red_marks == ()
