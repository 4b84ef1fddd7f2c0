"""python-calamine alone: all cells of the first sheet as Python values. Prints the number of rows."""

import sys

from python_calamine import CalamineWorkbook

print(len(CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()))
