"""The documentation is proven: generated pages are as the product would write them, and what they show runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from agent.cli.main import COMMANDS, cli
from agent.config import Config, load
from agent.home import Home
from agent.schema import DESCRIPTIONS
from checks.rule import all_rules
from checks.text import Language
from docs import configuration, generate
from tests.cli import Shell
from tests.truths import RECORDINGS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WORKFLOW = ROOT / "docs" / "ci" / "github.yml"
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


@pytest.mark.parametrize("language", list(generate.LANGUAGES))
def test_every_key_of_the_configuration_is_documented_with_an_example_that_holds(language: str, tmp_path: Path) -> None:
    """Each example stands in a file of its own, which the product reads as it reads a user's."""
    page = generate.path_of("configuration", language).read_text("utf-8")
    for section, keys in DESCRIPTIONS.items():
        assert configuration.TABLES[section].to("zh" if language == "zh" else "en") in page
        for key in keys:
            assert f"| `{key}` |" in page
            if f"{section}.{key}" in configuration.VALUES:
                config_of(section, key, tmp_path)
            else:
                assert section == "Config", f"{section}.{key} has no example"


def config_of(section: str, key: str, folder: Path) -> Config:
    """The file with one example of the page in it, and what it takes to be read."""
    table = {"StoreConfig": "[stores.northwind]", "NotifyConfig": "[[notify]]", "Config": ""}.get(
        section, f"[{section.removesuffix('Config').lower()}]"
    )
    name = 'name = "ops"\n' if section == "NotifyConfig" and key != "name" else ""
    store = "" if section in ("StoreConfig", "Config") else '[stores.northwind]\nchannel_id = "1"\n'
    (folder / "site.toml").touch()
    path = folder / "config.toml"
    path.write_text(f"{store}{table}\n{name}{key} = {configuration.VALUES[f'{section}.{key}']}\n", "utf-8")
    return load(Home(folder), path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_of_the_configuration_holds(language: Language, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(configuration.EXAMPLE.to(language), "utf-8")
    config = load(Home(tmp_path), path)
    assert config.language == language
    assert config.notify[0].digest_at is not None
    assert config.schedule.of("northwind") == ("07:45",)


NAMED = re.compile(r"`((?:\[|--|shoplint )?[\w./\[\]-]+(?: --?\w+)*)`", re.ASCII)
"""Names in a sentence that are the same in every language."""
TRANSLATED = ("quickstart", "recording", "safety", "storage")


def named(call: list[str]) -> tuple[str, list[str]]:
    """A call without the values that a reader puts in."""
    return call[0], sorted(word for word in call if word.startswith("--"))


def shape(page: Path) -> dict[str, object]:
    """What the two languages of a page have in common: everything but the words."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.M)
    words = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        "headings": [len(head) for head in re.findall(r"^(#+) ", words, re.M)],
        "lists": len(re.findall(r"^(?:- |\d+\. )", words, re.M)),
        "tables": [line.count("|") for line in words.splitlines() if line.startswith("|")],
        "examples": [(kind, len(body.splitlines())) for kind, body in blocks],
        "commands": [named(call) for _, body in blocks for call in calls(body)],
        "names": sorted(name for name in set(NAMED.findall(words)) if "KIND" not in name),
        "links": sorted(link.replace(".zh.md", ".md") for link in LINK.findall(text)),
    }


@pytest.mark.parametrize("name", TRANSLATED)
def test_both_languages_of_a_page_say_the_same(name: str) -> None:
    """A heading, a line of a table, an example or a name that only one of them has is one that was forgotten."""
    english, chinese = (shape(ROOT / "docs" / f"{name}{ending}.md") for ending in ("", ".zh"))
    assert english == chinese


def test_every_page_is_linked_in_its_own_language() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    chinese, _, english = readme.partition("\n## English\n")
    for name in (*TRANSLATED, *generate.PAGES):
        assert f"](docs/{name}.zh.md)" in chinese, name
        assert f"](docs/{name}.md)" in english, name
    for name in (*TRANSLATED, *generate.PAGES):
        page = (ROOT / "docs" / f"{name}.zh.md").read_text("utf-8")
        assert [link for link in LINK.findall(page) if link.removesuffix(".md") in (*TRANSLATED, *generate.PAGES)] == []


def calls(text: str) -> Iterator[list[str]]:
    """Every call of shoplint in blocks of shell commands; lines that go on in the next one are put together."""
    for line in text.replace("\\\n", " ").splitlines():
        found = re.match(r"\s*(?:run: )?shoplint (.*)", line)
        if found:
            yield shlex.split(re.split(r"\s\|\||\s#", found[1])[0])


def test_calls_in_blocks_and_in_the_workflow_are_ones_that_the_command_line_takes() -> None:
    """Every command is parsed as click would: an option that is none, or a value that cannot be, fails."""
    texts = {page.name: page.read_text("utf-8") for page in PAGES if not page.name.startswith("commands")}
    blocks = {name: "\n".join(re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.M)) for name, text in texts.items()}
    found = [
        (name, call)
        for name, text in {**blocks, WORKFLOW.name: WORKFLOW.read_text("utf-8")}.items()
        for call in calls(text)
    ]
    assert len(found) > 30
    assert {name for name, _ in found} >= {"README.md", "quickstart.zh.md", WORKFLOW.name}
    for name, call in found:
        try:
            parsed(cli, call)
        except click.UsageError as error:
            pytest.fail(f"{name}: shoplint {shlex.join(call)}: {error.format_message()}")


def parsed(group: click.Group, call: list[str]) -> None:
    """Parse a call without running it; the command inside a group is parsed too."""
    command = group.get_command(click.Context(group), call[0])
    if command is None:
        raise click.UsageError(f"no command {call[0]}")
    if isinstance(command, click.Group) and len(call) > 1:
        parsed(command, call[1:])
    elif not isinstance(command, click.Group):
        command.make_context(call[0], call[1:], resilient_parsing=False)


def test_the_workflow_is_one() -> None:
    """Its steps, the forms that the issue tracker of a host reads, and the upload of what was found."""
    flow = WORKFLOW.read_text("utf-8")
    [judged, exports] = calls(flow)
    for call in (judged, exports):
        formats = [call[n + 1] for n, word in enumerate(call) if word == "--format"]
        outputs = [Path(call[n + 1]).suffix for n, word in enumerate(call) if word == "-o"]
        assert dict(zip(formats, outputs, strict=False)).items() >= {"junit": ".xml", "sarif": ".sarif"}.items()
    for part in ("pip install shoplint", "upload-artifact", "upload-sarif", "pytest --shoplint recordings"):
        assert part in flow
    assert "\t" not in flow


def test_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    wanted = {f"{name}{ending}.png" for name in ("report", "terminal", "dashboard") for ending in ("", ".en")}
    assert {path.name for path in pictures} == wanted
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in wanted if f"](docs/pictures/{name})" not in readme] == []
    assert [path.name for path in pictures if path.stat().st_size > 200_000] == []


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
