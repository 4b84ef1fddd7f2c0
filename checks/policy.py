"""The policy: every threshold with its programme, source, unit and effective date, and a store's overrides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import tomli

from checks.finding import Threshold

FAMILIES = ("LOG", "LIC", "RSP", "HLT", "RTG", "LVL", "MDL", "PRM", "AUD")


class Version(NamedTuple):
    """A threshold from one day on; ``value`` None means that nobody has set a line."""

    rule: str
    unit: str
    programme: str
    source: str
    effective: date
    value: float | None = None


@cache
def shipped() -> dict[str, list[Version]]:
    """The product's policy, one file a family: threshold name -> its versions, oldest first."""
    found: dict[str, list[Version]] = {}
    for family in FAMILIES:
        source = files("checks") / "data" / "policy" / f"{family.lower()}.toml"
        if source.is_file():
            own = tomli.loads(source.read_text("utf-8"))
            if twice := found.keys() & own.keys():
                raise ValueError(f"policy: threshold {min(twice)} stands in {family.lower()}.toml and in another file")
            for name, versions in own.items():
                found[name] = sorted((Version(**version) for version in versions), key=lambda v: v.effective)
    return found


class Policy(NamedTuple):
    """The thresholds in force on one day for one store.

    ``overrides`` holds the user's own values by rule code (the rule's first threshold) or by threshold name.
    """

    day: date
    overrides: Mapping[str, float]

    def version(self, name: str) -> Version:
        """The version in force of the line called ``name``; before the first one came into force, that one."""
        versions = shipped()[name]
        return next((v for v in reversed(versions) if v.effective <= self.day), versions[0])

    def threshold(self, name: str) -> Threshold:
        """The line called ``name``; KeyError when the policy has none of that name."""
        version = self.version(name)
        own = self.overrides.get(name)
        if own is None and first_of_rule(version.rule) == name:
            own = self.overrides.get(version.rule)
        return Threshold(
            name=name,
            value=version.value if own is None else own,
            unit=version.unit,
            programme=version.programme,
            source=version.source,
            overridden=own is not None,
        )


@cache
def first_of_rule(code: str) -> str | None:
    """The threshold that an override by rule code sets: the first that the policy lists for that rule."""
    return next((name for name, versions in shipped().items() if versions[0].rule == code), None)


def known_names() -> frozenset[str]:
    """Every name that an override may use: threshold names and the codes of rules that have one."""
    return frozenset(shipped()) | {versions[0].rule for versions in shipped().values()}
