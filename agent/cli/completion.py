"""`shoplint completion`: the script that makes a shell complete commands, options and the names of stores."""

from __future__ import annotations

from typing import Any

import click

from agent.cli import options
from agent.cli.speech import say

VARIABLE = "_SHOPLINT_COMPLETE"
"""Set by the shell while it asks for completions."""
SHELLS = ("bash", "zsh", "fish")
WHERE = {
    "bash": 'eval "$(shoplint completion bash)"',
    "zsh": 'eval "$(shoplint completion zsh)"',
    "fish": "shoplint completion fish | source",
}


@click.command(
    "completion",
    short_help=say("命令行补全脚本", "the script that completes commands in a shell"),
    help=say(
        "输出补全脚本：按 Tab 补全命令、选项和配置里的店铺名。bash 写进 ~/.bashrc，zsh 写进 ~/.zshrc，"
        "fish 写进 ~/.config/fish/config.fish。",
        "Prints the script by which Tab completes commands, options and the stores of the configuration: for "
        "~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.",
    ),
    epilog=say(f"例：{WHERE['bash']}", f"Example: {WHERE['bash']}"),
)
@click.argument("shell", type=click.Choice(SHELLS))
@options.places
def command(shell: str, **places: Any) -> int:
    from click.shell_completion import get_completion_class

    from agent.cli.main import cli

    found = get_completion_class(shell)
    assert found is not None, "click knows the three shells"
    click.echo(found(cli, {}, "shoplint", VARIABLE).source())
    return 0


class StoreName(click.ParamType[str]):
    """A store of the configuration, for completion; whether there is such a store is the command's own question."""

    name = "store"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        from click.shell_completion import CompletionItem

        given = ctx.params.get(param.name or "") or ()
        return [CompletionItem(name) for name in _stores(ctx) if name.startswith(incomplete) and name not in given]


def with_stores(command: click.Command) -> click.Command:
    """The command, with every parameter that is shown as STORE completed from the configuration."""
    for param in command.params:
        shown = param.metavar or param.human_readable_name
        if shown.strip("[].").upper() == "STORE" and isinstance(param.type, click.types.StringParamType):
            param.type = StoreName()
    if isinstance(command, click.Group):
        for one in command.commands.values():
            with_stores(one)
    return command


def _stores(ctx: click.Context) -> list[str]:
    """The names in the configuration that the command line means; none when it cannot be read."""
    from agent.config import load
    from agent.errors import ShoplintError
    from agent.home import Home

    try:
        return list(load(Home.find(ctx.params.get("home")), ctx.params.get("config")).stores)
    except (ShoplintError, OSError):
        return []
