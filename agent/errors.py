"""Everything that can go wrong in a way a user can mend, one class each.

    ShoplintError                    exit code 2 unless said otherwise
    ├── UsageError                   a command was called in a way that cannot be done
    ├── StoreBusy                    another run is visiting the same store
    ├── BudgetSpent                  exit code 3: the pages of one run are used up
    ├── ConfigurationError           what the user wrote for shoplint
    │   ├── ConfigurationMissing     the named file is not there
    │   ├── ConfigurationUnreadable  the file cannot be opened, or is no TOML
    │   ├── ConfigurationWrong       it has mistakes; all of them are in ``mistakes``
    │   ├── HomeUnusable             the folder for everything that is kept cannot be used
    │   ├── ChannelUnusable          the address of a notification channel is not there, or not understood
    │   ├── ScheduleUnavailable      this system has no timer of the wanted kind, or refused it
    │   ├── VaultKeyMissing          there is no key for the stored sessions, and no keyring that could keep one
    │   └── VaultKeyWrong            the key is not the one that a session was stored with
    ├── CaptureError                 a saved capture, or one page of it
    │   ├── CaptureMissing           no such file or folder
    │   ├── CaptureUnreadable        it may not be read, or the disk failed
    │   ├── NotACapture              it is something else
    │   ├── CaptureDamaged           an archive cut off or spoilt
    │   ├── ManifestDamaged          capture.json is no JSON
    │   ├── ManifestIncomplete       capture.json lacks a key
    │   ├── ManifestWrong            a value of capture.json cannot be so
    │   ├── CaptureTooNew            made by a newer version
    │   ├── CaptureEscapes           a file name leaves the folder
    │   ├── CaptureTooLarge          it would expand beyond every real capture
    │   ├── PageUnreadable           the file of one page is missing, empty, cut off or no page
    │   ├── CaptureExists            the folder to write into is already used
    │   ├── CaptureInUse             another program is writing into it
    │   ├── CaptureNotWritten        it cannot be written, or no space is left
    │   └── RecordingRefused         it cannot become a recording: something personal would stay in it
    ├── ExportError                  an order export
    │   └── NotAnExport              no .xlsx file
    ├── HistoryError                 the history database
    │   ├── HistoryTooNew            written by a newer version
    │   ├── HistoryLocked            another program is writing it
    │   ├── HistoryReadOnly          the file or its folder cannot be written or opened
    │   ├── HistoryFull              no space is left for it
    │   ├── HistoryCorrupt           it is damaged, or no database at all
    │   ├── HistoryForeign           it is the database of another program
    │   ├── HistoryMissing           there is none yet
    │   ├── RunNotFound              it holds no such run, or several
    │   ├── EvidencePruned           what that run found was removed when its time was over
    │   ├── FindingNotFound          it holds no such finding, or several
    │   ├── MuteNotFound             it holds no such mute
    │   └── BaselineMissing          nothing was accepted for the store yet
    ├── NeedsPerson                  exit code 4: somebody must act; nothing is tried again by itself
    │   ├── NoSession                nobody has logged in to the store yet
    │   ├── SessionExpired           the stored session no longer opens the backend
    │   ├── SessionUnreadable        the file of the stored session is damaged, or is something else
    │   ├── WrongPassword            the backend refused name or password
    │   ├── VerificationRequired     a slider or a check of the visitor
    │   ├── CodeRequired             a code was sent to the account's owner
    │   ├── AccountFrozen            the account may not log in
    │   ├── LoginUnclear             the login page shows nothing that is known
    │   ├── WrongStore               the pages are another store's
    │   └── StoreParked              the store is left alone until a given time
    └── Unreachable                  exit code 5: the backend cannot be reached
        ├── NotDelivered             a message did not reach its channel
        ├── BrowserMissing           no browser is installed
        ├── BrowserLost              the browser ended or could not be attached to
        ├── NetworkFailed            no connection to the host
        └── PageTimeout              a page did not arrive in time

Each carries one sentence in both languages: what was wanted, what was found instead, what to do next, and where the
page or picture was kept when there is one. Names of stores in them are those of the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from checks.text import Text


class ShoplintError(Exception):
    """Base of all errors that are shown as one sentence; ``exit_code`` is the command's."""

    exit_code: ClassVar[int] = 2

    def __init__(self, text: Text, *, kept: Path | None = None) -> None:
        if kept is not None:
            text = _text(f"{text.zh}；页面保存在 {kept}", f"{text.en}; the page is kept at {kept}")
        super().__init__(text.en)
        self.text = text
        self.kept = kept


def _text(zh: str, en: str) -> Text:
    """A sentence; imported late, because this module is loaded by every command, even by ``--help``."""
    from checks.text import Text

    return Text(zh, en)


