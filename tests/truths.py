"""Recordings' truths as facts: what the extractors must give, so that rules are tested without reading a page."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.testing.demands import Demands
from checks.engine import Judgement, judge
from checks.facts import Facts
from checks.policy import Policy
from checks.rule import selected
from extractors import models as m

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"
SHAPES: dict[str, type[m.Model]] = {
    "orders": m.OrdersData,
    "order_export": m.OrdersData,
    "tracking": m.TrackingData,
    "assessment": m.AssessmentData,
    "health": m.HealthData,
    "rating": m.RatingData,
    "level": m.LevelData,
    "medal": m.MedalData,
    "documents": m.DocumentsData,
    "messages": m.MessagesData,
    "disputes": m.DisputesData,
    "reviews": m.ReviewsData,
    "violations": m.ViolationsData,
    "products": m.ProductsData,
    "settings": m.SettingsData,
}


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def facts_of(recording: Path, **store: Any) -> Facts:
    """The facts of a recorded capture, from its truth files."""
    capture = load(recording / "capture.json")
    truth = recording / "truth"
    verdicts = load(truth / "verdicts.json")
    problems = load(truth / "problems.json") if (truth / "problems.json").exists() else {}
    readings = []
    for page in capture["pages"]:
        key = f"{page['kind']}-{page['sequence']}"
        verdict = m.Verdict(verdicts[key]) if key in verdicts else None
        data = load(truth / f"{key}.json") if verdict else None
        readings.append(
            m.Reading(
                kind=page["kind"],
                view=page["view"],
                sequence=page["sequence"],
                url=page["url"],
                captured_at=datetime.fromisoformat(page["captured_at"]),
                verdict=verdict,
                data=SHAPES[page["kind"]].model_validate(data) if data is not None else None,
                problems=tuple(m.Problem(**p) for p in problems.get(key, [])),
                error=page["error"]["message"] if page["error"] else None,
            )
        )
    return Facts(
        store=m.Store(**{**capture["store"], **store}),
        captured_at=datetime.fromisoformat(capture["captured_at"]),
        finished_at=datetime.fromisoformat(capture["finished_at"]),
        timezone=ZoneInfo(capture["timezone"]),
        readings=tuple(readings),
    )


def judge_truth(recording: Path, select: tuple[str, ...] = ()) -> Judgement:
    """The judgement over a recording's truth, with the clock that the recording asks for."""
    facts = facts_of(recording)
    run = recording / "truth" / "run.json"
    now = datetime.fromisoformat(load(run)["now"]) if run.exists() else facts.captured_at
    return judge(facts, selected(select), Policy(day=now.date(), overrides={}), now)


def compare(recording: Path, families: tuple[str, ...]) -> list[str]:
    """Differences between a recording's demanded findings and the judgement, for some families.

    AUD speaks of what the other rules need, so it is judged together with all of them.
    """
    judgement = judge_truth(recording, () if "AUD" in families else families)
    truth = recording / "truth"
    wanted = [w for w in load(truth / "findings.json") if w["code"][:3] in families]
    absent = [code for code in load(truth / "absent.json") if code[:3] in families]
    return Demands(wanted, load(truth / "optional.json"), absent).differences(judgement.findings)
