"""What is missing on this machine for this configuration, each with the command that mends it.

Nothing is made, changed or asked over the network: a check looks and tells.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.capture.model import BACKEND_ZONE
from agent.checkup import Check, editing, is_open_to_others
from agent.config import Config, load
from agent.errors import ConfigurationError, ShoplintError, StoreParked, VaultKeyMissing
from agent.home import Home
from agent.live.browser import BrowserSettings, Candidate, candidates, mending
from agent.live.budget import FOLDER as VISITS
from agent.live.budget import Budget
from agent.live.credentials import find, variables
from agent.live.vault import MAKE_KEY, VARIABLE, Vault
from agent.notify.address import variable
from agent.notify.checkup import NotifyCheckup
from agent.schedule import jobs
from agent.schedule.checkup import ScheduleCheckup
from checks.text import Text, moment

NAMES = (
    "home",
    "configuration",
    "browser",
    "window",
    "fonts",
    "key",
    "sessions",
    "history",
    "notifications",
    "schedule",
    "clock",
    "zones",
)
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that goes right shows an earlier time."""
SLACK = timedelta(minutes=10)
LEAST_FREE = 200 << 20
SHORT_KEY = 16
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_NAMES = ("wqy", "notosanscjk", "notoserifcjk", "sourcehan", "droidsansfallback", "simsun", "msyh", "uming", "ukai")
FONTS_FIX = "sudo apt-get install --no-install-recommends fonts-wqy-microhei"
SET_KEY = f'export {VARIABLE}="$({MAKE_KEY})"'


