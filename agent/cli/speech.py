"""The language of the command line itself: the system's, until a configuration that names one is read."""

from __future__ import annotations

import os
import sys

VARIABLES = ("SHOPLINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
UNSAID = ("", "c", "posix")
"""What a variable holds on a system that was never told a language."""
CHINESE = 0x04
"""The primary language of a Windows language id."""


_settled: str | None = None


def settle(language: str | None) -> None:
    """What the configuration says holds from now on, also for errors told later; None forgets it."""
    global _settled
    _settled = language


def _language() -> str:
    """What was settled, else ``--lang`` on the command line, the environment, the system; Chinese where none says.

    A system that speaks a third language is answered in English.
    """
    if _settled is not None:
        return _settled
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    for name in VARIABLES:
        value = os.environ.get(name, "").lower()
        if value.partition(".")[0] not in UNSAID:
            return "zh" if value.startswith("zh") else "en"
    return _of_windows() or "zh"


def _of_windows() -> str | None:
    """The language of the user's Windows, which no variable tells; None elsewhere."""
    if sys.platform == "win32":
        import ctypes

        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == CHINESE else "en"
    return None


def say(zh: str, en: str) -> str:
    """The sentence in the language of this command line."""
    return en if _language() == "en" else zh
