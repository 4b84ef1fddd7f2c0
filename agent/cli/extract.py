"""`shoplint extract`: what the extractors read, as JSON, with nothing judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.capture.reader import Capture
    from agent.step import Progress
    from extractors.models import Reading
    from extractors.vocabulary import Vocabulary


@click.command(
    "extract",
    short_help=say("以 JSON 输出从页面读到的内容", "print what is read from the pages, as JSON"),
    help=say(
        "读取页面存档、单个页面或订单导出表，把读到的内容以 JSON 输出：每页是什么、数据、读不懂的地方。",
        "Reads a capture, a single page or an order export and prints as JSON what each page is, its data, and what "
        "could not be read.",
    ),
    epilog=say("例：shoplint extract 页面.html --kind health", "Example: shoplint extract page.html --kind health"),
)
@click.argument("path", type=click.Path(path_type=Path), metavar="CAPTURE|PAGE.html|ORDERS.xlsx")
@click.option(
    "--kind",
    metavar="KIND",
    help=say("单个页面的类型（默认按内容判断）", "the kind of a single page (default: told from it)"),
)
@click.option(
    "--now",
    type=options.Moment(),
    help=say("单个文件的采集时间（默认为文件时间）", "when a single file was captured (default: the file's time)"),
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=say("写入文件", "write to a file")
)
@options.places
@options.loudness
def command(
    path: Path,
    kind: str | None,
    now: Any,
    output: Path | None,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    import json

    from agent.capture.opening import open_capture
    from agent.cli.auditing import progress_of, reading, write_aside

    setting = options.setting(home, config, db, lang, verbose, quiet)
    vocabulary = setting.vocabulary
    if kind is not None and kind not in vocabulary.kinds:
        raise click.UsageError(
            say(f"没有页面类型 {kind}，可用：", f"there is no page kind {kind}; known: ") + ", ".join(vocabulary.kinds)
        )
    line = reading(setting)
    with open_capture(path, now=now, single_page=True) as capture:
        found = _readings(capture, vocabulary, kind, progress_of(line))
        answer = {"store": capture.store.model_dump(mode="json"), "pages": [page_as_dict(page) for page in found]}
    line.wipe()
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    if output is None:
        click.echo(text)
    else:
        write_aside(output, text + "\n")
    return 0


def _readings(capture: Capture, vocabulary: Vocabulary, kind: str | None, progress: Progress | None) -> list[Reading]:
    from agent.capture.reader import Origin
    from agent.judging import read_capture

    if capture.origin is not Origin.PAGE:
        return read_capture(capture, vocabulary, progress)
    from extractors.reading import guess_kind, read_page

    entry = next(capture.pages())
    page = capture.page(entry)
    found = kind or guess_kind(page.body, vocabulary, page)
    from dataclasses import replace

    return [read_page(replace(page, kind=found or page.kind), vocabulary)]


def page_as_dict(reading: Reading) -> dict[str, Any]:
    """One page as the contract shows it: kind, view, sequence, verdict, data, problems."""
    data = reading.data.model_dump(mode="json", by_alias=True) if reading.data is not None else None
    return {
        "kind": reading.kind,
        "view": reading.view,
        "sequence": reading.sequence,
        "verdict": reading.verdict.value if reading.verdict else "unknown",
        "data": data,
        "problems": [problem.model_dump(mode="json") for problem in reading.problems],
        "error": reading.error,
    }
