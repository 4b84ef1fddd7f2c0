"""The language of the command line itself, before any configuration is read."""

from __future__ import annotations

import os
import sys


def _language() -> str:
    """``--lang`` on the command line, else the environment; Chinese where neither says."""
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    for name in ("SHOPLINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith(("zh", "en")):
            return value[:2]
    return "zh"


def say(zh: str, en: str) -> str:
    """The sentence in the language of this command line."""
    return en if _language() == "en" else zh
