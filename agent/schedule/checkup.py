"""Whether audits are made with nobody there: the timers, the last visit and the next, and what stood in between."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from agent.checkup import Check, editing
from agent.config import Config
from agent.errors import ScheduleUnavailable, StoreParked
from agent.home import Home
from agent.schedule.jobs import ENVIRONMENT, Kind, Machine
from agent.schedule.ledger import Ledger
from agent.schedule.plan import Plan, plans
from agent.schedule.status import Row, result_of
from agent.schedule.timers import installation, jobs_of, kind_of, places, present
from agent.unattended import quiet_until
from checks.text import Text, moment

NAME = "schedule"
SLACK = timedelta(minutes=15)
"""How much later than planned, jitter aside, a visit may begin before it counts as missed."""
LONGEST = timedelta(hours=2)
"""A visit that has not ended after this long was killed."""
TROUBLE = (2, 4, 5)
"""Exit codes of an audit that was not made."""
Starter = Literal["timer", "foreground", "nobody"]
"""Who starts the audits of a store."""


@dataclass(frozen=True)
class ScheduleCheckup:
    """Looks at the timers of this machine and at what became of the visits.

    ``parked`` says why a store is to be left alone now, ``logged_in`` when its session was last stored; ``used`` names
    the variables that hold secrets here and now, which a timer sees only when its own file has them.
    """

    home: Home
    config: Config
    path: Path
    """The file of the configuration."""
    now: datetime
    machine: Machine = field(default_factory=Machine)
    given: tuple[Path | None, Path | None] = (None, None)
    """``--config`` and ``--db``, when they were given."""
    parked: Callable[[str], StoreParked | None] = lambda store: None
    logged_in: Callable[[str], datetime | None] = lambda store: None
    used: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def checks(self) -> Iterator[Check]:
        found = plans(self.config)
        if not found:
            yield Check(NAME, True, Text("没有定时检查的店铺", "no store is audited at any time"))
            return
        kinds = present(self.home, self.machine)
        yield from self._timers(found, kinds)
        timed = {slug for kind in kinds for slug in kind.installed(self.machine)}
        for plan in found:
            job, *_ = jobs_of(self.config, [plan], ())
            starter: Starter = "timer" if job.slug in timed else "foreground" if self._is_seen_to(found) else "nobody"
            yield from self._store(plan, starter)

    # --- timers ---------------------------------------------------------------------------------------------------

    def _timers(self, found: Sequence[Plan], kinds: Sequence[Kind]) -> Iterator[Check]:
        if not kinds:
            yield self._without(found)
            return
        for kind in kinds:
            yield self._agreement(kind, found)
            if not kind.is_there(self.machine):
                told = Text(f"{kind.label.zh} 已写入，但现在没有运行", f"{kind.label.en} are written, but do not run")
                yield Check(NAME, False, told, self._awake(kind), needed=False)
            elif kind.name == "systemd" and self._sleeps():
                told = Text("退出登录后，systemd 定时器会停下", "when you log out, the timers of systemd stop")
                yield Check(NAME, False, told, "loginctl enable-linger", needed=False)
        yield from self._secrets(kinds)

    def _without(self, found: Sequence[Plan]) -> Check:
        if self._is_seen_to(found):
            told = Text(
                "没有系统定时器，检查由 shoplint schedule run 进行",
                "no timer of the system is installed; `shoplint schedule run` sees to every time",
            )
            return Check(NAME, True, told)
        told = Text("没有安装定时器，不会自动检查", "no timer is installed: nothing is audited by itself")
        return Check(NAME, False, told, self._install(None), needed=False)

    def _is_seen_to(self, found: Sequence[Plan]) -> bool:
        """Whether the last time of every store was seen to, as `schedule run` in a container does without a timer."""
        ledger = Ledger(self.home)
        seen = [(ledger.read(plan.store).handled, plan.last(self.now)) for plan in found]
        return all(handled is not None and last is not None and handled >= last for handled, last in seen)

    def _agreement(self, kind: Kind, found: Sequence[Plan]) -> Check:
        """Whether the timers of a kind are those that the configuration would write now."""
        jobs = jobs_of(self.config, found, ())
        there = set(kind.installed(self.machine))
        lacking = [job.name for job in jobs if job.slug not in there]
        gone = sorted(there - {job.slug for job in jobs})
        if lacking or gone:
            return self._differs(kind, [*lacking, *gone])
        place = installation(self.home, self.config, self.machine)
        # A timer speaks the language of whoever installed it; that alone is no difference.
        spoken = (jobs_of(self.config, found, places(self.home, language, *self.given)) for language in ("zh", "en"))
        if all(kind.install(jobs, place) for jobs in spoken):
            return self._differs(kind, [])
        count = len(there)
        told = Text(f"{kind.label.zh} 与配置一致（{count} 项）", f"{kind.label.en} ({count}) are as configured")
        return Check(NAME, True, told)

    def _differs(self, kind: Kind, names: Sequence[str]) -> Check:
        which = f"：{'、'.join(names)}" if names else ""
        told = Text(
            f"{kind.label.zh} 与配置不一致{which}",
            f"{kind.label.en} differ from the configuration" + (f": {', '.join(names)}" if names else ""),
        )
        return Check(NAME, False, told, self._install(kind), needed=False)

    def _install(self, kind: Kind | None) -> str:
        try:
            best = kind_of(self.machine, self.home.root)
        except ScheduleUnavailable:
            return "shoplint schedule run"
        other = kind is not None and kind.name != best.name
        return f"shoplint schedule install --kind {kind.name}" if other and kind else "shoplint schedule install"

    def _awake(self, kind: Kind) -> str:
        return "loginctl enable-linger" if kind.name == "systemd" else "shoplint schedule run"

    def _sleeps(self) -> bool:
        answer = self.machine.call(("loginctl", "show-user", self.machine.user, "--property=Linger"), None)
        return answer.code == 0 and answer.out.strip() == "Linger=no"

    def _secrets(self, kinds: Sequence[Kind]) -> Iterator[Check]:
        """Secrets that a command finds in the variables of this shell, where a timer does not look."""
        if all(kind.name == "windows" for kind in kinds):
            return  # its tasks see the variables of the user
        file = self.home.root / ENVIRONMENT
        known = _names(file)
        lacking = [name for name in self.used if self.environ.get(name) and name not in known]
        if lacking:
            names, quoted = ", ".join(lacking), shlex.quote(str(file))
            told = Text(
                f"定时器看不到当前终端里的变量 {names}；需写入 {file}",
                f"timers do not see the variables of this shell ({names}); they belong into {file}",
            )
            lines = "; ".join(f'printf "{name}=\'%s\'\\n" "${name}"' for name in lacking)
            yield Check(NAME, False, told, f"(umask 077; {{ {lines}; }} >> {quoted})", needed=False)

    # --- one store ------------------------------------------------------------------------------------------------

    def _store(self, plan: Plan, starter: Starter) -> Iterator[Check]:
        row = Row(plan, Ledger(self.home).read(plan.store), self.now)
        yield from self._never(plan)
        if (resting := self.parked(plan.store)) is not None:
            yield self._resting(plan.store, resting)
        if (trouble := self._trouble(row, starter)) is not None:
            yield trouble
            return
        said = self._said(row, starter)
        yield Check(NAME, True, Text(f"{plan.store}：{said.zh}", f"{plan.store}: {said.en}"))

    def _never(self, plan: Plan) -> Iterator[Check]:
        """Times at which the store is never visited, because they lie in the quiet hours."""
        spans = self.config.budget.quiet_hours
        day = self.now.astimezone(plan.zone)
        for at in plan.times:
            if quiet_until(spans, day.replace(hour=at.hour, minute=at.minute)):
                told = Text(
                    f"{plan.store}：{at:%H:%M} 在 [budget] quiet_hours 之内，这个时间永远不会检查",
                    f"{plan.store}: {at:%H:%M} lies in the quiet_hours of [budget]; nothing is ever audited then",
                )
                yield Check(NAME, False, told, editing(self.path), needed=False)

    def _resting(self, store: str, resting: StoreParked) -> Check:
        until = self._at(resting.until)
        told = Text(
            f"{store}：{until} 前不访问（{resting.reason.zh}）",
            f"{store}: left alone until {until} ({resting.reason.en})",
        )
        if not resting.by_hand:
            return Check(NAME, True, told)
        return Check(NAME, False, told, f"shoplint login {store} --visible", needed=False)

    def _trouble(self, row: Row, starter: Starter) -> Check | None:
        """What was wrong with the last visit, or with there being none."""
        store, record, missed = row.plan.store, row.record, self._missed(row.plan, row.record.handled)
        if record.is_running and record.started_at is not None and self.now - record.started_at > LONGEST:
            began = self._at(record.started_at)
            told = Text(f"{store}：{began} 开始的检查没有结束", f"{store}: the audit that began at {began} never ended")
            return Check(NAME, False, told, f"shoplint audit {store}", needed=False)
        if missed is not None and starter == "timer":
            at = self._at(missed)
            told = Text(f"{store}：{at} 的检查没有做", f"{store}: the audit of {at} was not made")
            return Check(NAME, False, told, f"shoplint schedule run --once {store}", needed=False)
        if record.exit_code in TROUBLE and not self._is_mended(store, record.finished_at):
            fix = f"shoplint login {store}" if record.exit_code == 4 else f"shoplint audit {store}"
            said = self._said(row, starter)
            return Check(NAME, False, Text(f"{store}：{said.zh}", f"{store}: {said.en}"), fix, needed=False)
        return None

    def _missed(self, plan: Plan, handled: datetime | None) -> datetime | None:
        """The last planned time, when it is over and nobody saw to it; a store that was never planned missed none."""
        late = timedelta(seconds=plan.jitter_s) + SLACK
        last = plan.last(self.now - late)
        return last if handled is not None and last is not None and handled < last else None

    def _is_mended(self, store: str, since: datetime | None) -> bool:
        at = self.logged_in(store)
        return at is not None and since is not None and at > since

    def _said(self, row: Row, starter: Starter) -> Text:
        """The last visit, the one that was left out since, and the next."""
        record, parts = row.record, []
        if record.started_at is None:
            parts.append(Text("还没有检查过", "never audited by itself"))
        elif record.is_running:
            at = self._at(record.started_at)
            parts.append(Text(f"{at} 开始，正在检查", f"being audited since {at}"))
        else:
            at, result = self._at(record.started_at), result_of(record)
            parts.append(Text(f"上次 {at}，{result.zh}", f"last {at}, {result.en}"))
        if row.skip is not None:
            at = self._at(row.skip.at)
            parts.append(Text(f"{at} 跳过：{row.skip.reason.zh}", f"left out at {at}: {row.skip.reason.en}"))
        if row.next is not None and starter != "nobody":
            parts.append(Text(f"下次 {self._at(row.next)}", f"next {self._at(row.next)}"))
        return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))

    def _at(self, at: datetime) -> str:
        return moment(at.astimezone(self.config.zone))


def _names(file: Path) -> set[str]:
    """The variables that a file of NAME=value lines sets."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError):
        return set()
    return {line.partition("=")[0].strip() for line in lines if "=" in line}
