"""Writes the generated pages of the documentation: every command with its options, every rule with its thresholds,
every key of the configuration.

    python -m docs.generate            # write them
    python -m docs.generate --check    # say which ones are not as they would be written; exit code 1 then

The language of the command line is settled when its modules are loaded, so each language is rendered in a process of
its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "", "zh": ".zh"}
PAGES = ("commands", "rules", "configuration")
TITLE = {"en": "# Commands", "zh": "# 命令"}
INTRO = {
    "en": "Written by `make docs` from the commands themselves. Exit codes and file formats: see the README.",
    "zh": "由 `make docs` 根据命令本身生成。退出码与文件格式见 README。",
}


def commands(language: str) -> str:
    """Every command and subcommand with its help, as it is printed at 100 columns."""
    import click

    from agent.cli.main import COMMANDS, cli

    blocks = [TITLE[language], INTRO[language]]
    context = click.Context(cli, info_name="shoplint", terminal_width=100, max_content_width=100)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        blocks += _command(command, context, name, 2)
    return "\n\n".join(blocks) + "\n"


def _command(command: object, parent: object, name: str, depth: int) -> list[str]:
    import click

    assert isinstance(command, click.Command)
    assert isinstance(parent, click.Context)
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    blocks = [f"{'#' * depth} {context.command_path}", f"```\n{text}\n```"]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                blocks += _command(found, context, inner, depth + 1)
    return blocks


def rules(language: str) -> str:
    """The catalogue of rules with the thresholds of the newest policy."""
    from agent.reports.rulebook import rulebook
    from checks.policy import Policy, shipped
    from checks.rule import all_rules

    newest = max(version.effective for versions in shipped().values() for version in versions)
    return rulebook(list(all_rules().values()), Policy(day=newest, overrides={}), "zh" if language == "zh" else "en")


def configuration(language: str) -> str:
    """Every key of config.toml."""
    from docs.configuration import page

    return page("zh" if language == "zh" else "en")


def rendered(page: str, language: str) -> str:
    """One page in one language, made in a process that speaks it."""
    call = f"from docs import generate; print(generate.{page}({language!r}), end='')"
    environment = {**os.environ, "SHOPLINT_LANG": language, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", call], cwd=FOLDER.parent, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def path_of(page: str, language: str) -> Path:
    return FOLDER / f"{page}{LANGUAGES[language]}.md"


def main(arguments: list[str]) -> int:
    stale = []
    for page in PAGES:
        for language in LANGUAGES:
            path, text = path_of(page, language), rendered(page, language)
            if path.exists() and path.read_text("utf-8") == text:
                continue
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(text, "utf-8")
    for name in stale:
        sys.stdout.write(name + "\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
