"""Where generated data lies: made once for a seed and a size, in a folder that git ignores, and used again.

``python -m benchmarks.data NAME SIZE SEED`` makes one piece; it runs as a child, so that the process that measures
stays small.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent
OUT = HERE / "out"
MADE_BY = {
    "orders": ("orders.py", "recorded.py"),
    "one_list": ("orders.py", "recorded.py"),
    "tracked_orders": ("orders.py", "recorded.py"),
    "whole_store": ("orders.py", "tracking.py", "recorded.py"),
    "export": ("exports.py", "orders.py"),
    "history": ("histories.py", "../agent/history/migrations.py"),
}
"""What makes each piece: when one of these files changes, older data is made anew."""
SEED = 20_261_120


def orders(folder: Path, size: int, seed: int) -> None:
    from benchmarks import orders as made

    made.write(folder, "northwind", size, seed)


def one_list(folder: Path, size: int, seed: int) -> None:
    """All orders on one page."""
    from benchmarks import orders as made

    made.write_one(folder, "northwind", size, seed)


def tracked_orders(folder: Path, size: int, seed: int) -> None:
    from benchmarks import orders as made

    made.write(folder, "harbor", size, seed)


def whole_store(folder: Path, size: int, seed: int) -> None:
    """Orders with the tracking page of each."""
    from benchmarks import orders as made

    made.write(folder, "northwind", size, seed, tracked=True)


def export(folder: Path, size: int, seed: int) -> None:
    from benchmarks import exports

    exports.write(folder / "orders.xlsx", "orders_zh", size, seed)


def history(folder: Path, size: int, seed: int) -> None:
    from benchmarks import histories

    histories.write(folder / "history.db", size, seed)


MAKERS = {maker.__name__: maker for maker in (orders, one_list, tracked_orders, whole_store, export, history)}


class Store:
    """The folder of generated data; ``root`` is ``benchmarks/out`` unless told otherwise."""

    def __init__(self, root: Path = OUT, seed: int = SEED) -> None:
        self.root, self.seed = root, seed

    def get(self, name: str, size: int) -> Path:
        """The folder of one piece, made now if it is not there for this seed and version."""
        folder = self.root / "data" / f"{name}-{size}"
        stamp = folder / "made.json"
        made_by = crc32(b"".join((HERE / file).read_bytes() for file in MADE_BY[name]))
        wanted = {"made_by": made_by, "seed": self.seed, "size": size}
        if stamp.is_file() and json.loads(stamp.read_text("utf-8")) == wanted:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        print(f"making {name} of {size:,} …", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks.data", name, str(folder), str(size), str(self.seed)]
        subprocess.run(command, check=True, cwd=HERE.parent)
        stamp.write_text(json.dumps(wanted), "utf-8")
        return folder

    def scratch(self, name: str) -> Path:
        """An empty folder for what a measurement writes."""
        folder = self.root / "scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


if __name__ == "__main__":
    given, target, count, number = sys.argv[1:]
    MAKERS[given](Path(target), int(count), int(number))
