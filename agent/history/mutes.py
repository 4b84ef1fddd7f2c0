"""Mutes and baselines applied to the findings of a run: pure, no database.

- A mute silences what matches it until its end, as long as it is no worse than it was when it was muted, or when the
  mute first met it. What has become worse counts again at once, and that mute is over for it.
- A mute that has ended, that silences nothing although its rules could judge everything, or that never matched
  anything is told, so that no forgotten mute hides the next problem.
- A baseline accepts what stood in one run; only what is new or worse counts beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from agent.history.marks import Mark, mark_of, worsened
from agent.history.runs import MutedBy, Notice, NoticeKind, RunRecord, State, StatedFinding
from agent.history.states import judged_wholly
from checks.text import Text, day


@dataclass(frozen=True, slots=True)
class Mute:
    """What is silenced, why, and until when.

    One ``fingerprint``, or all of a ``code`` (a rule or a family) and a ``subject`` (a pattern with ``*`` and ``?`` for
    the subject's id); what is None matches anything. For a fingerprint, code and subject only say what it is about.
    """

    id: int
    reason: str
    until: datetime
    created_at: datetime
    store: str | None = None
    fingerprint: str | None = None
    code: str | None = None
    subject: str | None = None
    removed_at: datetime | None = None

    def concerns(self, store: str) -> bool:
        return self.store in (None, store)

    def matches(self, fingerprint: str, code: str, subject: str) -> bool:
        """Whether a finding is meant, its store aside."""
        if self.fingerprint is not None:
            return self.fingerprint == fingerprint
        if self.code is not None and self.code not in (code, code[:3]):
            return False
        return self.subject is None or self.subject == subject or fnmatchcase(subject, self.subject)

    @property
    def target(self) -> Text:
        """What is silenced, in words."""
        if self.code is None:
            return Text(f"对象 {self.subject}", f"subject {self.subject}")
        return Text(*(f"{self.code} {self.subject}" if self.subject else self.code for _ in range(2)))


class Standing(StrEnum):
    """How a mute stands."""

    ACTIVE = "active"
    """It silences something that stands."""
    EXPIRED = "expired"
    ENDED = "ended"
    """All that it matches has become worse than it was."""
    UNUSED = "unused"
    """Nothing that it matches stands at present."""
    UNMATCHED = "unmatched"
    """It has never matched anything: perhaps it is mistyped."""


def standing(mute: Mute, now: datetime, *, open_now: int, ended: int, ever: bool) -> Standing:
    """How a mute stands: ``open_now`` findings that it matches stand at present, for ``ended`` of them it is over,
    and ``ever`` says that it matched one at some time."""
    if now > mute.until:
        return Standing.EXPIRED
    if ended and ended >= open_now:
        return Standing.ENDED
    if open_now:
        return Standing.ACTIVE
    return Standing.UNUSED if ever else Standing.UNMATCHED


@dataclass(frozen=True, slots=True)
class Silence:
    """What mutes and baseline made of a run: its findings, the marks that are new or changed, the mutes that matched
    nothing although they could have, what to tell."""

    stated: tuple[StatedFinding, ...]
    marks: dict[tuple[int, str], Mark] = field(default_factory=dict)
    idle: tuple[Mute, ...] = ()
    notices: tuple[Notice, ...] = ()


def silence(
    stated: Iterable[StatedFinding],
    record: RunRecord,
    mutes: Iterable[Mute],
    marks: Mapping[tuple[int, str], Mark],
    baseline: Mapping[str, Mark] | None = None,
) -> Silence:
    """Apply mutes, then the baseline; ``marks`` are by mute and fingerprint, ``baseline`` by fingerprint."""
    mutes = [mute for mute in mutes if mute.concerns(record.store.key)]
    changed: dict[tuple[int, str], Mark] = {}
    found, notices, hits = [], [], dict.fromkeys((mute.id for mute in mutes), 0)
    for one in stated:
        muted, ended = None, None
        for mute in mutes:
            about = one.finding
            if not mute.matches(about.fingerprint, about.code, about.subject.id):
                continue
            hits[mute.id] += 1
            if record.now > mute.until:
                continue
            key = (mute.id, about.fingerprint)
            mark = changed.get(key) or marks.get(key)
            if mark is None:
                mark = changed[key] = mark_of(about, record.now)
            why = None if mark.ended else worsened(mark, about, record.now)
            if why is not None:
                mark = changed[key] = replace(mark, ended=why)
                notices.append(_ended(mute, one, why))
            if mark.ended is None:
                muted = muted or MutedBy(mute.id, mute.reason, mute.until)
            ended = why or ended
        if muted:
            one = one._replace(state=State.MUTED, mute=muted)
        elif ended:
            one = one._replace(worse=ended)
        found.append(_accepted(one, baseline, record.now))
    notices += [_expired(mute, hits[mute.id]) for mute in mutes if record.now > mute.until]
    idle = [m for m in mutes if not hits[m.id] and record.now <= m.until and _could_match(m, record)]
    return Silence(tuple(found), changed, tuple(idle), tuple(notices))


def _accepted(one: StatedFinding, baseline: Mapping[str, Mark] | None, now: datetime) -> StatedFinding:
    mark = (baseline or {}).get(one.finding.fingerprint)
    if mark is None or one.state is State.MUTED:
        return one
    why = worsened(mark, one.finding, now)
    return one._replace(accepted=True) if why is None else one._replace(worse=one.worse or why)


def _could_match(mute: Mute, record: RunRecord) -> bool:
    """Whether the rules that a mute speaks of all ran and saw everything, so that its silence says something."""
    codes = {o.code for o in record.outcomes if mute.code is None or mute.code in (o.code, o.code[:3])}
    return bool(codes) and codes <= judged_wholly(record.outcomes)


# --- what to tell -------------------------------------------------------------------------------------------------


def _ended(mute: Mute, one: StatedFinding, why: Text) -> Notice:
    code, subject = one.finding.code, one.finding.subject.id
    return Notice(
        NoticeKind.ENDED,
        Text(
            f"静音 {mute.id} 提前结束：{code} {subject} 比静音时严重（{why.zh}），已重新计入",
            f"mute {mute.id} ended early: {code} {subject} is worse than it was ({why.en}) and counts again",
        ),
    )


def _expired(mute: Mute, hits: int) -> Notice:
    until = day(mute.until.date())
    zh = f"仍有 {hits} 条对应的问题，已重新计入" if hits else "已没有对应的问题"
    en = f"{hits} of its findings stand and count again" if hits else "nothing that it silenced stands"
    return Notice(
        NoticeKind.EXPIRED,
        Text(
            f"静音 {mute.id}（{mute.target.zh}）已于 {until} 到期：{zh}；用 shoplint mute --remove {mute.id} 删除",
            f"mute {mute.id} ({mute.target.en}) expired on {until}: {en}; shoplint mute --remove {mute.id} removes it",
        ),
    )


def idle_notice(mute: Mute, *, ever: bool) -> Notice:
    """A mute that silenced nothing: no longer needed, or, when it never matched anything, perhaps mistyped."""
    if ever:
        return Notice(
            NoticeKind.UNUSED,
            Text(
                f"静音 {mute.id}（{mute.target.zh}）没有用上：已没有对应的问题；"
                f"用 shoplint mute --remove {mute.id} 删除",
                f"mute {mute.id} ({mute.target.en}) is not needed: nothing that it silences stands; "
                f"shoplint mute --remove {mute.id} removes it",
            ),
        )
    return Notice(
        NoticeKind.UNMATCHED,
        Text(
            f"静音 {mute.id}（{mute.target.zh}）从未对应到任何问题，请检查写法；"
            f"用 shoplint mute --remove {mute.id} 删除",
            f"mute {mute.id} ({mute.target.en}) has never matched a finding: check how it is written; "
            f"shoplint mute --remove {mute.id} removes it",
        ),
    )
