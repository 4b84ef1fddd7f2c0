"""shoplint's own reading of the same fields, without judging: ``shoplint_fields.py WARM CAPTURE``.

WARM is a small capture that is read before, so that everything is loaded. Prints the number of orders and, last, the
seconds.
"""

import json
import sys
import time

from agent.capture.opening import open_capture
from agent.judging import read_capture
from extractors.models import Reading
from extractors.vocabulary import shipped


def read(folder: str) -> list[Reading]:
    with open_capture(folder) as capture:
        return read_capture(capture, shipped())


def main() -> None:
    read(sys.argv[1])
    started, spent = time.perf_counter(), time.process_time()
    readings = read(sys.argv[2])
    print(sum(len(reading.data.orders) for reading in readings))
    print(json.dumps({"seconds": time.perf_counter() - started, "processor": time.process_time() - spent}))


main()
