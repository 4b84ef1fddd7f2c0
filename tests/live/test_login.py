"""Logging in: every form, every result, and what is remembered of a login that failed."""

from __future__ import annotations

import asyncio
import re
import stat
from datetime import timedelta
from typing import Any

import pytest

from agent.errors import (
    AccountFrozen,
    CodeRequired,
    ConfigurationError,
    LoginUnclear,
    NeedsPerson,
    StoreParked,
    Unreachable,
    VerificationRequired,
    WrongPassword,
    WrongStore,
)
from agent.home import Home
from agent.live import login as logins
from agent.live.credentials import REFUSED, Credentials, Refusals, find, variables
from agent.live.proof import Proof, State
from agent.live.session import login, needs_window
from fixtures.standin import Fault, LoginForm, LoginResult
from tests.live.scene import NAME, PREFIX, Hands, Scene, closed

browser = pytest.mark.browser
ERRORS = {
    LoginResult.WRONG_PASSWORD: WrongPassword,
    LoginResult.SLIDER: VerificationRequired,
    LoginResult.CODE: CodeRequired,
    LoginResult.PUNISH: VerificationRequired,
    LoginResult.FROZEN: AccountFrozen,
}


def command(scene: Scene, **environ: Any) -> Proof:
    """`shoplint login`, once."""

    async def work() -> Proof:
        session = scene.session(scene.env(**environ))
        try:
            return await login(session)
        finally:
            await closed(session)

    found: Proof = scene.run(work())
    return found


@browser
@pytest.mark.parametrize("form", list(LoginForm))
def test_each_form_leads_in(scene: Scene, form: LoginForm) -> None:
    scene.standin.options.login_form = form
    command(scene)
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.IN]
    assert scene.vault.holds(NAME)
    assert scene.kept() == []
    scene.harmless()


@browser
@pytest.mark.parametrize("form", list(LoginForm))
@pytest.mark.parametrize("result", list(ERRORS))
def test_each_result_that_needs_a_person(scene: Scene, form: LoginForm, result: LoginResult) -> None:
    scene.standin.options.login_form, scene.standin.options.login_result = form, result
    with pytest.raises(ERRORS[result]) as caught:
        command(scene)
    error = caught.value
    assert isinstance(error, NeedsPerson)
    assert error.exit_code == 4
    assert len(scene.standin.logins) == 1
    assert not scene.vault.holds(NAME)
    page, picture = scene.kept()
    assert error.kept == page
    assert str(page) in error.text.zh
    assert str(page) in error.text.en
    assert picture.read_bytes().startswith(b"\x89PNG")
    for path in (page, picture):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = scene.standin.credentials.password
    for text in (page.read_text("utf-8"), str(error), repr(error), *error.text):
        assert secret not in text
    scene.harmless()


@browser
def test_the_kept_page_holds_the_frame_with_the_form(scene: Scene) -> None:
    scene.standin.options.login_form = LoginForm.IFRAME
    scene.standin.options.login_result = LoginResult.WRONG_PASSWORD
    with pytest.raises(WrongPassword):
        command(scene)
    kept = scene.kept()[0].read_text("utf-8")
    assert "alibaba-login-box" in kept
    assert "账号名或登录密码不正确" in kept


@browser
@pytest.mark.parametrize("result", [found for found in ERRORS if found is not LoginResult.WRONG_PASSWORD])
def test_the_store_rests_after_a_verification(scene: Scene, result: LoginResult) -> None:
    scene.standin.options.login_result = result
    with pytest.raises(ERRORS[result]):
        command(scene)
    scene.standin.options.login_result = None
    scene.standin.forget()
    scene.clock.time += timedelta(minutes=29)
    with pytest.raises(StoreParked):
        command(scene)
    assert scene.standin.requests == [], "not even asked"
    scene.clock.time += timedelta(minutes=1)
    command(scene)
    assert scene.vault.holds(NAME)


@browser
def test_refused_credentials_are_not_sent_again_but_corrected_ones_are(scene: Scene) -> None:
    with pytest.raises(WrongPassword):
        command(scene, password="Wrong-One-1")
    with pytest.raises(StoreParked, match=REFUSED.en):
        command(scene, password="Wrong-One-1")
    assert len(scene.standin.logins) == 1
    for path in scene.home.root.rglob("*"):
        assert path.is_dir() or b"Wrong-One-1" not in path.read_bytes()
    command(scene)
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.WRONG_PASSWORD, LoginResult.IN]


