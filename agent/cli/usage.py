"""What a command line was called with wrongly, told in the user's language; click itself speaks English only."""

from __future__ import annotations

import click

from agent.cli.speech import say


def told(error: click.ClickException) -> str:
    """One sentence about a wrong call; texts of our own, which are in the right language already, stay as they are."""
    english = error.format_message().rstrip(".")
    if say("zh", "en") == "en":
        return english
    name = _name(error)
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {name}"
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的用法不对（{error.message.rstrip('.')}）"
    if isinstance(error, click.BadParameter):
        return _bad_value(error, name)
    if isinstance(error, click.UsageError) and english.startswith("Got unexpected extra argument"):
        return (
            "多余的参数" + english[english.find("(") :].replace("(", "：").rstrip(")")
            if "(" in english
            else "多余的参数"
        )
    return english


def _bad_value(error: click.BadParameter, name: str) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"{name} 的值无效，可选：{'、'.join(str(choice) for choice in kind.choices)}"
    if isinstance(kind, click.IntRange | click.FloatRange | click.types.IntParamType | click.types.FloatParamType):
        return f"{name} 的值无效：需要数字（{error.message.rstrip('.')}）"
    return f"{name} 的值无效：{error.message.rstrip('.')}"


def _name(error: click.ClickException) -> str:
    """The parameter as a user writes it."""
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", "") or "")
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return str(param.metavar or param.human_readable_name)
