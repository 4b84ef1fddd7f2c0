"""AUD008: two pages show the same figure of the same day differently."""

from collections.abc import Iterator
from itertools import combinations

from checks.aud.figures import Shown, known, places
from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.page_names import page_name
from checks.rule import rule
from checks.text import Text


@rule(
    code="AUD008",
    name="figures-disagree",
    severity=Severity.INFO,
    sources=("field practice",),
    needs=(),
    title=Text("同一个指标在不同页面上不一致", "Pages disagree about a figure"),
    why=Text(
        "各页面的更新时间和口径不完全一样；看到两个数时，要知道升级和处罚按哪个算。",
        "Pages are updated at different times and count differently; with two figures, know which one decides.",
    ),
    fix=Text(
        "以考核该项的页面为准：等级看等级页，物流承诺看考核页；一两天后仍不一致就咨询客服。",
        "Trust the page that decides: the level page for the level, the assessment for the shipping promise. If they "
        "still disagree after two days, ask the support.",
    ),
)
def figures_disagree(audit: Audit) -> Iterator[Finding]:
    for one in known():
        shown = list(places(audit, one))
        apart = next((pair for pair in combinations(shown, 2) if not pair[0].agrees(pair[1])), None)
        if apart is None:
            continue
        first, second = apart
        yield audit.finding(
            Subject("metric", one.name),
            Text(
                f"{one.zh}：{placed(first, one.unit).zh}，{placed(second, one.unit).zh}",
                f"The {one.en} is {placed(first, one.unit).en}, but {placed(second, one.unit).en}",
            ),
            observed=second.words(one.unit),
            expected=first.words(one.unit),
            evidence=second.evidence,
        )


def placed(shown: Shown, unit: str) -> Text:
    """A figure with the page that shows it."""
    value, page = shown.words(unit), page_name(shown.kind)
    return Text(f"{page.zh}为 {value.zh}", f"{value.en} on {page.en}")
