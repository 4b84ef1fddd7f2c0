"""What stands for what in one recording: the same number, name or address always becomes the same other one.

Shapes stay: letters and signs where they were, digits for digits, a check digit as right or as wrong as it was. Which
stand-in comes is drawn from a random key that is never written down, so that nobody can count back.
"""

from __future__ import annotations

import random
import re
import secrets
import string
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import tomli

from agent.capture.model import BACKEND_ZONE
from checks.tracking_number import s10_check_digit, ups_check_digit, usps_check_digit

_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_USPS = re.compile(r"(?:420(?:[0-9]{5}|[0-9]{9}))?9[1-5][0-9]{20}")
_UPS = re.compile(r"1Z[0-9A-Z]{15}[0-9]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PHONE = re.compile(r"1[3-9]\d{9}")
EARLIEST, LATEST = 1_400_000_000, 2_200_000_000
"""Seconds since 1970 between which a number may be a time: 2014 to 2039."""
MOST_TRIES = 1000
LISTS = {"address": "addresses", "place": "places", "postcode": "postcodes"}


@cache
def invented() -> dict[str, Any]:
    """data/invented.toml."""
    return tomli.loads((files("agent") / "data" / "invented.toml").read_text("utf-8"))


def is_time(digits: str) -> bool:
    """Whether digits may count the milliseconds since 1970."""
    return len(digits) == 13 and EARLIEST <= int(digits) // 1000 <= LATEST


class StandIns:
    """The stand-ins of one recording. ``weeks`` moves all times by whole weeks; ``seed`` is for tests."""

    def __init__(self, *, weeks: int = 0, zone: tzinfo | None = None, seed: int | None = None) -> None:
        self.weeks = weeks
        self.zone = zone or ZoneInfo(BACKEND_ZONE)
        self._chance = random.Random(secrets.randbits(128) if seed is None else seed)
        self._memo: dict[tuple[str, str], str] = {}
        self._taken: dict[str, set[str]] = {}

    def _one(self, group: str, original: str, make: Callable[[], str]) -> str:
        """The stand-in of ``original``: the one it has already, else a new one that nothing else has."""
        known = self._memo.get((group, original))
        if known is not None:
            return known
        taken = self._taken.setdefault(group, set())
        found = make()
        for _ in range(MOST_TRIES):
            if found not in taken and found != original and (group, found) not in self._memo:
                break
            found = make()
        taken.add(found)
        self._memo[group, original] = found
        return found

    # --- numbers ----------------------------------------------------------------------------------------------

    def number(self, digits: str) -> str:
        """Other digits of the same length, with the same beginning."""
        head = 4 if digits.startswith("1005") and len(digits) > 12 else 1

        def make() -> str:
            found = digits[:head] + self._digits(len(digits) - head)
            return found if not (is_time(found) or _PHONE.fullmatch(found)) else make()

        return self._one("number", digits, make)

    def shaped(self, text: str) -> str:
        """Another text with digits where there were digits: masked numbers, ids of several parts."""
        digits = "".join(sign for sign in text if sign.isdecimal())
        if not digits:
            return text
        return self._one("shaped", text, lambda: _filled(text, self._digits(len(digits))))

    def tracking(self, number: str) -> str:
        """Another tracking number of the same shape; its check digit fits exactly when the first one's did."""
        plain = "".join(
            str(int(sign)) if sign.isdecimal() else sign
            for sign in number.upper()
            if sign.isdecimal() or (sign.isascii() and sign.isalnum())
        )
        if not any(sign.isdigit() for sign in plain):
            return number
        found = self._one("tracking", plain, lambda: self._carried(plain))
        return _filled(number, "".join(sign for sign in found if sign.isdigit()))

    def _carried(self, plain: str) -> str:
        if _S10.fullmatch(plain):
            off = int(plain[10]) - s10_check_digit(plain[2:10])
            serial = self._digits(8)
            return f"{plain[:2]}{serial}{(s10_check_digit(serial) + off) % 10}{plain[11:]}"
        if _USPS.fullmatch(plain):
            before, core = plain[:-22], plain[-22:]
            off = int(core[-1]) - usps_check_digit(core[:-1])
            body = core[:4] + self._digits(17)
            zip_code = before[:3] + self._digits(len(before) - 3) if before else ""
            return f"{zip_code}{body}{(usps_check_digit(body) + off) % 10}"
        if _UPS.fullmatch(plain):
            off = int(plain[-1]) - ups_check_digit(plain[2:-1])
            body = _filled(plain[2:-1], self._digits(15))
            return f"1Z{body}{(ups_check_digit(body) + off) % 10}"
        digits = [sign for sign in plain if sign.isdigit()]
        return _filled(plain, digits[0] + self._digits(len(digits) - 1))

    def _digits(self, count: int) -> str:
        return "".join(self._chance.choices(string.digits, k=max(count, 0)))

    # --- people and stores ------------------------------------------------------------------------------------

    def name(self, text: str) -> str:
        """A buyer, masked as the backend masks."""
        words = invented()

        def make() -> str:
            return f"{self._chance.choice(words['initials'])}*** {self._chance.choice(words['surnames'])}"

        return self._one("name", text.strip().casefold(), make)

    def store(self, name: str) -> str:
        group = invented()["stores_zh" if _CHINESE.search(name) else "stores"]
        return self._listed("store", name, group)

    def brand(self, name: str) -> str:
        return self._listed("brand", name, invented()["brands"])

    def login(self, text: str) -> str:
        """Another login id: the same country and shape."""

        def make() -> str:
            return text[:2] + "".join(
                self._digits(1) if sign.isdigit() else self._chance.choice(string.ascii_lowercase) for sign in text[2:]
            )

        return self._one("login", text, make)

    def of(self, what: str, text: str) -> str:
        """A stand-in for personal text of a class of data/scrub.toml."""
        words = invented()
        if what == "name":
            return self.name(text)
        if what == "email":
            return self.email(text)
        if what == "phone":
            return str(words["phone"])
        if what == "note":
            group = words["notes_zh" if _CHINESE.search(text) else "notes"]
            return self._memo.setdefault(("note", text), self._chance.choice(group))
        group = words[LISTS[what]]
        return self._memo.setdefault((what, text), self._chance.choice(group))

    def email(self, address: str) -> str:
        """An address of nobody; one that is masked stays masked."""
        masked = "*" in address
        count = len(self._taken.get("email", ())) + 1
        made = f"mail{count}***@shop.example" if masked else invented()["email"].format(number=count)
        return self._one("email", address.casefold(), lambda: made)

    def _listed(self, group: str, name: str, words: list[str]) -> str:
        """One of the list; with a number behind it when the list is used up."""
        free = [word for word in words if word not in self._taken.get(group, ()) and word != name]

        def make() -> str:
            if free:
                return self._chance.choice(free)
            return f"{self._chance.choice(words)} {self._chance.randint(2, 99)}"

        return self._one(group, name, make)

    # --- times ------------------------------------------------------------------------------------------------

    def moment(self, at: datetime) -> datetime:
        """The time moved by whole weeks on the backend's clock, so that weekday and hour stay."""
        if not self.weeks:
            return at
        here = at.astimezone(self.zone)
        moved = here.replace(tzinfo=None) + timedelta(weeks=self.weeks)
        return moved.replace(tzinfo=self.zone).astimezone(at.tzinfo)

    def milliseconds(self, digits: str) -> str:
        """Milliseconds since 1970, moved likewise."""
        if not self.weeks:
            return digits
        at = datetime.fromtimestamp(int(digits) // 1000, self.zone)
        return str(int(self.moment(at).timestamp()) * 1000 + int(digits) % 1000)


def _filled(text: str, digits: str) -> str:
    """The text with its digits replaced, one after the other; wide digits stay wide."""
    left = iter(digits)
    found = []
    for sign in text:
        if not sign.isdecimal():
            found.append(sign)
            continue
        digit = next(left, "0")
        found.append(chr(ord(digit) + 0xFEE0) if "\uff10" <= sign <= "\uff19" else digit)
    return "".join(found)
