#!/usr/bin/env python3
"""Does anything grow faster than what it works on? Each command on invented data of a size, and of four times that size.

usage: bench/growth/run.py [COMMAND] [AXIS…]

For each axis (firms that leave, successions, indicators, rules, years, files, towns) the seconds of each command at both sizes; marked
are those that take more than six times as long for four times as much, which a hash or a sort does not explain."""
import csv
import pathlib
import random
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parents[2]
COMMAND = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "build/release/zoneval").resolve()
WORK = HERE / "build/bench/growth"
RULES, STORE = WORK / "rules.yaml", WORK / "store.sqlite"
HEAD = "ruleset: invented\nrecord: firm\n"
LOOKS_BACK = """inputs: {a: {}, b: {}}
decisions:
  v: {values: [x, y], adverse: [x], rules: [{id: r, when: 'a > 500 and prior(v) != "x"', then: x}], otherwise: y}
"""


def write(name, rows, columns=("a", "b")):
    """rows: (firm, year); figures by chance, of which three in a hundred are blank."""
    draw = random.Random(name)
    with open(WORK / name, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["firm", "year", *columns])
        for firm, year in rows:
            out.writerow([firm, year, *["" if draw.random() < 0.03 else draw.randrange(1000) for _ in columns]])
    return name


def two_years(firms, left=0, columns=("a", "b")):
    return [write(f"{year}.csv", [(f"F{i}", year) for i in range(at, firms + at)], columns) for year, at in ((2021, 0), (2022, left))]


def leaving(size):
    return LOOKS_BACK, two_years(size, size // 3)


def successions(size):
    lines = "".join(f"  - {{from: F{i}, to: F{size + i}, on: 2022-01-01}}\n" for i in range(size // 10))
    return LOOKS_BACK + "successions:\n" + lines, two_years(size, size // 10)


def indicators(size):
    names = [f"c{i}" for i in range(size)]
    of = ", ".join(f"{{of: m{i}, weight: 1}}" for i in range(size))
    rules = ("inputs:\n" + "".join(f"  {n}: {{}}\n" for n in names) + "measures:\n" +
             "".join(f"  m{i}: {{is: c{i} - prior(c{i})}}\n" for i in range(size)) +
             "scores:\n  s: {scale: 0..100, missing: {at most: 50 %, then: reweight}, normalise: min-max, indicators: [" + of + "]}\n"
             'decisions:\n  v: {values: [x, y], adverse: [x], rules: [{id: r, when: s > 50, then: x}], otherwise: y}\n')
    return rules, two_years(200, 0, names)


def rules(size):
    lines = "".join(f"      - {{id: r{i}, when: a > {1000 - 1000 * i / size:.2f}, then: o{i}}}\n" for i in range(size))
    return (f"inputs: {{a: {{}}}}\ndecisions:\n  v:\n    values: [{', '.join(f'o{i}' for i in range(size))}, none]\n"
            f"    adverse: [o1]\n    rules:\n{lines}    otherwise: none\n"), two_years(2000, 0, ("a",))


def years(size):
    rules = ('inputs: {a: {}}\nmeasures: {m: "mean(over(a, 5))"}\n'
             'decisions:\n  v: {values: [x, y], adverse: [x], rules: [{id: r, when: m > 500, then: x}], otherwise: y}\n')
    return rules, [write(f"{year}.csv", [(f"F{i}", year) for i in range(300)], ("a",)) for year in range(2023 - size, 2023)]


def files(size):
    return LOOKS_BACK, [write(f"{year}-{k}.csv", [(f"F{k * 10 + i}", year) for i in range(10)]) for year in (2021, 2022) for k in range(size)]


def towns(size):
    rules = ("inputs: {a: {}, town: {type: string}}\nmeasures:\n  r: rank(a, town)\n  m: cohort mean(a, town)\n"
             "decisions:\n  v: {values: [x, y], rules: [{id: r, when: r <= 1 and a >= m, then: x}], otherwise: y}\n")
    for year in (2021, 2022):
        with open(WORK / f"{year}.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["firm", "year", "a", "town"])
            out.writerows([f"F{i}", year, i * 7919 % 1000, f"T{i // 2}"] for i in range(size))
    return rules, ["2021.csv", "2022.csv"]


AXES = {leaving: 20000, successions: 20000, indicators: 40, rules: 50, years: 8, files: 50, towns: 10000}


def seconds(*words):
    begin = time.perf_counter()
    done = subprocess.run([COMMAND, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"zoneval {words[0]} ended with {done.returncode}: {done.stderr}")
    return time.perf_counter() - begin


def measured(axis, size):
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    rules, data = axis(size)
    RULES.write_text(HEAD + rules, encoding="utf-8")
    store = ("--store", STORE)
    firm = next(csv.DictReader(open(WORK / data[-1], encoding="utf-8")))["firm"]
    return {
        "check": seconds("check", RULES),
        "import": seconds("import", "--rules", RULES, *store, *[WORK / name for name in data]),
        "assess 2021": seconds("assess", RULES, *store, "--year", 2021),
        "assess 2022": seconds("assess", RULES, *store, "--year", 2022),
        "verify": seconds("verify", *store),
        "explain": seconds("explain", firm, *store, "--year", 2022),
        "results": seconds("results", *store, "--year", "2021..2022"),
        "changes": seconds("changes", 2021, 2022, *store),
        "report": seconds("report", *store, "--year", 2022, "--output", WORK / "page.html"),
        "seal": seconds("seal", *store, "--out", WORK / "seal.json"),
    }


for axis, size in AXES.items():
    if sys.argv[2:] and axis.__name__ not in sys.argv[2:]:
        continue
    once, more = measured(axis, size), measured(axis, 4 * size)
    print(f"{axis.__name__}, {size} and {4 * size}")
    for command, before in once.items():
        mark = "   <- " if more[command] > 6 * before else ""
        print(f"  {command:12} {before:7.2f} {more[command]:7.2f} s{mark}{f'{more[command] / before:.1f} times' if mark else ''}", flush=True)
