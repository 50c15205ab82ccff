#!/usr/bin/env python3
"""The ladder of rules/enterprise-path on invented firms, in one run: time and memory of import, assess, results and explain.

    bench/firms/run.py [FIRMS] [--zoneval COMMAND] [--keep]      # default: 2,000,000 firms

Each firm has its sales and R&D of 2021 to 2023 and a whole row of 2024; every figure is a pure function of the firm's number.
Files and the store lie under build/bench/firms and are removed at the end, unless --keep is given."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "rules" / "enterprise-path" / "pack.yaml"
MASK = 2**64 - 1


def mix(z):
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def sales_of(bits, year):
    base = 200 + (bits & 0x3FFF)                     # 10 thousand CNY in 2021
    return base * (100 + (bits >> 14) % 41 - 8) ** (year - 2021) // 100 ** (year - 2021)


def write(folder, count):
    for year in (2021, 2022, 2023):
        with open(folder / f"firms-{year}.csv", "w", encoding="ascii") as out:
            out.write("firm,year,sales,R&D\n")
            for i in range(1, count + 1):
                bits = mix(i)
                sales = sales_of(bits, year)
                out.write(f"F{i},{year},{sales},{sales * (1 + (bits >> 20) % 12) // 100}\n")
    with open(folder / "firms-2024.csv", "w", encoding="ascii") as out:
        out.write("firm,year,zone,founded,staff,S&T staff,sales,assets,R&D,R&D in the country,high-tech revenue,core IP,key field,"
                  "innovation score,SME score,SME score of S&T staff,college staff,major incident,valuation,listed,left,applies\n")
        for i in range(1, count + 1):
            bits, more = mix(i), mix(i + 2**40)
            sales = sales_of(bits, 2024)
            research = sales * (1 + (bits >> 20) % 12) // 100
            staff = 8 + (more & 0x3FF)
            score = "" if (more >> 10) % 100 == 0 else 50 + (more >> 17) % 46
            out.write(f"F{i},2024,Z{more % 178},{1998 + (more >> 25) % 24},{staff},{staff * (5 + (more >> 30) % 40) // 100},{sales},"
                      f"{sales * 4 // 5},{research},{research * 9 // 10},{sales * (50 + (more >> 36) % 50) // 100},"
                      f"{'true' if bits >> 30 & 3 else 'false'},{'true' if bits >> 32 & 7 else 'false'},{score},{45 + (more >> 42) % 50},"
                      f"{4 * ((more >> 48) % 6)},{20 + (more >> 51) % 70},{'true' if (more >> 57) % 100 == 0 else 'false'},"
                      f"{11 if bits >> 40 & 0xFFF == 0 else ''},{'true' if bits >> 52 & 0x3F == 0 else 'false'},,"
                      f"{'true' if bits >> 58 & 1 else 'false'}\n")


def measured(name, command):
    """Runs a command; prints its seconds and the most memory it had; gives its output."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{name} failed")
    print(f"{name:<32} {time.monotonic() - began:7.1f} s   {usage.ru_maxrss / 1024:7.0f} MB", flush=True)
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("firms", nargs="?", type=int, default=2_000_000)
    arguments.add_argument("--zoneval", default=str(ROOT / "build" / "release" / "zoneval"))
    arguments.add_argument("--keep", action="store_true")
    given = arguments.parse_args()
    folder = ROOT / "build" / "bench" / "firms"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    write(folder, given.firms)
    print(f"{given.firms:,} invented firms written in {time.monotonic() - began:.0f} s, "
          f"{sum(f.stat().st_size for f in folder.iterdir()) / 1e6:.0f} MB of CSV")
    store, files = folder / "firms.sqlite", sorted(str(f) for f in folder.glob("*.csv"))
    measured("import", [given.zoneval, "import", "--rules", RULES, "--store", store, "--note", "invented firms", *files])
    assessed = json.loads(measured("assess 2024", [given.zoneval, "assess", RULES, "--store", store, "--year", "2024", "--format", "json"]))
    measured("results to CSV", [given.zoneval, "results", "--store", store, "--year", "2024", "--csv", folder / "results.csv"])
    measured("explain one firm", [given.zoneval, "explain", "F1234", "--store", store, "--year", "2024"])
    print(f"store {store.stat().st_size / 1e6:.0f} MB")
    (folder / "assessed.json").write_text(json.dumps(assessed, ensure_ascii=False, indent=1))
    if not given.keep:
        shutil.rmtree(folder)


main()
