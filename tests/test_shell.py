"""Whose page it is: the store's name in the shell, however the shell is built and whatever the login id looks like."""

from __future__ import annotations

import re

import pytest

from extractors.markup import parse
from extractors.models import Store, Verdict
from extractors.outline import Outline
from extractors.shell import store_shown
from extractors.vocabulary import shipped
from tests.recordings import Recorded, recorded, wrong

HARBOR = [case for case in recorded() if case.name.startswith("harbor/") and case.verdict == "expected"]
NAME, OTHER, MAIL = "Harbor Home Premium", "Lighthouse Outlet", "harbor.ops@shop.example"
EACH_PAGE = pytest.mark.parametrize("case", HARBOR, ids=lambda case: case.name)
SHELL = re.compile(
    r'<div class="(?P<store>shell--store--\w+)"><div class="(?P<name>shell--name--\w+)" title="[^"]*">[^<]*</div>'
    r'<div class="(?P<login>shell--login--\w+)">[^<]*</div></div>'
)
SHELLS = {
    "as recorded": '<div class="shell--store--a1"><div class="shell--name--b2" title="{name}">{name}</div>'
    '<div class="shell--login--c3">{login}</div></div>',
    "login id first": '<div class="x1"><div class="x3">{login}</div><div class="x2">{name}</div></div>',
    "login id first, with a title": '<div><div title="{login}">{login}</div><div title="{name}">{name}</div></div>',
    "no login id": '<div class="shell--store--a1"><div class="shell--name--b2">{name}</div></div>',
    "no login id, no class": '<div class="x1"><div class="x2" title="{name}">{name}</div></div>',
    "a greeting and a way out": '<div><span>Welcome,</span><span>{name}</span><span>{login}</span>'
    '<a href="#out">Log out</a></div>',
    "a link before the login id": '<div><span>{name}</span><a href="#s">Switch</a><span>{login}</span></div>',
    "boxes in boxes": '<div><div><div>{name}</div></div><div><div><span>{login}</span></div></div></div>',
    "a clock beside the login id": "<div><span>{name}</span><span>美国太平洋时间 </span><span>03:15:22</span>"
    "<span>{login}</span></div>",
    "two lines of one box": "<div>{name}<br>{login}</div>",
}  # fmt: skip
LOGINS = [MAIL, "cn1100234567nwab", "harbor_ops-2008", "h***r@shop.example"]


def with_shell(case: Recorded, shell: str) -> bytes:
    """The recorded page with another shell in place of its own."""
    body, count = SHELL.subn(lambda _: shell, case.page.body.decode())
    assert count == 1
    return body.encode()


def shown(body: str, wanted: str | None = None) -> str | None:
    page = f"<!DOCTYPE html><html><head><title>Orders - Seller Hub</title></head><body>{body}</body></html>"
    return store_shown(Outline(parse(page.encode()).tree), shipped(), wanted)


@EACH_PAGE
def test_another_stores_name_beside_a_mail_address_is_seen(case: Recorded) -> None:
    assert MAIL.encode() in case.page.body
    reading = case.read(case.page.body.replace(NAME.encode(), OTHER.encode()))
    assert (reading.verdict, reading.data) == (Verdict.WRONG_STORE, None)


@EACH_PAGE
@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
def test_every_shell_tells_whose_page_it_is(case: Recorded, shell: str) -> None:
    for login in LOGINS if case is HARBOR[0] else LOGINS[:1]:
        assert wrong(case, case.read(with_shell(case, shell.format(name=NAME, login=login)))) == []
        other = case.read(with_shell(case, shell.format(name=OTHER, login=login)))
        assert other.verdict is Verdict.WRONG_STORE, login


@EACH_PAGE
@pytest.mark.parametrize(
    "shell",
    [
        '<div class="x1">{login}</div>',
        '<div class="x1"><span>账号：</span><span>{login}</span><a href="#o">Lighthouse Outlet</a></div>',
        '<div class="x1"><div>{login}</div></div><div>{name}</div>',
        '<div class="x1"><a href="#shop">{name}</a><div>{login}</div><div>Premium seller</div></div>',
        "",
    ],
    ids=["no name", "no name, but a link", "name in a box of its own", "name is a link", "nothing"],
)
def test_the_right_store_is_never_wrong(case: Recorded, shell: str) -> None:
    assert wrong(case, case.read(with_shell(case, shell.format(name=NAME, login=MAIL)))) == []


