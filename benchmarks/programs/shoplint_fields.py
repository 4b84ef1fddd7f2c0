"""shoplint's own reading of the same fields, without judging: ``shoplint_fields.py CAPTURE``.

Prints the number of orders and, last, the seconds it took once everything was imported.
"""

import json
import sys
import time

from agent.capture.opening import open_capture
from agent.judging import read_capture
from extractors.vocabulary import shipped


def main() -> None:
    words = shipped()
    started, spent = time.perf_counter(), time.process_time()
    with open_capture(sys.argv[1]) as capture:
        readings = read_capture(capture, words)
    print(sum(len(reading.data.orders) for reading in readings))
    print(json.dumps({"seconds": time.perf_counter() - started, "processor": time.process_time() - spent}))


main()
