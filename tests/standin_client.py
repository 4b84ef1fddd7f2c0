"""A bare HTTPS client for the stand-in: cookies, forms, signed gateway calls, no browser; and its fixtures."""

from __future__ import annotations

import hashlib
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from fixtures.standin import Options, StandIn
from fixtures.standin.site import KINDS
from tests.conftest import RECORDINGS

APP_KEY = "30267743"
GATEWAY = "https://seller-acs.aliexpress.com"
LOGIN = "https://login.aliexpress.com"
CSP = "https://csp.aliexpress.com"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    set_cookies: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def ret(self) -> str:
        return "|".join(self.json["ret"])

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Client:
    """One visitor with its own cookies."""

    standin: StandIn
    cookies: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        parts = urlsplit(url)
        line = HTTPSConnection("127.0.0.1", self.standin.port, context=context, timeout=10)
        sent = {"Host": parts.netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = urlencode(form) if form is not None else None
            line.request(method, parts._replace(scheme="", netloc="").geturl(), body, sent | (headers or {}))
            got = line.getresponse()
            cookies = dict(value.split("=", 1) for name, value in got.getheaders() if name.lower() == "set-cookie")
            self.cookies |= {name: value.partition(";")[0] for name, value in cookies.items()}
            low = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, low, cookies, got.read())
        finally:
            line.close()

    def get(self, url: str) -> Answer:
        return self.send("GET", url)

    def login(self, user: str = "", password: str = "") -> Answer:
        known = self.standin.credentials
        form = {
            "loginId": user or known.user,
            "password": password or known.password,
            "returnUrl": f"{CSP}/m_apps/home",
        }
        return self.send("POST", f"{LOGIN}/newlogin/login.do", form)

    def open(self, kind: str, **query: str) -> Answer:
        query = {"channelId": self.standin.store.channel_id, **query}
        return self.get(f"{CSP}{KINDS[kind]['path']}?{urlencode(query)}")

    def sign(self, data: str, moment: str) -> str:
        token = self.cookies.get("_m_h5_tk", "").partition("_")[0]
        return hashlib.md5("&".join((token, moment, APP_KEY, data)).encode()).hexdigest()

    def call_once(self, api: str, data: dict[str, Any], method: str = "GET", **query: str) -> Answer:
        """One signed call, with whatever comes of it."""
        text, moment = json.dumps(data), str(int(time.time() * 1000))
        known = {
            "jsv": "2.7.2",
            "appKey": APP_KEY,
            "t": moment,
            "sign": self.sign(text, moment),
            "api": api,
            "v": "1.0",
        }
        known |= query
        form = {"data": text} if method == "POST" else None
        if method == "GET":
            known["data"] = text
        return self.send(method, f"{GATEWAY}/h5/{api.lower()}/1.0/?{urlencode(known)}", form)

    def call(self, api: str, data: dict[str, Any] | None = None, method: str = "GET", **query: str) -> Answer:
        """A signed call that gets itself a token first."""
        answer = self.call_once(api, data or {}, method, **query)
        return self.call_once(api, data or {}, method, **query) if b"FAIL_SYS_TOKEN" in answer.body else answer

    def rows(self, kind: str, **data: Any) -> Any:
        """The data of one page of a list."""
        facts = KINDS[kind]
        data = {"channelId": self.standin.store.channel_id, "current": 1, "frame": True, **data}
        return self.call(facts["api"], data, facts["method"]).json["data"]


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with StandIn(RECORDINGS / "northwind") as standin:
        yield standin


@pytest.fixture
def standin(shared: StandIn) -> StandIn:
    shared.reset()
    for name, value in vars(Options()).items():
        setattr(shared.options, name, value)
    return shared


@pytest.fixture
def visitor(standin: StandIn) -> Client:
    return Client(standin)


@pytest.fixture
def seller(visitor: Client) -> Client:
    assert visitor.login().json["success"]
    return visitor