@browser
def test_a_login_that_came_to_nothing_known_quotes_the_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    known = without("wrong_password")
    monkeypatch.setattr(logins, "sheet", lambda home: known)
    scene.timeout_s = 1.5
    with pytest.raises(LoginUnclear, match="账号名或登录密码不正确"):
        command(scene, password="Wrong-One-1")
    assert len(scene.standin.logins) == 1


def without(name: str) -> logins.Sheet:
    known = logins.sheet()
    return known.model_copy(update={"results": {k: v for k, v in known.results.items() if k != name}})


@browser
def test_in_is_proven_by_a_list_not_by_the_address(scene: Scene) -> None:
    scene.timeout_s = 1.5
    scene.standin.set_fault(Fault.EMPTY_SUCCESS)
    proof = command(scene)
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.IN]
    assert proof.state is State.UNPROVEN, "the address alone proves nothing"
    assert scene.vault.holds(NAME), "but the login is not asked for again"


@browser
def test_a_backend_that_opens_no_list_is_nobodys_fault(scene: Scene) -> None:
    scene.standin.set_fault(Fault.LOST_PAGE)
    with pytest.raises(Unreachable) as caught:
        command(scene)
    assert caught.value.exit_code == 5
    assert len(scene.standin.logins) == 1
    scene.standin.clear_faults()
    command(scene)
    assert scene.vault.holds(NAME)


@browser
def test_a_verification_right_after_the_login(scene: Scene) -> None:
    scene.standin.set_fault(Fault.PUNISH_PAGE)
    with pytest.raises(VerificationRequired, match="audit after"):
        command(scene)
    with pytest.raises(StoreParked):
        command(scene)


@browser
def test_the_wrong_store_is_not_stored(scene: Scene) -> None:
    scene.standin.set_fault(Fault.WRONG_STORE)
    with pytest.raises(WrongStore) as caught:
        command(scene)
    assert scene.standin.stores[1].name in str(caught.value)
    assert not scene.vault.holds(NAME)


@browser
def test_who_is_in_already_does_not_log_in_again(scene: Scene) -> None:
    command(scene)
    command(scene)
    assert len(scene.standin.logins) == 1


# A person at the browser


async def person(scene: Scene, **options: Any) -> None:
    """Somebody who fills the form, in the page that the program opened and waits at."""
    session = scene.session()
    work = asyncio.create_task(session.by_hand(**options))
    try:
        async with asyncio.timeout(20):
            while session.context is None or not session.context.pages:
                await asyncio.sleep(0.01)
            page = session.context.pages[0]
            user, password = scene.standin.credentials
            await page.fill("#loginName", user)
            await page.fill("#password", password)
            await page.click("button.next-btn-primary")
            await work
    finally:
        work.cancel()
        await closed(session)


@browser
def test_a_person_logs_in_and_a_rest_is_over(scene: Scene) -> None:
    scene.standin.options.login_result = LoginResult.SLIDER
    with pytest.raises(VerificationRequired):
        command(scene)
    scene.standin.options.login_result = None
    scene.run(person(scene))
    assert scene.vault.holds(NAME)
    scene.visit()
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.SLIDER, LoginResult.IN]
    scene.harmless()


@browser
def test_nobody_came(scene: Scene) -> None:
    async def work() -> None:
        session = scene.session()
        try:
            await session.by_hand(timeout_s=0.5)
        finally:
            await closed(session)

    with pytest.raises(LoginUnclear):
        scene.run(work())
    assert not scene.vault.holds(NAME)


@browser
def test_the_window_was_closed(scene: Scene) -> None:
    async def closing() -> None:
        session = scene.session()
        work = asyncio.create_task(session.by_hand())
        async with asyncio.timeout(20):
            while session.context is None or not session.context.pages:
                await asyncio.sleep(0.01)
            await session.context.pages[0].wait_for_selector("#loginName")
            await session.context.close()
            await work

    with pytest.raises(LoginUnclear):
        scene.run(closing())


@browser
def test_ctrl_c_leaves_nothing(scene: Scene) -> None:
    async def interrupted() -> None:
        session = scene.session()
        work = asyncio.create_task(session.by_hand())
        async with asyncio.timeout(20):
            while session.context is None or not session.context.pages:
                await asyncio.sleep(0.01)
            await session.context.pages[0].wait_for_selector("#loginName")
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work
        assert session.guard is not None
        assert not session.guard.login, "the guard is shut again"
        await closed(session)

    scene.run(interrupted())
    assert not scene.vault.holds(NAME)
    assert scene.kept() == []


