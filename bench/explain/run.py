#!/usr/bin/env python3
"""How long does an answer take? `explain`, `--why-not` and `--what-would-change` of the whole command, on invented zones.

usage: bench/explain/run.py [COMMAND] [ROUNDS]

178 zones in ten runs: the example's years 2021 to 2024, and its zones carried on to 2030 by chance. For records of several kinds, the
median of nine rounds: seconds by the clock, and of the processor."""
import csv
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parents[2]
COMMAND = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "build/release/zoneval").resolve()
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 9
EXAMPLE, WORK = HERE / "examples/hightech-zones", HERE / "build/bench/explain"
STORE = WORK / "ten.sqlite"
KEPT = ("zone", "zone name", "year", "approved year", "region")
CASES = [("commended", "Invented-E01", 2023), ("none", "Invented-E01", 2024), ("interview", "Invented-N07", 2023),
         ("undetermined", "Invented-W22", 2024), ("delist", "Invented-C35", 2023), ("commended, last", "Invented-E18", 2030),
         ("none, last", "Invented-E49", 2030), ("left, last", "Invented-C35", 2030), ("undetermined, last", "Invented-W22", 2030)]


def carried_on():
    """Figures that grow by chance, with the places they have."""
    draw = random.Random(20220921)
    with open(EXAMPLE / "zones-2024.csv", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for year in range(2025, 2031):
        for row in rows:
            growth = draw.gauss(1.06, 0.04)
            for name in row:
                try:
                    figure = float(row[name]) if name not in KEPT else None
                except ValueError:
                    continue
                if figure is not None:
                    factor = draw.gauss(1, 0.01) if "share" in name or "coverage" in name else growth * draw.gauss(1, 0.02)
                    row[name] = f"{figure * factor:.{len(row[name].partition('.')[2])}f}"
            row["year"] = str(year)
        path = WORK / f"zones-{year}.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
        yield path


def zoneval(*words):
    subprocess.run([COMMAND, *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_store():
    WORK.mkdir(parents=True, exist_ok=True)
    rules = WORK / "ten.yaml"
    text = (EXAMPLE / "assessment.yaml").read_text(encoding="utf-8")
    text = text.replace("../../rules", os.path.relpath(HERE / "rules", WORK)).replace("..2025-12-31", "..2035-12-31")
    rules.write_text(text, encoding="utf-8")
    STORE.unlink(missing_ok=True)
    files = sorted(EXAMPLE.glob("zones-20*.csv")) + sorted(EXAMPLE.glob("revision-*.csv")) + list(carried_on())
    zoneval("import", "--rules", rules, "--store", STORE, *files)
    zoneval("import", "--rules", rules, "--store", STORE, "--dataset", "acts", EXAMPLE / "acts.csv")
    zoneval("assess", rules, "--store", STORE, "--year", "2021..2030")


def measured(*words):
    clock, processor = [], []
    for _ in range(ROUNDS):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        zoneval(*words)
        clock.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return f"{statistics.median(clock):6.3f} s {statistics.median(processor):6.3f} s cpu"


make_store()
for name, record, year in CASES:
    asked = ("explain", record, "--store", STORE, "--year", year)
    other = "interview" if name.startswith("commended") else "commend"
    print(f"{name:19} explain {measured(*asked)}   why not {measured(*asked, '--why-not', other)}   "
          f"what would change {measured(*asked, '--what-would-change')}", flush=True)
