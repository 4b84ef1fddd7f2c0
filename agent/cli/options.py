"""Options that several commands share, each a one-word decorator, and what becomes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from agent.cli.speech import say, settle

if TYPE_CHECKING:
    from agent.config import Config
    from agent.home import Home
    from agent.reports import Look
    from checks.rule import Rule
    from checks.text import Language
    from extractors.vocabulary import Vocabulary

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", "json", "html", "markdown", "csv", "junit", "sarif")
LEVELS = ("error", "warning", "info", "never")


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with its offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                say(
                    f"{value!r} 不是 ISO 时间，应如 2026-11-20T03:15:00-08:00",
                    f"{value!r} is no ISO time, such as 2026-11-20T03:15:00-08:00",
                ),
                param,
                ctx,
            )
        if found.utcoffset() is None:
            self.fail(
                say(
                    f"{value!r} 缺少时区，应如 {value}-08:00 或 {value}Z",
                    f"{value!r} lacks an offset, such as {value}-08:00 or {value}Z",
                ),
                param,
                ctx,
            )
        return found


def places(function: F) -> F:
    """``--home``, ``--config``, ``--db``, ``--lang``: where things are kept and in which language."""
    for option in (
        click.option(
            "--lang",
            type=click.Choice(["zh", "en"]),
            help=say("语言（默认随系统）", "language (default: the system's)"),
        ),
        click.option("--db", type=click.Path(path_type=Path), help=say("历史数据库文件", "the history database")),
        click.option("--config", type=click.Path(path_type=Path), help=say("配置文件", "the configuration file")),
        click.option(
            "--home",
            type=click.Path(path_type=Path),
            help=say("存放一切数据的文件夹（或 SHOPLINT_HOME）", "the folder for all that is kept (or SHOPLINT_HOME)"),
        ),
    ):
        function = option(function)
    return function


def loudness(function: F) -> F:
    """``-q`` and ``-v``."""
    for option in (
        click.option(
            "-v", "--verbose", count=True, help=say("更详细；-vv 显示程序错误细节", "more detail; -vv: traces")
        ),
        click.option("-q", "--quiet", is_flag=True, help=say("只输出结果，不输出提示", "only the result, no remarks")),
    ):
        function = option(function)
    return function


def output(function: F) -> F:
    """``--format`` and ``-o``, both repeatable: the n-th file takes the n-th format."""
    for option in (
        click.option(
            "-o",
            "--output",
            "outputs",
            multiple=True,
            type=click.Path(dir_okay=False, path_type=Path),
            help=say(
                "写入文件；第 n 个 -o 对应第 n 个 --format", "write to a file; the n-th -o takes the n-th --format"
            ),
        ),
        click.option(
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(FORMATS),
            help=say("输出格式，可重复（默认 table）", "form of the report, repeatable (default: table)"),
        ),
    ):
        function = option(function)
    return function


def selection(function: F) -> F:
    """``--select``, ``--ignore``, ``--fail-on``, ``--now``."""
    for option in (
        click.option(
            "--now",
            type=Moment(),
            help=say(
                "规则所用的时间（默认为采集时间）", "the clock that the rules see (default: the capture's own time)"
            ),
        ),
        click.option(
            "--fail-on",
            type=click.Choice(LEVELS),
            default="error",
            show_default=True,
            help=say("从哪一级起退出码为 1", "the severity from which the exit code is 1"),
        ),
        click.option(
            "--ignore",
            metavar="CODES",
            help=say("不检查的规则或类别，逗号分隔", "codes or families to leave out, comma-separated"),
        ),
        click.option(
            "--select",
            metavar="CODES",
            help=say("只检查这些规则或类别，如 LOG,LIC002", "only these codes or families, such as LOG,LIC002"),
        ),
    ):
        function = option(function)
    return function


class Setting(NamedTuple):
    """What the common options come to: the home folder, the configuration, the words, the language."""

    home: Home
    config: Config
    language: Language
    database: Path
    verbose: int = 0
    quiet: bool = False

    @property
    def vocabulary(self) -> Vocabulary:
        """The shipped words with the user's own over them."""
        from agent.overrides import vocabulary

        return vocabulary(self.home, self.config)

    def look(self, *, channel_id: str | None = None, color: bool | None = None) -> Look:
        """How reports are written for this user."""
        from zoneinfo import ZoneInfo

        from agent.reports import Look

        site = self.vocabulary.site
        links = {kind: site.address(kind, channel_id) or "" for kind in site.addresses}
        return Look(
            language=self.language,
            backend_zone=ZoneInfo("America/Los_Angeles"),
            user_zone=self.config.zone,
            links=links,
            color=color,
            width=terminal_width(),
            verbose=self.verbose,
        )


def setting(
    home: Path | None, config: Path | None, db: Path | None, lang: str | None, verbose: int = 0, quiet: bool = False
) -> Setting:
    """Read the configuration and settle the language: ``--lang``, else the configuration's, else the system's."""
    from agent.config import load
    from agent.home import Home

    place = Home.find(home or given_home())
    loaded = load(place, config)
    own = loaded.language if "language" in loaded.model_fields_set else None
    language: Language = "en" if (lang or own or say("zh", "en")) == "en" else "zh"
    settle(language)
    return Setting(
        home=place,
        config=loaded,
        language=language,
        database=db or place.history,
        verbose=verbose,
        quiet=quiet,
    )


def given_home() -> Path | None:
    """``--home`` as it was given before the command, where a command was called at all."""
    context = click.get_current_context(silent=True)
    found = context.find_root().obj if context is not None else None
    return Path(found) if isinstance(found, str) else None


def chosen_rules(select: str | None, ignore: str | None) -> list[Rule]:
    """The rules that ``--select`` and ``--ignore`` leave; a name that no rule has is a mistake, never an empty run."""
    from checks.policy import FAMILIES
    from checks.rule import all_rules, selected

    wanted, unwanted = _codes(select), _codes(ignore)
    known = {*all_rules(), *FAMILIES}
    for code in (*wanted, *unwanted):
        if code not in known:
            from difflib import get_close_matches

            near = get_close_matches(code, known, 1)
            hint = say(f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ""
            raise click.UsageError(say(f"没有规则或类别 {code}{hint}", f"no rule or family is called {code}{hint}"))
    rules = selected(wanted, unwanted)
    if not rules:
        raise click.UsageError(
            say("--select 和 --ignore 之后没有剩下任何规则", "--select and --ignore leave no rule to check")
        )
    return rules


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in (text or "").split(",") if part.strip())


def targets(formats: tuple[str, ...], outputs: tuple[Path, ...]) -> list[tuple[str, Path | None]]:
    """Each format with its file; at most one goes to the terminal."""
    chosen = formats or ("table",)
    if len(outputs) > len(chosen):
        raise click.UsageError(say("-o 比 --format 多", "there are more -o than --format"))
    paired = [(name, outputs[n] if n < len(outputs) else None) for n, name in enumerate(chosen)]
    if sum(path is None for _, path in paired) > 1:
        raise click.UsageError(
            say(
                "多个格式只能有一个输出到屏幕，其余请加 -o 文件",
                "only one format can go to the screen: give the others an -o file",
            )
        )
    return paired


def terminal_width() -> int:
    """The width of the terminal; 80 where there is none."""
    import shutil

    return min(max(shutil.get_terminal_size((80, 24)).columns, 40), 120)


def wants_color() -> bool:
    """Colour for a terminal that has it, unless NO_COLOR says otherwise."""
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
