"""`shoplint level`: the distance to the next level and medal."""

from __future__ import annotations

import json
from pathlib import Path

import click

from agent.cli import options, past
from agent.cli.speech import say


@click.command(
    "level",
    short_help=say("离下一等级和下一块牌还差多少", "the distance to the next level and medal"),
    help=say(
        "列出下一等级和金银牌的每项要求：现值、差距、走势、按此走势何时达到，以及挡在前面的问题。"
        "数据来自历史里最近一次读到的等级页和金银牌页。",
        "Lists every requirement of the next level and medal: value, gap, trend, when it is reached at this trend, and "
        "the findings in the way. It goes by the newest level and medal pages that the history holds.",
    ),
    epilog=say("例：shoplint level --store northwind", "Example: shoplint level --store northwind"),
)
@past.store
@past.form("table", "json")
@options.places
def command(
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.standing import ladders

    setting = options.setting(home, config, db, lang)
    look = setting.look(color=options.wants_color())
    with past.opened(setting) as history:
        who = past.store_of(history, setting, store)
        past.others(history, setting, who, store)
        found = ladders(history, who.key, look.backend_zone)
    if not found:
        raise _nothing(who.name or who.key)
    from agent.reports.level import as_dict, level_page

    if form == "json":
        name = {"id": who.id, "name": who.name, "channel_id": who.channel_id}
        answer = {"store": name, "ladders": [as_dict(ladder, look) for ladder in found]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(level_page(found, look))
    return 0


def _nothing(store: str) -> Exception:
    from agent.errors import UsageError
    from checks.text import Text

    return UsageError(
        Text(
            f"店铺 {store} 的历史里没有等级页或金银牌页；请判断一份含有这两页的存档（shoplint judge），再看等级",
            f"the history of {store} holds neither a level page nor a medal page; judge a capture that has them "
            "(shoplint judge), then ask again",
        )
    )
