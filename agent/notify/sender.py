"""Delivers one message to one channel: group robots are spoken to directly, everything else goes through apprise."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.errors import ChannelUnusable, NotDelivered
from agent.notify.robots import KINDS, Robot
from checks.text import Text

if TYPE_CHECKING:
    from apprise import AppriseAsset, AppriseResult, NotifyBase

ATTEMPTS = 3
LONGEST_WAIT_S = 8.0
TIMEOUT_S = 30.0
MOST_BYTES = 6_000
"""No message is longer, however much a channel would take: nobody reads more at once."""

log = logging.getLogger(__name__)


@dataclass
class Sender:
    """Sends texts to the address of one channel. ``sleep`` is what lets time pass between two attempts."""

    channel: str
    address: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._robot = Robot.at(self.address)
        self._service = None if self._robot else _service(self.channel, self.address)

    @property
    def service(self) -> Text:
        """What the channel is, for a list: "DingTalk", "Email"."""
        if self._robot:
            return self._robot.kind.name
        name = str(getattr(self._service, "service_name", "") or type(self._service).__name__)
        return Text(name, name)

    @property
    def most_bytes(self) -> int:
        """How long a message may be, title included, in bytes of UTF-8."""
        if self._robot:
            return self._robot.kind.most_bytes
        # apprise counts characters where most services count bytes, so that bytes are right for both.
        return min(MOST_BYTES, int(getattr(self._service, "body_maxlen", MOST_BYTES)))

    def send(self, title: str, body: str) -> None:
        """Send a message, trying again a few times; NotDelivered when it did not arrive."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

        again = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(multiplier=1, max=LONGEST_WAIT_S),
            retry=retry_if_exception(lambda error: isinstance(error, NotDelivered) and error.passing),
            sleep=self.sleep,
            reraise=True,
        )
        again(self._once, title, body)

    def _once(self, title: str, body: str) -> None:
        if self._robot:
            self._robot.send(self.channel, f"{title}\n{body}", self.clock())
            return
        import apprise

        courier = apprise.Apprise(asset=_asset())
        assert self._service is not None, "what is no robot is a service"
        courier.add(self._service)
        try:
            result = courier.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # a service's module may fail in its own way, and no run is lost because of it
            name = type(error).__name__
            raise NotDelivered(self.channel, said=Text(f"发送时出错 {name}", f"{name} while sending")) from error
        with result:
            if not result:
                raise NotDelivered(self.channel, said=_why(result, self._service))


def _asset() -> AppriseAsset:
    import apprise

    # Nothing of a channel is kept on the disk beside our own folder, and nothing of it is logged.
    return apprise.AppriseAsset(
        app_id="shoplint",
        app_desc="shoplint",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        service_timeout=TIMEOUT_S,
        async_mode=False,
    )


def _service(channel: str, address: str) -> NotifyBase:
    import apprise

    logger = logging.getLogger("apprise")
    logger.propagate = False  # it would write to the terminal by itself
    logger.setLevel(logging.WARNING)  # what went wrong is read from there, however quiet the command is
    found = apprise.Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)
    if found is None:
        raise _not_understood(channel, address)
    return found


def _not_understood(channel: str, address: str) -> ChannelUnusable:
    scheme = address.partition("://")[0][:20] if "://" in address else "?"
    robots = ", ".join(kind.name.en for kind in KINDS.values())
    return ChannelUnusable(
        Text(
            f"通知渠道 {channel} 的地址无法识别（以 {scheme}:// 开头）；可用的有："
            "钉钉、飞书、企业微信机器人的 Webhook 地址，邮件 mailtos://用户:密码@域名，自建接口 jsons://主机/路径，"
            "以及 apprise 支持的其他地址",
            f"the address of the channel {channel} is not understood (it begins with {scheme}://); it may be the "
            f"webhook of a robot ({robots}), mailtos://user:password@host, jsons://host/path, or any other address "
            "of apprise",
        )
    )


def _why(result: AppriseResult, service: NotifyBase) -> Text:
    """What went wrong, in apprise's words without anything that stands in the address."""
    name = str(getattr(service, "service_name", "") or "")
    words = [str(getattr(entry, "message", entry)) for entry in result.logs()]
    said = next((word for word in reversed(words) if word.strip()), name)
    for secret in _secrets(service):
        said = said.replace(secret, "…")
    flat = " ".join(said.split())[:160].rstrip(".")
    return Text(flat, flat)


def _secrets(service: NotifyBase) -> Sequence[str]:
    values = [value for value in vars(service).values() if isinstance(value, str)]
    return sorted({value for value in values if len(value) >= 6 and value != service.host}, key=len, reverse=True)
