"""config.toml and the user's own words: what holds, what is refused, and how it is told. And the folder they lie in."""

import re
import stat
from datetime import time
from pathlib import Path

import pytest

from agent.config import Config, load
from agent.errors import (
    ConfigurationMissing,
    ConfigurationUnreadable,
    ConfigurationWrong,
    HomeUnusable,
    ShoplintError,
    UsageError,
)
from agent.home import Home
from agent.overrides import vocabulary
from extractors import vocabulary as words
from extractors.models import Store

WHOLE = """
timezone = "Asia/Shanghai"
language = "zh"

[stores.northwind]
channel_id = "244176"
name = "Northwind Official Store"
id = "1102345678"
premium = false
tags = ["eu"]
thresholds = { RSP014 = 0.90 }

[browser]
executable = ""
channel = "chrome"
args = ["--host-resolver-rules=MAP *.aliexpress.com 127.0.0.1:8443"]
ignore_https_errors = false
headless = true
proxy = ""
cdp_url = ""
timeout_s = 30

[budget]
pages_per_hour = 300
pages_per_run = 200
min_interval_s = 1.0
quiet_hours = ["01:00-06:00", "23:30-00:15"]
cooldown_s = 1800

[capture]
keep_responses = true
max_list_pages = 60
tracking = "needed"

[retention]
evidence_days = 180
captures = 30
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


def loaded(home: Home, source: str) -> Config:
    home.config.write_text(source, "utf-8")
    return load(home)


def mistakes(home: Home, source: str) -> list[str]:
    with pytest.raises(ConfigurationWrong) as caught:
        loaded(home, source)
    for mistake in caught.value.mistakes:
        assert re.search(r"[\u4e00-\u9fff]", mistake.zh)
        assert "\n" not in mistake.zh + mistake.en
    return [mistake.en.removeprefix(str(home.config)).removeprefix(" ") for mistake in caught.value.mistakes]


# --- what holds -----------------------------------------------------------------------------------------------------


def test_without_a_file_everything_has_its_default(home: Home) -> None:
    config = load(home)
    assert (config.timezone, config.language, config.stores) == ("Asia/Shanghai", "zh", {})
    assert (config.budget.pages_per_hour, config.capture.tracking, config.retention.captures) == (300, "needed", 30)


def test_an_empty_file_is_the_same_as_none(home: Home) -> None:
    assert loaded(home, "") == load(Home(home.root / "elsewhere"))


def test_everything_that_can_be_said(home: Home) -> None:
    config = loaded(home, WHOLE)
    store = config.store("northwind")
    assert (store.channel_id, store.id, store.tags, store.thresholds) == (
        "244176",
        "1102345678",
        ("eu",),
        {"RSP014": 0.9},
    )
    assert config.browser.args == ("--host-resolver-rules=MAP *.aliexpress.com 127.0.0.1:8443",)
    assert config.budget.quiet() == [(time(1), time(6)), (time(23, 30), time(0, 15))]
    assert config.zone.key == "Asia/Shanghai"


def test_another_file_may_be_named(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('\ufefflanguage = "en"\n', "utf-8")
    assert load(home, other).language == "en"


def test_a_threshold_may_be_named_by_rule_or_by_name(home: Home) -> None:
    config = loaded(home, "[stores.a.thresholds]\nLOG002 = 12\nnumber_missing_lead = 6\n")
    assert config.stores["a"].thresholds == {"LOG002": 12.0, "number_missing_lead": 6.0}


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("langage = 1", "line 1: unknown key langage; did you mean language?"),
        ("[store.x]", "line 1: unknown key store; did you mean stores?"),
        ('[stores.x]\nchanel_id = "1"', "line 2: unknown key chanel_id in [stores.x]; did you mean channel_id?"),
        (
            "[site]\nx = 1",
            "line 2: unknown key x in [site]; there are: file",
        ),
        ("[stores.x]\nchannel_id = 244176", "line 2: stores.x.channel_id should be text in quotes, but is 244176"),
        ('[stores.x]\nid = "12a"', 'line 2: stores.x.id should be digits in quotes, but is "12a"'),
        ('[stores.x]\npremium = "yes"', 'line 2: stores.x.premium should be true or false, but is "yes"'),
        ('[stores."a b"]', 'line 1: stores.a b should be a store\'s name of letters, digits, - and _, but is "a b"'),
        ('timezone = "Mars/X"', "should be the name of a time zone"),
        ('timezone = "../../etc/passwd"', "should be the name of a time zone"),
        ('timezone = "America"', "should be the name of a time zone"),
        ('language = "fr"', 'line 1: language should be zh | en, but is "fr"'),
        ('[capture]\ntracking = "some"', "should be none | needed | all"),
        ("[capture]\nmax_list_pages = 1.5", "should be a whole number, but is 1.5"),
        ("[budget]\npages_per_hour = 0", "line 2: budget.pages_per_hour should be 1 or more, but is 0"),
        ("[budget]\nmin_interval_s = -1", "should be 0 or more"),
        ("[budget]\nmin_interval_s = nan", "budget.min_interval_s should be"),
        ("[budget]\ncooldown_s = inf", "should be a finite number"),
        ('[budget]\nquiet_hours = ["01:00-06:00", "1-6"]', "budget.quiet_hours[2] should be a span of the day"),
        ('[budget]\nquiet_hours = ["06:00-06:00"]', "should be a span of the day"),
        ('[budget]\nquiet_hours = ["25:00-06:00"]', "should be a span of the day"),
        ("[browser]\ntimeout_s = 0", "should be more than 0"),
        ('[browser]\nargs = "x"', 'should be a list, such as ["a", "b"], but is "x"'),
        ("[browser]\nargs = [1]", "browser.args[1] should be text in quotes"),
        ("stores = 1", "line 1: stores should be a table, but is 1"),
        ("[stores]\nx = 1", "line 2: stores.x should be a table, but is 1"),
        ("[stores.x]\nthresholds = 5", "should be a table"),
        ("[stores.x.thresholds]\nRSP999 = 1", "is called RSP999; see shoplint rules"),
        ("[stores.x.thresholds]\nnumber_missing_laed = 1", "did you mean number_missing_lead?"),
        ("[stores.x.thresholds]\nRSP014 = 90", "should be a fraction from 0 to 1 (90% is 0.9), but is 90"),
        ('[stores.x.thresholds]\nRSP014 = "0.9"', "should be a number"),
        ('[site]\nfile = "none.toml"', "should be the path of a site file (there is none)"),
    ],
)
def test_a_mistake_is_told_with_its_line(home: Home, source: str, told: str) -> None:
    [found] = mistakes(home, source)
    assert told in found


def test_all_mistakes_are_told_in_the_order_of_the_file(home: Home) -> None:
    found = mistakes(home, WHOLE.replace("premium", "premuim").replace("RSP014", "RSP999").replace("= 300", '= "x"'))
    assert [re.match(r"line (\d+)", mistake)[1] for mistake in found] == ["9", "11", "24"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"a = \n", "is no TOML in line 1, column 5"),
        (b"x = 1\n[stores\n", "is no TOML in line 2"),
        (b"a = 1\na = 2\n", "is no TOML in line 2"),
        (b"a = '''", "is no TOML at its end"),
        (b"a = 1\nb = '\xff'\n", "is no UTF-8 in line 2"),
        (b"PK\x03\x04\x00", "is no TOML"),
        (b"a = " + b"[" * 100_000, "is n"),
    ],
)
def test_a_file_that_is_no_toml(home: Home, body: bytes, told: str) -> None:
    home.config.write_bytes(body)
    with pytest.raises(ConfigurationUnreadable) as caught:
        load(home)
    assert told in caught.value.text.en
    assert str(home.config) in caught.value.text.zh


def test_a_folder_in_place_of_the_file(home: Home) -> None:
    home.config.mkdir()
    with pytest.raises(ConfigurationUnreadable, match="cannot be opened"):
        load(home)


def test_a_named_file_must_be_there(home: Home) -> None:
    with pytest.raises(ConfigurationMissing, match="--config"):
        load(home, home.root / "none.toml")


def test_a_huge_file_is_not_read(home: Home) -> None:
    home.config.write_bytes(b"#" * (5 << 20))
    with pytest.raises(ConfigurationUnreadable, match="too large"):
        load(home)


# --- which store ----------------------------------------------------------------------------------------------------


def test_an_unknown_store_names_the_known_one(home: Home) -> None:
    with pytest.raises(UsageError, match="did you mean northwind"):
        loaded(home, WHOLE).store("nortwind")


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (Store(id="1", channel_id="10", name="One"), "one"),
        (Store(id="2", channel_id="10", name="One"), "two"),
        (Store(channel_id="10"), "one"),
        (Store(name="Two"), "two"),
        (Store(id="3", name="One"), None),
        (Store(), None),
    ],
)
def test_the_strongest_sign_decides_which_store_a_capture_is(home: Home, shown: Store, found: str | None) -> None:
    source = '[stores.one]\nid = "1"\nchannel_id = "10"\nname = "One"\n[stores.two]\nid = "2"\nname = "Two"\n'
    store = loaded(home, source).store_for(shown)
    assert (store and store[0]) == found


def test_an_export_names_no_store_and_belongs_to_the_only_one(home: Home) -> None:
    config = loaded(home, WHOLE)
    assert config.store_for(Store()) == ("northwind", config.store("northwind"))
    assert config.store_for(Store(id="9")) is None


# --- the user's own words -------------------------------------------------------------------------------------------


def test_without_own_words_the_shipped_ones_are_used(home: Home) -> None:
    assert vocabulary(home, load(home)) is words.shipped()


def test_own_words_come_in_front(home: Home) -> None:
    home.words("labels").write_text('[orders.columns]\ntracking = ["Paketnummer"]\n', "utf-8")
    home.words("words").write_text('[order_status]\ncompleted = ["Fertig"]\n', "utf-8")
    home.words("site").write_text('[markers.login]\nwords = ["Anmelden"]\n[addresses]\norders = "/new"\n', "utf-8")
    found = vocabulary(home, load(home))
    assert found.kinds["orders"].shown["tracking"].startswith("Paketnummer")
    assert found.word("order_status", "fertig") == "completed"
    assert found.word("order_status", "Completed") == "completed"
    assert found.site.addresses["orders"] == "/new"
    assert found.site.addresses["health"] == words.shipped().site.addresses["health"]


def test_the_site_file_of_the_configuration_lies_beside_it(home: Home) -> None:
    (home.root / "stand-in.toml").write_text('origin = "https://other.example"\n', "utf-8")
    home.words("site").write_text('[addresses]\norders = "/new"\n', "utf-8")
    found = vocabulary(home, loaded(home, '[site]\nfile = "stand-in.toml"\n')).site
    assert (found.origin, found.addresses["orders"]) == ("https://other.example", "/new")


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("labels", "[order]\n", "line 1: unknown key order; did you mean orders?"),
        ("labels", "[orders.columns]\ntraking = ['x']\n", "line 2: unknown key traking in [orders.columns]; did you"),
        (
            "labels",
            "[orders.columns]\ntracking = 'x'\n",
            'orders.columns.tracking should be a list of texts, such as ["',
        ),
        ("labels", "[orders]\ncolumns = 1\n", "orders.columns should be a table, but is 1"),
        ("labels", "[orders]\ntitles = ['']\n", "should be a list of texts"),
        ("words", "[order_status]\nshipped = ['x']\n", "unknown key shipped in [order_status]"),
        ("words", "[order_state]\nclosed = ['x']\n", "did you mean order_status?"),
        ("site", "origin = 1\n", "origin should be text in quotes, but is 1"),
        ("site", "[addresses]\nordrs = '/x'\n", "did you mean orders?"),
        ("site", "[pagination]\ntotal = ['(']\n", "pagination.total should be a regular expression"),
        ("site", "[pagination]\ntotal = ['x']\n", "groups: 0 < 1"),
        ("site", "[markers.login]\naddresses = ['[']\n", "markers.login.addresses should be a regular expression"),
        ("site", "[markers.login]\nwidgets = ['a[[']\n", "markers.login.widgets should be a CSS selector"),
        ("site", "[shell]\nnames = 'a[['\n", "shell.names should be a CSS selector"),
        ("site", "[shell]\nno_name = '('\n", "shell.no_name should be a regular expression"),
        ("site", "markers = 1\n", "markers should be a table"),
    ],
)
def test_own_words_that_nothing_reads_are_told(home: Home, name: str, source: str, told: str) -> None:
    home.words(name).write_text(source, "utf-8")
    with pytest.raises(ConfigurationWrong) as caught:
        vocabulary(home, load(home))
    assert told in caught.value.text.en
    assert f"{name}.toml" in caught.value.text.zh


# --- the folder -----------------------------------------------------------------------------------------------------


def test_the_folder_is_the_named_one_then_the_variables_then_the_platforms(tmp_path: Path) -> None:
    environ = {"SHOPLINT_HOME": str(tmp_path / "b")}
    assert Home.find(tmp_path / "a", environ).root == tmp_path / "a"
    assert Home.find(None, environ).root == tmp_path / "b"
    assert Home.find(None, {}).root.name == "shoplint"
    assert Home.find("~/x", {}).root == Path("~/x").expanduser()


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    home = Home.find(tmp_path / "home", {})
    load(home)
    assert not home.root.exists()
    made = home.make("captures", "northwind")
    assert made == home.captures / "northwind"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home.root, home.captures, made)} == {0o700}
    assert home.history.parent == home.sessions.parent == home.config.parent == home.root


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(HomeUnusable, match="--home") as caught:
        Home(tmp_path / "home").make("captures")
    assert isinstance(caught.value, ShoplintError)
    assert "SHOPLINT_HOME" in caught.value.text.zh


# --- channels and schedules -----------------------------------------------------------------------------------------

UNATTENDED = """
[stores.northwind]
channel_id = "1"