@dataclass
class Doctor:
    """Looks at one home folder. ``clock``, ``environ``, ``machine`` and the font list can be given by tests."""

    home: Home
    config_path: Path | None = None
    database: Path | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    fonts: Callable[[], bool | None] = field(default_factory=lambda: has_chinese_font)
    machine: jobs.Machine = field(default_factory=lambda: jobs.Machine())
    config: Config = field(default_factory=Config)
    _is_read: bool = False

    def examine(self) -> list[Check]:
        """Every check, in an order in which one can mend."""
        found = [*self._home(), *self._configuration()]
        for look in (self._browser, self._window, self._fonts, self._key, self._sessions, self._history):
            found += look()
        if self._is_read:  # of channels and times nothing is known else
            found += [*self._notifications(), *self._schedule()]
        return [*found, *self._clock(), *self._zones()]

    # --- files ------------------------------------------------------------------------------------------------

    def _home(self) -> Iterator[Check]:
        root = self.home.root
        place = next(path for path in (root, *root.parents) if path.exists())
        fix = f"mkdir -p {root} && chmod 700 {root}"
        if not place.is_dir() or not os.access(place, os.W_OK):
            yield Check("home", False, Text(f"无法写入 {root}", f"{root} cannot be written"), fix)
            return
        if is_open_to_others(root):
            told = Text(f"{root} 可被其他用户读取", f"{root} can be read by others")
            yield Check("home", False, told, f"chmod 700 {root}", needed=False)
        free = shutil.disk_usage(place).free
        if free < LEAST_FREE:
            told = Text(f"{place} 只剩 {free >> 20} MB", f"{free >> 20} MB are left on {place}")
            yield Check("home", False, told, f"du -sh {self.home.captures}")
        yield Check("home", True, Text(f"数据保存在 {root}", f"everything is kept in {root}"))

    def _configuration(self) -> Iterator[Check]:
        path = self.config_path or self.home.config
        try:
            self.config = load(self.home, self.config_path)
            self._is_read = True
        except ConfigurationError as error:
            yield Check("configuration", False, error.text, editing(path))
            return
        stores = ", ".join(self.config.stores)
        if not stores:
            told = Text(f"{path} 中没有店铺", f"{path} has no store")
            lines = r"[stores.myshop]\nchannel_id = \"000000\"\n"
            yield Check("configuration", False, told, f'mkdir -p {path.parent} && printf "{lines}" >> {path}')
            return
        yield Check("configuration", True, Text(f"店铺：{stores}", f"stores: {stores}"))
        if self.config.browser.ignore_https_errors:
            told = Text(
                "ignore_https_errors 已开启，只应在测试中使用", "ignore_https_errors is set, which is for tests only"
            )
            yield Check("configuration", False, told, editing(path), needed=False)

    # --- browser ----------------------------------------------------------------------------------------------

    def _browser(self) -> Iterator[Check]:
        settings: BrowserSettings = self.config.browser
        if settings.cdp_url:
            told = Text(f"使用已运行的浏览器 {settings.cdp_url}", f"a running browser is used: {settings.cdp_url}")
            yield Check("browser", True, told)
            return
        yield _browser("browser", candidates(settings, headless=settings.headless), needed=True)

    def _window(self) -> Iterator[Check]:
        """A login by hand needs a window; stores with credentials do without."""
        settings: BrowserSettings = self.config.browser
        by_hand = [name for name in self.config.stores if find(name, self.environ) is None]
        if settings.cdp_url or not by_hand:
            return
        needed = any(not Vault(self.home, self.environ).holds(name) for name in by_hand)
        found = candidates(settings, headless=False)
        check = _browser("window", found, needed=needed)
        if check.ok and sys.platform.startswith("linux") and not self._display():
            user, word = variables(by_hand[0])[0]
            told = Text(
                "没有图形桌面，无法手动登录；请在有桌面的电脑上登录，或设置账号密码的环境变量",
                "there is no desktop to log in on by hand: log in on a machine that has one, or set the credentials",
            )
            check = Check("window", False, told, f"export {user}=… {word}=…", needed=needed)
        yield check

    def _display(self) -> bool:
        return bool(self.environ.get("DISPLAY") or self.environ.get("WAYLAND_DISPLAY"))

    def _fonts(self) -> Iterator[Check]:
        found = self.fonts()
        if found is False:
            told = Text("没有中文字体，截图中的中文会显示为方块", "no Chinese font: pictures would show boxes")
            yield Check("fonts", False, told, FONTS_FIX, needed=False)
        else:
            yield Check("fonts", True, Text("有中文字体", "there is a Chinese font"))

    # --- sessions ---------------------------------------------------------------------------------------------

    def _key(self) -> Iterator[Check]:
        try:
            place = Vault(self.home, self.environ).key_place()
        except VaultKeyMissing as error:
            yield Check("key", False, error.text, SET_KEY)
            return
        if place == "keyring":
            yield Check("key", True, Text("会话密钥保存在系统钥匙串", "the keyring keeps the key of the sessions"))
        elif len(self.environ[VARIABLE].strip()) < SHORT_KEY:
            told = Text(f"{VARIABLE} 太短，容易被猜出", f"{VARIABLE} is short enough to be guessed")
            yield Check("key", False, told, SET_KEY, needed=False)
        else:
            yield Check("key", True, Text(f"会话密钥来自 {VARIABLE}", f"the key of the sessions is {VARIABLE}"))

    def _sessions(self) -> Iterator[Check]:
        for name in self.config.stores:
            try:
                yield self._session(name)
            except ShoplintError as error:
                yield Check("sessions", False, error.text, f"shoplint logout {name} && shoplint login {name}")

    def _session(self, name: str) -> Check:
        vault = Vault(self.home, self.environ)
        stored = vault.load(name)
        if stored is None:
            if find(name, self.environ) is not None:
                told = Text(f"{name}：尚无会话，将用已保存的账号登录", f"{name}: no session yet; it logs in by itself")
                return Check("sessions", True, told)
            told = Text(f"{name}：没有会话，也没有账号密码", f"{name}: neither a session nor credentials")
            return Check("sessions", False, told, f"shoplint login {name}")
        path = vault.path(name)
        if is_open_to_others(path):
            told = Text(f"{name}：会话文件可被其他用户读取", f"{name}: the session file can be read by others")
            return Check("sessions", False, told, f"chmod 600 {path}")
        if stored.saved and stored.saved > self.clock() + SLACK:
            told = Text(
                f"{name}：会话的保存时间 {self._at(stored.saved)} 在未来，系统时钟可能被改动",
                f"{name}: its session was saved in the future ({self._at(stored.saved)}); was the clock turned back?",
            )
            return Check("sessions", False, told, "timedatectl set-ntp true", needed=False)
        saved = self._at(stored.saved) if stored.saved else "?"
        told = Text(f"{name}：会话保存于 {saved}", f"{name}: session saved at {saved}")
        return Check("sessions", True, Text(f"{told.zh}（是否有效：shoplint session {name}）", told.en))

    def _history(self) -> Iterator[Check]:
        path = self.database or self.home.history
        if not path.exists():
            yield Check("history", True, Text("尚无历史记录", "no history yet"))
            return
        try:
            size = _proven(path)
        except ShoplintError as error:
            yield Check("history", False, error.text, f"mv {path} {path}.damaged")
        else:
            yield Check(
                "history", True, Text(f"历史记录完好（{size >> 10} KB）", f"the history is sound ({size >> 10} KB)")
            )

    # --- with nobody there ------------------------------------------------------------------------------------

    def _notifications(self) -> Iterator[Check]:
        path = self.config_path or self.home.config
        yield from NotifyCheckup(self.home, self.config, path, self.clock(), self.environ).checks()

    def _schedule(self) -> Iterator[Check]:
        yield from ScheduleCheckup(
            self.home,
            self.config,
            self.config_path or self.home.config,
            self.clock(),
            self.machine,
            (self.config_path, self.database),
            parked=self._parked,
            logged_in=lambda store: _changed(Vault(self.home, self.environ).path(store)),
            used=self._secrets(),
            environ=self.environ,
        ).checks()

    def _parked(self, store: str) -> StoreParked | None:
        try:
            Budget(self.config.budget, store, self.home.root / VISITS, zone=self.config.zone).check(self.clock())
        except StoreParked as error:
            return error
        return None

    def _secrets(self) -> list[str]:
        """The variables in which secrets are looked for."""
        channels = [variable(channel) for channel in self.config.notify if not channel.url and not channel.keyring]
        logins = [name for store in self.config.stores for pair in variables(store) for name in pair]
        return list(dict.fromkeys([VARIABLE, *logins, *channels]))

    # --- time -------------------------------------------------------------------------------------------------

    def _clock(self) -> Iterator[Check]:
        now = self.clock()
        newest = max((at for path in self._written() if (at := _changed(path))), default=RELEASED)
        if now < RELEASED or now + SLACK < newest:
            told = Text(f"系统时钟不准：{self._at(now)}", f"this machine's clock is wrong: {self._at(now)}")
            yield Check("clock", False, told, "timedatectl set-ntp true")
        else:
            here = self._at(now)
            yield Check("clock", True, Text(f"系统时钟：{here}", f"this machine's clock: {here}"))

    def _at(self, at: datetime) -> str:
        """A time on the user's own clock; on that of Greenwich where their zone is not known."""
        try:
            return moment(at.astimezone(ZoneInfo(self.config.timezone)))
        except (LookupError, OSError, ValueError):
            return moment(at.astimezone(UTC))

    def _written(self) -> list[Path]:
        return [path for path in (self.home.history, self.home.config) if path.exists()]

    def _zones(self) -> Iterator[Check]:
        for zone in (BACKEND_ZONE, self.config.timezone):
            try:
                offset = self.clock().astimezone(ZoneInfo(zone)).utcoffset()
            except (LookupError, OSError, ValueError):
                told = Text(f"没有时区数据：{zone}", f"there is no data for the time zone {zone}")
                yield Check("zones", False, told, f"{Path(sys.executable).name} -m pip install tzdata")
                return
            if zone == BACKEND_ZONE and offset not in (timedelta(hours=-8), timedelta(hours=-7)):
                told = Text(f"时区数据有误：{zone} {offset}", f"the data of the time zone {zone} is wrong: {offset}")
                yield Check("zones", False, told, f"{Path(sys.executable).name} -m pip install --upgrade tzdata")
                return
        told = Text(
            f"后台时区 {BACKEND_ZONE}，本地时区 {self.config.timezone}",
            f"the backend's zone is {BACKEND_ZONE}, yours {self.config.timezone}",
        )
        yield Check("zones", True, told)


