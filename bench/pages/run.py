#!/usr/bin/env python3
"""What people take away, timed on invented data: report, letters, CSV, Parquet.

    bench/pages/run.py [--firms 1000000] [--rounds 3]

An agency's ten years (250 zones, 46 indicators, bench/untidy/generate.py) as one page: seconds, bytes, and, where Chromium is
there, the time to its first paint. A letter to each of the example's 178 zones as HTML. The firms of bench/columns/w1.yaml as CSV.
A line holds the least of the rounds, beside what was set out to reach. Files lie under build/bench/pages."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONEVAL = ROOT / "build/release/zoneval"
WORK = ROOT / "build/bench/pages"


def run(*command, fine=(0, 1)):
    """Seconds of the processor, seconds in all, peak MB."""
    began = time.monotonic()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in fine:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{said}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss // 1024


def least(rounds, *command):
    return min(run(*command) for _ in range(rounds))


def tell(what, cost, reach, more=""):
    print(f"{what:44} {cost[0]:7.2f} s of processor time {cost[1]:7.2f} s in all {cost[2]:5} MB   to reach: {reach}{more}", flush=True)


def store_of(name, rules, files):
    store = WORK / f"{name}.sqlite"
    store.unlink(missing_ok=True)
    run(ZONEVAL, "import", "--rules", rules, "--store", store, "--note", "invented", *files)
    return store


PAINT = """
const {chromium} = require(process.argv[1]);
(async () => {
  const browser = await chromium.launch({executablePath: process.argv[2], args: ["--no-sandbox"]});
  const page = await browser.newPage();
  await page.goto(process.argv[3]);
  const paints = await page.evaluate(() => performance.getEntriesByType("paint").map(p => p.startTime));
  console.log(Math.max(...paints));
  await browser.close();
})();
"""


def first_paint(page):
    """Milliseconds, as Chromium measures them; nothing where script/setup --browser has not been run."""
    playwright, chromium = ROOT / "tests/serve/browser/node_modules/playwright-core", shutil.which("chromium")
    if not chromium or not playwright.is_dir():
        return ""
    out = subprocess.run(["node", "-e", PAINT, playwright, chromium, page.as_uri()], capture_output=True, text=True, check=False)
    return f", first paint after {float(out.stdout):.0f} ms (1 s)" if out.returncode == 0 else ""


def agency(rounds):
    folder = WORK / "agency"
    run(sys.executable, ROOT / "bench/untidy/generate.py", "agency", folder, "--records", 250)
    rules = folder / "rules.yaml"  # with titles as long as people's are
    rules.write_text(re.sub(r"  m(\d+): \{is:", r"  m\1: {title: 'Invented indicator \1, per employee', is:", rules.read_text()))
    store = store_of("agency", folder / "rules.yaml", sorted(folder.glob("*.csv")))
    run(ZONEVAL, "assess", folder / "rules.yaml", "--store", store, "--year", "2014..2023")
    page = WORK / "agency.html"
    cost = least(rounds, ZONEVAL, "report", "--store", store, "--year", 2023, "--output", page)
    tell("report, 250 zones, 10 years, 46 indicators", cost, "3 s, 3 MB",
         f"; the page has {page.stat().st_size / 1e6:.2f} MB{first_paint(page)}")


def letters(rounds):
    example = ROOT / "examples/hightech-zones"
    rules = example / "assessment.yaml"
    store = store_of("example", rules, sorted(example.glob("zones-20*.csv")) + sorted(example.glob("revision-*.csv")))
    run(ZONEVAL, "import", "--rules", rules, "--store", store, "--dataset", "acts", example / "acts.csv")
    run(ZONEVAL, "assess", rules, "--store", store, "--year", "2021..2024")
    tell("178 letters as HTML", least(rounds, ZONEVAL, "letter", "--all", "--store", store, "--year", 2024, "--output",
                                      WORK / "letters"), "20 s")


def firms(count, rounds):
    rules, data = ROOT / "bench/columns/w1.yaml", WORK / "firms.csv"
    generate = ROOT / "build/release/bench/columns/bench_generate"
    if not generate.exists():
        print("firms: build them with `cmake --build --preset release --target bench_generate` first, or bench/run")
        return
    subprocess.run([generate, str(count), data], check=True)
    store = store_of("firms", rules, [data])
    run(ZONEVAL, "assess", rules, "--store", store, "--year", 2023)
    columns = "firm,class,verdict,verdict.rule"
    tell(f"{count:,} firms as CSV, {columns}", least(rounds, ZONEVAL, "results", "--store", store, "--year", 2023, "--columns",
                                                     columns, "--csv", WORK / "firms-results.csv"), "3 s")


def main():
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--firms", type=int, default=1_000_000)
    given.add_argument("--rounds", type=int, default=3)
    options = given.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    agency(options.rounds)
    letters(options.rounds)
    firms(options.firms, options.rounds)


main()
