"""What a rule is: one function with its metadata, found by its file below ``checks/``.

A rule file holds one function under the decorator :func:`rule`. The metadata is validated when the file is
imported, so a wrong code, a missing translation or an over-long title never reaches a user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NamedTuple

from checks.finding import Finding, Severity
from checks.policy import FAMILIES
from checks.text import Text

if TYPE_CHECKING:
    from checks.audit import Audit

Check = Callable[["Audit"], Iterator[Finding]]
TITLE_LIMIT = 80


class Rule(NamedTuple):
    """A rule's metadata and its function.

    ``severity`` is the gravest that the rule may give; ``sources`` names seeds (S0–S4, "field practice", "history");
    ``needs`` names what it reads, as ``kind`` or ``kind.field``, alternatives joined with ``|``; ``thresholds`` names
    entries of the policy; ``page`` is the kind whose address a finding links to.
    """

    code: str
    name: str
    severity: Severity
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    title: Text
    why: Text
    fix: Text
    check: Check
    menu: Text | None = None
    page: str | None = None
    thresholds: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return self.code[:3]

    @property
    def kinds(self) -> frozenset[str]:
        """Every page kind that the rule reads, alternatives included."""
        return _kinds(self.needs)

    def lacks(self, kinds: Collection[str]) -> list[str]:
        """The page kinds that the rule needs and of which ``kinds`` holds none, alternatives joined with ``|``."""
        needs = ({name.split(".")[0]: None for name in need.split("|")} for need in self.needs)
        return list(dict.fromkeys("|".join(need) for need in needs if not any(kind in kinds for kind in need)))


@cache
def _kinds(needs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.split(".")[0] for need in needs for name in need.split("|"))


def rule(
    *,
    code: str,
    name: str,
    severity: Severity,
    sources: tuple[str, ...],
    needs: tuple[str, ...],
    title: Text,
    why: Text,
    fix: Text,
    menu: Text | None = None,
    page: str | None = None,
    thresholds: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Turn a function into a rule; raises ValueError when the metadata is not fit to be shown."""

    def wrap(check: Check) -> Rule:
        made = Rule(code, name, severity, sources, needs, title, why, fix, check, menu, page, thresholds)
        _validate(made)
        return made

    return wrap


def _validate(made: Rule) -> None:
    if not re.fullmatch(rf"(?:{'|'.join(FAMILIES)})\d{{3}}", made.code):
        raise ValueError(f"rule code {made.code!r}: wanted a family and three digits, such as LOG001")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made.name):
        raise ValueError(f"rule {made.code}: name {made.name!r} is not lower-case words joined with hyphens")
    for label, text in (("title", made.title), ("why", made.why), ("fix", made.fix)):
        if not text.zh.strip() or not text.en.strip():
            raise ValueError(f"rule {made.code}: its {label} lacks a language")
    if max(len(made.title.zh), len(made.title.en)) > TITLE_LIMIT:
        raise ValueError(f"rule {made.code}: its title is longer than {TITLE_LIMIT} characters")
    if not made.sources:
        raise ValueError(f"rule {made.code}: no source")


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by code, in the order of families and numbers."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        try:
            package = import_module(f"checks.{family.lower()}")
        except ModuleNotFoundError:
            continue
        for module in iter_modules(package.__path__):
            for value in vars(import_module(f"{package.__name__}.{module.name}")).values():
                if isinstance(value, Rule) and found.setdefault(value.code, value) is not value:
                    raise ValueError(f"rule code {value.code} is used twice")
    order = {family: index for index, family in enumerate(FAMILIES)}
    return dict(sorted(found.items(), key=lambda item: (order[item[0][:3]], item[0])))


def selected(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[Rule]:
    """The rules that ``--select`` and ``--ignore`` leave; both take codes and families."""
    wanted = [r for r in all_rules().values() if not select or r.code in select or r.family in select]
    return [r for r in wanted if r.code not in ignore and r.family not in ignore]
