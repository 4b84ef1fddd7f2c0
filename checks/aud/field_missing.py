"""AUD002: a page was read, but a field that a selected rule needs is not on it."""

from collections.abc import Iterator

from checks.aud.need import field, is_needed, problems, sentence
from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject
from checks.page_names import page_name
from checks.rule import rule
from checks.text import Text


@rule(
    code="AUD002",
    name="field-not-found",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=(),
    title=Text("页面上找不到需要的字段", "A field that is needed is not on its page"),
    why=Text(
        "后台改版或换了叫法时，字段会找不到，依赖它的检查就停了。",
        "When the backend changes a layout or a name, the field is lost and the checks that need it stop.",
    ),
    fix=Text(
        "在浏览器里看这个字段现在叫什么，把新叫法加进标签数据文件。",
        "Look up in a browser what the field is called now, and add that name to the labels' data file.",
    ),
)
def field_missing(audit: Audit) -> Iterator[Finding]:
    told = set()
    for reading, problem in problems(audit, "field_not_found"):
        name = f"{reading.kind}.{field(problem)}"
        if name in told or not is_needed(audit, reading.kind, problem):
            continue
        told.add(name)
        tried, called = Text("", ""), page_name(reading.kind)
        if problem.label:
            tried = Text(f"，找过的标签：{problem.label}", f"; labels tried: {problem.label}")
        yield audit.finding(
            Subject("page", name),
            Text(f"{called.zh}上找不到 {name}{tried.zh}", f"{sentence(called.en)} does not show {name}{tried.en}"),
            observed=Text("没有找到", "not found"),
            expected=problem.label or name,
            evidence=Evidence(reading.kind, reading.sequence, problem.label, problem.text, reading.captured_at),
        )
