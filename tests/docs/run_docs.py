#!/usr/bin/env python3
"""Runs the commands that documents and help texts show.

usage: run_docs.py pages|help COMMAND SOURCE

In a page, a fenced block whose first line names a file after the language (```yaml zones.yaml) is written to that file; a block
```sh is run by bash from a folder that looks like the repository, with the example's data and store at hand; a block ```text right
after it must be what it printed, else it need only succeed. ```text file=PATH must be that file of the repository. ```sql blocks
are run on the example's store. A comment before a block says what else holds:
  <!-- not run: REASON -->    <!-- needs: NAME -->  the folder of other people's data of that name; skipped where it is absent
  <!-- needs: cases -->  the folder of cases, as `cases`
ZONEVAL_UPDATE_DOCS=1 writes what was printed into the page instead of comparing: read the diff."""
import csv
import datetime
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

WHAT, COMMAND, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
SHARED = pathlib.Path(os.environ.get("ZONEVAL_SHARED", SOURCE.parent / "shared")) / "data"
EXAMPLE = SOURCE / "examples/hightech-zones"
failures, ran, left_out = [], 0, []


def run(line, folder):
    env = dict(os.environ, PATH=f"{folder}/build/release:{os.environ['PATH']}", NO_COLOR="1")
    return subprocess.run(["bash", "-ec", line], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=300)


def sheet(path, rows):
    """The smallest workbook of one sheet."""
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/'
                      f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="{kind}.sheet.main+xml"/></Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
                      'Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
                      f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="notices" '
                      'sheetId="1" r:id="r1"/></sheets></workbook>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')


def make_store(folder):
    """The store that script/demo leaves behind."""
    rules = "examples/hightech-zones/assessment.yaml"
    made = run(f"zoneval import --rules {rules} --store build/demo.sqlite --note invented examples/hightech-zones/zones-20*.csv "
               f"examples/hightech-zones/revision-*.csv && zoneval import --rules {rules} --store build/demo.sqlite --dataset acts "
               f"--note invented examples/hightech-zones/acts.csv && "
               f"zoneval assess {rules} --store build/demo.sqlite --year 2021..2024", folder)
    if made.returncode not in (0, 1):  # 1: there are findings
        sys.exit("the example's store could not be made:\n" + made.stdout)


def like_the_repository(folder, store):
    for name in ("rules", "examples", "schemas", "script"):  # copies: what a page writes must not reach the repository
        shutil.copytree(SOURCE / name, folder / name)
    (folder / "build/release").mkdir(parents=True)
    (folder / "build/release/zoneval").symlink_to(COMMAND)
    if store:
        shutil.copy(store, folder / "build/demo.sqlite")
    for file in EXAMPLE.glob("*.csv"):
        shutil.copy(file, folder / file.name)


def blocks(text):
    """(comment before, language, what is named behind it, body, where the body begins and ends)."""
    pattern = re.compile(r"(?:<!-- (?P<note>[^>]*?) -->\n+)?^```(?P<language>\w*)(?: (?P<name>\S+))?\n(?P<body>.*?)^```$",
                         re.MULTILINE | re.DOTALL)
    for found in pattern.finditer(text):
        yield found["note"] or "", found["language"], found["name"] or "", found["body"], found.span("body")


def run_page(page, store, folder):
    global ran
    like_the_repository(folder, store)
    text, printed, changes, variables = page.read_text(encoding="utf-8"), None, [], ""
    where = page.relative_to(SOURCE)
    for note, language, name, body, span in blocks(text):
        place = f"{where}:{text[:span[0]].count(chr(10))}"
        if note.startswith("not run: "):
            left_out.append(f"{place}: {note[len('not run: '):]}")
            continue
        if note.startswith("needs: "):
            wanted = note[len("needs: "):]
            data = SHARED.parent / wanted if wanted == "cases" else SHARED / wanted
            if not data.is_dir():
                left_out.append(f"{place}: no {data}")
                continue
            if wanted == "cases" and not (folder / wanted).exists():
                shutil.copytree(data, folder / wanted)
            for file in data.glob("*.csv"):
                shutil.copy(file, folder / file.name)
        if language == "sh":
            if printed:
                settle(printed)
            printed = (place, run(variables + body, folder))  # what one block sets, the next may use
            variables += "".join(line + "\n" for line in body.splitlines() if re.fullmatch(r"\w+=\S*", line))
            ran += 1
            continue
        if language == "text" and name.startswith("file="):
            if body != (SOURCE / name[5:]).read_text(encoding="utf-8"):
                changes.append((span, (SOURCE / name[5:]).read_text(encoding="utf-8")))
                failures.append(f"{place}: is not {name[5:]}")
        elif language == "text" and printed:
            if not same(printed[1].stdout, body):
                changes.append((span, printed[1].stdout))
                failures.append(f"{printed[0]}: printed\n{printed[1].stdout}\nand the page says\n{body}")
            printed = None
        elif language == "sql":
            try:
                with sqlite3.connect(folder / "build/demo.sqlite") as database:
                    database.executescript(body) if ";" in body.rstrip().rstrip(";") else database.execute(body).fetchall()
                ran += 1
            except sqlite3.Error as error:
                failures.append(f"{place}: {error}")
        elif name and "=" not in name:
            (folder / name).write_text(body, encoding="utf-8")
        if printed:
            settle(printed)
            printed = None
    if printed:
        settle(printed)
    if changes and os.environ.get("ZONEVAL_UPDATE_DOCS"):
        for (begin, end), new in reversed(changes):
            text = text[:begin] + new + text[end:]
        page.write_text(text, encoding="utf-8")


