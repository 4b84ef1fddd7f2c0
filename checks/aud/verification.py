"""AUD005: the backend asks a person to pass a check; nothing was bypassed."""

from collections.abc import Iterator

from checks.aud.need import names, pages
from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity
from checks.rule import rule
from checks.text import Text
from extractors.models import Verdict


@rule(
    code="AUD005",
    name="verification-required",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=(),
    title=Text("后台要求人工验证", "The backend asks for a verification"),
    why=Text(
        "后台弹出滑块或短信验证，只能由人来完成；工具停在这里，没有绕过。",
        "A slider or a code came up, which only a person may pass; the audit stopped there and bypassed nothing.",
    ),
    fix=Text(
        "先等 30 分钟，再运行 shoplint login 店铺名，在浏览器里由人完成验证，然后重新采集。",
        "Wait 30 minutes, run `shoplint login STORE`, pass the verification yourself in the browser, capture again.",
    ),
)
def verification(audit: Audit) -> Iterator[Finding]:
    found = pages(audit, Verdict.VERIFICATION)
    if found:
        first, shown = found[0], names(found)
        yield audit.finding(
            audit.subject(),
            Text(f"这些页面要求人工验证：{shown.zh}", f"A verification came instead of: {shown.en}"),
            observed=shown,
            expected=Text("页面正常打开", "the page itself"),
            evidence=Evidence(first.kind, first.sequence, None, None, first.captured_at),
        )
