"""The line that says how far long work has come: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.step import Step

WIPE = "\r\x1b[K"
"""Back to the start of the line, and what stands there away."""
NARROW = 40


def is_shown(quiet: bool = False) -> bool:
    """Whether somebody watches: a terminal that can wipe a line, and no ``-q``."""
    return not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class Line:
    """Tells of what it counts, and which of several: "[2/3] northwind: the order list 5/16 · 40 pages · 812 rows"."""

    what: str
    place: int = 1
    of: int = 1
    quiet: bool = False

    def __call__(self, step: Step) -> None:
        from checks.page_names import page_name

        if not is_shown(self.quiet):
            return
        name = page_name(step.kind)
        parts = [f"{say(name.zh, name.en)} {step.number}/{step.total}"]
        if step.pages:
            parts.append(say(f"{step.pages} 页", f"{step.pages} page" + "s" * (step.pages != 1)))
        if step.rows:
            parts.append(say(f"{step.rows:,} 行", f"{step.rows:,} row" + "s" * (step.rows != 1)))
        self.tell(" · ".join(parts))

    @property
    def who(self) -> str:
        """What a sentence about one of several begins with; nothing where there is only one."""
        return f"{self.what}{say('：', ': ')}" if self.of > 1 else ""

    def tell(self, text: str) -> None:
        """Put a text of one's own there; it stays until `wipe`, or until the next one."""
        if is_shown(self.quiet):
            which = f"[{self.place}/{self.of}] " if self.of > 1 else ""
            line = f"{which}{self.what}{say('：', ': ')}{text}"
            click.echo(f"{WIPE}{_cut(line)}", err=True, nl=False)

    def wipe(self) -> None:
        """Take the line away."""
        if is_shown(self.quiet):
            click.echo(WIPE, err=True, nl=False)


def wipe() -> None:
    """Take any line away, before anything else is said."""
    Line("").wipe()


def _cut(line: str) -> str:
    """As much as fits the terminal: of a line that goes on in the next one only a part could be wiped."""
    from unicodedata import east_asian_width

    room = max(shutil.get_terminal_size((80, 24)).columns, NARROW) - 1
    for place, sign in enumerate(line):
        room -= 2 if east_asian_width(sign) in "WF" else 1
        if room < 0:
            return line[:place]
    return line