def same(printed, body):
    """As the page says, or with today's date where the page has the day on which it was printed."""
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    told = re.sub(r"20\d\d\\-\d\d\\-\d\d", lambda date: f"(?:{date[0]}|{today})", re.escape(body))
    return re.fullmatch(told, printed) is not None


def settle(printed):
    """No output is shown: it must succeed."""
    place, result = printed
    if result.returncode != 0:
        failures.append(f"{place}: exit code {result.returncode}\n{result.stdout}")


def run_help(store, folder):
    global ran
    like_the_repository(folder, store)
    sheet(folder / "notices.xlsx", [["name", "year", "result", "province"], ["An invented park", "2021", "ok", "An invented province"]])
    with sqlite3.connect(folder / "statistics.sqlite") as database, open(EXAMPLE / "zones-2023.csv", encoding="utf-8") as zones:
        heading, *rows = csv.reader(zones)
        database.execute("CREATE TABLE zones (" + ", ".join(f'"{name}"' for name in heading) + ")")
        database.executemany(f"INSERT INTO zones VALUES ({', '.join('?' * len(heading))})", rows)
        database.execute("CREATE TABLE notes (text)")
    (folder / "cases.jsonl").write_text('{"expression": "1 + 1"}\n')
    for name in (".zfunc", ".config/fish/completions"):
        (folder / name).mkdir(parents=True)
    os.environ["HOME"] = str(folder)
    for line in ("seal --out build/seal.json", "prove Invented-N07 --year 2023 --out build/N07.json"):  # what was published
        settle(("help", run(f"zoneval {line} --store build/demo.sqlite", folder)))
    listed = run("zoneval --help", folder).stdout
    names = re.findall(r"^  ([a-z]+) +[A-Z]", listed[listed.index("Subcommands:"):], re.MULTILINE)
    if len(names) < 8:
        failures.append(f"the help lists only {names}")
    for name in ["", *names]:
        text = run(f"zoneval {name} --help", folder).stdout
        examples = re.findall(r"^  ((?:source |zoneval |script/).*)$", text[text.rindex("\n\n"):], re.MULTILINE)
        if name and not examples:
            failures.append(f"zoneval {name} --help shows no example")
        for line in examples:
            if line.startswith("script/"):
                left_out.append(f"zoneval {name} --help: {line} (a script of the repository, run by CI)")
                continue
            if line.startswith("zoneval serve"):  # goes on until it is interrupted
                line = "timeout --preserve-status --signal=INT 2 " + line + ("" if "--port" in line else " --port 0")
            result = run(line, folder)
            ran += 1
            if result.returncode not in (0, 1) or (result.returncode == 1 and " check " not in line):
                failures.append(f"zoneval {name} --help: `{line}` gives exit code {result.returncode}\n{result.stdout}")


with tempfile.TemporaryDirectory() as top:
    first = pathlib.Path(top) / "store"
    first.mkdir()
    like_the_repository(first, None)
    make_store(first)
    store = first / "build/demo.sqlite"
    if WHAT == "help":
        folder = pathlib.Path(top) / "help"
        folder.mkdir()
        run_help(store, folder)
    else:
        pages = [SOURCE / "README.md", SOURCE / "CONTRIBUTING.md", *sorted((SOURCE / "docs").glob("*.md")),
                 *sorted(SOURCE.glob("rules/*/README.md")), *sorted(SOURCE.glob("examples/*/README.md"))]
        for number, page in enumerate(pages):
            folder = pathlib.Path(top) / str(number)
            folder.mkdir()
            run_page(page, store, folder)
print(f"{ran} commands run, {len(failures)} not as shown")
for line in left_out:
    print("left out:", line)
for line in failures:
    print(line)
sys.exit(1 if failures or ran < 10 else 0)