class UsageError(ShoplintError):
    """A command was called in a way that cannot be done."""


class StoreBusy(ShoplintError):
    """Another run is visiting the same store at the moment."""

    def __init__(self, store: str) -> None:
        zh = f"店铺 {store} 正被另一个运行中的任务访问，本次未打开后台；请等它结束后再运行"
        en = f"another run is visiting {store} at the moment, so nothing was opened; run again when it has ended"
        super().__init__(_text(zh, en))


class BudgetSpent(ShoplintError):
    """The pages that one run may open are used up."""

    exit_code = 3

    def __init__(self, store: str, *, pages: int) -> None:
        zh = (
            f"店铺 {store} 本次已打开 {pages} 页，达到上限，其余页面未采集；"
            "需要更多时请加大 config.toml 中 [budget] 的 pages_per_run"
        )
        en = (
            f"this run opened {pages} pages of {store}, as many as it may, and left the others out; "
            "raise pages_per_run under [budget] in config.toml when more are needed"
        )
        super().__init__(_text(zh, en))


# --- configuration --------------------------------------------------------------------------------------------------


class ConfigurationError(ShoplintError):
    """What the user wrote for shoplint cannot be used."""


class ConfigurationMissing(ConfigurationError):
    """The named file is not there."""


class ConfigurationUnreadable(ConfigurationError):
    """The file cannot be opened, or is no TOML."""


class ConfigurationWrong(ConfigurationError):
    """The file has mistakes; ``mistakes`` holds one sentence for each."""

    def __init__(self, mistakes: Sequence[Text]) -> None:
        text = mistakes[0]
        if len(mistakes) > 1:
            text = _text(
                "\n".join([f"配置有 {len(mistakes)} 处错误：", *(f"  {mistake.zh}" for mistake in mistakes)]),
                "\n".join([f"the configuration has {len(mistakes)} mistakes:", *(f"  {m.en}" for m in mistakes)]),
            )
        super().__init__(text)
        self.mistakes = tuple(mistakes)


class HomeUnusable(ConfigurationError):
    """The folder for everything that is kept cannot be made or used."""


class ChannelUnusable(ConfigurationError):
    """The address of a notification channel is not there, or not understood."""


class ScheduleUnavailable(ConfigurationError):
    """This system has no timer of the wanted kind, or refused to take what was to be installed."""


class VaultKeyMissing(ConfigurationError):
    """There is no key for the stored sessions, and no keyring that could keep one."""


class VaultKeyWrong(ConfigurationError):
    """The key is not the one that a session was stored with."""


# --- captures and exports -------------------------------------------------------------------------------------------


class CaptureError(ShoplintError):
    """A saved capture cannot be used."""


class CaptureMissing(CaptureError):
    """There is no such file or folder."""


class CaptureUnreadable(CaptureError):
    """The file may not be read, or the disk failed."""


class NotACapture(CaptureError):
    """The file or folder is something else."""


class CaptureDamaged(CaptureError):
    """The archive was cut off or spoilt."""


class ManifestDamaged(CaptureError):
    """capture.json is no JSON."""


class ManifestIncomplete(CaptureError):
    """capture.json lacks a key."""


class ManifestWrong(CaptureError):
    """A value of capture.json cannot be so."""


class CaptureTooNew(CaptureError):
    """The capture was made by a newer version."""


class CaptureEscapes(CaptureError):
    """A file name leaves the capture's folder."""


class CaptureTooLarge(CaptureError):
    """The capture would expand beyond every real one."""


class PageUnreadable(CaptureError):
    """The file of one page is missing, empty, cut off or no page; ``type`` and ``found`` are that page's error."""

    def __init__(self, type_: str, found: Text, text: Text) -> None:
        super().__init__(text)
        self.type = type_
        self.found = found


class CaptureExists(CaptureError):
    """The folder to write into already holds something."""


class CaptureInUse(CaptureError):
    """Another program is writing into the same folder."""


class CaptureNotWritten(CaptureError):
    """The capture cannot be written, or no space is left."""


class RecordingRefused(CaptureError):
    """A capture cannot become a recording: something personal would stay in it, or its pages would read differently."""


class ExportError(ShoplintError):
    """An order export cannot be used."""


class NotAnExport(ExportError):
    """The file is no .xlsx workbook."""


# --- history --------------------------------------------------------------------------------------------------------


class HistoryError(ShoplintError):
    """The history cannot be used."""


class HistoryTooNew(HistoryError):
    """The database was written by a newer version."""


class HistoryLocked(HistoryError):
    """Another program held the database for longer than we wait."""


class HistoryReadOnly(HistoryError):
    """The file or its folder cannot be written or opened."""


class HistoryFull(HistoryError):
    """No space is left for the database."""


