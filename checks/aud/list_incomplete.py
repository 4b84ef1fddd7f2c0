"""AUD006: a list was read only in part."""

from collections.abc import Iterator

from checks.aud.need import problems, sentence
from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject
from checks.page_names import page_name
from checks.rule import rule
from checks.text import Text
from extractors.models import Problem, Reading


@rule(
    code="AUD006",
    name="list-incomplete",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=(),
    title=Text("列表没有读全", "A list was read only in part"),
    why=Text(
        "页面写的总数比读到的多，或到了翻页上限；没读到的行没有参与检查。",
        "The page says that it has more rows than were read, or a page limit was reached; the rest was not checked.",
    ),
    fix=Text(
        "调大配置 [capture] 里的 max_list_pages，或避开下单高峰重新采集。",
        "Raise max_list_pages under [capture] in the configuration, or capture again at a quieter hour.",
    ),
)
def list_incomplete(audit: Audit) -> Iterator[Finding]:
    found: dict[str, list[tuple[Reading, Problem]]] = {}
    for reading, problem in problems(audit, "list_incomplete"):
        found.setdefault(reading.kind, []).append((reading, problem))
    for kind, cases in found.items():
        reading, problem = cases[0]
        texts = "; ".join(dict.fromkeys(case.text for _, case in cases if case.text)) or "?"
        called = page_name(kind)
        yield audit.finding(
            Subject("page", kind),
            Text(f"{called.zh}没有读全：{texts}", f"{sentence(called.en)} was read only in part: {texts}"),
            observed=texts,
            expected=Text("读到全部行", "every row"),
            evidence=Evidence(kind, reading.sequence, problem.label, problem.text, reading.captured_at),
        )
