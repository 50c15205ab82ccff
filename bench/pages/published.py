#!/usr/bin/env python3
"""What it costs to keep what results show: a million invented firms assessed with twenty rounded measures, that have titles (and are
kept with the run) or not.

    bench/pages/published.py [--firms 1000000] [--rounds 3]

It needs a built zoneval and bench_generate (cmake --build --preset release --target zoneval bench_generate)."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONEVAL, GENERATE = ROOT / "build/release/zoneval", ROOT / "build/release/bench/columns/bench_generate"
WORK = ROOT / "build/bench/published"
MEASURES = 20


def rules(titled):
    lines = ["ruleset: published", "record: firm", "inputs:", *(f"  x{i}: {{type: number}}" for i in range(1, 15)), "measures:"]
    for i in range(MEASURES):
        title = f"title: Invented measure {i}, " if titled else ""
        lines.append(f"  m{i}: {{{title}is: 'x{i % 14 + 1} + x{(i * 5 + 3) % 14 + 1} * {i + 1}', decimals: 2}}")
    lines += ["decisions:", "  verdict: {values: [a, b], rules: [{id: q, when: x1 > 500, then: a}], otherwise: b}"]
    if not titled:
        lines.append("publish: [verdict]")
    path = WORK / f"rules-{titled}.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def assessed(rule_file, start, rounds):
    best = None
    for _ in range(rounds):
        store = WORK / "store.sqlite"
        shutil.copy(start, store)
        began = time.monotonic()
        child = subprocess.Popen([ZONEVAL, "assess", rule_file, "--store", store, "--year", "2023"], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit("the assessment failed")
        spent = (usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss // 1024, store.stat().st_size)
        best = min(best or spent, spent)
    return best


def main():
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--firms", type=int, default=1_000_000)
    given.add_argument("--rounds", type=int, default=3)
    options = given.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    data, start = WORK / "firms.csv", WORK / "start.sqlite"
    subprocess.run([GENERATE, str(options.firms), data], check=True)
    start.unlink(missing_ok=True)
    subprocess.run([ZONEVAL, "import", "--rules", rules(True), "--store", start, data], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    without = assessed(rules(False), start, options.rounds)
    kept = assessed(rules(True), start, options.rounds)
    for what, cost in (("verdict alone", without), (f"and {MEASURES} measures kept", kept)):
        print(f"{options.firms:,} firms, {what:24} {cost[0]:6.2f} s of processor time {cost[1]:6.2f} s in all {cost[2]:5} MB, "
              f"the store grew by {(cost[3] - start.stat().st_size) / 1e6:.0f} MB")
    print(f"keeping them costs {kept[0] - without[0]:.2f} s of processor time, {kept[1] - without[1]:.2f} s in all (to reach: 0.3 s)")


main()
