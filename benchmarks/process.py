"""One child process, measured: time on the wall, processor time, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Any

KIB = 1024


class CannotRun(Exception):
    """A benchmark's process failed, so there is nothing to measure; the message holds what it said."""


@dataclass(frozen=True)
class Taken:
    """What one process took; ``peak`` is its resident memory at the highest, in bytes. ``said`` is its output."""

    wall_s: float
    cpu_s: float
    peak: int
    said: str = ""


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """As a user has it: with compiled modules kept from one start to the next."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | dict(own)


def measured(command: Sequence[str], environ: Mapping[str, str] = MappingProxyType({})) -> Taken:
    """Run a command to its end, with variables of its own; raises CannotRun when its exit code is not 0.

    The memory is what the system counted for that process. A child begins with its parent's, so this process loads
    nothing heavy: all data is made by children too.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_environment(environ))
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    text = said.decode("utf-8", "replace")
    if process.returncode != 0:
        raise CannotRun(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else KIB)
    return Taken(wall, used.ru_utime + used.ru_stime, peak, text)


def inner(command: Sequence[str]) -> Taken:
    """Run a program that times itself and prints ``{"seconds": …, "processor": …}`` last: without its start."""
    taken = measured(command)
    answer: dict[str, Any] = json.loads(taken.said.splitlines()[-1])
    return Taken(answer["seconds"], answer["processor"], taken.peak, taken.said)


@dataclass(frozen=True)
class Medians:
    """Several runs of the same, by their medians; the peak is the highest of all."""

    wall_s: float
    cpu_s: float
    peak: int
    runs: int

    @classmethod
    def of(cls, taken: Sequence[Taken]) -> Medians:
        return cls(
            median(t.wall_s for t in taken),
            median(t.cpu_s for t in taken),
            max(t.peak for t in taken),
            len(taken),
        )
