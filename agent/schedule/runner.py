"""Stays in the foreground and audits each store at its times, as a container does it.

A scheduler in a thread of its own only says whose time has come; the audits run in the main thread, one after another,
because a browser is driven and a signal is taken there. So no two audits overlap, whatever the times are.
"""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Protocol

from agent.errors import StoreParked
from agent.schedule.ledger import Ledger, Skip
from agent.schedule.plan import Plan
from checks.text import Text, moment

FLUSH_S = 600
STOPPED = (130, 143)
"""Exit codes of an audit that a signal ended."""

OVERLAP = Text("上一次检查还没有结束", "the audit before it has not ended")
_STOP, _FLUSH = object(), object()


class Teller(Protocol):
    def __call__(self, store: str, text: Text) -> None: ...


@dataclass
class Runner:
    """Audits stores when their time has come.

    ``audit`` gives the exit code of one audit, ``parked`` why a store is to be left alone now, ``flush`` sends
    notifications that waited, ``begun`` is called when all is ready, ``tell`` says what happens.
    """

    plans: Sequence[Plan]
    ledger: Ledger
    audit: Callable[[str], int]
    parked: Callable[[str], StoreParked | None]
    tell: Teller
    flush: Callable[[], None] = lambda: None
    begun: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _waiting: set[str] = field(default_factory=set)
    _stopping: bool = False

    def __post_init__(self) -> None:
        # The only queue that a signal may put something into while the main thread is putting something in.
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lock = threading.Lock()

    # --- one store ------------------------------------------------------------------------------------------------

    def visit(self, store: str) -> int | None:
        """Audit one store now, and remember it; None when it is left alone, which is told with its reason."""
        resting = self.parked(store)
        if resting is not None:
            self._skip(store, resting.text, resting.until)
            return None
        with self._lock:
            self.ledger.begin(store, self.now())
        self.tell(store, Text("开始检查", "the audit begins"))
        try:
            code = self.audit(store)
        except SystemExit as end:  # an audit that SIGTERM ended says so in this way
            code = end.code if isinstance(end.code, int) else 1
            self._stopping = True
        with self._lock:
            self.ledger.end(store, self.now(), code)
        self.tell(
            store, Text(f"检查结束，{RESULT.get(code, OTHER).zh}", f"the audit ended: {RESULT.get(code, OTHER).en}")
        )
        if code in STOPPED:
            self._stopping = True
        return code

    def _skip(self, store: str, reason: Text, until: datetime | None = None) -> None:
        with self._lock:
            self.ledger.skip(store, Skip(self.now(), reason, until))
        self.tell(store, Text(f"跳过本次检查：{reason.zh}", f"this audit is left out: {reason.en}"))

    def missed(self) -> list[str]:
        """The stores whose time passed while nobody was there; a store that was never planned has missed nothing."""
        now, found = self.now(), []
        for plan in self.plans:
            handled = self.ledger.read(plan.store).handled
            at = plan.missed(handled, now)
            if at is not None:
                self.tell(
                    plan.store, Text(f"补做 {moment(at)} 错过的检查", f"made up for the one missed at {moment(at)}")
                )
                found.append(plan.store)
        return found

    # --- all the time ---------------------------------------------------------------------------------------------

    def due(self, store: str) -> None:
        """The time of a store has come; it waits its turn, and is left out when the one before still does.

        A time that was seen to already is none: in autumn an hour comes twice, and after a restart a late one comes
        again.
        """
        with self._lock:
            if store not in self._waiting:
                if self._is_done(store):
                    return
                self._waiting.add(store)
                self._queue.put(store)
                return
        self._skip(store, OVERLAP)

    def _is_done(self, store: str) -> bool:
        plan = next((plan for plan in self.plans if plan.store == store), None)
        planned = plan.last(self.now()) if plan else None
        handled = self.ledger.read(store).handled
        return planned is not None and handled is not None and planned < handled

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping = True
        self._queue.put(_STOP)

    def serve(self) -> int:
        """Audit at every planned time until a signal comes; always 0."""
        from apscheduler.schedulers.background import BackgroundScheduler

        for plan in self.plans:
            self.ledger.plan(plan.store, self.now())
        for store in self.missed():
            self.due(store)
        scheduler = BackgroundScheduler(timezone=UTC)
        self.add_jobs(scheduler)
        scheduler.start()
        try:
            with self._signals():
                self.begun()
                self._work()
        finally:
            scheduler.shutdown(wait=False)
        return 0

    def add_jobs(self, scheduler: Any) -> None:
        """One job a store, and one for notifications that wait; missed times of a sleeping machine become one."""
        from apscheduler.triggers.interval import IntervalTrigger

        for plan in self.plans:
            grace = max(int(plan.catch_up_s), 1)
            options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": grace}
            scheduler.add_job(self.due, trigger(plan), args=[plan.store], id=plan.store, **options)
        every = IntervalTrigger(seconds=FLUSH_S, timezone=UTC)
        scheduler.add_job(self._queue.put, every, args=[_FLUSH], id="notify --flush", coalesce=True)

    def _work(self) -> None:
        while not self._stopping:
            wanted = self._queue.get()
            if wanted is _FLUSH:
                self.flush()
            elif wanted is not _STOP:
                self._turn(wanted)

    def _turn(self, store: str) -> None:
        try:
            self.visit(store)
        finally:
            with self._lock:
                self._waiting.discard(store)
        self._take_signals()  # an audit takes them for itself and gives them back to the system

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C end the waiting; in the middle of an audit they are the audit's."""
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        self._take_signals()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _take_signals(self) -> None:
        def stop(number: int, frame: FrameType | None) -> None:
            if self._stopping:
                raise KeyboardInterrupt  # asked twice: at once
            self.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)


def trigger(plan: Plan) -> Any:
    """APScheduler's trigger for the times of a plan."""
    from apscheduler.triggers.combining import OrTrigger
    from apscheduler.triggers.cron import CronTrigger

    jitter = int(plan.jitter_s) or None
    return OrTrigger(
        [CronTrigger(hour=at.hour, minute=at.minute, timezone=plan.zone, jitter=jitter) for at in plan.times]
    )


OTHER = Text("原因见上面的提示", "see the message above")
RESULT = {
    0: Text("没有达到级别的问题", "nothing grave found"),
    1: Text("有需要处理的问题", "there are findings"),
    2: Text("配置或用法有误", "the configuration or the call is wrong"),
    3: Text("不完整，有规则无法判断", "incomplete, some rules stayed unknown"),
    4: Text("需要人处理", "a person is needed"),
    5: Text("连不上后台", "the backend cannot be reached"),
    130: Text("被中断", "interrupted"),
    143: Text("被要求停止", "told to stop"),
}
"""What an exit code of `audit` means."""
