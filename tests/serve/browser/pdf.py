#!/usr/bin/env python3
"""Letters and reports as PDF, printed by Chromium.

usage: pdf.py COMMAND SOURCE

Ends with 77, skipped, where Chromium is absent: script/setup --browser installs it."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from serving import make_store  # noqa: E402

COMMAND, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
A4 = (595, 842)  # points


def pages(file):
    """Of a PDF: the size of each page."""
    data = file.read_bytes()
    assert data.startswith(b"%PDF-"), f"{file} is no PDF"
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    return [tuple(round(float(side)) for side in box) for box in boxes]


if not shutil.which("chromium"):
    print("skipped: no chromium; script/setup --browser installs it")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    make_store(COMMAND, SOURCE, f"{folder}/zones.sqlite")

    def run(*arguments):
        return subprocess.run([COMMAND, *arguments, "--store", folder / "zones.sqlite", "--year", "2024"], capture_output=True,
                              text=True, check=False)

    letter = run("letter", "Invented-C22", "--format", "pdf", "--lang", "zh", "--output", folder / "letter.pdf")
    assert letter.returncode == 0, letter.stderr
    assert pages(folder / "letter.pdf") == [A4], pages(folder / "letter.pdf")
    report = run("report", "--output", folder / "report.pdf")
    assert report.returncode == 0, report.stderr
    sizes = pages(folder / "report.pdf")
    assert len(sizes) > 20 and set(sizes) == {A4}, sizes[:3]
    left = [file.name for file in folder.iterdir() if file.name not in ("zones.sqlite", "letter.pdf", "report.pdf")]
    assert not left, left
    again = run("letter", "Nobody", "--output", folder / "letter.pdf")
    assert again.returncode == 3 and pages(folder / "letter.pdf") == [A4], "the old file is as it was"
    print(f"a letter of one page, a report of {len(sizes)}, all A4")