[[notify]]
name = "ops"
url_env = "OPS_URL"
stores = ["northwind"]
min_severity = "error"
events = ["new", "failed"]
digest = "daily 09:00"
quiet_hours = ["22:00-08:00"]

[[notify]]
name = "boss"

[schedule]
times = ["08:30", "20:30"]
stores = { northwind = ["07:00"] }
jitter_s = 60
"""


def test_channels_and_schedules_are_read(home: Home) -> None:
    config = loaded(home, UNATTENDED)
    ops, boss = config.notify
    assert (ops.name, ops.url_env, ops.stores, ops.min_severity) == ("ops", "OPS_URL", ("northwind",), "error")
    assert ops.digest_at == time(9)
    assert (boss.digest_at, boss.events) == (None, ("new", "worse", "resolved", "due", "failed"))
    assert config.schedule.of("northwind") == ("07:00",)
    assert config.schedule.of("other") == ("08:30", "20:30")
    assert Config().schedule.of("any") == ("08:30",)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("[[notify]]\n", "line 1: notify[1].name is missing"),
        (
            '[[notify]]\nname = "a"\n\n[[notify]]\nname = "b"\nur = "x"',
            "line 6: unknown key ur in [notify[2]]; did",
        ),
        ('[[notify]]\nname = "a"\n[[notify]]\nname = "a"', "line 4: notify[2].name should be a name that no other"),
        ('[[notify]]\nname = "a b"', "notify[1].name should be a name of letters"),
        ('[[notify]]\nname = "a"\nurl = "secret"\nkeyring = "x"', "the only place of the address, but is"),
        ('[[notify]]\nname = "a"\nurl = ["secret"]', 'notify[1].url should be text in quotes, but is "…"'),
        ('[[notify]]\nname = "a"\nurl_env = "secret x"', "should be the name of an environment variable"),
        ('[[notify]]\nname = "a"\ndigest = "weekly"', 'should be "at once" or such as "daily 09:00"'),
        ('[[notify]]\nname = "a"\nevents = ["old"]', "notify[1].events[1] should be new | worse"),
        ('[[notify]]\nname = "a"\nquiet_hours = ["9-10"]', "line 3: notify[1].quiet_hours[1] should be a span"),
        ('[stores.north]\n[[notify]]\nname = "a"\nstores = ["nort"]', "there is no [stores.nort]; did you mean north?"),
        ("notify = 1", "notify should be a list"),
        ("notify = [1]", "notify[1] should be a table"),
        (
            '[schedule]\ntimes = ["8:30"]',
            'schedule.times[1] should be a time of the day, such as "08:30", but',
        ),
        ("[schedule]\njitter_s = -1", "schedule.jitter_s should be 0 or more"),
        ("[schedule]\ntims = []", "unknown key tims in [schedule]; did you mean times?"),
        ("[schedule.stores]\nnort = []", "schedule names the store nort, but there is no [stores.nort]"),
    ],
)
def test_a_mistake_in_channels_or_schedules_is_told_without_its_secret(home: Home, source: str, told: str) -> None:
    [found] = mistakes(home, source)
    assert told in found
    assert "secret" not in found
