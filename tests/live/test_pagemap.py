"""The page map and a user's own corrections of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigurationUnreadable, ConfigurationWrong
from agent.home import Home
from agent.live.pagemap import PageMap, sheet, shipped


def read(folder: Path, text: str) -> PageMap:
    (folder / "pages.toml").write_text(text, "utf-8")
    return sheet(Home(folder))


def test_without_an_own_file_it_is_the_shipped_one(tmp_path: Path) -> None:
    assert sheet(Home(tmp_path)) is shipped()


def test_single_selectors_and_entries_are_replaced(tmp_path: Path) -> None:
    own = read(
        tmp_path,
        """
[pagination]
next = ".pager-forward"

[[pages]]
kind = "orders"
views = ["awaiting_shipment"]
ready = [".order-board"]
""",
    )
    assert own.pagination.next == ".pager-forward"
    assert own.pagination.display == shipped().pagination.display
    assert [stop.kind for stop in own.pages] == [stop.kind for stop in shipped().pages]
    orders = own.pages[0]
    assert (orders.views, orders.ready) == (("awaiting_shipment",), (".order-board",))
    assert (orders.is_list, orders.whole) == (True, "all"), "what is not named stays"
    assert own.pages[1:] == shipped().pages[1:]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[pagination]\nnxt = ".a"\n', "line 2: unknown key nxt in [pagination]; did you mean next?"),
        ("[paginations]\n", "unknown key paginations"),
        ("[tabs]\ntab = 3\n", "tabs.tab should be a CSS selector, but is 3"),
        ('[rows]\nrow = "tr["\n', "rows.row should be a CSS selector"),
        ('tabs = "x"\n', "tabs should be a table"),
        ('[[pages]]\nkind = "order"\n', "should be a page kind (orders, tracking"),
        ('[[pages]]\nkind = "orders"\nlist = "yes"\n', "line 3: pages[1].list should be"),
        ('[[pages]]\nkind = "orders"\nview = []\n', "unknown key view"),
        ('[[pages]]\nkind = "health"\nready = ["["]\n', "pages[1].ready should be a CSS selector"),
        ("pages = 1\n", "pages should be tables [[pages]]"),
    ],
)
def test_mistakes_are_told_where_they_stand(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationWrong) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationUnreadable):
        read(tmp_path, "[tabs")
