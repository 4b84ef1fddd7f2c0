"""The group robots of DingTalk, Feishu, Lark and WeCom, addressed as those pages give the address.

They are spoken to directly, because they answer 200 even when they refuse a message (keyword missing, sender not on the
list, too many): only the code in the body tells, and a general library that looks at the status alone would call the
message delivered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from agent.errors import NotDelivered
from checks.text import Text

TIMEOUT_S = 15
BUSY_CODES = frozenset({-1, 45009, 90030, 130101, 11232})
"""Codes that mean "later": the robot is asked too often, or the platform is busy."""


@dataclass(frozen=True)
class Kind:
    """A platform: where its robots are, and what a message and its answer look like."""

    name: Text
    host: str
    endpoint: str
    most_bytes: int
    code: str
    """The key of the answer that is 0 when the message was taken."""
    said: str
    body: Callable[[str], dict[str, Any]]


def _dingtalk(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _feishu(text: str) -> dict[str, Any]:
    return {"msg_type": "text", "content": {"text": text}}


KINDS: dict[str, Kind] = {
    "dingtalk": Kind(
        Text("钉钉", "DingTalk"),
        "oapi.dingtalk.com",
        "https://oapi.dingtalk.com/robot/send?access_token={token}",
        6_000,
        "errcode",
        "errmsg",
        _dingtalk,
    ),
    "feishu": Kind(
        Text("飞书", "Feishu"),
        "open.feishu.cn",
        "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
        6_000,
        "code",
        "msg",
        _feishu,
    ),
    "lark": Kind(
        Text("Lark", "Lark"),
        "open.larksuite.com",
        "https://open.larksuite.com/open-apis/bot/v2/hook/{token}",
        6_000,
        "code",
        "msg",
        _feishu,
    ),
    "wecombot": Kind(
        Text("企业微信", "WeCom"),
        "qyapi.weixin.qq.com",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
        2_000,
        "errcode",
        "errmsg",
        _dingtalk,
    ),
}
_TOKEN = re.compile(r"[\w-]+", re.ASCII)


@dataclass(frozen=True, repr=False)
class Robot:
    """One robot; ``secret`` is that of its signature, where the group asks for one."""

    scheme: str
    token: str
    secret: str = ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.scheme]

    @classmethod
    def at(cls, address: str) -> Robot | None:
        """The robot of an address: as its platform shows it (``&secret=`` added for a signature), or in short form
        ``dingtalk://TOKEN``, ``dingtalk://SECRET@TOKEN``; None for any other address."""
        parts = urlsplit(address.strip())
        asked = parse_qs(parts.query)
        secret = asked.get("secret", [parts.username or ""])[0]
        if parts.scheme == "https":
            for scheme, kind in KINDS.items():
                if parts.hostname == kind.host:
                    last = parts.path.rstrip("/").rpartition("/")[2]
                    token = (asked.get("access_token") or asked.get("key") or [last])[0]
                    return cls(scheme, token, secret) if _TOKEN.fullmatch(token) else None
        # The name of the host is read from the text: as a part of an address it would lose its capitals.
        token = parts.netloc.rpartition("@")[2]
        if parts.scheme in KINDS and not parts.path.strip("/") and _TOKEN.fullmatch(token):
            return cls(parts.scheme, token, secret)
        return None

    def send(self, channel: str, text: str, now: float) -> None:
        """Send a text; NotDelivered with the platform's own words. ``now`` is in seconds, for the signature."""
        import requests

        body = self.kind.body(text)
        url = self.kind.endpoint.format(token=self.token)
        if self.secret and self.kind.body is _feishu:
            body |= _signed_feishu(self.secret, now)
        elif self.secret:
            url += _signed_dingtalk(self.secret, now)
        try:
            answer = requests.post(url, json=body, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            # The library's own message names the address, and that is a secret.
            said = Text(f"连不上{self.kind.name.zh}", f"{self.kind.name.en} cannot be reached")
            raise NotDelivered(channel, said=said) from error
        self._check(channel, answer.status_code, _object(answer.content))

    def _check(self, channel: str, status: int, answer: dict[str, Any]) -> None:
        code = answer.get(self.kind.code, answer.get("StatusCode"))
        if status == 200 and code == 0:
            return
        name = self.kind.name
        words = " ".join(str(answer.get(self.kind.said, "")).split())[:120].replace(self.token, "…")
        told = f"{code} {words}".strip() if code is not None else f"HTTP {status}"
        said = Text(f"{name.zh}拒绝：{told}", f"{name.en} refused: {told}")
        raise NotDelivered(channel, said=said, passing=status >= 500 or status == 429 or code in BUSY_CODES)


def _object(body: bytes) -> dict[str, Any]:
    import json

    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _signed_dingtalk(secret: str, now: float) -> str:
    stamp = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def _signed_feishu(secret: str, now: float) -> dict[str, str]:
    stamp = str(int(now))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
