"""Bare lxml streaming: the texts of every table cell of every page of a capture, nothing else. Prints their number."""

import sys
from pathlib import Path

from lxml import etree


def main() -> None:
    cells = 0
    for page in sorted(Path(sys.argv[1]).glob("pages/*.html")):
        for _, cell in etree.iterparse(str(page), html=True, encoding="utf-8", tag=("td", "th")):
            cells += bool("".join(cell.itertext()))
            cell.clear()
    print(cells)


main()
