"""AUD001: a page that a selected rule needs could not be had."""

from collections.abc import Iterator

from checks.aud.need import in_the_dark, named, sentence
from checks.audit import Audit
from checks.facts import cause
from checks.finding import Evidence, Finding, OutcomeKind, Severity, Subject
from checks.mishaps import mishap
from checks.page_names import page_name
from checks.rule import rule
from checks.text import Text
from extractors.models import Reading, Verdict

COVERED = (None, Verdict.SKELETON, Verdict.ERROR_PAGE, Verdict.WRONG_STORE, Verdict.UNKNOWN)
FIXES = {
    Verdict.WRONG_STORE: Text(
        "核对配置里的 channel_id 和店铺编号是不是同一家店，再重新采集。",
        "Check that channel_id and store id in the configuration belong to the same store, then capture again.",
    ),
    Verdict.UNKNOWN: Text(
        "在浏览器里打开这个页面看是否改版；改版了就在页面数据文件里更新地址或标签。",
        "Open the page in a browser: if the backend has changed it, correct its address or labels in the data files.",
    ),
}


@rule(
    code="AUD001",
    name="page-not-captured",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=(),
    title=Text("需要的页面没有采集到", "A page that is needed could not be captured"),
    why=Text(
        "页面没拿到，相关的检查就没法判断；没报问题不等于没有问题。",
        "Without the page its checks cannot be judged, and silence about them does not mean that all is well.",
    ),
    fix=Text(
        "稍后重新采集一次；反复失败就在浏览器里打开同一地址，看后台是否正常。",
        "Capture again a little later; if it keeps failing, open the same address in a browser to see whether the "
        "backend works.",
    ),
)
def page_missing(audit: Audit) -> Iterator[Finding]:
    failed: dict[str, list[Reading]] = {}
    present = {reading.kind for reading in audit.facts.readings}
    for reading in audit.facts.readings:
        if reading.verdict in COVERED:
            failed.setdefault(reading.kind, []).append(reading)
    for kind, readings in failed.items():
        codes = in_the_dark(audit, kind)
        if not codes:
            continue
        first, why, lost = readings[0], cause(readings[0]), named(codes)
        count = Text("", "") if len(readings) == 1 else Text(f"（共 {len(readings)} 页）", f" ({len(readings)} pages)")
        yield audit.finding(
            Subject("page", kind),
            Text(f"{why.zh}{count.zh}{lost.zh}", sentence(f"{why.en}{count.en}{lost.en}")),
            observed=mishap(first.mishap, first.error) if first.error else str(first.verdict),
            expected=Text("页面正常打开", "the page itself"),
            evidence=Evidence(kind, first.sequence, None, first.error, first.captured_at),
            fix=FIXES.get(first.verdict) if first.verdict else None,
        )
    for needing in audit.selected:
        outcome = audit.outcomes.get(needing.code)
        if outcome is not None and outcome.kind is OutcomeKind.UNKNOWN:
            for kinds in needing.lacks(present):
                audit.gap(_never_tried(kinds))


def _never_tried(kinds: str) -> Text:
    """A page that the capture does not even try to hold, as an export holds orders only: no fault, and no pass."""
    called = [page_name(kind) for kind in kinds.split("|")]
    zh, en = "或".join(name.zh for name in called), " or ".join(name.en for name in called)
    return Text(f"本次采集不包含{zh}", f"{en} is not part of this capture")
