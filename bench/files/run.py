#!/usr/bin/env python3
"""Times `zoneval import` on the same invented figures as CSV, XLSX, JSON lines, SQLite and Parquet.

usage: bench/files/run.py [--rows N] [--sheet-rows N] [--rounds N]

Each is imported into a new store on one core; a second year of known names goes into a store that has the first. A line holds the
least processor time of the rounds, and the most memory. Parquet needs the command `duckdb` beside zoneval (script/setup --parquet).
Beside the workbook of 100,000 rows and 40 columns stand what is to be kept (2.5 s, 245 MB), and openpyxl, where this Python has it:
how long it takes to read the same cells, and do nothing with them."""
import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
COMMAND = SOURCE / "build/release/zoneval"
FOLDER = SOURCE / "build/bench/files"
COLUMNS, SHEET_COLUMNS = 14, 38


def rules(name, columns):
    inputs = "".join(f"  x{i}: {{type: number}}\n" for i in range(1, columns + 1))
    (FOLDER / name).write_text("ruleset: files\nrecord: zone\ninputs:\n" + inputs)
    return FOLDER / name


def rows(count, year, columns):
    """Ids of different lengths, so that no two places of them hold the same kind of character."""
    figures = random.Random(year)
    for i in range(count):
        yield [str(i + 1), year] + [figures.randrange(10**7) / 100 for _ in range(columns)]


def heading(columns):
    return ["zone", "year"] + [f"x{i}" for i in range(1, columns + 1)]


def write_csv(path, count, year):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading(COLUMNS))
        writer.writerows(rows(count, year, COLUMNS))


def write_json(path, count, year):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows(count, year, COLUMNS):
            file.write(json.dumps(dict(zip(heading(COLUMNS), row))) + "\n")


def write_sqlite(path, count, year):
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE zones (zone TEXT, year INTEGER, " +
                         ", ".join(f"x{i} REAL" for i in range(1, COLUMNS + 1)) + ")")
        database.executemany(f"INSERT INTO zones VALUES ({', '.join('?' * (COLUMNS + 2))})", rows(count, year, COLUMNS))


def write_xlsx(path, count, year):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
                      'Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}"><Relationship Id="r1" '
                      f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="zones" sheetId="1" '
                      'r:id="r1"/></sheets></workbook>')

        def text(value):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><sheetData><row>'.encode())
            sheet.write(("".join(map(text, heading(SHEET_COLUMNS))) + "</row>").encode())
            for row in rows(count, year, SHEET_COLUMNS):
                sheet.write(("<row>" + text(row[0]) + "".join(f"<c><v>{v}</v></c>" for v in row[1:]) + "</row>").encode())
            sheet.write(b"</sheetData></worksheet>")


def measure(what, rule_file, file, rounds, start=None):
    least, most = None, 0
    for _ in range(rounds):
        store = FOLDER / "store.sqlite"
        store.unlink(missing_ok=True)
        if start:
            shutil.copy(start, store)
        began = time.monotonic()
        child = subprocess.Popen([COMMAND, "import", "--rules", rule_file, "--store", store, "--threads", "1", file],
                                 stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            raise SystemExit(f"{what}: the import failed")
        spent = (usage.ru_utime + usage.ru_stime, time.monotonic() - began)
        least, most = min(least or spent, spent), max(most, usage.ru_maxrss)
    print(f"{what:28} {least[0]:6.2f} s of processor time {least[1]:6.2f} s in all {most // 1024:5} MB", flush=True)
    return least[0], most // 1024


def openpyxl_seconds(path):
    """Of reading every cell; nothing where it is not there."""
    read = ("import openpyxl, sys\n"
            "for row in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True): pass")
    child = subprocess.Popen([sys.executable, "-c", read, path], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime if status == 0 else None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--sheet-rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    narrow, wide = rules("narrow.yaml", COLUMNS), rules("wide.yaml", SHEET_COLUMNS)
    for year in (2023, 2024):
        write_csv(FOLDER / f"{year}.csv", given.rows, year)
    write_json(FOLDER / "2023.jsonl", given.rows, 2023)
    write_sqlite(FOLDER / "2023.sqlite", given.rows, 2023)
    write_xlsx(FOLDER / "2023.xlsx", given.sheet_rows, 2023)
    first = FOLDER / "first.sqlite"
    first.unlink(missing_ok=True)
    subprocess.run([COMMAND, "import", "--rules", narrow, "--store", first, FOLDER / "2023.csv"], check=True,
                   stdout=subprocess.DEVNULL)
    measure("CSV", narrow, FOLDER / "2023.csv", given.rounds)
    measure("CSV, a second year", narrow, FOLDER / "2024.csv", given.rounds, first)
    measure("JSON lines", narrow, FOLDER / "2023.jsonl", given.rounds)
    measure("SQLite", narrow, FOLDER / "2023.sqlite", given.rounds)
    duckdb = COMMAND.parent / "duckdb"
    if duckdb.exists():
        subprocess.run([duckdb, "-c", f"COPY (SELECT * FROM '{FOLDER}/2023.csv') TO '{FOLDER}/2023.parquet'"], check=True)
        measure("Parquet", narrow, FOLDER / "2023.parquet", given.rounds)
    spent, most = measure("XLSX", wide, FOLDER / "2023.xlsx", given.rounds)
    if given.sheet_rows == 100_000:
        print(f"{'  of what is to be kept':28} {spent / 2.5:6.2f}   of 2.5 s, {most / 245:4.2f} of 245 MB")
    peer = openpyxl_seconds(FOLDER / "2023.xlsx")
    if peer:
        print(f"{'  of openpyxl':28} {spent / peer:6.2f}   of {peer:.1f} s of processor time")


main()
