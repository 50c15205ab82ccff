#!/usr/bin/env python3
"""How long do readings of a score take? Invented data; the command as a whole, on one core.

usage: bench/score/run.py [COMMAND]

Two cases: 51 countries with 49 indicators in eight groups of two (the shape of the ASEM index), with four choices (weights, an
indicator left out, normalisation, aggregation); and 178 zones with 46 indicators in five groups. Each: ranks of 10,000 readings, then
the time of the run's own evaluation (`results`) for comparison. A time is the least of three rounds. A peer on the first case, by its
authors' own example: COINr 1.1.14 (R 4.2.2), 1,000 replicates of four assumptions in 125 s on a like machine."""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

COMMAND = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release/zoneval").resolve()


def rules(groups):
    """`groups`: names to numbers of indicators, or to such names."""
    count = 0

    def write(inner, indent):
        nonlocal count
        out = []
        for name, content in inner.items():
            out.append(" " * indent + f"{name}:")
            if isinstance(content, dict):
                out += [" " * (indent + 2) + "groups:", *write(content, indent + 4)]
                continue
            names = ", ".join(f"x{count + i}" for i in range(content))
            count += content
            out.append(" " * (indent + 2) + f"indicators: [{names}]")
        return out

    lines = write(groups, 6)
    inputs = "\n".join(f"  x{i}: {{}}" for i in range(count))
    return count, ("ruleset: bench\nrecord: unit\ninputs:\n" + inputs + "\nscores:\n  index:\n    normalise: min-max\n    scale: 1..100\n"
                   "    missing: {at most: 100 %, then: reweight}\n    groups:\n" + "\n".join(lines) + "\npublish: [index]\n")


def run(folder, *arguments):
    began = time.perf_counter()
    subprocess.run([COMMAND, *map(str, arguments)], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def case(name, groups, records, options):
    count, text = rules(groups)
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "rules.yaml").write_text(text, encoding="utf-8")
        with open(place / "data.csv", "w", encoding="utf-8") as out:
            out.write("unit,year," + ",".join(f"x{i}" for i in range(count)) + "\n")
            for r in range(records):
                cells = ["" if draw.random() < 0.03 else f"{draw.lognormvariate(3, 0.6):.4f}" for _ in range(count)]
                out.write(f"u{r},2024,{','.join(cells)}\n")
        run(folder, "import", "--rules", "rules.yaml", "--store", "s.sqlite", "data.csv")
        run(folder, "assess", "rules.yaml", "--store", "s.sqlite", "--year", "2024")
        alone = min(run(folder, "results", "--store", "s.sqlite", "--threads", 1) for _ in range(3))
        took = min(run(folder, "robustness", "--store", "s.sqlite", "--replicates", 10_000, "--threads", 1, *options)
                   for _ in range(3))
    print(f"{name}: 10,000 readings in {took:.2f} s; the run alone {alone:.2f} s")


def main():
    print(f"{COMMAND.name} on {os.cpu_count()} cores, one used")
    asem = {"first": {"a": 8, "b": 5, "c": 3, "d": 6, "e": 8}, "second": {"f": 5, "g": 9, "h": 5}}
    zones = {"a": 10, "b": 9, "c": 9, "d": 8, "e": 10}
    every = ["--normalise", "z-score", "--aggregate", "geometric"]
    case("51 countries, 49 indicators, four choices", asem, 51, every)
    case("178 zones, 46 indicators, weights and one left out", zones, 178, [])
    case("178 zones, 46 indicators, four choices", zones, 178, every)


main()