class HistoryCorrupt(HistoryError):
    """The file is damaged, or is no database at all."""


class HistoryForeign(HistoryError):
    """The file is the database of another program."""


class HistoryMissing(HistoryError):
    """No run was ever saved there."""


class RunNotFound(HistoryError):
    """No run has that id, or several begin with it."""


class EvidencePruned(HistoryError):
    """The evidence of that run was removed when its time was over."""


class FindingNotFound(HistoryError):
    """No finding has that fingerprint, or several begin with it."""


class MuteNotFound(HistoryError):
    """There is no mute of that number."""


class BaselineMissing(HistoryError):
    """The store has no baseline to judge against."""


# --- a person is needed ---------------------------------------------------------------------------------------------


class NeedsPerson(ShoplintError):
    """Somebody must act before the store can be read again; nothing is tried again by itself."""

    exit_code = 4


class NoSession(NeedsPerson):
    """Nobody has logged in to the store yet: no session is stored, and no credentials are at hand."""

    def __init__(self, store: str) -> None:
        zh = f"店铺 {store} 还没有登录过（没有保存的登录状态）；请先运行 shoplint login {store}，登录后再运行一次"
        en = f"no session of {store} is stored yet; log in first with shoplint login {store}, then run again"
        super().__init__(_text(zh, en))


class SessionExpired(NeedsPerson):
    """The stored session no longer opens the backend."""

    def __init__(self, store: str, *, kept: Path | None = None) -> None:
        zh = f"店铺 {store} 的登录已失效，后台要求重新登录；请运行 shoplint login {store}，登录后再运行一次"
        en = f"the session of {store} has ended: the backend asks for a login; run shoplint login {store}, then again"
        super().__init__(_text(zh, en), kept=kept)


class SessionUnreadable(NeedsPerson):
    """The file of the stored session is damaged, or is something else."""


class WrongPassword(NeedsPerson):
    """The backend refused name or password."""

    def __init__(self, store: str, *, kept: Path | None = None) -> None:
        zh = (
            f"后台拒绝了店铺 {store} 的用户名或密码，不会自动重试；"
            f"请改正保存的密码，或运行 shoplint login {store} --visible 手动登录"
        )
        en = (
            f"the backend refused the user name or password of {store}, and nothing is tried again by itself; "
            f"correct the stored password, or log in by hand with shoplint login {store} --visible"
        )
        super().__init__(_text(zh, en), kept=kept)


class VerificationRequired(NeedsPerson):
    """The backend shows a slider or another check of the visitor."""

    def __init__(self, store: str, *, until: datetime | None = None, kept: Path | None = None) -> None:
        zh = f"后台对店铺 {store} 要求安全验证（滑块等），程序不会代为操作；"
        en = f"the backend wants {store} verified (a slider or the like), which is left to a person; "
        zh += f"请运行 shoplint login {store} --visible 亲自完成"
        en += f"run shoplint login {store} --visible and pass it"
        if until:
            zh, en = f"{zh}，{_when(until)} 之后再审计", f"{en}, then audit after {_when(until)}"
        super().__init__(_text(zh, en), kept=kept)


class CodeRequired(NeedsPerson):
    """The backend sent a code to the account's owner; ``sent_to`` is the address as the page shows it, masked."""

    def __init__(self, store: str, *, sent_to: str | None = None, kept: Path | None = None) -> None:
        zh = f"后台要求店铺 {store} 输入验证码" + (f"（已发送到 {sent_to}）" if sent_to else "")
        en = f"the backend wants a code for {store}" + (f" (sent to {sent_to})" if sent_to else "")
        zh += f"；请运行 shoplint login {store} --visible 并在浏览器中输入"
        en += f"; run shoplint login {store} --visible and type it into the browser"
        super().__init__(_text(zh, en), kept=kept)


class AccountFrozen(NeedsPerson):
    """The account may not log in."""

    def __init__(self, store: str, *, kept: Path | None = None) -> None:
        zh = f"店铺 {store} 的账号已被冻结或停用，无法登录；请在浏览器中登录卖家后台查看原因并联系平台客服"
        en = (
            f"the account of {store} is frozen or disabled and cannot log in; "
            "open the seller backend in your own browser to see why, and ask the platform's support"
        )
        super().__init__(_text(zh, en), kept=kept)


class LoginUnclear(NeedsPerson):
    """The login page shows nothing that is known; ``said`` is what it says, ``hindered`` why nothing was sent."""

    def __init__(
        self, store: str, *, said: str | None = None, hindered: Text | None = None, kept: Path | None = None
    ) -> None:
        zh = f"店铺 {store} 的登录没有得到可识别的结果" + (f"（页面提示：{said}）" if said else "")
        en = f"the login of {store} came to nothing that is known" + (f' (the page says "{said}")' if said else "")
        if hindered is not None:
            zh, en = f"{zh}：{hindered.zh}", f"{en}: {hindered.en}"
        zh += f"；请运行 shoplint login {store} --visible 手动登录"
        en += f"; log in by hand with shoplint login {store} --visible"
        super().__init__(_text(zh, en), kept=kept)


