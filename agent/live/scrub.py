"""Takes persons and stores out of a capture: what names somebody becomes a stand-in, what is measured stays.

Texts and attributes of a page are changed where they stand, so that the page's structure is what it was; scripts,
style sheets and comments are emptied. Which column and which label holds personal data is data (data/scrub.toml).
Before anything is changed the scrubber learns from the readings which numbers are ids, so that one number has one
stand-in on every page, in every address and in every answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import tomli
from lxml import etree

from agent.live.places import Places
from agent.live.shifting import shifted
from agent.live.standins import StandIns, invented, is_time
from extractors.models import Model, Store
from extractors.outline import label_key
from extractors.vocabulary import Vocabulary

EMAIL = re.compile(r"[\w.+*-]+@[\w*-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.-])(?:\+\d[\d ()-]{7,}\d|\(\d{2,4}\) ?\d{3,5}-\d{4}|1[3-9]\d{9})(?![\w-])")
MASKED_NAME = re.compile(r"(?<![\w*])[^\W\d_]{1,2}\*{2,}(?: [^\W\d_][\w'’.-]*)?(?![\w@*.])")
TOKEN = re.compile(r"[0-9A-Za-z*]+(?:-[0-9A-Za-z*]+)*")
ANY = re.compile(
    f"(?P<email>{EMAIL.pattern})|(?P<phone>{PHONE.pattern})|(?P<name>{MASKED_NAME.pattern})|(?P<token>{TOKEN.pattern})"
)
"""One pass over a text, so that no stand-in is taken for something to be replaced."""
DAY = re.compile(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}(?:T\d{1,2})?")
LOGIN_ID = re.compile(r"[a-z]{2}\d{6,}[a-z]{0,10}")
OPENING = re.compile(r"(?:[0-9a-f]{24,}|[0-9A-F]{24,}|eyJ[\w-]{10,})(?:\.[\w-]+)*")
STYLE_URL = re.compile(r"url\([^)]*\)")
LONG = 9
"""Digits from which a number is an id and no figure."""
KEPT_ATTRIBUTES = frozenset({"class", "style", "role", "type", "rowspan", "colspan", "tabindex", "lang", "charset"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data-src", "cite", "background"})
EMPTIED = frozenset({"script", "style", "noscript", "textarea"})
SECRET_INPUTS = frozenset({"hidden", "password", "email", "tel"})
PICTURE = "https://ae01.alicdn.com/kf/placeholder.png"
TIME_KEY = re.compile(r"(?:time|date|at|gmt|on)$", re.IGNORECASE)

IDS = {
    "order_id": "number",
    "conversation_id": "shaped",
    "dispute_id": "shaped",
    "violation_id": "shaped",
    "product_id": "number",
    "tracking_number": "tracking",
}
"""Keys of the readings that hold ids, and how their stand-ins are made."""


@cache
def rules() -> dict[str, Any]:
    """data/scrub.toml."""
    return tomli.loads((files("agent") / "data" / "scrub.toml").read_text("utf-8"))


class Scrubber:
    """Scrubs everything of one capture with the same stand-ins."""

    def __init__(self, stand_ins: StandIns, vocabulary: Vocabulary, store: Store | None = None) -> None:
        self.stand_ins = stand_ins
        self.vocabulary = vocabulary
        self.known: dict[str, str] = {}
        """Ids as they are written -> their stand-ins."""
        self.names: dict[str, str] = {}
        """Names of stores -> their stand-ins, wherever they stand in a text."""
        self.brands: dict[str, str] = {}
        self._replaced: dict[str, str] = {}
        """Personal texts of the page at hand, for the titles that repeat them."""
        if store is not None:
            self.learn_store(store)

    # --- learning ---------------------------------------------------------------------------------------------

    def learn_store(self, store: Store) -> None:
        """The store of the capture, or another one that shows on a page."""
        if store.name:
            self.names[store.name] = self.stand_ins.store(store.name)
        for number in (store.id, store.channel_id):
            if number:
                self.known[number] = self.stand_ins.number(number)

    def learn(self, data: Model | None) -> None:
        """The ids and brands of a reading."""
        if data is not None:
            self._learn(data.model_dump(mode="json", by_alias=True))

    def _learn(self, value: Any, key: str = "") -> None:
        if isinstance(value, Mapping):
            listed = "sync" in value and "number" in value
            for name, item in value.items():
                self._learn(item, "tracking_number" if listed and name == "number" else name)
        elif isinstance(value, list):
            for item in value:
                self._learn(item, key)
        elif isinstance(value, str) and key in IDS:
            self.known[value] = getattr(self.stand_ins, IDS[key])(value)
        elif isinstance(value, str) and key == "brand":
            self.brands[value] = self.stand_ins.brand(value)

    def learn_answer(self, body: Any, key: str = "") -> None:
        """The other stores of the account, which an answer may list."""
        if isinstance(body, Mapping):
            for name, item in body.items():
                self.learn_answer(item, str(name))
        elif isinstance(body, list):
            for item in body:
                self.learn_answer(item, key)
        elif isinstance(body, str | int) and key in rules()["stores"]["names"] and isinstance(body, str) and body:
            self.names.setdefault(body, self.stand_ins.store(body))
        elif isinstance(body, str | int) and key in rules()["stores"]["numbers"] and str(body).isdecimal():
            self.known.setdefault(str(body), self.stand_ins.number(str(body)))

    # --- texts ------------------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """A text with stand-ins for everything in it that names somebody, wherever it stands."""
        bare = text.strip()
        if not bare:
            return text
        if bare in self.known:
            return text.replace(bare, self.known[bare])
        for name, stand_in in self.names.items():
            text = text.replace(name, stand_in)
        text = ANY.sub(self._part, text)
        return shifted(text, self.stand_ins.weeks) if self.stand_ins.weeks else text

    def _part(self, found: re.Match[str]) -> str:
        text = found[0]
        if found.lastgroup == "email":
            return self.stand_ins.email(text)
        if found.lastgroup == "phone" and text not in self.known:
            return str(invented()["phone"])
        return self.stand_ins.name(text) if found.lastgroup == "name" else self._token(text)

    def _token(self, token: str) -> str:
        if token in self.known:
            return self.known[token]
        if "*" in token:
            return self.stand_ins.shaped(token)
        if token.isdecimal():
            if is_time(token):
                return self.stand_ins.milliseconds(token)
            return self.stand_ins.number(token) if len(token) >= LONG else token
        if DAY.fullmatch(token):
            return token
        if LOGIN_ID.fullmatch(token):
            return self.stand_ins.login(token)
        if OPENING.fullmatch(token) and any(sign.isdigit() for sign in token):
            return "0" * 8
        if sum(sign.isdigit() for sign in token) >= LONG:
            return self.stand_ins.tracking(token)
        return token

    def url(self, url: str) -> str:
        """An address: what opens something is blank, ids have their stand-ins."""
        if url.startswith("data:"):
            return "data:,"
        if url.startswith(("#", "javascript:")) or not url:
            return url
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return ""
        opening = rules()["parameters"]["token"]
        scrubbed = [(name, "" if name.lower() in opening else self._nested(value)) for name, value in pairs]
        query = parts.query if scrubbed == pairs else urlencode(scrubbed)
        return urlunsplit((parts.scheme, parts.netloc, self.text(parts.path), query, self.text(parts.fragment)))

    def _nested(self, value: str) -> str:
        return self.url(value) if value.startswith(("https://", "http://", "/")) else self.text(value)

    def brand(self, text: str) -> str:
        found = self.brands.get(text.strip())
        return text.replace(text.strip(), found) if found else self.text(text)

    # --- answers and readings ---------------------------------------------------------------------------------

    def json(self, value: Any, key: str = "") -> Any:
        """An answer: the same keys, the same lists, the same kinds of values."""
        if isinstance(value, Mapping):
            return {name: self.json(item, str(name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.json(item, key) for item in value]
        if isinstance(value, str):
            return self._string(value, key)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._integer(value, key)
        return value

    def _string(self, value: str, key: str) -> str:
        plain = re.sub(r"[^a-z0-9]", "", key.lower())
        for what, names in rules()["keys"].items():
            if plain in names and value.strip():
                return "" if what == "token" else self.stand_ins.of(what, value)
        return self.url(value) if value.startswith(("https://", "http://", "//")) else self.text(value)

    def _integer(self, value: int, key: str) -> int:
        digits = str(abs(value))
        if digits in self.known:
            return int(self.known[digits])
        if is_time(digits):
            return int(self.stand_ins.milliseconds(digits))
        if len(digits) >= LONG and not TIME_KEY.search(key) and re.search(r"id$|no$|number$|code$", key, re.I):
            return int(self.stand_ins.number(digits))
        return value

    def reading(self, data: Model | None) -> Any:
        """What the reading of the scrubbed page must be, made from the reading of the page itself."""
        return None if data is None else self._reading(data.model_dump(mode="json", by_alias=True), "")

    def _reading(self, value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: self._reading(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self._reading(item, key) for item in value]
        if isinstance(value, str):
            return self.brand(value) if key == "brand" else self.text(value)
        return value

    # --- pages ------------------------------------------------------------------------------------------------

    def html(self, body: bytes, kind: str) -> bytes:
        """A page with the same elements in the same order."""
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
        tree: Any = etree.parse(BytesIO(body), parser)
        root = tree.getroot()
        if root is None:
            return b""
        self._replaced = {}
        places = Places(root, kind, rules(), self.vocabulary)
        for element in root.iter():
            if not isinstance(element.tag, str):
                element.text = ""
            elif element.tag in EMPTIED:
                element.text = None
        self._texts(places, kind)
        for element in root.iter(etree.Element):
            self._attributes(element)
        doctype = tree.docinfo.doctype
        text = etree.tostring(root, method="html", encoding="unicode", with_tail=False)
        return (f"{doctype}{text}" if doctype else text).encode()

    def _texts(self, places: Places, kind: str) -> None:
        """Every text of the page; texts under a personal column or behind a personal label whole."""
        for place in places:
            if place.what:
                new = self._personal(place.what, place.text)
            elif kind == "documents" and place.text.strip() in self.brands:
                new = self.brand(place.text)
            else:
                new = self.text(place.text)
            if new != place.text:
                place.put(new)

    def _personal(self, what: str, text: str) -> str:
        bare = text.strip()
        kept = {label_key(word) for word in rules()["words"]["keep"]}
        if not bare or label_key(bare) in kept or (what == "name" and any(sign.isdigit() for sign in bare)):
            return self.text(text)
        self._replaced[bare] = self.stand_ins.of(what, bare)
        return text.replace(bare, self._replaced[bare])

    def _attributes(self, element: Any) -> None:
        for name, value in element.attrib.items():
            new = self._attribute(element, name.lower(), value)
            if new != value:
                element.set(name, new)

    def _attribute(self, element: Any, name: str, value: str) -> str:
        if name.startswith("on") or name in ("srcdoc", "srcset", "nonce", "integrity"):
            return ""
        if name == "style":
            return STYLE_URL.sub("url()", value)
        if name in KEPT_ATTRIBUTES or name.startswith(("data-next-table-", "data-spm")):
            return value
        if name == "src" and element.tag in ("img", "source", "video", "audio"):
            return value if re.search(r"loading|placeholder", value) else PICTURE
        if name in ADDRESSES:
            return self.url(value)
        if name == "value" and element.tag == "input" and (element.get("type") or "text") in SECRET_INPUTS:
            return ""
        if name == "content" and element.tag == "meta" and re.search(r"token|csrf", element.get("name") or "", re.I):
            return ""
        return self._labelled(element, value)

    def _labelled(self, element: Any, value: str) -> str:
        """A title or the like: that of a person when its element showed one."""
        return self._replaced.get(value.strip()) or self.text(value)
