#!/usr/bin/env python3
"""zoneval where data are untidy: blanks, history, adverse verdicts, wide rule sets. Invented data.

    bench/untidy/run.py [--rows 1000000] [--agency 10000] [--json]

Everything runs in this one run, on one core unless said: W3 (w3/: three years of firms) beside the program written by hand
(w3/w3.cpp) and, where `duckdb` is in bench/columns/.venv, beside w3/w3.sql, which is copied to build/bench/untidy; the same with
ten per cent of blanks; 40 z-scores and 40 cohort means by columns beside `--exact`; a verdict of ten years beside the same as a ladder
with deadlines; an agency's ten years with 46 indicators. W3 also on two threads: seconds of the clock.
Seconds are of the processor. It needs a built zoneval (cmake --build --preset release) and writes under build/bench/untidy.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = ROOT / 'bench' / 'untidy'
WORK = ROOT / 'build' / 'bench' / 'untidy'
ZONEVAL = ROOT / 'build' / 'release' / 'zoneval'
VENV = ROOT / 'bench' / 'columns' / '.venv' / 'bin' / 'python'
lines = []


def tell(work, system, seconds, memory=None, **more):
    line = {'work': work, 'system': system, 'cpu_seconds': round(seconds, 3), 'peak_mb': memory, **more}
    lines.append(line)
    if options.json:
        print(json.dumps(line), flush=True)
    else:
        beside = ', '.join(f'{k} {v}' for k, v in more.items())
        print(f'{work:44} {system:22} {seconds:9.3f} s  {memory or "":>6}  {beside}', flush=True)


def used(command, fine=(0, 1)):
    """Processor seconds, peak MB and what was printed."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in fine:
        sys.exit(f'{" ".join(map(str, command))} failed')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, out


def fresh(name):
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def imported(rules, folder, pattern):
    store = folder / 'store.sqlite'
    used([ZONEVAL, 'import', '--rules', rules, '--store', store, *sorted(folder.glob(pattern))])
    return store


def w3(rows, blank, name):
    folder = fresh(name)
    subprocess.run([HERE / 'w3' / 'generate.py', str(rows), folder, str(blank)], check=True)
    rules = HERE / 'w3' / 'rules.yaml'
    store = imported(rules, folder, 'firms-*.csv')
    work = f'W3, {rows} firms a year, {blank:.0%} blank'
    for threads in (1, 2, 4):
        copy = folder / f'{threads}.sqlite'
        shutil.copy(store, copy)
        began = time.monotonic()
        seconds, memory, _ = used([ZONEVAL, 'assess', rules, '--store', copy, '--year', '2022..2024', '--threads', threads])
        tell(f'{work}, assess 3 years', f'zoneval, {threads} thread{"s" if threads > 1 else ""}', seconds, memory,
             ns_per_row_and_year=round(seconds / rows / 3 * 1e9), clock_seconds=round(time.monotonic() - began, 3))
    if blank == 0.02:
        by_hand(folder, work)
        in_duckdb(folder, work)


def by_hand(folder, work):
    program = WORK / 'by_hand'
    subprocess.run(['g++', '-std=c++20', '-O3', '-march=native', '-fno-trapping-math', '-fno-math-errno', '-pthread',
                    HERE / 'w3' / 'w3.cpp', '-o', program], check=True)
    print(used([program, '--repeat', '5', *sorted(folder.glob('firms-*.csv'))])[2].strip(), file=sys.stderr)


def in_duckdb(folder, work):
    if not VENV.exists():
        return
    sql = (HERE / 'w3' / 'w3.sql').read_text()
    (WORK / 'w3.sql').write_text(sql)
    script = f'''
import duckdb, time
db = duckdb.connect(); db.execute("SET threads = 1")
db.execute("CREATE TABLE data AS SELECT * FROM read_csv('{folder}/firms-*.csv')")
db.execute("CREATE TABLE verdict (firm VARCHAR, year INT, standing VARCHAR)")
sql = open({str(WORK / 'w3.sql')!r}).read()
began = time.process_time()
for year in (2022, 2023, 2024):
    db.execute(sql.replace(":year", str(year)).replace(":last", str(year - 1)))
print(time.process_time() - began)
'''
    try:
        out = subprocess.run([VENV, '-c', script], check=True, stdout=subprocess.PIPE, text=True).stdout
        tell(f'{work}, evaluation of 3 years', 'DuckDB, 1 thread', float(out.split()[-1]))
    except subprocess.CalledProcessError:
        print('DuckDB: not measured', file=sys.stderr)


def wide():
    folder = fresh('wide')
    subprocess.run([HERE / 'generate.py', 'wide', folder], check=True)
    store = imported(folder / 'rules.yaml', folder, 'zones-*.csv')
    for how in ([], ['--exact']):
        seconds, memory, _ = used([ZONEVAL, 'assess', folder / 'rules.yaml', '--store', store, '--year', 2014, '--threads', 1, *how])
        tell('40 z-scores, 40 cohort means, 5000 records', ' '.join(['zoneval', *how]), seconds, memory)


def ladder():
    folder = fresh('ladder')
    subprocess.run([HERE / 'generate.py', 'ladder', folder], check=True)
    for rules, system in (('rules', 'without history'), ('ladder', 'as a ladder')):
        store = imported(folder / f'{rules}.yaml', folder, 'zones-*.csv')
        seconds, memory, _ = used([ZONEVAL, 'assess', folder / f'{rules}.yaml', '--store', store, '--year', '2014..2023', '--threads', 1])
        tell('a verdict on 100000 records, 10 years', system, seconds, memory, us_per_record_and_year=round(seconds / 100_000 / 10 * 1e6, 3))
        store.unlink()


def agency(records):
    folder = fresh('agency')
    subprocess.run([HERE / 'generate.py', 'agency', folder, '--records', str(records)], check=True)
    store = imported(folder / 'rules.yaml', folder, 'zones-*.csv')
    seconds, memory, _ = used([ZONEVAL, 'assess', folder / 'rules.yaml', '--store', store, '--year', '2014..2023', '--threads', 1])
    tell(f'agency: 10 years, {records} records, 46 indicators', 'zoneval, assess', seconds, memory,
         us_per_record_and_year=round(seconds / records / 10 * 1e6))
    seconds, memory, _ = used([ZONEVAL, 'explain', 'Z000001', '--store', store, '--year', 2023])
    tell('agency: one explanation', 'zoneval, explain', seconds, memory)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rows', type=int, default=1_000_000)
    parser.add_argument('--agency', type=int, default=10_000)
    parser.add_argument('--json', action='store_true', help='one line a measurement')
    options = parser.parse_args()
    if not ZONEVAL.exists():
        sys.exit('build first: cmake --preset release && cmake --build --preset release')
    w3(options.rows, 0.02, 'w3')
    w3(options.rows, 0.10, 'w3-ten')
    wide()
    ladder()
    agency(options.agency)
