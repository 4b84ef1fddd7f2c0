"""The stand-in backend in real Chromium: what a person, or a careless robot, would see and set off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from fixtures.standin import Fault, LoginForm, LoginResult, Options, StandIn
from fixtures.standin.markup import MAIN, inner, order_id
from fixtures.standin.site import DETAIL_PATH, KINDS, WRITE_APIS
from fixtures.standin.store import Store
from tests.conftest import RECORDINGS

pytestmark = pytest.mark.browser

SYSTEM = ("/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium", "/usr/bin/google-chrome")
CSP = "https://csp.aliexpress.com"
ROWS = "table.next-table-row"
NEXT = "button.next-next"
DISPLAY = ".next-pagination-display"
MAIN_COLUMN = '[class*="shell--main"]'
EYE = "i[class*='orderEye--eye']"
FIELDS = {
    LoginForm.REACT: ("#loginName", "#password", "button.next-btn-primary"),
    LoginForm.CLASSIC: ("#fm-login-id", "#fm-login-password", "#fm-login-submit"),
    LoginForm.IFRAME: ("#fm-login-id", "#fm-login-password", "#fm-login-submit"),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


def launch(chromium: BrowserType, standin: StandIn) -> Browser:
    """A browser that finds the stand-in under the real host names and nothing else."""
    found = next((file for file in (Path(chromium.executable_path), *map(Path, SYSTEM)) if file.exists()), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return chromium.launch(executable_path=found, args=[*standin.chromium_args(), "--no-sandbox"])


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with StandIn(RECORDINGS / "northwind", count_foreign=True) as standin:
        yield standin


@pytest.fixture(scope="module")
def browser(chromium: BrowserType, shared: StandIn) -> Iterator[Browser]:
    with launch(chromium, shared) as browser:
        yield browser


@pytest.fixture
def standin(shared: StandIn) -> StandIn:
    shared.reset()
    for name, value in vars(Options()).items():
        setattr(shared.options, name, value)
    return shared


@pytest.fixture
def context(standin: StandIn, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def inside(standin: StandIn, page: Page) -> Page:
    """A page of a browser that is signed in."""
    page.goto(address(standin.store, "health"))
    sign_in(page, standin)
    expect(page.locator('[class*="shell--name"]')).to_have_text(standin.store.name)
    standin.forget()
    return page


def address(store: Store, kind: str) -> str:
    return f"{CSP}{KINDS[kind]['path']}?channelId={store.channel_id}"


def sign_in(page: Page, standin: StandIn, user: str = "") -> None:
    form = standin.options.login_form
    name, password, button = FIELDS[form]
    place = page.frame_locator("iframe#alibaba-login-box") if form is LoginForm.IFRAME else page
    place.locator(name).fill(user or standin.credentials.user)
    place.locator(password).fill(standin.credentials.password)
    place.locator(button).click()


def open_orders(page: Page, standin: StandIn, tab: str = "") -> None:
    page.goto(address(standin.store, "orders"))
    expect(page.locator(ROWS).first).to_be_visible()
    if tab:
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(ROWS).first).to_be_visible()


def turn(page: Page, to: str) -> None:
    page.locator(NEXT).click()
    expect(page.locator(DISPLAY)).to_have_text(to)


def read_orders(page: Page) -> list[str]:
    """All orders of the open tab, page after page."""
    orders: list[str] = []
    last = int(page.inner_text(DISPLAY).partition("/")[2])
    for number in range(1, last + 1):
        if number > 1:
            turn(page, f"{number}/{last}")
        orders += [order_id(row) for row in page.locator(ROWS).all_inner_texts()]
    expect(page.locator(NEXT)).to_be_disabled()
    return orders


# The way in


@pytest.mark.parametrize("form", list(LoginForm))
def test_each_login_form_leads_to_the_page_that_was_wanted(standin: StandIn, page: Page, form: LoginForm) -> None:
    standin.options.login_form = form
    page.goto(address(standin.store, "orders"))
    assert page.url.startswith("https://login.aliexpress.com/")
    sign_in(page, standin)
    page.wait_for_url(address(standin.store, "orders"))
    expect(page.locator(ROWS)).to_have_count(20)
    expect(page.locator('[class*="shell--login"]')).to_have_text(standin.store.login_id)


def test_the_login_button_waits_for_both_fields(standin: StandIn, page: Page) -> None:
    page.goto(address(standin.store, "orders"))
    button = page.locator("button.next-btn-primary")
    expect(button).to_be_disabled()
    page.fill("#loginName", "x")
    expect(button).to_be_disabled()
    page.fill("#password", "y")
    expect(button).to_be_enabled()


@pytest.mark.parametrize(
    ("form", "result", "seen"),
    [
        (LoginForm.REACT, LoginResult.WRONG_PASSWORD, "text=账号名或登录密码不正确"),
        (LoginForm.CLASSIC, LoginResult.WRONG_PASSWORD, "#login-error .login-error-msg"),
        (LoginForm.REACT, LoginResult.SLIDER, "#nc_1_n1z"),
        (LoginForm.CLASSIC, LoginResult.CODE, "text=短信验证码"),
        (LoginForm.REACT, LoginResult.PUNISH, "div#baxia-punish"),
        (LoginForm.REACT, LoginResult.FROZEN, "text=冻结"),
    ],
)
def test_what_a_failed_login_shows(
    standin: StandIn, page: Page, form: LoginForm, result: LoginResult, seen: str
) -> None:
    standin.options.login_form, standin.options.login_result = form, result
    page.goto(address(standin.store, "orders"))
    sign_in(page, standin)
    expect(page.locator(seen).first).to_be_visible()
    assert page.url.startswith("https://login.aliexpress.com/")


# What the pages show


def test_the_orders_can_be_read_to_the_end(standin: StandIn, inside: Page) -> None:
    for tab, view in (("等待发货", "awaiting_shipment"), ("等待买家收货", "awaiting_receipt"), ("", "all")):
        open_orders(inside, standin, tab)
        listing = standin.store.listing("orders", view)
        assert listing is not None
        expect(inside.locator(".next-pagination-total")).to_have_text(f"共 {listing.total} 条")
        assert read_orders(inside) == [order_id(row) for row in listing.rows]
        assert len(listing.rows) == listing.total
    assert standin.writes == []
    assert standin.foreign == []


@pytest.mark.parametrize("name", ["northwind", "harbor"])
def test_every_page_reads_as_it_was_recorded(chromium: BrowserType, name: str) -> None:
    parse = "html => new DOMParser().parseFromString(html, 'text/html').body.innerHTML"
    with StandIn(RECORDINGS / name, first_view="awaiting_shipment") as standin, launch(chromium, standin) as browser:
        page = browser.new_page(ignore_https_errors=True)
        page.goto(address(standin.store, "health"))
        sign_in(page, standin)
        page.wait_for_url(f"{CSP}/**")
        for kind in KINDS:
            page.goto(address(standin.store, kind))
            page.wait_for_selector(f"{MAIN_COLUMN} > nav")
            recorded = (RECORDINGS / name / "pages" / f"{kind}-1.html").read_text("utf-8")
            opening = MAIN.search(recorded)
            assert opening is not None
            start, end = inner(recorded, opening)
            wanted = page.evaluate(parse, recorded[start:end])
            assert page.inner_html(MAIN_COLUMN).startswith(wanted), kind


def test_old_rows_stay_until_the_new_ones_come(standin: StandIn, inside: Page) -> None:
    open_orders(inside, standin)
    before = inside.locator(ROWS).all_inner_texts()
    with inside.expect_request(re.compile("queryorderlist")):
        standin.set_fault(Fault.HANG, kind="orders", where="gateway", times=1)
        inside.locator(NEXT).click()
    expect(inside.locator(".next-table > .next-loading")).to_be_visible()
    assert inside.locator(ROWS).all_inner_texts() == before
    expect(inside.locator(DISPLAY)).to_have_text("1/6")


def test_a_stale_token_shows_nowhere(standin: StandIn, inside: Page) -> None:
    open_orders(inside, standin)
    standin.expire_tokens()
    turn(inside, "2/6")
    assert inside.locator('[role="alert"]').count() == 0


def test_the_page_size_can_be_chosen(standin: StandIn, inside: Page) -> None:
    open_orders(inside, standin)
    inside.locator(".next-pagination-size-selector-dropdown").click()
    inside.get_by_role("option", name="100").click()
    expect(inside.locator(DISPLAY)).to_have_text("1/2")
    expect(inside.locator(ROWS)).to_have_count(100)


def test_rows_shift_once(standin: StandIn, inside: Page) -> None:
    standin.options.shifting = True
    open_orders(inside, standin, "等待发货")
    expect(inside.locator(".next-pagination-total")).to_have_text("共 39 条")
    first = read_orders(inside)
    assert (len(first), len(set(first))) == (40, 39)
    open_orders(inside, standin, "等待发货")
    expect(inside.locator(".next-pagination-total")).to_have_text("共 40 条")
    assert len(set(read_orders(inside))) == 40


def test_one_orders_parcels(standin: StandIn, inside: Page) -> None:
    listing = standin.store.listing("tracking", "")
    assert listing is not None
    order = order_id(listing.rows[0])
    inside.goto(f"{CSP}{DETAIL_PATH}?channelId={standin.store.channel_id}&tradeOrderId={order}")
    cards = inside.locator('[class*="parcel--card"]')
    expect(cards.first).to_be_visible()
    assert cards.count() == sum(order_id(row) == order for row in listing.rows)


def test_another_store_of_the_account(standin: StandIn, inside: Page) -> None:
    inside.goto(address(standin.stores[1], "orders"))
    expect(inside.locator('[class*="shell--name"]')).to_have_text("Southgate Outlet")
    expect(inside.locator(".next-table-body")).to_contain_text("暂无数据")


def test_dialogs_cover_the_page_until_closed(standin: StandIn, inside: Page) -> None:
    standin.options.dialog = standin.options.coach = True
    inside.goto(address(standin.store, "orders"))
    dialogs = inside.locator('div[role="dialog"]')
    expect(dialogs).to_have_count(2)
    inside.locator('div[role="dialog"] [aria-label="关闭"]').last.click()
    inside.locator('div[role="dialog"] [aria-label="关闭"]').click()
    expect(dialogs).to_have_count(0)
    assert standin.writes == []


# What must not be touched


def test_every_button_that_writes_is_counted(standin: StandIn, inside: Page) -> None:
    standin.options.dialog = True
    open_orders(inside, standin)
    inside.get_by_role("button", name="立即报名").click()
    inside.locator('[aria-label="关闭"]').click()
    inside.locator(EYE).first.click()
    for name in ("编辑备注", "批量导出"):
        inside.get_by_text(name).first.click()
    inside.get_by_role("tab", name="等待发货").click()
    inside.get_by_role("button", name="去发货").first.click()
    with inside.expect_request("**/order/batchShip.do"):
        inside.get_by_role("button", name="批量发货").click()
    expect(inside.locator(ROWS).first).to_be_visible()
    written = {what for _, _, what in standin.writes}
    assert {what for what in written if what.startswith("mtop.")} <= WRITE_APIS
    assert "mtop.aliexpress.trade.seller.order.address.reveal" in written
    assert "mtop.ae.logistics.seller.shipment.declare" in written
    assert "/order/batchShip.do" in written
    assert len(written) == 6


def test_a_noisy_page_talks_to_others(standin: StandIn, inside: Page) -> None:
    standin.options.noisy = True
    with (
        inside.expect_websocket() as socket,
        inside.expect_event("requestfinished", lambda request: "example-tracker" in request.url),
    ):
        inside.goto(address(standin.store, "rating"))
    assert socket.value.url == "wss://im-ws.aliexpress.com/channel"
    assert {seen.host for seen in standin.foreign} == {"log.example-tracker.com"}
    assert standin.count(api="mtop.ae.csp.workbench.pulse") > 0


# Faults


def test_a_session_that_dies_while_paging(standin: StandIn, inside: Page) -> None:
    standin.set_fault(Fault.LOGIN_REDIRECT, kind="orders", where="gateway", after=2)
    open_orders(inside, standin)
    turn(inside, "2/6")
    inside.locator(NEXT).click()
    inside.wait_for_url("https://login.aliexpress.com/**")
    expect(inside.locator("#loginName")).to_be_visible()


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Fault.SESSION_EXPIRED, "[role=alert]:has-text('FAIL_SYS_SESSION_EXPIRED')"),
        (Fault.TRAFFIC_LIMIT, "[role=alert]:has-text('FAIL_SYS_TRAFFIC_LIMIT')"),
        (Fault.INNER_FAULT, "[role=alert]:has-text('FAIL_SYS_SERVICE_INNER_FAULT')"),
        (Fault.TRUNCATED_JSON, "[role=alert]:has-text('系统繁忙')"),
        (Fault.GATEWAY_ERROR, "[role=alert]:has-text('系统繁忙')"),
        (Fault.EMPTY_SUCCESS, "text=等待发货 (0)"),
        (Fault.SKELETON, ".next-loading .skeleton--bar--9wivWsn"),
        (Fault.PUNISH_API, "iframe#baxia-dialog-content"),
        (Fault.PUNISH_PAGE, "div#baxia-punish"),
        (Fault.SLIDER, "#nc_1_n1z"),
        (Fault.OLD_LAYOUT, "body.me-page"),
        (Fault.LOST_PAGE, "text=页面走丢了"),
        (Fault.PAGE_ERROR, "text=502 Bad Gateway"),
    ],
)
def test_what_a_fault_looks_like(standin: StandIn, inside: Page, fault: Fault, seen: str) -> None:
    standin.set_fault(fault, kind="orders")
    inside.goto(address(standin.store, "orders"))
    expect(inside.locator(seen).first).to_be_attached()
    assert inside.locator(ROWS).count() == 0
    if fault is Fault.PUNISH_API:
        expect(inside.frame_locator("#baxia-dialog-content").locator("#nc_1_n1z")).to_be_visible()


def test_the_page_of_another_store(standin: StandIn, inside: Page) -> None:
    standin.set_fault(Fault.WRONG_STORE, kind="orders", times=1)
    inside.goto(address(standin.store, "orders"))
    expect(inside.locator('[class*="shell--name"]')).to_have_text("Southgate Outlet")
    assert inside.url.endswith("channelId=555001")
    open_orders(inside, standin)


def test_a_late_answer_is_still_an_answer(standin: StandIn, inside: Page) -> None:
    standin.set_fault(Fault.SLOW, kind="orders", times=1, seconds=0.4)
    with inside.expect_response(re.compile("queryorderlist")) as answer:
        open_orders(inside, standin)
    assert answer.value.request.timing["responseStart"] >= 400
