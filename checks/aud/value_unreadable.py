"""AUD003: a label was found, but what stands beside it cannot be read."""

from collections.abc import Iterator

from checks.aud.need import field, problems, sentence
from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject
from checks.page_names import page_name
from checks.rule import rule
from checks.text import Text
from extractors.models import Problem, Reading


@rule(
    code="AUD003",
    name="value-not-understood",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=(),
    title=Text("字段的值无法识别", "A value could not be read"),
    why=Text(
        "字段在，但内容不是认得的写法；为了不误判，这个值没有参与检查。",
        "The field is there, but not written in a way that is known; so as not to misjudge, its value was left out.",
    ),
    fix=Text(
        "到页面上核对这个值；如果后台换了写法，请把原文反馈给工具维护者。",
        "Check the value on the page; if the backend writes it differently now, send the raw text to the maintainers.",
    ),
)
def value_unreadable(audit: Audit) -> Iterator[Finding]:
    found: dict[str, list[tuple[Reading, Problem]]] = {}
    for reading, problem in problems(audit, "value_not_understood"):
        found.setdefault(f"{reading.kind}.{field(problem)}", []).append((reading, problem))
    for name, cases in found.items():
        reading, problem = cases[0]
        raw, called = problem.text or "", page_name(reading.kind)
        zh, en = (
            (f"“{problem.label}”（{name}）", f"“{problem.label}” ({name})") if problem.label else (f" {name} ", name)
        )
        more = Text("", "") if len(cases) == 1 else Text(f"，共 {len(cases)} 处", f", {len(cases)} times in all")
        yield audit.finding(
            Subject("page", name),
            Text(
                f"{called.zh}的{zh}写着“{raw}”，无法识别{more.zh}",
                f"{sentence(called.en)} shows {en} as “{raw}”, which is no value that is known{more.en}",
            ),
            observed=raw,
            expected=Text("可以识别的值", "a value that can be read"),
            evidence=Evidence(reading.kind, reading.sequence, problem.label, problem.text, reading.captured_at),
        )
