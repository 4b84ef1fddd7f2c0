"""A session that dies in the middle of a walk: renewed once where credentials are at hand, and the walk goes on."""

from __future__ import annotations

import asyncio

import pytest

from agent.errors import SessionExpired, StoreParked, VerificationRequired, WrongPassword
from agent.live.credentials import Credentials, Refusals
from extractors.models import Verdict
from fixtures.standin import Fault, LoginResult
from tests.live.scene import NAME, PREFIX, Scene
from tests.live.walking import Go, Visit, visit

__all__ = ["visit"]

pytestmark = pytest.mark.browser


def whole(done: Visit) -> None:
    """Each page of the list of parcels was kept once, and every one is itself."""
    listing = done.scene.standin.store.listing("tracking", "")
    assert listing is not None
    pages = -(-listing.total // listing.size)
    assert done.verdicts("tracking") == [Verdict.EXPECTED] * pages
    assert [page["sequence"] for page in done.manifest["pages"] if page["kind"] == "tracking"] == [*range(1, pages + 1)]
    assert not [p for r in done.readings() for p in r.problems if p.type == "list_incomplete"]
    assert done.errors() == {}


DRESSES = [
    (Fault.LOGIN_REDIRECT, "gateway", 2),
    (Fault.SESSION_EXPIRED, "gateway", 2),
    (Fault.LOGIN_REDIRECT, "page", 0),
]


@pytest.mark.parametrize(("fault", "where", "after"), DRESSES)
def test_a_session_that_dies_in_a_list_is_renewed_and_the_list_goes_on(
    scene: Scene, visit: Go, fault: Fault, where: str, after: int
) -> None:
    scene.standin.set_fault(fault, kind="tracking", where=where, after=after, times=1)
    done = visit("health", "tracking", "rating", environ=scene.env())
    assert done.stopped is None
    whole(done)
    assert done.verdicts("rating") == [Verdict.EXPECTED]
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.IN] * 2, "one to begin with, one on the way"
    assert scene.kept() == [], "nothing that a person would have to look at"
    scene.standin.forget()
    assert visit("health").stopped is None, "the new session was stored"
    assert len(scene.standin.logins) == 2


def test_success_with_nothing_in_it_is_renewed_too(scene: Scene, visit: Go) -> None:
    fault = scene.standin.set_fault(Fault.EMPTY_SUCCESS, after=8)

    async def also(given: Visit) -> None:

        async with asyncio.timeout(30):
            while len(scene.standin.logins) < 2 and not (given.walked and given.walked.stopped):
                await asyncio.sleep(0.01)
        scene.standin.clear_faults(fault.fault)

    done = visit("health", "rating", "level", "medal", "settings", timeout_s=2.0, environ=scene.env(), also=also)
    assert done.stopped is None
    assert done.errors() == {}
    assert [reading.verdict for reading in done.readings()] == [Verdict.EXPECTED] * 5
    assert len(scene.standin.logins) == 2


def test_a_session_that_is_bound_to_the_device_goes_on_with_the_new_mark(scene: Scene, visit: Go) -> None:
    scene.standin.options.device_bound = True
    scene.visit(scene.env())
    tries = len(scene.standin.logins)
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="tracking", where="gateway", after=2, times=1)
    done = visit("health", "tracking", "rating", environ=scene.env())
    assert done.stopped is None
    whole(done)
    assert len(scene.standin.logins) == tries + 1


def test_a_session_is_renewed_only_once_on_the_way(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="tracking", where="gateway", after=2)
    done = visit("tracking", "rating", environ=scene.env())
    assert isinstance(done.stopped, SessionExpired)
    assert done.stopped.exit_code == 4
    assert len(scene.standin.logins) == 2
    assert done.verdicts("tracking")[-1] is Verdict.LOGIN
    assert done.verdicts("rating") == []


def test_without_credentials_the_walk_ends_and_nobody_logs_in(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="tracking", where="gateway", after=2, times=1)
    done = visit("tracking", "rating")
    assert isinstance(done.stopped, SessionExpired)
    assert done.stopped.exit_code == 4
    assert len(scene.standin.logins) == 1


def test_a_password_that_is_wrong_by_now_ends_the_walk(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", times=1)
    environ = scene.env(password="yesterday's")
    done = visit("health", "rating", "level", environ=environ)
    assert isinstance(done.stopped, WrongPassword)
    assert done.errors() == {"rating": "wrong_password"}
    assert done.verdicts("health") == [Verdict.EXPECTED]
    assert len(scene.standin.logins) == 2
    refused = Credentials(environ[f"{PREFIX}_USERNAME"], environ[f"{PREFIX}_PASSWORD"])
    with pytest.raises(StoreParked):
        Refusals(scene.home, NAME, 1800).check(refused, scene.clock.time)


def test_credentials_that_were_refused_lately_are_not_sent_again(scene: Scene, visit: Go) -> None:
    environ = scene.env(password="yesterday's")
    refused = Credentials(environ[f"{PREFIX}_USERNAME"], environ[f"{PREFIX}_PASSWORD"])
    Refusals(scene.home, NAME, 1800).add(refused, scene.clock.time)
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", times=1)
    done = visit("health", "rating", environ=environ)
    assert isinstance(done.stopped, StoreParked)
    assert done.stopped.exit_code == 4
    assert len(scene.standin.logins) == 1


@pytest.mark.parametrize("result", [LoginResult.SLIDER, LoginResult.PUNISH])
def test_a_login_on_the_way_that_asks_for_a_person_ends_the_walk(scene: Scene, visit: Go, result: LoginResult) -> None:
    scene.standin.options.login_result = result
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", times=1)
    done = visit("health", "rating", "level", environ=scene.env())
    assert isinstance(done.stopped, VerificationRequired)
    assert len(scene.standin.logins) == 2
    with pytest.raises(StoreParked):
        visit("health", environ=scene.env())
    assert len(scene.standin.logins) == 2


@pytest.mark.parametrize("fault", [Fault.SLIDER, Fault.PUNISH_API, Fault.WRONG_STORE, Fault.TRAFFIC_LIMIT])
def test_nothing_else_leads_to_a_login(scene: Scene, visit: Go, fault: Fault) -> None:
    scene.standin.set_fault(fault, kind="rating")
    done = visit("health", "rating", environ=scene.env())
    assert done.stopped is not None
    assert len(scene.standin.logins) == 1


def test_the_login_counts_as_a_page(scene: Scene, visit: Go) -> None:
    def used(done: Visit) -> int:
        assert done.walked is not None
        return done.walked.used.run

    plain = used(visit("health", "rating"))
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", times=1)
    renewed = used(visit("health", "rating", environ=scene.env()))
    assert renewed == plain + 3, "the page that leads to the login, the list that proves it, the page again"
