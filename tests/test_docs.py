"""The documentation is proven: generated pages are as the product would write them, and what they show runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from agent.cli.main import COMMANDS
from checks.rule import all_rules
from docs import generate
from tests.cli import Shell
from tests.truths import RECORDINGS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("language", list(generate.LANGUAGES))
@pytest.mark.parametrize("page", generate.PAGES)
def test_generated_pages_are_as_they_would_be_written(page: str, language: str) -> None:
    assert generate.path_of(page, language).read_text("utf-8") == generate.rendered(page, language), "run `make docs`"


@pytest.mark.parametrize("language", list(generate.LANGUAGES))
def test_every_command_and_rule_is_documented(language: str) -> None:
    commands = generate.path_of("commands", language).read_text("utf-8")
    rules = generate.path_of("rules", language).read_text("utf-8")
    assert [name for name in COMMANDS if f"## shoplint {name}\n" not in commands] == []
    assert [code for code in all_rules() if code not in rules] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()]
    assert missing == []


def test_commands_shown_in_the_pages_exist() -> None:
    """A command or option that a page names must be one that the command line takes."""
    known = generate.path_of("commands", "en").read_text("utf-8")
    for page in PAGES:
        for call in re.findall(r"`shoplint ([^`\n]+)`", page.read_text("utf-8")):
            words = shlex.split(call.replace("…", ""))
            assert words[0] in COMMANDS or words[0].startswith("-"), f"{page.name}: {call}"
            for option in (word.partition("=")[0] for word in words if word.startswith("--")):
                assert option in known, f"{page.name}: {call}"


def test_examples_at_the_end_of_each_help_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offline ones, with the sample recording in place of the user's own files."""
    shell = Shell(tmp_path / "home", capsys, monkeypatch)
    export = str(RECORDINGS / "exports" / "orders_en.xlsx")
    for call in (
        f"judge {export} --select LOG",
        f"judge {RECORDINGS / 'northwind'}",
        "rules --select LIC",
        "explain LOG003",
        "history",
        "show last --format json",
        f"extract {RECORDINGS / 'northwind' / 'pages' / 'health-1.html'} --kind health",
    ):
        assert shell(*shlex.split(call)).code in (0, 1), call
