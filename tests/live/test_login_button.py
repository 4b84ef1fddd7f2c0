"""What stands below the password field: known buttons, others, none, and what is said when nothing can be sent."""

from __future__ import annotations

import pytest

from agent.errors import LoginUnclear
from agent.live import login as logins
from agent.live.credentials import Credentials
from fixtures.standin import LoginButton, LoginForm, LoginResult
from tests.live.scene import NAME, Scene, closed
from tests.live.test_login import command

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("form", list(LoginForm))
@pytest.mark.parametrize("button", [LoginButton.PLAIN, LoginButton.PICTURE])
def test_a_button_of_another_library_leads_in_too(scene: Scene, form: LoginForm, button: LoginButton) -> None:
    """Nothing is public of the new form's button; beside it a notice may have one of the known class."""
    scene.standin.options.login_form, scene.standin.options.login_button = form, button
    scene.standin.options.login_notice = True
    command(scene)
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.IN], "sent once"
    assert scene.vault.holds(NAME)
    scene.harmless()


@pytest.mark.parametrize("form", list(LoginForm))
def test_a_button_that_stays_disabled_is_named(scene: Scene, form: LoginForm) -> None:
    scene.timeout_s = 1.5
    scene.standin.options.login_form, scene.standin.options.login_button = form, LoginButton.STUCK
    with pytest.raises(LoginUnclear, match="stays disabled") as caught:
        command(scene)
    assert "登录按钮仍不可点击" in caught.value.text.zh
    assert scene.standin.logins == []
    assert len(scene.kept()) == 2


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ('<input id="loginName"><input id="password" type="password">', "no login button"),
        ('<input id="loginName"><input id="password" type="password" disabled>', "fields"),
        ('<input id="loginName"><input id="password" type="password" readonly>', "fields"),
    ],
    ids=["no button", "disabled field", "read-only field"],
)
def test_what_cannot_be_sent_has_its_own_sentence(scene: Scene, page: str, sentence: str) -> None:
    scene.timeout_s = 1.5
    result = scene.run(sent(scene, page))
    assert sentence in result.hindered.en
    assert result.said is None


def test_a_covered_button_is_named_and_enter_has_to_do(scene: Scene) -> None:
    scene.timeout_s = 1.5
    fields = '<input id="loginName"><input id="password" type="password">'
    form = fields + '<p style="height:200px"></p><button>登 录</button>'
    cover = '<div style="position:fixed;inset:100px 0 0 0;background:#fff">x</div>'
    assert scene.run(sent(scene, form + cover)).hindered == logins.COVERED
    assert scene.run(sent(scene, form)).hindered is None, "pressed"


async def sent(scene: Scene, markup: str) -> logins.Result:
    """What comes of filling a login page made of this markup."""
    session = scene.session()
    try:
        page = await session.new_page()
        await page.set_content(markup)
        at = logins.LoginPage(page, session.account)
        return await at._send(at.sheet.forms["react"], Credentials("somebody", "pass-word-1"))
    finally:
        await closed(session)