def _browser(name: str, found: list[Candidate], *, needed: bool) -> Check:
    usable = next((candidate for candidate in found if candidate.problem is None), None)
    if usable is not None:
        shown = usable.path or usable.channel or usable.name
        zh, en = ("登录窗口", "for a login by hand") if name == "window" else ("浏览器", "the browser")
        return Check(name, True, Text(f"{zh}：{shown}", f"{en}: {shown}"))
    looked = "; ".join(f"{candidate.name}: {(candidate.problem or Text('', '')).en}" for candidate in found)
    looked_zh = "；".join(f"{candidate.name}：{(candidate.problem or Text('', '')).zh}" for candidate in found)
    zh, en = (
        ("没有可用于手动登录的浏览器", "no browser with a window") if name == "window" else ("没有浏览器", "no browser")
    )
    fix = mending().replace("chromium-headless-shell", "chromium") if name == "window" else mending()
    return Check(name, False, Text(f"{zh}（{looked_zh}）", f"{en} ({looked})"), fix, needed=needed)


def has_chinese_font() -> bool | None:
    """Whether a Chinese font is installed; None where systems bring one."""
    if not sys.platform.startswith("linux"):
        return None
    if tool := shutil.which("fc-list"):
        done = subprocess.run([tool, ":lang=zh", "file"], capture_output=True, text=True, timeout=30, check=False)
        if done.returncode == 0:
            return bool(done.stdout.strip())
    for folder in map(Path, FONT_FOLDERS):
        for path in folder.expanduser().rglob("*.tt[fc]"):
            if any(name in path.name.lower().replace("-", "").replace("_", "") for name in FONT_NAMES):
                return True
    return False


def _proven(path: Path) -> int:
    """The size of a sound history; the error that tells what is wrong with it else."""
    from agent.history.connection import Connection
    from agent.history.failures import told
    from agent.history.version import check_owner

    with told(path):
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
            check_owner(Connection(connection), path)
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(str(said))
    return path.stat().st_size


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
