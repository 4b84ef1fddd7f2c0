"""Work that begins before its result is needed."""

from threading import Event, current_thread

import pytest

from agent.capture.ahead import Ahead


def test_the_work_goes_on_in_a_thread_of_its_own() -> None:
    begun, go_on = Event(), Event()

    def work() -> str:
        begun.set()
        assert go_on.wait(10)
        return current_thread().name

    ahead = Ahead(work)
    assert begun.wait(10)
    go_on.set()
    assert ahead.result() != current_thread().name


def test_what_the_work_raises_is_raised_where_its_result_is_asked_for() -> None:
    def work() -> None:
        raise ZeroDivisionError("here")

    ahead = Ahead(work)
    with pytest.raises(ZeroDivisionError, match="here"):
        ahead.result()
