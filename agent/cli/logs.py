"""What happens on the way, on stderr and in the language of the command line."""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING

from agent.cli.speech import say
from checks.text import Text

if TYPE_CHECKING:
    from agent.cli.options import Setting


class Spoken(logging.Formatter):
    """Lines whose message, or parts of it, are a Text are told in one language."""

    def format(self, record: logging.LogRecord) -> str:
        told = copy.copy(record)
        told.msg = _said(record.msg)
        if isinstance(record.args, tuple):
            told.args = tuple(map(_said, record.args))
        return super().format(told)


def _said(part: object) -> object:
    return say(part.zh, part.en) if isinstance(part, Text) else part


def to_stderr(setting: Setting) -> None:
    """Warnings, with ``-v`` the steps too, with ``-q`` neither; of other packages errors only."""
    handler = logging.StreamHandler()
    handler.setFormatter(Spoken("shoplint: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.ERROR)
    level = logging.DEBUG if setting.verbose > 2 else logging.INFO if setting.verbose else logging.WARNING
    logging.getLogger("agent").setLevel(logging.ERROR if setting.quiet else level)
