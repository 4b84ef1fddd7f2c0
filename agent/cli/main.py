"""The entry point: finds the command, runs it, and turns every mistake into one sentence and an exit code.

Only click is imported here; a command's module is loaded when the command is called, and ``--help`` lists commands
from the table below.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from agent import __version__
from agent.cli.speech import say, settle

COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": (
        "agent.cli.demo",
        "检查自带的样例店铺，不需要账号和网络",
        "audit the shipped sample store: no account, no network",
    ),
    "audit": ("agent.cli.audit", "登录、采集、判断、记录、报告", "log in, capture, judge, remember, report"),
    "capture": (
        "agent.cli.capture",
        "用保存的会话采集后台页面，不做判断",
        "walk the backend with the stored session, judge nothing",
    ),
    "judge": ("agent.cli.judge", "判断页面存档或官方订单导出表", "judge a saved capture or the official order export"),
    "extract": ("agent.cli.extract", "以 JSON 输出从页面读到的内容", "print what is read from the pages, as JSON"),
    "login": ("agent.cli.login", "登录一次并加密保存会话", "log in once and keep the session, encrypted"),
    "logout": ("agent.cli.logout", "删除保存的会话", "erase the stored session"),
    "record": ("agent.cli.record", "采集、去除个人信息、存为测试用例", "capture, scrub, keep as a fixture"),
    "doctor": ("agent.cli.doctor", "检查这台机器缺什么，怎么补", "what is missing here, and how to mend it"),
    "session": ("agent.cli.session", "会话是否还有效", "whether the stored session still lives"),
    "rules": ("agent.cli.rules", "列出全部规则", "list the rules"),
    "explain": (
        "agent.cli.explain",
        "说明一条规则：出处、阈值、原因、处理办法",
        "one rule: source, threshold, why, how to fix it",
    ),
    "history": ("agent.cli.history", "以往的检查记录", "past runs"),
    "show": ("agent.cli.show", "重看一次检查的报告", "one past run again"),
    "report": ("agent.cli.report", "把任意一次检查输出成任意格式", "any past run in any format"),
    "serve": ("agent.cli.serve", "在浏览器里看历史记录", "the history in a web browser"),
    "mute": (
        "agent.cli.mute",
        "静音一条或一类问题，须写明理由和结束日期",
        "silence findings, with a reason and an end",
    ),
    "baseline": (
        "agent.cli.baseline",
        "接受目前的问题，以后只看新增或变严重的",
        "accept what stands, fail only on what is new or worse",
    ),
    "next": ("agent.cli.next", "现在该做什么，按时限排列", "what to do now, by deadline"),
    "why": (
        "agent.cli.why",
        "一条问题从何而来；why not 说明一条规则为何没有报",
        "why a finding is there; why not: why a rule was silent",
    ),
    "level": ("agent.cli.level", "离下一等级和下一块牌还差多少", "the distance to the next level and medal"),
    "trend": ("agent.cli.trend", "一项指标随时间的走势", "one figure over time"),
    "notify": ("agent.cli.notify", "把检查结果发到通知渠道，测试渠道", "tell the notification channels, and try them"),
    "schedule": ("agent.cli.schedule", "定时自动检查", "unattended audits"),
    "init": ("agent.cli.init", "第一次使用：写好配置文件", "the first step: write the configuration"),
    "completion": ("agent.cli.completion", "命令行补全脚本", "the script that completes commands in a shell"),
}
"""Command -> its module, and its help in Chinese and English."""

INTERRUPTED = 130
GC_EVERY = 20_000
"""New objects between two looks for garbage; Python's own 700 is meant for programs that run for days."""


class Commands(click.Group):
    """The group whose commands are loaded late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        if "_SHOPLINT_COMPLETE" in os.environ:
            from agent.cli.completion import with_stores

            return with_stores(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = say(f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ""
            raise click.UsageError(say(f"没有命令 {args[0]}{hint}", f"there is no command {args[0]}{hint}"), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl([(name, say(zh, en)) for name, (_, zh, en) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say(
        "速卖通店铺体检：读取后台页面和订单导出表，按平台规则逐条判断。只看，不改。",
        "Audits an AliExpress store: reads backend pages and order exports and judges them by the platform's rules. "
        "It only looks and changes nothing.",
    ),
    epilog=say("试一试：shoplint demo", "Try: shoplint demo"),
)
@click.version_option(
    __version__,
    prog_name="shoplint",
    message="%(prog)s %(version)s",
    help=say("显示版本", "show the version and exit"),
)
@click.option(
    "--home",
    type=click.Path(),
    help=say("存放一切数据的文件夹（或 SHOPLINT_HOME）", "the folder for all that is kept (or SHOPLINT_HOME)"),
)
@click.pass_context
def cli(context: click.Context, home: str | None) -> None:
    context.obj = home


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the contract's code."""
    # Packages that add themselves to pydantic have no business in a process that may hold a session, and looking for
    # them takes time. Whoever wants one sets the variable.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Nearly all that is made while modules are loaded stays; looking for garbage in it costs a tenth of the start.
    gc.set_threshold(GC_EVERY)
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = run(given)
    gc.freeze()  # The system takes back all memory at once; Python would first look for garbage and free it row by row.
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Never a traceback, unless ``-vv`` asks for it."""
    from agent.errors import ShoplintError

    try:
        result: Any = cli.main(args=list(arguments), prog_name="shoplint", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return _tell(say("已中断", "interrupted"), INTERRUPTED)
    except KeyboardInterrupt:
        return _tell(say("已中断，没有保存这次运行", "interrupted; this run was not saved"), INTERRUPTED)
    except click.UsageError as error:
        return _usage(error)
    except click.ClickException as error:
        return _tell(error.format_message(), error.exit_code)
    except ShoplintError as error:
        if _wants_trace(arguments):
            raise
        return _tell(error.text.to("zh" if say("zh", "en") == "zh" else "en"), error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; that is no fault. Keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if _wants_trace(arguments):
            raise
        return _tell(_system(error), 2)
    except Exception as error:
        if _wants_trace(arguments):
            raise
        return _tell(
            say(
                f"程序出错（{type(error).__name__}: {error}）；加 -vv 重新运行可看到细节，请连同细节一起反馈",
                f"shoplint itself failed ({type(error).__name__}: {error}); run again with -vv for details to report",
            ),
            2,
        )
    finally:
        settle(None)


def _wants_trace(arguments: Sequence[str]) -> bool:
    return any(a.startswith("-v") and a.count("v") >= 2 and not a.startswith("--") for a in arguments)


def _usage(error: click.UsageError) -> int:
    path = error.ctx.command_path if error.ctx else "shoplint"
    help_line = say(f"用法见 {path} --help", f"see {path} --help")
    from agent.cli.usage import told

    return _tell(f"{told(error)}{say('；', '; ')}{help_line}", 2)


def _system(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return say(f"系统拒绝了操作{where}（{error.strerror}）", f"the system refused{where} ({error.strerror})")


def _tell(sentence: str, code: int) -> int:
    from agent.cli.progress import wipe

    wipe()
    click.echo(f"shoplint: {sentence}", err=True)
    return code
