"""The files of the reference pipeline (ASEM, by COINr), for the scripts beside this one, which are called with COMMAND SOURCE."""
import csv
import os
import pathlib
import sys

SKIPPED = 77
TOLERANCE = 1e-9
COMMAND, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
REFERENCE = pathlib.Path(os.environ.get("ZONEVAL_SHARED", SOURCE.parent / "shared")) / "reference/asem"
if not REFERENCE.is_dir():
    print("skipped: the reference's files are not there")
    sys.exit(SKIPPED)


def rows(path):
    with open(REFERENCE / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


META = rows("00_input/asem_imeta.csv")
INDICATORS = [m for m in META if m["Type"] == "Indicator"]
