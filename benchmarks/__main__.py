"""``python -m benchmarks [--quick] [NAME…]``: measure, print the table, keep table and JSON in ``benchmarks/out``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.comparison import Comparison
from benchmarks.data import OUT, SEED, Store
from benchmarks.process import CannotRun
from benchmarks.suite import BENCHMARKS, FULL, QUICK, TINY, Bench, Sizes

SIZES = {"full": FULL, "quick": QUICK, "tiny": TINY}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything could be measured, however long it took; 1 when something could not run."""
    given = _parser().parse_args(arguments)
    size = "quick" if given.quick else given.size
    found, about = [], report.machine()
    try:
        for one in run(given.names or list(BENCHMARKS), SIZES[size], given.out, given.seed):
            report.tell(one)
            found.append(one)
    except CannotRun as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    rounds = min(one.ours.runs for one in found)
    table = report.markdown(found, rounds, about)
    (given.out / f"results-{size}.md").write_text(table, "utf-8")
    result = json.dumps(report.as_dict(found, rounds, about), ensure_ascii=False, indent=2)
    (given.out / f"results-{size}.json").write_text(result + "\n", "utf-8")
    if given.document:
        given.document.write_text(
            report.documented(given.document.read_text("utf-8"), table, part=bool(given.names)), "utf-8"
        )
    print(table)
    return 0


def run(names: Sequence[str], sizes: Sizes, out: Path, seed: int) -> Iterator[Comparison]:
    """The comparisons of the benchmarks named, one by one as they are measured."""
    bench = Bench(Store(out, seed), sizes)
    return (one for name in names for part in BENCHMARKS[name] for one in part(bench))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHMARKS, []], help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small inputs, three rounds: only to see that it runs")
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--out", type=Path, default=OUT, help="where data and results go (default: %(default)s)")
    parser.add_argument("--document", type=Path, metavar="FILE", help="also put the table into this document")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser


if __name__ == "__main__":
    sys.exit(main())
