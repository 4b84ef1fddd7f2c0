"""Whether a gateway call may pass, by the name of its API."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.live.apis import Deed, allowing, build, called, words
from extractors.vocabulary import shipped
from fixtures.standin.site import ACTIONS, DETAIL_API, KINDS, SHOP_LIST

NAMES = build()
READ = sorted(NAMES.read_words)
WRITE = sorted(NAMES.write_words)
PLAIN = ["order", "seller", "parcel", "shop", "assessment", "figures", "score"]


@pytest.mark.parametrize(
    ("api", "deed"),
    [
        ("mtop.ae.csp.nav.shop.list", Deed.READ),
        ("mtop.aliexpress.trade.seller.order.detail", Deed.READ),
        ("mtop.aliexpress.seller.reverse.querySellerReverseOrderList", Deed.READ),
        ("mtop.gsp.im.use.web.seller.messagebox.querySessionList", Deed.READ),
        ("mtop.aliexpress.seller.data.delay.plan", Deed.READ),
        ("MTOP.AE.CSP.NAV.SHOP.LIST", Deed.READ),
        ("mtop.x.getListing", Deed.READ),
        ("mtop.x.getSettings", Deed.READ),
        ("mtop.x.queryUnreadCount", Deed.READ),
        ("mtop.x.order.list.2", Deed.READ),
        ("mtop.x.order.queryIMRecords", Deed.READ),
        ("mtop.cainiao.ship.order.list", Deed.READ),
        ("mtop.x.sync.queryShipList", Deed.READ),
        ("mtop.x.getReadStatus", Deed.READ),
        ("mtop.x.order.ship", Deed.WRITE),
        ("mtop.x.order.getAndLock", Deed.WRITE),
        ("mtop.x.order.listAndShip", Deed.WRITE),
        ("mtop.x.getThenArchive", Deed.WRITE),
        ("mtop.x.phone.decode.get", Deed.WRITE),
        ("mtop.x.address.plain.query", Deed.WRITE),
        ("mtop.x.queryOrderShip", Deed.WRITE),
        ("mtop.x.getThisAndThatThing", Deed.UNKNOWN),
        ("mtop.x.order.batchQuery", Deed.WRITE),
        ("mtop.x.shipOrderList", Deed.WRITE),
        ("mtop.x.message.markRead", Deed.WRITE),
        ("mtop.x.sync.confirm.list", Deed.WRITE),
        ("mtop.x.settings", Deed.UNKNOWN),
        ("mtop.x.listing", Deed.UNKNOWN),
        ("mtop.ae.csp.workbench.pulse", Deed.UNKNOWN),
        ("mtop.list.order.parcel.shop", Deed.UNKNOWN),
        ("", Deed.UNKNOWN),
        ("mtop.x.queryUpdateRecords", Deed.WRITE),
        ("mtop.x.getAndSave", Deed.WRITE),
        ("mtop.x.address.reveal", Deed.WRITE),
        ("mtop.x.session.read.update", Deed.WRITE),
        ("mtop.x.updaterecords.query", Deed.WRITE),
        ("mtop.submit.order.query", Deed.WRITE),
        ("mtop.x.GETUrlDELETE", Deed.WRITE),
    ],
)
def test_names(api: str, deed: Deed) -> None:
    assert NAMES.judge(api) is deed


def test_what_the_stand_in_knows() -> None:
    reads = [SHOP_LIST, DETAIL_API, *(facts["api"] for facts in KINDS.values())]
    assert {api: NAMES.judge(api) for api in reads} == dict.fromkeys(reads, Deed.READ)
    writes = [action["api"] for action in ACTIONS if not action.get("read")]
    assert {api: NAMES.judge(api) for api in writes} == dict.fromkeys(writes, Deed.WRITE)


def dotted(parts: list[str]) -> str:
    return "mtop." + ".".join(parts)


def camel(parts: list[str]) -> str:
    return parts[0] + "".join(part.capitalize() for part in parts[1:])


part = st.lists(st.sampled_from(PLAIN + READ), min_size=1, max_size=4).map(camel)


@given(st.lists(part, min_size=1, max_size=5), st.sampled_from(WRITE), st.data())
def test_a_word_that_writes_wins_wherever_it_stands(parts: list[str], word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(parts) - 1))
    before, after = data.draw(st.tuples(st.sampled_from(["", *PLAIN]), st.sampled_from(["", "Order", "List"])))
    parts[at] = camel([word for word in (before, word) if word]) + after
    assert NAMES.judge(dotted(parts)) is Deed.WRITE


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789_", max_size=12), max_size=6))
def test_nothing_passes_without_a_word_that_reads(parts: list[str]) -> None:
    api = dotted(parts)
    if NAMES.judge(api) is Deed.READ:
        found = {word for name in api.split(".") for word in words(name)}
        assert found & NAMES.read_words
        assert not found & NAMES.write_words


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3), st.sampled_from(READ))
def test_words_that_read_pass_at_the_end(parts: list[str], word: str) -> None:
    assert NAMES.judge(dotted([*parts, word])) is Deed.READ
    assert NAMES.judge(dotted([*parts, camel([word, "order"])])) is Deed.READ


@given(st.lists(st.sampled_from(["query", "IM", "order", "URL", "list"]), min_size=1, max_size=4))
def test_words_of_a_name(given_words: list[str]) -> None:
    name = given_words[0] + "".join(word if word.isupper() else word.capitalize() for word in given_words[1:])
    if not any(a.isupper() and b.isupper() for a, b in pairwise(given_words)):
        assert list(words(name)) == [word.lower() for word in given_words]


@pytest.mark.parametrize(
    ("path", "query", "api"),
    [
        ("/h5/mtop.a.querylist/1.0/", {"api": "mtop.a.queryList"}, "mtop.a.queryList"),
        ("/h5/mtop.a.querylist/1.0/", {}, "mtop.a.querylist"),
        ("/h5/mtop.a.update/1.0/", {"api": "mtop.a.queryList"}, None),
        ("/gw/", {"api": "mtop.a.queryList"}, "mtop.a.queryList"),
        ("/gw/", {}, None),
    ],
)
def test_which_api_an_address_calls(path: str, query: dict[str, str], api: str | None) -> None:
    assert called(path, query) == api


def test_a_user_may_allow_a_name_with_the_line_that_was_told() -> None:
    import tomllib

    own = tomllib.loads(allowing("mtop.ae.csp.workbench.pulse"))
    assert build(own).judge("mtop.ae.csp.workbench.pulse") is Deed.READ
    assert build(own).judge("mtop.ae.csp.workbench.pulse.save") is Deed.WRITE
    assert build({"write": ["mtop.ae.csp.nav.shop.list"]}).judge("mtop.ae.csp.nav.shop.list") is Deed.WRITE
    assert build({"words": {"write": ["list"]}}).judge("mtop.x.order.list") is Deed.WRITE


def test_a_users_mistake_is_refused() -> None:
    with pytest.raises(ValidationError):
        build({"reads": ["mtop.x"]})


def test_the_pages_own_addresses_are_no_deeds_but_one() -> None:
    judged = {path: NAMES.judge_path(path) for path in shipped().site.addresses.values()}
    assert [path for path, deed in judged.items() if deed is Deed.WRITE] == ["/m_apps/logistic/ship_cn"]
