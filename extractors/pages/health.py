"""Store health: the score, its five parts, and the figures around them."""

from __future__ import annotations

from extractors.models.health import HealthData, PartScores
from extractors.outline import COLON, label_key
from extractors.page import PageKind, PageReader
from extractors.texts import NotUnderstood, not_assessed
from extractors.times import day, duration_s
from extractors.values import money, number, rate

PARTS = {
    "fulfilment": "fulfilment_rate",
    "dispute": "dispute_rate",
    "return": "return_rate",
    "positive": "positive_rate",
    "response": "response_s",
}
"""Part of the score -> the figure on whose card its points stand."""
WEIGHTS = frozenset({"30%", "25%", "20%", "15%", "10%"})
"""The weights of the parts, which may stand beside their labels without a word."""


def read(reader: PageReader) -> HealthData:
    return HealthData(
        score=reader.figure("score", _points),
        as_of=reader.figure("as_of", day),
        fulfilment_rate=reader.figure("fulfilment_rate", rate, WEIGHTS),
        dispute_rate=reader.figure("dispute_rate", rate, WEIGHTS),
        return_rate=reader.figure("return_rate", rate, WEIGHTS),
        positive_rate=reader.figure("positive_rate", rate, WEIGHTS),
        response_s=reader.figure("response_s", duration_s, WEIGHTS),
        part_scores=PartScores.model_validate({part: _part(reader, figure) for part, figure in PARTS.items()}),
        order_defect_rate=reader.figure("order_defect_rate", rate),
        average_reply_s=reader.figure("average_reply_s", duration_s),
        cancel_rate=reader.figure("cancel_rate", rate),
        sales_30d=reader.figure("sales_30d", money),
        top_rated=reader.figure("top_rated", reader.flag),
        level=reader.figure_word("level", "health_level"),
    )


def _points(text: str) -> float | None:
    """A score of at most 100; "83.4 / 100" is one too."""
    if not_assessed(text):
        return None
    found = number(text.split("/")[0] if "/" in text else text)
    if found is not None and not 0 <= found <= 100:
        raise NotUnderstood(text, "a score from 0 to 100")
    return found


def _part(reader: PageReader, figure: str) -> float | None:
    """The points on a figure's card, "Score 78", or 78 after a label of its own, or in the figure's row of a table."""
    labels = reader.labels
    keys = {key for key, name in labels.parts.items() if name == "part_score"}
    for place in reader.outline.find(labels.figures[figure], labels.all_keys - keys, WEIGHTS):
        texts = place.texts
        for index, text in enumerate(texts):
            for key in keys:
                if not label_key(text).startswith(key):
                    continue
                rest = _after(text) or (texts[index + 1] if index + 1 < len(texts) else "")
                return reader.parsed("part_scores", text, rest, _points)
    for row in reader.figure_rows:
        if row.key in labels.figures[figure]:
            points = next((text for title, text in row.cells.items() if label_key(title) in keys), None)
            if points is not None:
                return reader.parsed("part_scores", row.label, points, _points)
    return None


def _after(text: str) -> str:
    """What follows the label's word in "Score 78", "得分：78", "得分: 暂无"."""
    _, colon, rest = COLON.sub(":", text, count=1).partition(":")
    if colon and rest.strip():
        return rest.strip()
    for index, char in enumerate(text):
        if char.isdigit() or char in "-–—":
            return text[index:]
    last = text.split()[-1:]
    return last[0] if last and last[0] != text and not_assessed(last[0]) else ""


PAGE = PageKind("health", read)
