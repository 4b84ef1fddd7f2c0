"""The tree of errors: drawn as it is, every class with a sentence, every message in both languages."""

import inspect
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent import errors
from agent.errors import ShoplintError
from checks.text import Text

KEPT = Path("/captures/kept.html")
UNTIL = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
CLASSES = [found for _, found in inspect.getmembers(errors, inspect.isclass) if found.__module__ == errors.__name__]
LIVE = [
    errors.NoSession("northwind"),
    errors.SessionExpired("northwind", kept=KEPT),
    errors.LoginUnclear("northwind", hindered=Text("找不到登录按钮", "there is no login button"), kept=KEPT),
    errors.LoginUnclear("northwind", said="busy"),
    errors.WrongPassword("northwind", kept=KEPT),
    errors.VerificationRequired("northwind", until=UNTIL, kept=KEPT),
    errors.VerificationRequired("northwind"),
    errors.CodeRequired("northwind", sent_to="138****1234", kept=KEPT),
    errors.CodeRequired("northwind"),
    errors.AccountFrozen("northwind", kept=KEPT),
    errors.WrongStore("northwind", wanted="244176", got="363432", kept=KEPT),
    errors.StoreParked("northwind", until=UNTIL, reason=Text("要求验证", "a verification was asked for")),
    errors.BrowserMissing(looked=["chromium", "chrome"]),
    errors.BrowserLost(said="Target closed", kept=KEPT),
    errors.NetworkFailed(url="https://csp.aliexpress.com/", said="ERR_NAME_NOT_RESOLVED"),
    errors.PageTimeout(url="https://csp.aliexpress.com/", waited_s=30, kept=KEPT),
]


def drawn() -> dict[str, str]:
    """Class -> the class above it, as the docstring draws them."""
    above: dict[str, str] = {}
    stack: list[str] = []
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]
        found = re.match(r" {4}((?:│ {3}| {4})*)(?:[├└]── )?([A-Z]\w+)", line)
        if found:
            depth = len(found[1]) // 4 + ("──" in line)
            del stack[depth:]
            above[found[2]] = stack[-1] if stack else "Exception"
            stack.append(found[2])
    return above


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    assert drawn() == {found.__name__: found.__bases__[0].__name__ for found in CLASSES}


@pytest.mark.parametrize("found", CLASSES, ids=lambda found: found.__name__)
def test_every_class_begins_with_one_sentence(found: type[ShoplintError]) -> None:
    assert found.__doc__
    assert found.__doc__.splitlines()[0].endswith(".")


@pytest.mark.parametrize(
    ("family", "code"),
    [
        (errors.UsageError, 2),
        (errors.ConfigurationError, 2),
        (errors.CaptureError, 2),
        (errors.ExportError, 2),
        (errors.HistoryError, 2),
        (errors.NeedsPerson, 4),
        (errors.Unreachable, 5),
    ],
)
def test_the_exit_code_is_the_familys(family: type[ShoplintError], code: int) -> None:
    assert {found.exit_code for found in CLASSES if issubclass(found, family)} == {code}


@pytest.mark.parametrize("error", LIVE, ids=lambda error: type(error).__name__)
def test_messages_exist_in_both_languages_and_name_the_next_step(error: ShoplintError) -> None:
    assert re.search(r"[\u4e00-\u9fff]", error.text.zh)
    assert not re.search(r"[\u4e00-\u9fff]", error.text.en)
    assert "\n" not in error.text.zh + error.text.en
    assert str(error) == error.text.en
    assert ";" in error.text.en or "(" in error.text.en, "what is wrong; what to do"


@pytest.mark.parametrize("error", [e for e in LIVE if e.kept], ids=lambda error: type(error).__name__)
def test_the_message_says_where_the_page_was_kept(error: ShoplintError) -> None:
    assert str(KEPT) in error.text.zh
    assert str(KEPT) in error.text.en


def test_what_is_wrong_is_named() -> None:
    text = errors.WrongStore("northwind", wanted="244176", got="363432").text
    assert all(part in sentence for sentence in text for part in ("northwind", "244176", "363432", "config.toml"))
    assert "2026-11-20 12:30 +00:00" in errors.VerificationRequired("northwind", until=UNTIL).text.en
    assert "138****1234" in errors.CodeRequired("northwind", sent_to="138****1234").text.zh


def test_several_mistakes_are_told_at_once() -> None:
    one, two = Text("甲", "one"), Text("乙", "two")
    assert errors.ConfigurationWrong([one]).text == one
    both = errors.ConfigurationWrong([one, two])
    assert both.mistakes == (one, two)
    assert both.text.en.splitlines() == ["the configuration has 2 mistakes:", "  one", "  two"]
    assert both.text.zh.splitlines() == ["配置有 2 处错误：", "  甲", "  乙"]


def test_importing_the_errors_is_cheap() -> None:
    code = (
        "import sys, agent.errors, agent.home; print(sorted({'pydantic', 'platformdirs', 'lxml'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert found.stdout.strip() == "[]"
