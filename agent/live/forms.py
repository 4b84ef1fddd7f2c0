"""The login page as data (data/login.toml), and the two questions that are asked in the page itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import tomli
from pydantic import BaseModel, ConfigDict

from agent.home import Home
from extractors.vocabulary import merged

FILE = "login"

FIND = """
(password, {selectors, names}) => {
  const root = password.getRootNode();
  const key = (text) => (text || '').replace(/[^\\p{L}\\p{N}]+/gu, '').toLowerCase();
  const known = new Set(names.map(key));
  const named = (element) =>
    [element.innerText, element.value, element.getAttribute('aria-label')].some((text) => known.has(key(text)));
  const apart = (element) => {  // a notice over the page has buttons of its own
    const dialog = element.closest('dialog, [role=dialog]');
    return dialog !== null && !dialog.contains(password);
  };
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden';
  const all = (css) => {
    try { return [...root.querySelectorAll(css)].filter((element) => seen(element) && !apart(element)); }
    catch (unknown) { return []; }
  };
  const behind = (element) => password.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
  const told = all(selectors);
  const called = all('button, [role=button], input[type=submit], input[type=button]')
    .filter((element) => named(element) && behind(element));
  for (let box = password.parentElement; box !== null; box = box.parentElement) {
    const inside = told.filter((element) => box.contains(element));
    const found = inside.find(named) || inside[0] || called.find((element) => box.contains(element));
    if (found) { return found; }
  }
  return null;
}
"""
FREE = "(button) => !button.disabled && button.getAttribute('aria-disabled') !== 'true'"

LOOK = """
({marks, complaints}) => {
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden';
  const text = document.body ? document.body.innerText : '';
  const any = (selectors) => selectors.flatMap((selector) => [...document.querySelectorAll(selector)]).filter(seen);
  const found = {};
  for (const [name, mark] of Object.entries(marks)) {
    const texts = mark.texts.filter((pattern) => new RegExp(pattern, 'i').test(text));
    found[name] = {selector: any(mark.selectors).length > 0, texts};
  }
  const said = any(complaints).map((element) => element.innerText.trim()).filter((line) => line);
  return {found, said: said.join(' '), text: text.slice(0, 20000)};
}
"""


class Form(BaseModel):
    """A login form: the frame that holds it, its two fields, its button; CSS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frame: str = ""
    name: str
    password: str
    button: str


class Marks(BaseModel):
    """How a result shows: in the address, as an element that can be seen, or in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: list[str] = []
    selectors: list[str] = []
    texts: list[str] = []


class Complaint(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    selectors: list[str] = []


class Button(BaseModel):
    """What a button is called that no selector knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: list[str] = []


class SentTo(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    patterns: list[str] = []


class Sheet(BaseModel):
    """data/login.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: dict[str, Form]
    results: dict[str, Marks]
    button: Button = Button()
    complaint: Complaint = Complaint()
    sent_to: SentTo = SentTo()


@cache
def _shipped() -> dict[str, Any]:
    return tomli.loads((files("agent") / "data" / "login.toml").read_text("utf-8"))


def sheet(home: Home | None = None) -> Sheet:
    """The shipped description with the user's own login.toml laid over it."""
    own: dict[str, Any] = {}
    if home is not None and (path := home.words(FILE)).is_file():
        from agent.toml import read_toml

        own = read_toml(path).data
    return Sheet.model_validate(merged(_shipped(), own))
