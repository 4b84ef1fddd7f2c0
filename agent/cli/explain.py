"""`shoplint explain CODE`: one rule, its source, its lines in force, why it matters and how to mend it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options, past
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.catalogue import LastOutcome
    from agent.cli.options import Setting
    from agent.history.database import History
    from agent.history.runs import StoreRef


@click.command(
    "explain",
    short_help=say("说明一条规则：出处、阈值、原因、处理办法", "one rule: source, threshold, why, how to fix it"),
    help=say(
        "说明一条规则：判断什么、出自哪里、当前阈值（含您的自定义）、为什么重要、怎么处理，以及上次检查的结果。",
        "Tells about one rule: what it judges, where it comes from, its lines in force (with your own), why it "
        "matters, how to fix it, and how it came out last time.",
    ),
    epilog=say("例：shoplint explain LOG003", "Example: shoplint explain LOG003"),
)
@click.argument("code")
@past.store
@past.form("table", "json")
@options.places
def command(
    code: str,
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.catalogue import last_as_dict, rule_as_dict
    from checks.policy import Policy

    setting = options.setting(home, config, db, lang)
    rules = [r for r in options.chosen_rules(code, None) if r.code == code.upper()]
    if not rules:
        raise click.UsageError(
            say(
                f"{code} 是一个类别，请给出一条规则，如 {code.upper()}001",
                f"{code} is a family: name one rule, such as {code.upper()}001",
            )
        )
    who, last = _remembered(setting, store, rules[0].code)
    look = setting.look(channel_id=who.channel_id if who else None, color=options.wants_color())
    policy = Policy(day=datetime.now(look.backend_zone).date(), overrides=_own_lines(setting, store, who))
    if form == "json":
        answer = rule_as_dict(rules[0], setting.language, policy)
        answer["last"] = last_as_dict(last, setting.language) if last else None
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    from agent.reports.catalogue import rule_page

    click.echo(rule_page(rules[0], policy, look, last))
    return 0


def _remembered(setting: Setting, store: str | None, code: str) -> tuple[StoreRef | None, LastOutcome | None]:
    """The store meant and the rule's last outcome for it, as far as there is a history; none is ever made.

    A history that cannot be read takes nothing from the rule: it is told on stderr.
    """
    from agent.catalogue import last_outcome
    from agent.errors import HistoryError, HistoryMissing

    try:
        with past.opened(setting) as history:
            if not history.stores() or (store is not None and _only_configured(history, setting, store)):
                return None, None
            who = past.store_of(history, setting, store)
            return who, last_outcome(history, who.key, code)
    except HistoryMissing:
        if store is not None:
            setting.config.store(store)
    except HistoryError as error:
        click.echo(f"shoplint: {error.text.to(setting.language)}", err=True)
    return None, None


def _only_configured(history: History, setting: Setting, store: str) -> bool:
    """Whether the configuration knows a store that was never judged."""
    entry = setting.config.stores.get(store)
    if entry is None:
        return False
    names = {name for head in history.stores() for name in (head.store.id, head.store.channel_id, head.store.name)}
    return not names & {name for name in (store, entry.id, entry.channel_id, entry.name) if name}


def _own_lines(setting: Setting, store: str | None, who: StoreRef | None) -> dict[str, float]:
    """The user's own thresholds for the store that is meant."""
    from extractors.models import Store

    if store is not None and store in setting.config.stores:
        return dict(setting.config.stores[store].thresholds)
    known = Store(id=who.id, name=who.name, channel_id=who.channel_id) if who else Store()
    found = setting.config.store_for(known)
    return dict(found[1].thresholds) if found else {}
