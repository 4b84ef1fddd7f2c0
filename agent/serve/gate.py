"""What stands before every page: who may ask, for what, and what the answer may load.

- Only GET and HEAD are passed on: the pages read, and nothing else.
- Without a password only requests that name this machine itself are answered, so that a foreign page whose name was
  made to point here cannot read the history through the visitor's browser.
- With a password every request needs it (HTTP basic authentication; the user name does not matter).
- Every answer carries a policy by which the browser itself refuses to load anything from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Datasette's own pages carry scripts and styles inline; nothing at all comes from another address."""
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"cache-control": b"no-store",
}


def is_loopback(host: str) -> bool:
    """Whether an address, or the name localhost, is this machine itself."""
    name = host.strip("[]").casefold()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def gated(app: App, password: str | None) -> App:
    """The application behind the gate."""

    async def gate(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        refused = _refusal(scope, password)
        if refused is not None:
            return await _refuse(send, *refused)
        return await app(scope, receive, _with_headers(send))

    return gate


def _refusal(scope: Message, password: str | None) -> tuple[int, str, dict[bytes, bytes]] | None:
    """Status, words and headers for a request that is not passed on."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if password is None:
        if not is_loopback(_named(headers.get(b"host", b""))):
            return 403, "这里只回答本机的请求 / only requests to this machine itself are answered", {}
    elif not _knows(headers.get(b"authorization", b""), password):
        ask = {b"www-authenticate": b'Basic realm="shoplint", charset="UTF-8"'}
        return 401, "需要密码 / a password is needed", ask
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "这里只能看 / here one can only look", {b"allow": b"GET, HEAD"}
    return None


def _named(host: bytes) -> str:
    """The host without its port; empty where that cannot be read."""
    try:
        return urlsplit(f"//{host.decode('ascii')}").hostname or ""
    except ValueError:
        return ""


def _knows(header: bytes, password: str) -> bool:
    scheme, _, coded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return False
    try:
        _, _, given = base64.b64decode(coded, validate=True).partition(b":")
    except binascii.Error:
        return False
    return compare_digest(given, password.encode())


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in HEADERS]
            message = {**message, "headers": [*own, *HEADERS.items()]}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, words: str, headers: dict[bytes, bytes]) -> None:
    kind = {b"content-type": b"text/plain; charset=utf-8"}
    send = _with_headers(send)
    await send({"type": "http.response.start", "status": status, "headers": [*(kind | headers).items()]})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})
