"""A session over several runs: restored, proven, renewed once, saved again as its cookies roll."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.errors import (
    NetworkFailed,
    NoSession,
    SessionExpired,
    SessionUnreadable,
    StoreParked,
    VaultKeyWrong,
    VerificationRequired,
    WrongStore,
)
from agent.live import proof
from agent.live import session as sessions
from agent.live.proof import State
from agent.live.session import PUT_BACK, SessionState, logout, state
from agent.live.vault import Vault
from fixtures.standin import Fault, LoginForm
from tests.live.scene import NAME, Scene, closed

browser = pytest.mark.browser


CSP = "csp.aliexpress.com"


def shown(scene: Scene, **store: str) -> SessionState:
    """`shoplint session`, once."""

    async def work() -> SessionState:
        session = scene.session(**store)
        try:
            return await state(session)
        finally:
            await closed(session)

    found: SessionState = scene.run(work())
    return found


@browser
@pytest.mark.parametrize("form", list(LoginForm))
def test_a_second_run_needs_no_new_login(scene: Scene, form: LoginForm) -> None:
    scene.standin.options.login_form = form
    first = scene.visit(scene.env())
    second = scene.visit()
    assert first.logins == 1
    assert second.logins == 0
    assert len(scene.standin.logins) == 1
    assert second.proof is not None
    assert (second.proof.state, second.proof.kind) == (State.ALIVE, "orders")
    scene.harmless()


@browser
def test_a_session_that_is_bound_to_the_device_is_restored(scene: Scene) -> None:
    scene.standin.options.device_bound = True
    scene.visit(scene.env())
    stored = scene.vault.load(NAME)
    assert stored is not None
    assert stored.session_storage["https://csp.aliexpress.com"]["csp_device"]
    for _ in range(2):
        assert scene.visit().logins == 0
    scene.vault.save(NAME, replace(stored, session_storage={}))
    scene.timeout_s = 3
    with pytest.raises(SessionExpired):
        scene.visit()


@browser
def test_cookies_that_roll_are_saved_after_each_run(scene: Scene) -> None:
    scene.standin.options.rolling = True
    scene.visit(scene.env())
    before = scene.vault.load(NAME)
    for _ in range(7):
        scene.visit()
    assert len(scene.standin.logins) == 1
    assert before is not None
    scene.vault.save(NAME, before)
    with pytest.raises(SessionExpired):
        scene.visit()


@browser
def test_the_browser_keeps_its_name(scene: Scene) -> None:
    scene.visit(scene.env())
    stored = scene.vault.load(NAME)
    assert stored is not None
    assert stored.saved == scene.clock.now()
    scene.vault.save(NAME, replace(stored, user_agent="Mozilla/5.0 (as it was at the login)"))

    async def work() -> Any:
        session = scene.session()
        try:
            page = await session.signed_in()
            await session.save()
            return await page.evaluate("navigator.userAgent")
        finally:
            await closed(session)

    assert scene.run(work()) == "Mozilla/5.0 (as it was at the login)"
    kept = scene.vault.load(NAME)
    assert kept is not None
    assert kept.user_agent == "Mozilla/5.0 (as it was at the login)"


@browser
def test_what_a_page_changed_itself_is_not_overwritten(scene: Scene) -> None:
    script = PUT_BACK % json.dumps({"https://csp.aliexpress.com": {"a": "stored", "</script>": "x"}})

    async def work() -> Any:
        session = scene.session()
        context = await session.open()
        try:
            await context.add_init_script(script)
            await context.route("**/*", lambda route: route.fulfill(body="<p>a page</p>", content_type="text/html"))
            page = await context.new_page()
            await page.goto("https://csp.aliexpress.com/one")
            first = await page.evaluate("sessionStorage.a")
            await page.evaluate("sessionStorage.a = 'newer'")
            await page.goto("https://csp.aliexpress.com/two")
            own = await page.evaluate("sessionStorage.a")
            await page.goto("https://gsp.aliexpress.com/three")
            return first, own, await page.evaluate("sessionStorage.length")
        finally:
            await closed(session)

    assert scene.run(work()) == ("stored", "newer", 0)


# Dead sessions


def dead(scene: Scene, dress: str) -> None:
    """A stored session that has died meanwhile, in one of its dresses."""
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    if dress == "redirect":
        scene.standin.expire_sessions()
    elif dress == "gateway":
        scene.standin.set_fault(Fault.SESSION_EXPIRED, kind="orders", times=1)
    else:
        for kind in ("orders", "documents"):
            scene.standin.set_fault(Fault.EMPTY_SUCCESS, kind=kind, times=1)


DRESSES = ["redirect", "gateway", "empty"]


@browser
@pytest.mark.parametrize("dress", DRESSES)
def test_each_dress_of_a_dead_session_is_known(scene: Scene, dress: str) -> None:
    dead(scene, dress)
    found = shown(scene)
    assert found.stored
    assert not found.alive
    assert found.proof is not None
    assert (found.proof.state, found.proof.dress) == (State.EXPIRED, dress)
    assert len(scene.standin.logins) == 1, "to look is not to log in"


@browser
@pytest.mark.parametrize("dress", DRESSES)
def test_with_credentials_it_logs_in_again_by_itself(scene: Scene, dress: str) -> None:
    dead(scene, dress)
    assert scene.visit(scene.env()).logins == 1
    assert len(scene.standin.logins) == 2
    assert scene.visit().logins == 0, "the new session was stored"
    scene.harmless()


@browser
@pytest.mark.parametrize("dress", DRESSES)
def test_without_credentials_it_says_how_to_renew(scene: Scene, dress: str) -> None:
    dead(scene, dress)
    former = scene.vault.load(NAME)
    with pytest.raises(SessionExpired, match=f"shoplint login {NAME}") as caught:
        scene.visit()
    assert caught.value.exit_code == 4
    assert caught.value.kept in scene.kept()
    assert scene.vault.load(NAME) == former, "a dead session is not stored over the last good one"


@browser
def test_it_logs_in_once_and_no_more(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.SESSION_EXPIRED, kind="orders")
    with pytest.raises(SessionExpired):
        scene.visit(scene.env())
    assert len(scene.standin.logins) == 2

    async def work() -> None:
        session = scene.session(scene.env())
        session.logins = 1
        try:
            await session.renew(await session.new_page())
        finally:
            await closed(session)

    with pytest.raises(SessionExpired):
        scene.run(work())
    assert len(scene.standin.logins) == 2


def test_without_session_and_credentials_nobody_is_asked(scene: Scene) -> None:
    with pytest.raises(NoSession, match=f"no session of {NAME} is stored yet; .*shoplint login {NAME}") as caught:
        scene.visit()
    assert caught.value.exit_code == 4
    assert "已失效" not in caught.value.text.zh, "what never was cannot have ended"
    assert scene.standin.requests == []
    assert not shown(scene).stored


# What is not a dead session


@browser
def test_a_store_whose_orders_stay_empty_is_asked_for_a_second_list(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.SKELETON, kind="orders")
    found = shown(scene)
    assert found.proof is not None
    assert (found.proof.state, found.proof.kind) == (State.ALIVE, "documents")


@browser
def test_a_backend_that_is_slow_is_no_dead_session(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.timeout_s = 2
    scene.standin.set_fault(Fault.SLOW, seconds=30, where="gateway")
    found = shown(scene)
    assert found.proof is not None
    assert (found.proof.state, found.proof.answered) == (State.UNPROVEN, False)


@browser
def test_a_first_paint_long_after_the_data_is_no_dead_session(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.visit(scene.env())
    monkeypatch.setattr(proof, "QUIET_S", 12.0)
    scene.timeout_s = 20.0
    scene.standin.options.render_delay_s = 8.0
    found = shown(scene)
    assert found.proof is not None
    assert (found.proof.state, found.proof.kind) == (State.ALIVE, "orders")


@browser
def test_a_list_that_never_fills_is_waited_for_to_the_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.visit(scene.env())
    monkeypatch.setattr(proof, "QUIET_S", 0.2)
    scene.timeout_s = 3.0
    scene.standin.options.render_delay_s = 1.5
    found = shown(scene)
    assert found.proof is not None
    assert (found.proof.state, found.proof.kind) == (State.ALIVE, "orders")


@browser
def test_after_a_login_that_went_through_empty_lists_prove_nothing(scene: Scene) -> None:
    scene.timeout_s = 1.5
    for kind in ("orders", "documents"):
        scene.standin.set_fault(Fault.EMPTY_SUCCESS, kind=kind)
    found = scene.visit(scene.env())
    assert found.logins == 1
    assert found.proof is not None
    assert (found.proof.state, found.proof.dress) == (State.UNPROVEN, "empty")
    assert scene.vault.holds(NAME), "the next run need not log in again"


@browser
def test_the_list_that_has_rows_is_asked_first_the_next_time(scene: Scene) -> None:
    """A store without orders: its order list is waited for once in a run, not before every empty list."""
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.EMPTY_SUCCESS, kind="orders")
    scene.standin.forget()

    async def work() -> list[proof.Proof]:
        session = scene.session()
        try:
            page = await session.signed_in()
            return [await session.prove(page) for _ in range(2)]
        finally:
            await closed(session)

    assert [found.kind for found in scene.run(work())] == ["documents"] * 2
    asked = [kind for kind in ("orders", "documents") for _ in range(scene.standin.count(kind=kind, host=CSP))]
    assert asked == ["orders"] + ["documents"] * 3


@browser
def test_errors_of_the_backend_prove_nothing(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.LOST_PAGE)
    found = shown(scene)
    assert found.proof is not None
    assert found.proof.state is State.UNPROVEN
    assert scene.visit().proof == found.proof, "a run goes on, and its pages will tell"


@browser
@pytest.mark.parametrize("fault", [Fault.SLIDER, Fault.PUNISH_PAGE, Fault.PUNISH_API])
def test_a_verification_stops_and_is_remembered(scene: Scene, fault: Fault) -> None:
    scene.visit(scene.env())
    scene.standin.set_fault(fault)
    with pytest.raises(VerificationRequired, match="audit after") as caught:
        scene.visit(scene.env())
    assert caught.value.kept in scene.kept()
    scene.standin.forget()
    with pytest.raises(StoreParked):
        scene.visit(scene.env())
    assert scene.standin.requests == []
    assert len(scene.standin.logins) == 1


@browser
def test_a_traffic_limit_stops_and_is_remembered(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.TRAFFIC_LIMIT)
    with pytest.raises(StoreParked, match="too often"):
        scene.visit(scene.env())
    assert len(scene.standin.logins) == 1


@browser
@pytest.mark.parametrize("store", [{"name": "Another Store"}, {"channel_id": "555001"}])
def test_another_store_is_told_by_name_and_by_channel(scene: Scene, store: dict[str, str]) -> None:
    with pytest.raises(WrongStore) as caught:
        scene.visit(scene.env(), **store)
    assert scene.standin.store.name in str(caught.value)
    assert not scene.vault.holds(NAME)


@browser
def test_a_backend_that_cannot_be_reached(scene: Scene) -> None:
    async def work() -> None:
        session = scene.session(scene.env())
        session.guard = None
        try:
            context = await session.open()
            await context.route("**/*", lambda route: route.abort("connectionrefused"))
            await session.signed_in()
        finally:
            await closed(session)

    with pytest.raises(NetworkFailed, match="ERR_CONNECTION_REFUSED") as caught:
        scene.run(work())
    assert caught.value.exit_code == 5
    assert "?" not in str(caught.value), "addresses are told without their queries"


# The stored file


@browser
def test_nothing_of_a_session_stands_in_clear(scene: Scene) -> None:
    scene.visit(scene.env())
    stored = scene.vault.load(NAME)
    assert stored is not None
    secrets = {cookie["value"] for cookie in stored.storage_state["cookies"] if len(cookie["value"]) > 8}
    secrets.add(scene.standin.credentials.password)
    for path in scene.home.root.rglob("*"):
        body = path.read_bytes() if path.is_file() else b""
        assert not [secret for secret in secrets if secret.encode() in body], path


@browser
def test_logging_out_forgets_the_session(scene: Scene) -> None:
    scene.visit(scene.env())
    assert logout(scene.vault, NAME)
    assert not logout(scene.vault, NAME)
    with pytest.raises(NoSession):
        scene.visit()


@browser
def test_a_session_file_of_no_use_is_told_before_anything_is_opened(scene: Scene) -> None:
    scene.visit(scene.env())
    scene.standin.forget()
    path = scene.vault.path(NAME)
    kept = path.read_bytes()
    path.write_bytes(kept[:-5])
    with pytest.raises(SessionUnreadable):
        scene.visit(scene.env())
    path.write_bytes(kept)
    session = scene.session()
    session.vault = Vault(scene.home, {"SHOPLINT_VAULT_KEY": "another"})
    with pytest.raises(VaultKeyWrong):
        scene.run(session.signed_in())
    assert scene.standin.requests == []


@browser
def test_pages_are_counted(scene: Scene) -> None:
    session = scene.visit(scene.env())
    assert session.budget.used.run == 2, "the way to the login, and the proof"
    assert scene.visit().budget.used.run == 1


def test_a_script_cannot_be_left(scene: Scene) -> None:
    assert "<" not in sessions._script_json({"a": "</script><!--"})