def test_a_window_is_needed_without_credentials(scene: Scene) -> None:
    assert needs_window(scene.session())
    assert not needs_window(scene.session(scene.env()))
    assert needs_window(scene.session(scene.env()), visible=True)
    only = {f"{PREFIX}_USERNAME": "somebody"}
    assert needs_window(scene.session(only)), "a name alone opens nothing"


def test_without_a_key_nobody_is_troubled(scene: Scene) -> None:
    async def work() -> None:
        session = scene.session(scene.env())
        session.vault = type(session.vault)(scene.home, {})
        await login(session)

    with pytest.raises(ConfigurationError, match="SHOPLINT_VAULT_KEY"):
        scene.run(work())
    assert scene.standin.logins == []


# Credentials


@pytest.mark.parametrize(
    ("store", "names"),
    [
        ("north", ["NORTH"]),
        ("north-1", ["NORTH_1", "NORTH__"]),
        ("my.shop", ["MY_SHOP"]),
        ("清河", ["清河"]),
    ],
)
def test_the_names_of_the_variables(store: str, names: list[str]) -> None:
    assert variables(store) == tuple((f"SHOPLINT_{n}_USERNAME", f"SHOPLINT_{n}_PASSWORD") for n in names)


@pytest.mark.usefixtures("no_ring")
def test_two_stores_that_differ_in_a_digit_keep_apart() -> None:
    env = {"SHOPLINT_SHOP1_USERNAME": "one", "SHOPLINT_SHOP1_PASSWORD": "p", "SHOPLINT_SHOP__USERNAME": "any"}
    env["SHOPLINT_SHOP__PASSWORD"] = "q"
    assert find("shop1", env) == Credentials("one", "p")
    assert find("shop2", env) == Credentials("any", "q")
    assert find("other", env) is None


def test_credentials_never_show_themselves() -> None:
    assert "secret" not in repr(Credentials("secret-name", "secret-word"))


def test_three_refusals_are_enough(tmp_path: Any) -> None:
    clock = Hands()
    refusals = Refusals(Home(tmp_path), "shop", 1800)
    for number in range(3):
        refusals.check(Credentials("u", str(number)), clock.now())
        refusals.add(Credentials("u", str(number)), clock.now())
    with pytest.raises(StoreParked):
        refusals.check(Credentials("u", "another"), clock.now())
    assert stat.S_IMODE(refusals.path.stat().st_mode) == 0o600
    clock.time += timedelta(seconds=1800)
    refusals.check(Credentials("u", "0"), clock.now())


# The data


def test_a_users_own_login_file_goes_in_front(tmp_path: Any) -> None:
    home = Home(tmp_path)
    home.words("login").write_text(
        '[results.frozen]\ntexts = ["gesperrt"]\n[forms.own]\nname = "#n"\npassword = "#p"\nbutton = "b"\n', "utf-8"
    )
    own = logins.sheet(home)
    assert own.results["frozen"].texts[0] == "gesperrt"
    assert len(own.results["frozen"].texts) > 1
    assert own.forms["own"].frame == ""


TEXTS = [
    ("wrong_password", "账号名或登录密码不正确"),
    ("wrong_password", "Your account name or password is incorrect"),
    ("wrong_password", "密码错误，请重新输入"),
    ("wrong_password", "Incorrect account or password."),
    ("frozen", "您的账号已被冻结，请联系客服"),
    ("frozen", "Your account has been suspended."),
    ("frozen", "该账户因违规已被停用"),
    ("code", "请输入手机收到的短信验证码"),
    ("code", "验证码已发送至 138****1234"),
    ("code", "请输入验证码"),
    ("frozen", "Account locked"),
    ("code", "Enter the verification code sent to your mailbox"),
    ("slider", "请按住滑块，拖动到最右边"),
    ("slider", "Please slide to verify"),
    (None, "登录 短信登录 忘记密码？ 免费注册"),
    (None, "Sign in Forgot password? Log in with a code"),
    (None, "系统繁忙，请稍后再试"),
]


@pytest.mark.parametrize(("result", "text"), TEXTS)
def test_words_of_results(result: str | None, text: str) -> None:
    found = [
        name
        for name, marks in logins.sheet().results.items()
        if any(re.search(pattern, text, re.IGNORECASE) for pattern in marks.texts)
    ]
    assert found == ([result] if result else [])
