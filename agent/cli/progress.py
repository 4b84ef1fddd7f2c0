"""The line that counts pages while work goes on: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

WIPE = "\r\x1b[K"
"""Back to the start of the line, and what stands there away."""


def is_shown(quiet: bool = False) -> bool:
    """Whether somebody watches: a terminal that can wipe a line, and no ``-q``."""
    return not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def counting(label: str, *, quiet: bool) -> Callable[[str, int, int], None]:
    """Tells what is being done, which one of how many; the line stays until `wipe`, or until the next one."""

    def tell(kind: str, number: int, total: int) -> None:
        if is_shown(quiet):
            click.echo(f"{WIPE}{label} {kind} {number}/{total}", err=True, nl=False)

    return tell


def wipe() -> None:
    """Take the line away, before anything else is said."""
    if is_shown():
        click.echo(WIPE, err=True, nl=False)