@pytest.mark.parametrize("login", LOGINS)
def test_what_offers_other_stores_is_no_name(login: str) -> None:
    choice = f'<ul role="listbox"><li role="option">{OTHER}</li><li role="option">{login}</li></ul>'
    assert shown(choice) is None
    assert shown(choice, OTHER) is None
    assert shown(f"{choice}<div><p>{NAME}</p><p>{login}</p></div>", OTHER) == NAME


def test_a_configured_name_counts_in_the_shell_only() -> None:
    own = f"<div><p>{NAME}</p><p>{MAIL}</p></div>"
    assert shown(f"{own}<h2>{OTHER}</h2>", OTHER) == NAME
    assert shown(f"{own}<table><tr><td>{OTHER}</td></tr></table>", OTHER) == NAME
    assert shown(own.replace(NAME, "harbor  home PREMIUM"), NAME) == "harbor home PREMIUM"


@pytest.mark.parametrize(
    "content",
    [
        "<h2>Phone</h2><div><span>Model</span><span>iphone15-pro</span></div>",
        "<h2>Contact</h2><div><span>Mail</span><span>buyer@shop.example</span></div>",
        "<table><tr><td>Carrier</td><td>express2go</td></tr></table>",
        "<main><div><span>Model</span><span>iphone15-pro</span></div></main>",
        '<div role="dialog"><h3>News</h3><div><span>Write to</span><span>help@shop.example</span></div></div>',
        '<header><span title="Seller Hub">Seller Hub</span></header>',
        '<header><span title="One">One</span><span title="Two">Two</span></header>',
        '<header><a title="Help desk" href="#h">Help desk</a></header>',
    ],
)
def test_what_stands_in_the_content_is_no_store(content: str) -> None:
    assert shown(content) is None


def test_a_dialog_before_the_shell_hides_nothing() -> None:
    news = '<div role="dialog"><h3>News</h3><p>Hello</p></div>'
    assert shown(f"{news}<div><p>{NAME}</p><p>{MAIL}</p></div>") == NAME
    assert shown(f"<h1>Seller Hub</h1><div><p>{NAME}</p><p>cn1100234567nwab</p></div>") == NAME


@pytest.mark.parametrize(
    "text",
    [
        *("Orders", "Harbor Home Premium", "Northwind Official Store", "清河家居小店", "web", "free", "seller-center"),
        *(
            "2026-03-08",
            "2026-03-08 23:41",
            "12:30",
            "US $9.99",
            "CN￥ 1,234.56",
            "CNY 88.00",
            "93.84%",
            "99.9",
            "1/30",
        ),
        *(
            "8187654321098765",
            "LP00123456789012",
            "13小时15分",
            "4m 12s",
            "Shop1103",
            "Studio54",
            "AE/IOSS",
            "x1",
            "v 2",
        ),
        *("Total 14", "09天06:13:55", "a@b", "@harbor", "harbor@home", "see www.shop.example"),
    ],
)
def test_ordinary_texts_are_no_login_ids(text: str) -> None:
    assert not re.match(shipped().site.shell["login_id"], text)


@pytest.mark.parametrize("text", [*LOGINS, "ops+eu@mail.shop.example", "shop88", "a.b-c_9", "cn123456"])
def test_login_ids(text: str) -> None:
    assert re.match(shipped().site.shell["login_id"], text)


def test_a_capture_that_knows_no_name_takes_every_one() -> None:
    case = HARBOR[0]
    body = case.page.body.replace(NAME.encode(), OTHER.encode())
    assert case.read(body, store=Store()).verdict is Verdict.EXPECTED


@pytest.mark.parametrize("clock", ["03:15:22", "2026-11-22 03:15", "美国太平洋时间 03:15:22", "Pacific time", "PST"])
def test_a_clock_is_no_store(clock: str) -> None:
    assert (
        shown(f"<div><div><i>{clock}</i><span>cn1100234567nwab</span></div></div><main><h2>Orders</h2></main>") is None
    )
