"""The read-only guard: what it says of single requests, and what really leaves a browser behind it."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Error, Page

from agent.live.apis import build
from agent.live.guard import Ask, Blocked, Guard
from extractors.vocabulary import shipped
from fixtures.standin.faults import Fault
from fixtures.standin.site import ACTIONS
from tests.live.scene import Scene, closed

GATEWAY = "https://seller-acs.aliexpress.com/h5/{}/1.0/?api={}"
CSP = "https://csp.aliexpress.com"


def guard(**state: bool) -> Guard:
    found = Guard(shipped().site, build())
    for name, value in state.items():
        setattr(found, name, value)
    return found


def call(api: str, method: str = "GET", kind: str = "fetch") -> Ask:
    return Ask(method, GATEWAY.format(api.lower(), api), kind)


@pytest.mark.parametrize(
    ("ask", "counted"),
    [
        (Ask("GET", f"{CSP}/m_apps/order-manage/orderList?channelId=1", "document"), "page"),
        (Ask("GET", f"{CSP}/m_apps/logistic/ship_cn?channelId=1", "document"), "page"),
        (Ask("HEAD", f"{CSP}/m_apps/home", "document"), "page"),
        (Ask("GET", "https://login.aliexpress.com/user/seller/login?return_url=x", "document"), "page"),
        (Ask("GET", f"{CSP}/m_static/shell.js", "script"), "asset"),
        (Ask("GET", "https://g.alicdn.com/csp/shell/index.js", "script"), "asset"),
        (Ask("GET", "https://g.alicdn.com/csp/shell/next.css", "stylesheet"), "asset"),
        (Ask("GET", f"{CSP}/api/config.json", "fetch"), "data"),
        (call("mtop.aliexpress.trade.seller.order.queryOrderList", "POST"), "api"),
        (call("mtop.ae.csp.nav.shop.list", kind="script"), "api"),
        (Ask("GET", "data:text/html,x", "document"), "local"),
        (Ask("GET", f"{CSP}/m_apps/logistic/ship_cn/_____tmd_____/punish?x5secdata=1", "document"), "page"),
    ],
)
def test_what_may_pass(ask: Ask, counted: str) -> None:
    assert guard().judge(ask) == counted


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Ask("POST", f"{CSP}/order/batchShip.do", "document"), "POST may change"),
        (Ask("PUT", f"{CSP}/m_apps/home", "fetch"), "PUT may change"),
        (Ask("GET", f"{CSP}/order/batchShip.do", "fetch"), "address says that it writes"),
        (Ask("GET", f"{CSP}/order/saveNote.json?text=x", "fetch"), "address says that it writes"),
        (Ask("POST", "https://login.aliexpress.com/newlogin/login.do", "fetch"), "POST may change"),
        (call("mtop.aliexpress.trade.seller.order.address.reveal"), "name says that it writes"),
        (call("mtop.ae.logistics.seller.shipment.declare", "POST"), "name says that it writes"),
        (call("mtop.ae.csp.workbench.pulse"), "neither read nor write"),
        (call("mtop.ae.csp.nav.shop.list", "DELETE"), "DELETE may change"),
        (Ask("GET", "https://seller-acs.aliexpress.com/anything", "fetch"), "no API name"),
        (Ask("GET", GATEWAY.format("mtop.a.update", "mtop.a.queryList"), "fetch"), "two that differ"),
        (Ask("GET", "https://example.com/", "document"), "own hosts"),
        (Ask("GET", "https://csp.aliexpress.com.example.com/", "document"), "own hosts"),
        (Ask("GET", "https://evilalicdn.com/x.js", "script"), "own hosts"),
        (Ask("GET", "https://g.alicdn.com/data.json", "fetch"), "own hosts"),
        (Ask("GET", "https://ae01.alicdn.com/kf/x.png", "image"), "not loaded"),
        (Ask("GET", f"{CSP}/font.woff2", "font"), "not loaded"),
        (Ask("GET", f"{CSP}/m_apps/home", "ping"), "reports about the visitor"),
        (Ask("GET", f"{GATEWAY.format('mtop.a.querylist', 'mtop.a.ship')}&api=mtop.a.queryList", "fetch"), "two that"),
        (Ask("GET", f"{CSP}/api/order.do?event=extendReceive&id=1", "fetch"), "names a deed"),
        (Ask("GET", "http://csp.aliexpress.com/m_apps/home", "document"), "scheme"),
        (Ask("GET", "ftp://csp.aliexpress.com/x", "document"), "scheme"),
        (Ask("GET", "file:///etc/passwd", "document"), "scheme"),
        (Ask("GET", "https://[csp.aliexpress.com/m_apps/home", "document"), "no address"),
    ],
)
def test_what_may_not_pass(ask: Ask, reason: str) -> None:
    verdict = guard().judge(ask)
    assert isinstance(verdict, Blocked)
    assert reason in verdict.reason


def test_an_unknown_call_is_named_with_the_line_that_allows_it() -> None:
    verdict = guard().judge(call("mtop.ae.csp.workbench.pulse"))
    assert isinstance(verdict, Blocked)
    assert (verdict.what, verdict.allow) == ("mtop.ae.csp.workbench.pulse", 'read = ["mtop.ae.csp.workbench.pulse"]')


def test_a_login_may_send_to_the_login_hosts_only() -> None:
    login = Ask("POST", "https://login.aliexpress.com/newlogin/login.do", "fetch")
    slider = Ask("POST", "https://cf.aliyun.com/nocaptcha/analyze.jsonp", "fetch")
    write = call("mtop.ae.logistics.seller.shipment.declare", "POST")
    assert guard(login=True).judge(login) == "login"
    assert isinstance(guard(login=True).judge(slider), Blocked)
    assert guard(login=True, by_hand=True).judge(slider) == "login"
    for state in ({"login": True}, {"login": True, "by_hand": True}):
        assert isinstance(guard(**state).judge(write), Blocked)
        assert isinstance(guard(**state).judge(Ask("POST", f"{CSP}/order/batchShip.do", "document")), Blocked)


def test_blocked_requests_are_kept_by_name_up_to_a_limit() -> None:
    found = guard().tally
    for number in range(600):
        found.block(Blocked("GET", "a", str(number), "x"))
        found.block(Blocked("GET", "a", "again", "x"))
    assert len(found.blocked) == 500
    assert found.blocked.total() + found.unnamed == 1200


# In a browser

SEND = """
async () => {
  const done = [], write = "/order/batchShip.do", own = "https://csp.aliexpress.com" + write;
  const other = "https://collect.example.com/x";
  const add = (tag, values) => document.body.appendChild(Object.assign(document.createElement(tag), values));
  const loaded = (tag, values) => new Promise((onload, onerror) => add(tag, { onload, onerror, ...values }));
  const attempt = async (name, work) => {
    try { await work(); done.push(name); } catch (refused) { done.push("-" + name); }
  };
  await attempt("beacon", () => navigator.sendBeacon(own, "x"));
  await attempt("keepalive", () => fetch(write, { method: "POST", keepalive: true, body: "x" }));
  await attempt("put", () => fetch(write, { method: "PUT", body: "x" }));
  await attempt("foreign", () => fetch(other, { mode: "no-cors" }));
  await attempt("foreign-post", () => fetch(other, { mode: "no-cors", method: "POST", body: "x" }));
  await attempt("xhr", () => new Promise((onload, onerror) => {
    const request = Object.assign(new XMLHttpRequest(), { onload, onerror });
    request.open("POST", write);
    request.send("x");
  }));
  await attempt("picture", () => loaded("img", { src: other }));
  await attempt("frame", () => loaded("iframe", { src: other }));
  await attempt("form", () => {
    const frame = loaded("iframe", { name: "target" });
    add("form", { method: "post", target: "target", action: write }).submit();
    return frame;
  });
  await attempt("ping", () => add("a", { href: "#x", ping: own }).click());
  await attempt("worker", () => new Promise((resolve, onerror) => {
    const sent = `fetch("${own}", { method: "POST", body: "x" })`;
    const code = `${sent}.then(() => postMessage(1), () => postMessage(0))`;
    const onmessage = (answer) => (answer.data ? resolve() : onerror());
    Object.assign(new Worker(URL.createObjectURL(new Blob([code]))), { onmessage, onerror });
  }));
  return done;
}
"""
SOCKET = """
() => new Promise((resolve) => {
  const line = new WebSocket("wss://im-ws.aliexpress.com/channel");
  line.onopen = () => { line.send("online"); line.send("again"); setTimeout(() => resolve(line.readyState), 100); };
  line.onerror = () => resolve("refused");
})
"""


async def inside(scene: Scene) -> tuple[Guard, Page]:
    session = scene.session(scene.env())
    page = await session.signed_in()
    scene.standin.forget()
    assert session.guard is not None
    return session.guard, page


@pytest.mark.browser
def test_nothing_that_a_page_tries_gets_out(scene: Scene) -> None:
    async def work() -> tuple[Guard, list[str]]:
        found, page = await inside(scene)
        done: list[str] = await page.evaluate(SEND)
        await page.context.close()
        return found, done

    found, done = scene.run(work())
    assert {name for name in done if not name.startswith("-")} <= {"beacon", "frame", "form", "ping"}
    assert [seen for seen in scene.standin.requests if seen.method not in ("GET", "HEAD")] == []
    assert scene.standin.count(path="/order/batchShip.do") == 0
    assert {blocked.host for blocked in found.tally.blocked} >= {"csp.aliexpress.com", "collect.example.com"}
    assert sum(blocked.what == "/order/batchShip.do" for blocked in found.tally.blocked) >= 2
    scene.harmless()


@pytest.mark.browser
def test_nothing_is_said_over_a_web_socket(scene: Scene) -> None:
    async def work() -> Guard:
        found, page = await inside(scene)
        assert await page.evaluate(SOCKET) == 1
        await page.context.close()
        return found

    tally = scene.run(work()).tally
    assert scene.standin.count(kind="websocket") == 0
    assert (
        tally.blocked[Blocked("WEBSOCKET SEND", "im-ws.aliexpress.com", "/channel", "nothing is said over WebSockets")]
        == 2
    )
    scene.harmless()


@pytest.mark.browser
def test_every_gateway_call_that_writes_is_stopped(scene: Scene) -> None:
    """Even when somebody presses every button there is."""
    calls = [(action["api"], action["method"]) for action in ACTIONS if not action.get("read")]
    script = (
        "async (calls) => { for (const [api, method] of calls) { await window.mtop(api, {}, method).catch(() => 0); } }"
    )

    async def work() -> Guard:
        found, page = await inside(scene)
        await page.evaluate(script, [list(call) for call in calls])
        await page.context.close()
        return found

    tally = scene.run(work()).tally
    assert {blocked.what for blocked in tally.blocked} >= {api for api, _ in calls}
    assert not {seen.api for seen in scene.standin.requests} & {api for api, _ in calls}
    scene.harmless()


@pytest.mark.browser
def test_a_window_and_a_download_are_refused(scene: Scene) -> None:
    link = f"""() => {{ window.open({json.dumps(CSP + "/m_apps/home")});
      const link = document.createElement("a"); link.download = "orders.xlsx";
      link.href = URL.createObjectURL(new Blob(["x"])); link.click(); }}"""

    async def work() -> Guard:
        found, page = await inside(scene)
        async with page.context.expect_event("page"):
            await page.evaluate(link)
        async with page.expect_event("popup"):
            await page.evaluate("() => { window.open('about:blank') }")
        await page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 50))")
        await page.context.close()
        return found

    tally = scene.run(work()).tally
    assert "POPUP" in {blocked.method for blocked in tally.blocked}
    scene.harmless()


@pytest.mark.browser
def test_a_noisy_page_is_quiet_outside(scene: Scene) -> None:
    scene.standin.options.noisy = True

    async def work() -> Guard:
        session = scene.session(scene.env())
        await session.signed_in()
        await closed(session)
        assert session.guard is not None
        return session.guard

    tally = scene.run(work()).tally
    assert tally.writes == 0
    assert 0 < len(scene.standin.requests) <= tally.requests
    assert 'read = ["mtop.ae.csp.workbench.pulse"]' in tally.allowing
    assert {seen.method for seen in scene.standin.requests if seen.kind != "login" and not seen.api} <= {"GET"}
    scene.harmless()


@pytest.mark.browser
def test_every_step_of_a_redirect_is_judged(scene: Scene) -> None:
    async def work() -> Guard:
        found, page = await inside(scene)
        scene.standin.set_fault(Fault.LED_AWAY, kind="health")
        with pytest.raises(Error, match="ERR_BLOCKED_BY_CLIENT"):
            await page.goto(f"{CSP}/m_apps/account-health/pop-accounthealth?channelId={scene.standin.store.channel_id}")
        await page.context.close()
        return found

    tally = scene.run(work()).tally
    assert Blocked("GET", "collect.example.com", "/visit", "not one of the site's own hosts") in tally.blocked
    assert scene.standin.count(kind="health") == 1
    scene.harmless()


@pytest.mark.browser
def test_the_question_before_a_call_to_another_host_does_not_leave_either(scene: Scene) -> None:
    """A call with a header of its own is asked for beforehand (OPTIONS); the call itself is what is judged."""
    read, write = "mtop.aliexpress.trade.seller.order.queryOrderList", "mtop.ae.logistics.seller.shipment.declare"
    script = """
    async (addresses) => Promise.all(addresses.map((address) => fetch(address, { headers: { "x-own": "1" } })
      .then((answer) => answer.status, () => "refused")))
    """

    async def work() -> tuple[Guard, list[object]]:
        found, page = await inside(scene)
        said: list[object] = await page.evaluate(script, [GATEWAY.format(api, api) for api in (read, write)])
        await page.context.close()
        return found, said

    found, said = scene.run(work())
    assert said == [200, "refused"]
    assert "OPTIONS" not in {seen.method for seen in scene.standin.requests}
    assert write in {blocked.what for blocked in found.tally.blocked}
    scene.harmless()


@pytest.mark.browser
def test_scripts_are_fetched_once_and_not_with_each_page(scene: Scene) -> None:
    async def work() -> None:
        session = scene.session(scene.env())
        page = await session.signed_in()
        scene.standin.forget()
        for address in ("account-health/pop-accounthealth", "qualif/diagnosis"):
            await page.goto(f"{CSP}/m_apps/{address}?channelId={scene.standin.store.channel_id}")
        await closed(session)

    scene.run(work())
    assert scene.standin.count(path="/m_static/shell.js") == 0
    assert scene.standin.count(path="/m_apps/qualif/diagnosis") == 1
    scene.harmless()


@pytest.mark.browser
def test_nothing_leaves_after_the_visit(scene: Scene) -> None:
    """Neither what a page says while it is closed, nor a page that nobody guards."""
    last_words = f"() => addEventListener('pagehide', () => navigator.sendBeacon('{CSP}/order/batchShip.do', 'x'))"

    async def work() -> None:
        session = scene.session(scene.env())
        page = await session.signed_in()
        await page.evaluate(last_words)
        await session.close()
        scene.standin.forget()
        context = await scene.live.context()
        with pytest.raises(Error, match="ERR_BLOCKED_BY_CLIENT"):
            await (await context.new_page()).goto(f"{CSP}/m_apps/home")
        await context.close()

    scene.run(work())
    assert scene.standin.requests == []
    scene.harmless()
