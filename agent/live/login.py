"""Logging in: the form is filled like a person does it, and what came of it is read off the page.

Forms and results are data (data/login.toml, over which a user's own login.toml is laid). A result that needs a person
is told as its own error, with the page and a picture kept; nothing is bypassed and nothing is tried again. That a login
succeeded is proven by a list page of the right store, never by the address.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import (
    AccountFrozen,
    BrowserLost,
    CodeRequired,
    LoginUnclear,
    NeedsPerson,
    SessionExpired,
    ShoplintError,
    StoreParked,
    Unreachable,
    VerificationRequired,
    WrongPassword,
    WrongStore,
)
from agent.live.budget import TRAFFIC, VERIFICATION
from agent.live.credentials import Credentials
from agent.live.evidence import keep
from agent.live.forms import FIND, FREE, LOOK, Form, sheet
from agent.live.proof import Account, Opening, Proof, State, goto, landed, prove, until
from checks.text import Text
from extractors.models import Verdict

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame, Locator, Page

log = logging.getLogger(__name__)

TYPING_MS = 25.0
"""Between two keys."""
BY_HAND_S = 600.0
"""How long a person may take."""
BUTTON_S = 2.0
"""How long a form may take to show its button once its fields are there; Enter has to do afterwards."""
PRESS_S = 3.0
"""How long an enabled button may take until a click reaches it."""
AGAIN_S = 15.0
"""Between two looks at a list that proved nothing, while a person is at work."""
VERIFICATIONS = ("punish", "slider")

REASONS = {
    "punish": VERIFICATION,
    "slider": VERIFICATION,
    "code": Text("后台要求输入验证码", "the backend asked for a code"),
    "frozen": Text("账号被冻结", "the account is frozen"),
}
NO_LIST = Text(
    "后台打不开列表页，无法确认登录状态；请稍后再运行一次",
    "the backend does not open its lists, so nobody can tell whether the login holds; run again later",
)
FIELDS = Text("登录页的用户名或密码框无法填写", "the fields of the login page cannot be filled in")
NO_BUTTON = Text(
    "登录页上找不到登录按钮，按回车也没有反应",
    "the login page has no login button that is known, and Enter does nothing",
)
DISABLED = Text(
    "填写用户名和密码后登录按钮仍不可点击，按回车也没有反应",
    "the login button stays disabled after both fields were filled in, and Enter does nothing",
)
COVERED = Text(
    "登录按钮被其他内容遮住而点不到，按回车也没有反应", "something covers the login button, and Enter does nothing"
)
UNCLEAR = Text("登录结果无法识别", "the login came to nothing that is known")

Rest = Callable[[Text], datetime]
"""Leaves the store alone for a while, for the reason given; says until when."""


@dataclass(frozen=True)
class Result:
    """What came of a login: "in", a result of the sheet, or None when nothing known shows."""

    name: str | None
    said: str | None = None
    hindered: Text | None = None
    """What stood in the way of sending the form at all."""


class LoginPage:
    """The login page of a store in one browser tab."""

    def __init__(
        self, page: Page, account: Account, *, rest: Rest | None = None, opening: Opening | None = None
    ) -> None:
        self.page = page
        self.account = account
        self.sheet = sheet(account.home)
        self.rest = rest
        self.opening = opening
        self._before: frozenset[tuple[str, str]] = frozenset()
        self._text = ""

    async def login(self, credentials: Credentials) -> Proof:
        """Log in and prove it; the error that belongs to the result else."""
        if not self.account.on_login_host(self.page.url):
            if self.opening is not None:
                await self.opening()
            await goto(self.page, self.account.address("orders"), self.account.timeout_s)
        form = await self._form()
        if isinstance(form, Result) and form.name != "in":
            raise await self.error(form, credentials)
        if isinstance(form, Form):
            result = await self._send(form, credentials)
            if result.name != "in":
                raise await self.error(result, credentials)
        return await self.proven()

    async def by_hand(self, *, timeout_s: float = BY_HAND_S) -> Proof:
        """Wait until a person has logged in; LoginUnclear when the time is over or the window was closed."""
        from playwright.async_api import Error

        proofs: list[Proof] = []
        loop = asyncio.get_running_loop()
        asked = ("", 0.0)

        async def inside() -> bool:
            nonlocal asked
            url = self.page.url
            if self.page.is_closed():
                return True
            if not self.account.on_own_host(url) or self._address_mark(url):
                return False
            if url == asked[0] and loop.time() - asked[1] < AGAIN_S:
                return False
            await landed(self.page, self.account.timeout_s)
            proofs[:] = [await prove(self.page, self.account, self.opening)]
            asked = (self.page.url, loop.time())
            return proofs[0].state in (State.ALIVE, State.WRONG_STORE)

        try:
            await goto(self.page, self.account.address("orders"), self.account.timeout_s)
            await until(inside, timeout_s)
        except Error:
            if not self.page.is_closed():
                raise
        if proofs and proofs[0].state is State.ALIVE:
            return proofs[0]
        if proofs and proofs[0].state is State.WRONG_STORE:
            raise await self.stopped(proofs[0])
        raise LoginUnclear(self.account.name)

    async def proven(self) -> Proof:
        """What a list page says after a login that went through."""
        await landed(self.page, self.account.timeout_s)
        proof = await prove(self.page, self.account, self.opening, fresh=True)
        if proof.state is State.ALIVE or (proof.state is State.UNPROVEN and proof.hollow):
            return proof  # lists without rows prove nothing of a login that went through: the pages will tell
        raise await self.stopped(proof)

    # --- the form ---------------------------------------------------------------------------------------------

    async def _form(self) -> Form | Result:
        """The form that stands on the page, or the result that shows instead of one."""
        found: list[Form | Result] = []

        async def look() -> bool:
            for form in self.sheet.forms.values():
                if await _visible(self._place(form, form.name)):
                    found[:] = [form]
                    return True
            found[:] = [await self.result()]
            return isinstance(found[0], Result) and found[0].name is not None

        await until(look, self.account.timeout_s)
        return found[0]

    def _place(self, form: Form, selector: str) -> Locator:
        if form.frame:
            return self.page.frame_locator(form.frame).locator(selector).first
        return self.page.locator(selector).first

    async def _send(self, form: Form, credentials: Credentials) -> Result:
        """Fill the form, press its button, wait for what comes of it."""
        from playwright.async_api import Error

        try:
            await self._type(self._place(form, form.name), credentials.username)
            await self._type(self._place(form, form.password), credentials.password)
            self._before = await self._words()
            hindered = await self._press(form)
        except Error:
            # What Playwright says of a field may quote what was typed into it.
            if self.page.is_closed():
                raise BrowserLost(said="the login page was closed") from None
            return Result(None, hindered=FIELDS)
        found = [Result(None)]

        async def look() -> bool:
            found[0] = await self.result()
            return found[0].name is not None

        await until(look, self.account.timeout_s)
        return found[0] if found[0].said else replace(found[0], hindered=hindered)

    async def _press(self, form: Form) -> Text | None:
        """Press the button once; Enter in the password field when there is none to press, and then why."""
        from playwright.async_api import Error

        password = self._place(form, form.password)
        button, free = await self._button(form, password)
        hindered = NO_BUTTON if button is None else COVERED if free else DISABLED
        if button is not None and free:
            try:
                await button.click(trial=True, timeout=PRESS_S * 1000)  # a form is never sent twice
            except Error:
                log.info("%s: the login button cannot be reached; pressing Enter", self.account.name)
            else:
                await button.click(timeout=self.account.timeout_s * 1000, no_wait_after=True)
                return None
        await password.press("Enter", timeout=self.account.timeout_s * 1000, no_wait_after=True)
        return hindered

    async def _button(self, form: Form, password: Locator) -> tuple[ElementHandle | None, bool]:
        """The button that belongs to a password field, looked for until it is enabled; whether it is."""
        wanted = {"selectors": form.button, "names": self.sheet.button.names}
        late = asyncio.get_running_loop().time() + BUTTON_S
        button: ElementHandle | None = None
        free = False

        async def ready() -> bool:
            nonlocal button, free
            button = (await password.evaluate_handle(FIND, wanted)).as_element()
            free = button is not None and bool(await button.evaluate(FREE))
            return free or (button is None and asyncio.get_running_loop().time() >= late)

        await until(ready, self.account.timeout_s)
        return button, free

    async def _type(self, field: Locator, text: str) -> None:
        await field.click(timeout=self.account.timeout_s * 1000)
        await field.fill("")
        await field.press_sequentially(text, delay=TYPING_MS)
        if await field.input_value() != text:
            await field.fill(text)

    # --- the result -------------------------------------------------------------------------------------------

    async def result(self) -> Result:
        """The result that shows at this moment."""
        name = self._address_mark(self.page.url)
        if name:
            return Result(name)
        looks = [found for frame in self.page.frames if (found := await self._look(frame)) is not None]
        said = next((found["said"] for found in looks if found["said"]), None)
        self._text = "\n".join(found["text"] for found in looks)
        for name in self.sheet.results:
            framed = any(self._address_mark(frame.url) == name for frame in self.page.frames)
            if framed or any(self._shows(name, found["found"][name]) for found in looks):
                return Result(name, said)
        return Result("in") if self.account.on_own_host(self.page.url) else Result(None, said)

    def _shows(self, name: str, found: Mapping[str, Any]) -> bool:
        """An element counts always, words only when they were not there before the button was pressed."""
        return bool(found["selector"]) or any((name, text) not in self._before for text in found["texts"])

    def _address_mark(self, url: str) -> str | None:
        for name, marks in self.sheet.results.items():
            if any(re.search(pattern, url) for pattern in marks.addresses):
                return name
        return None

    async def _words(self) -> frozenset[tuple[str, str]]:
        looks = [found for frame in self.page.frames if (found := await self._look(frame)) is not None]
        return frozenset(
            (name, text) for found in looks for name, marks in found["found"].items() for text in marks["texts"]
        )

    async def _look(self, frame: Frame) -> dict[str, Any] | None:
        """What one frame shows; None when it is just moving to another address."""
        from playwright.async_api import Error

        marks = {name: marks.model_dump(include={"selectors", "texts"}) for name, marks in self.sheet.results.items()}
        try:
            found: dict[str, Any] = await frame.evaluate(
                LOOK, {"marks": marks, "complaints": self.sheet.complaint.selectors}
            )
        except Error:
            return None
        return found

    # --- errors -----------------------------------------------------------------------------------------------

    async def error(self, result: Result, credentials: Credentials | None = None) -> NeedsPerson:
        """The error that belongs to a result, with page and picture kept and the store left to rest."""
        name = self.account.name
        kept = await self._keep(result.name or "unclear", credentials)
        if result.name == "wrong_password":  # remembered with the credentials that were refused
            return WrongPassword(name, kept=kept)
        until = self.rest(REASONS.get(result.name or "", UNCLEAR)) if self.rest else None
        if result.name in VERIFICATIONS:
            return VerificationRequired(name, until=until, kept=kept)
        if result.name == "code":
            return CodeRequired(name, sent_to=self._sent_to(), kept=kept)
        if result.name == "frozen":
            return AccountFrozen(name, kept=kept)
        said = result.said
        if said and credentials:
            said = said.replace(credentials.password, "…").replace(credentials.username, "…")
        return LoginUnclear(name, said=said[:80] if said else None, hindered=result.hindered, kept=kept)

    async def stopped(self, proof: Proof) -> ShoplintError:
        """The error that belongs to a proof which is not ALIVE."""
        name, store = self.account.name, self.account.store
        kept = await self._keep(proof.state.value, None)
        if proof.state is State.WRONG_STORE:
            wanted = store.name or store.id or store.channel_id or name
            return WrongStore(name, wanted=wanted, got=proof.shown or "?", kept=kept)
        if proof.state is State.VERIFICATION:
            until = self.rest(VERIFICATION) if self.rest else None
            return VerificationRequired(name, until=until, kept=kept)
        if proof.state is State.LIMITED and self.rest:
            return StoreParked(name, until=self.rest(TRAFFIC), reason=TRAFFIC, kept=kept)
        if proof.state is State.EXPIRED:
            return SessionExpired(name, kept=kept)
        if proof.verdict is Verdict.ERROR_PAGE or not proof.answered:
            return Unreachable(NO_LIST, kept=kept)
        return LoginUnclear(name, said=f"{proof.kind}: {proof.verdict.value}", kept=kept)

    def _sent_to(self) -> str | None:
        for pattern in self.sheet.sent_to.patterns:
            if found := re.search(pattern, self._text):
                return found[0]
        return None

    async def _keep(self, what: str, credentials: Credentials | None) -> Path | None:
        secrets = (credentials.password,) if credentials else ()
        return await keep(self.page, self.account.home, f"{self.account.name}-{what}", secrets=secrets)


async def _visible(place: Locator) -> bool:
    from playwright.async_api import Error

    try:
        return await place.is_visible()
    except Error:
        return False
