"""config.toml: what the user decides, strictly read; every mistake is told in one sentence, all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from agent import mistakes
from agent.errors import ConfigurationMissing
from agent.home import Home
from agent.mistakes import Mistake
from agent.section import Count, Finite, QuietHours, Seconds, Section, StoreName, Texts, Zone
from agent.toml import Document, read_toml
from agent.unattended import ADDRESSES, NotifyConfig, ScheduleConfig, contradictions
from checks.text import Text
from extractors.models import Store


class StoreConfig(Section):
    """[stores.NAME]. ``id``, ``name`` and ``channel_id`` say which store it is; the live half needs the channel."""

    channel_id: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    name: Annotated[str, Field(min_length=1)] | None = None
    id: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    premium: bool = False
    tags: Texts = ()
    thresholds: dict[str, Finite] = Field(default_factory=dict)

    def is_same(self, store: Store) -> bool | None:
        """Whether a capture's store is this one, by the strongest sign that both have; None when they share no sign."""
        for own, shown in ((self.id, store.id), (self.channel_id, store.channel_id), (self.name, store.name)):
            if own and shown:
                return own == shown
        return None


class BrowserConfig(Section):
    """[browser]. An empty ``executable`` means that a browser is looked for."""

    executable: str = ""
    channel: str = ""
    args: Texts = ()
    ignore_https_errors: bool = False
    headless: bool = True
    proxy: str = ""
    cdp_url: str = ""
    timeout_s: Annotated[Finite, Field(gt=0)] = 30.0


class SiteConfig(Section):
    """[site]: the file that corrects hosts, addresses and markers; relative to the folder of config.toml."""

    file: str = ""


class BudgetConfig(Section):
    """[budget]: how much the backend is asked, at most. ``quiet_hours`` are in the user's own zone."""

    pages_per_hour: Count = 300
    pages_per_run: Count = 200
    min_interval_s: Seconds = 1.0
    quiet_hours: QuietHours = ()
    cooldown_s: Seconds = 1800.0

    def quiet(self) -> list[tuple[time, time]]:
        """The quiet hours as pairs of times; one whose end lies before its start goes over midnight."""
        return [(time.fromisoformat(hours[:5]), time.fromisoformat(hours[6:])) for hours in self.quiet_hours]


class CaptureConfig(Section):
    """[capture]."""

    keep_responses: bool = True
    max_list_pages: Count = 60
    tracking: Literal["none", "needed", "all"] = "needed"
    pictures: bool = False
    tabs: Annotated[int, Field(ge=1, le=8)] = 1


class RetentionConfig(Section):
    """[retention]."""

    evidence_days: Count = 180
    captures: Count = 30


class Config(Section):
    """The whole file. ``timezone`` and ``language`` are the user's own."""

    timezone: Zone = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"
    stores: dict[StoreName, StoreConfig] = Field(default_factory=dict)
    browser: BrowserConfig = BrowserConfig.model_construct()
    site: SiteConfig = SiteConfig.model_construct()
    budget: BudgetConfig = BudgetConfig.model_construct()
    capture: CaptureConfig = CaptureConfig.model_construct()
    retention: RetentionConfig = RetentionConfig.model_construct()
    notify: Annotated[tuple[NotifyConfig, ...], Field(strict=False)] = ()
    schedule: ScheduleConfig = ScheduleConfig.model_construct()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def store(self, name: str) -> StoreConfig:
        """The store called ``name`` on the command line; UsageError naming the ones there are."""
        if name in self.stores:
            return self.stores[name]
        raise mistakes.unknown_store(name, list(self.stores))

    def store_for(self, store: Store) -> tuple[str, StoreConfig] | None:
        """The configured store that a capture belongs to, with its name.

        An order export names no store: then it is the only one that is configured, if there is only one.
        """
        for name, own in self.stores.items():
            if own.is_same(store):
                return name, own
        if len(self.stores) == 1:
            [(name, own)] = self.stores.items()
            if own.is_same(store) is None:
                return name, own
        return None


def load(home: Home, path: Path | None = None) -> Config:
    """The configuration: the file that the user named, else that of the folder, else what holds without one."""
    if path is not None and not path.exists():
        raise ConfigurationMissing(
            Text(
                f"找不到配置文件 {path}；请检查 --config 的路径，不写 --config 则使用 {home.config}",
                f"there is no configuration file {path}; check the path after --config, "
                f"or leave it out to use {home.config}",
            )
        )
    path = path or home.config
    if not path.exists():
        return Config.model_construct()  # our own values need no validating
    return _checked(read_toml(path))


def _checked(document: Document) -> Config:
    """What the file says; ConfigurationWrong with every mistake, in the order of the file."""
    wrong = [*_thresholds(document), *_site(document), *contradictions(document)]
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        mistakes.refuse([*wrong, *(_told(document, details) for details in error.errors(include_url=False))])
        raise
    mistakes.refuse(wrong)
    if config.site.file:
        config = config.model_copy(update={"site": SiteConfig(file=str(_beside(document, config.site.file)))})
    return config


def _told(document: Document, error: ErrorDetails) -> Mistake:
    loc = [part for part in error["loc"] if part != "[key]"]
    if error["type"] == "extra_forbidden":
        return mistakes.unknown_key(document, loc, _known(loc))
    if loc[0] == "notify" and loc[-1] in ADDRESSES:
        error = ErrorDetails(**{**error, "input": "…"})  # an address may hold a secret, even in a wrong form
    return mistakes.told(document, error, loc)


def _known(loc: list[str | int]) -> Collection[str]:
    """The keys of the table in which ``loc`` stands."""
    if len(loc) == 1:
        return Config.model_fields
    if loc[0] == "stores":
        return StoreConfig.model_fields
    if loc[0] == "notify":
        return NotifyConfig.model_fields
    section = Config.model_fields[str(loc[0])].annotation
    return section.model_fields if isinstance(section, type) and issubclass(section, Section) else ()


def _thresholds(document: Document) -> Iterator[Mistake]:
    """Overrides of thresholds that do not exist, and fractions that were written as percentages."""
    stores = document.data.get("stores")
    for name, store in stores.items() if isinstance(stores, dict) else ():
        own = store.get("thresholds") if isinstance(store, dict) else None
        for threshold, value in own.items() if isinstance(own, dict) else ():
            found = _threshold(document, ["stores", name, "thresholds", threshold], value)
            if found:
                yield found


def _threshold(document: Document, loc: list[str | int], value: object) -> Mistake | None:
    from checks import policy

    name = str(loc[-1])
    known = policy.known_names()
    if name not in known:
        return mistakes.unknown_threshold(document, loc, known)
    versions = policy.shipped().get(name) or policy.shipped()[policy.first_of_rule(name) or name]
    if versions[0].unit == "ratio" and isinstance(value, int | float) and not 0 <= value <= 1:
        wanted = Text(" 0 到 1 之间的小数（90% 写作 0.9）", "a fraction from 0 to 1 (90% is 0.9)")
        return mistakes.wrong_value(document, loc, wanted, value)
    return None


def _site(document: Document) -> Iterator[Mistake]:
    site = document.data.get("site")
    name = site.get("file") if isinstance(site, dict) else None
    if isinstance(name, str) and name and not _beside(document, name).is_file():
        wanted = Text("站点文件的路径（该文件不存在）", "the path of a site file (there is none)")
        yield mistakes.wrong_value(document, ["site", "file"], wanted, name)


def _beside(document: Document, name: str) -> Path:
    """A path of the file, relative to the file's own folder."""
    return document.path.absolute().parent / Path(name).expanduser()