class WrongStore(NeedsPerson):
    """The pages are another store's."""

    def __init__(self, store: str, *, wanted: str, got: str, kept: Path | None = None) -> None:
        zh = (
            f"应为店铺 {store}（{wanted}），但页面属于 {got}，已停止；请用正确的账号运行 "
            f"shoplint login {store}，或改正 config.toml 中 [stores.{store}] 的 channel_id、id 和 name"
        )
        en = (
            f"wanted store {store} ({wanted}), but the page belongs to {got}, so the run stopped; log in to the "
            f"right one with shoplint login {store}, or correct [stores.{store}] in config.toml"
        )
        super().__init__(_text(zh, en), kept=kept)


class StoreParked(NeedsPerson):
    """The store is left alone until a given time: after a verification or a refused login, or by its budget.

    ``by_hand`` says that a login by hand ends the waiting.
    """

    def __init__(
        self, store: str, *, until: datetime, reason: Text, by_hand: bool = True, kept: Path | None = None
    ) -> None:
        zh = f"店铺 {store} 因“{reason.zh}”暂停访问，{_when(until)} 之前不会打开后台；请在那之后再运行"
        en = f"{store} is left alone until {_when(until)} ({reason.en}); run again after that"
        if by_hand:
            zh += f"，或先运行 shoplint login {store} --visible"
            en += f", or log in by hand first with shoplint login {store} --visible"
        super().__init__(_text(zh, en), kept=kept)
        self.until = until
        self.reason = reason
        self.by_hand = by_hand


def _when(at: datetime) -> str:
    from checks.text import moment

    return moment(at)


# --- the backend cannot be reached ----------------------------------------------------------------------------------


class Unreachable(ShoplintError):
    """The backend cannot be reached."""

    exit_code = 5


class NotDelivered(Unreachable):
    """A message did not reach its channel; ``passing`` says that trying again may help."""

    def __init__(self, channel: str, *, said: Text, passing: bool = True) -> None:
        zh = f"通知渠道 {channel} 没有收到消息（{said.zh}）；请用 shoplint notify --test {channel} 检查该渠道"
        en = f"{channel} did not take the message ({said.en}); check the channel with shoplint notify --test {channel}"
        super().__init__(_text(zh, en))
        self.said = said
        self.passing = passing


class BrowserMissing(Unreachable):
    """No browser is installed where one was looked for; ``looked`` names the places, ``mend`` is what installs one."""

    def __init__(self, *, looked: Sequence[str], mend: str = "playwright install chromium") -> None:
        zh = f"找不到浏览器（已查找：{'、'.join(looked)}）；请运行 {mend} 安装（shoplint doctor 显示详情），"
        en = f"no browser was found (looked for: {', '.join(looked)}); install one with: {mend} (see shoplint doctor), "
        zh += "或在 config.toml 的 [browser] 中设置 executable"
        en += "or set executable under [browser] in config.toml"
        super().__init__(_text(zh, en))


class BrowserLost(Unreachable):
    """The browser ended in the middle of a run, or could not be started or attached to; ``said`` is its own message."""

    def __init__(self, *, said: str, kept: Path | None = None) -> None:
        zh = f"浏览器无法启动或已中断（{said}）；请运行 shoplint doctor 检查浏览器，然后再运行一次"
        en = f"the browser did not start, or ended in the middle ({said}); see shoplint doctor, then run again"
        super().__init__(_text(zh, en), kept=kept)


class NetworkFailed(Unreachable):
    """There is no connection to the host; ``said`` is the browser's own message."""

    def __init__(self, *, url: str, said: str, kept: Path | None = None) -> None:
        zh = f"无法连接 {url}（{said}）；请检查网络以及 config.toml 中 [browser] 的 proxy，稍后再运行一次"
        en = f"{url} cannot be reached ({said}); check the network, and proxy in config.toml, then run again"
        super().__init__(_text(zh, en), kept=kept)


class PageTimeout(Unreachable):
    """A page did not arrive in time."""

    def __init__(self, *, url: str, waited_s: float, kept: Path | None = None) -> None:
        zh = f"等待 {waited_s:g} 秒后 {url} 仍未打开；请稍后再运行一次，或加大 config.toml 中 [browser] 的 timeout_s"
        en = (
            f"{url} did not open within {waited_s:g} s; run again later, "
            "or raise timeout_s under [browser] in config.toml"
        )
        super().__init__(_text(zh, en), kept=kept)
