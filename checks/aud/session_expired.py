"""AUD004: the stored session no longer logs in."""

from collections.abc import Iterator

from checks.aud.need import names, pages
from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity
from checks.rule import rule
from checks.text import Text
from extractors.models import Reading, Verdict


@rule(
    code="AUD004",
    name="session-expired",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=(),
    title=Text("登录状态已失效", "The stored session has expired"),
    why=Text(
        "后台要求重新登录，这些页面什么都没读到。",
        "The backend asks for a login, so nothing of these pages could be read.",
    ),
    fix=Text(
        "运行 shoplint login 店铺名，在打开的浏览器里登录一次，再重新采集。",
        "Run `shoplint login STORE`, log in once in the browser that opens, then capture again.",
    ),
)
def session_expired(audit: Audit) -> Iterator[Finding]:
    found = pages(audit, Verdict.LOGIN)
    if found:
        shown = names(found)
        words = Text(f"这些页面变成了登录页：{shown.zh}", f"The login page came instead of: {shown.en}")
    else:
        found = hollow(audit)
        shown = names(found)
        words = Text(
            f"所有页面都只有占位符（{shown.zh}），多半是登录已失效",
            f"Every page shows placeholders only ({shown.en}), as they do when a session is dead",
        )
    if found:
        first = found[0]
        yield audit.finding(
            audit.subject(),
            words,
            observed=shown,
            expected=Text("已登录的页面", "pages of a signed-in session"),
            evidence=Evidence(first.kind, first.sequence, None, None, first.captured_at),
        )


def hollow(audit: Audit) -> list[Reading]:
    """All pages, when there are several and not one of them holds more than placeholders."""
    readings = audit.facts.readings
    empty = pages(audit, Verdict.SKELETON)
    return empty if len(empty) > 1 and len(empty) == len(readings) else []
