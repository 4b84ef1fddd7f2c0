"""What a page says of the list it is a part of: how many rows there are, which page this is, of how many."""

from __future__ import annotations

from extractors.outline import Chunk, Element, Outline
from extractors.texts import clean
from extractors.vocabulary import Vocabulary

PAGERS = "//*[contains(@class, 'pager') or contains(@class, 'pagination')]//*[self::li or self::a or self::button]"
IN_PAGER = "boolean(ancestor::nav[contains(@aria-label, 'agination') or contains(@aria-label, '分页')])"


def total(outline: Outline, words: Vocabulary, *, marked: bool) -> int | None:
    """The number of rows that a pagination or, unless only the ``marked`` text counts, a line of the content tells.

    A piece of a line is asked last, and only where all pieces that tell a total agree.
    """
    for text in (*_marked(outline, "pagination-total"), *(() if marked else outline.lines)):
        if (found := _total_in(text, words)) is not None:
            return found
    if marked:
        return None
    told = {n for chunk in _pieces(outline) if (n := _total_in(chunk.text, words)) is not None}
    return told.pop() if len(told) == 1 else None


def position(outline: Outline, words: Vocabulary) -> tuple[int | None, int | None]:
    """The page's number and the number of pages, as in "1/30", "Page 1 of 30", or of numbered buttons."""
    for text in _marked(outline, "pagination-display"):
        if found := words.position.match(text):
            return int(found[1]), int(found[2])
    told = {match.groups() for chunk in _pieces(outline) if (match := words.page_of.match(chunk.text))}
    if len(told) == 1:
        page, pages = (int(number) for number in told.pop() if number)
        return page, pages
    lines = {chunk.line for chunk in _pieces(outline) if _total_in(chunk.text, words) is not None}
    beside = {chunk.text for chunk in _pieces(outline) if chunk.line in lines and words.position.match(chunk.text)}
    if len(beside) == 1 and (found := words.position.match(beside.pop())):
        return int(found[1]), int(found[2])
    return _numbered(outline.tree)


def _total_in(text: str, words: Vocabulary) -> int | None:
    for pattern in words.totals:
        if found := pattern().fullmatch(text):
            return int(found[1].replace(",", ""))
    return None


def _pieces(outline: Outline) -> list[Chunk]:
    """The pieces of the content, and of a navigation between pages, which is no content otherwise."""
    pager = [chunk for chunk in outline.chunks if not chunk.content and chunk.element.xpath(IN_PAGER)]
    numbered = (chunk for chunk in (*outline.content, *pager) if any(map(str.isdigit, chunk.text)))
    return [chunk for chunk in numbered if chunk.element.tag not in ("a", "button")]


def _numbered(tree: Element | None) -> tuple[int | None, int | None]:
    """The position told by a row of numbered buttons: the marked one, of as many as the highest number."""
    if tree is None:
        return None, None
    buttons = tree.xpath("//*[contains(@class, 'pagination-item')]") or tree.xpath(PAGERS)
    numbers = [(button, text) for button in buttons if (text := clean("".join(button.itertext()))).isdigit()]
    current = [int(text) for button, text in numbers if _is_current(button)]
    return (current[0], max(int(text) for _, text in numbers)) if len(current) == 1 else (None, None)


def _is_current(button: Element) -> bool:
    """Whether a page's button is the one of the page that is shown."""
    if button.get("aria-current") in ("page", "true"):
        return True
    classes = (button.get("class") or "").split()
    return any(css in ("active", "current") or css.endswith(("-active", "-current")) for css in classes)


def _marked(outline: Outline, css: str) -> list[str]:
    """The texts of elements whose component class ends with ``css``, whatever the prefix."""
    if outline.tree is None:
        return []
    found = outline.tree.xpath("//*[contains(@class, $css)]", css=css)
    return [clean("".join(element.itertext())) for element in found]
