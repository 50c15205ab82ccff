#!/usr/bin/env python3
"""Holds schemas/ruleset.schema.json against what `zoneval check` says, with an independent validator.

usage: agree.py COMMAND SOURCE

The shipped rule files must be right to both. A rule set with every key is then broken in every place: each value replaced by one
of another kind, each key left out, a key nobody knows put into each mapping. Of each both must say the same, as far as form goes
(ZV202, ZV203, ZV204); what a rule set means is not the schema's business."""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML as rule files mean it (and YAML 1.2): dates, `yes` and `on` are texts."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?", "-+.0123456789"),
]:
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(f"^(?:{pattern})$"), list(first))
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def text_keys(value):
    """JSON has no other keys."""
    if isinstance(value, dict):
        return {("null" if k is None else str(k)): text_keys(v) for k, v in value.items()}
    return [text_keys(v) for v in value] if isinstance(value, list) else value


def load(path):
    return text_keys(yaml.load(path.read_text(encoding="utf-8"), Loader))


def places(value, path=()):
    """Every place below the top, as the keys that lead there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield path + (key,)
        yield from places(inner, path + (key,))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def broken(whole):
    """(what was done, the document after it). Of what stands elsewhere only the head is kept: it would be looked at each time."""
    for path in [(), *places(whole)]:
        document = whole if len(path) < 2 else {k: whole[k] for k in ("ruleset", "record", path[0])}
        value = at(document, path)
        if isinstance(value, dict):
            after = copy.deepcopy(document)
            at(after, path)["no such key"] = 1
            yield f"{list(path)}: an unknown key", after
        if not path:
            continue
        empty = [type(value)()] if isinstance(value, (dict, list)) else []
        for other in ({"no such key": 1}, ["a list"], "a text", 12345, True, None, *empty):
            if type(other) is type(value) and other:
                continue
            after = copy.deepcopy(document)
            at(after, path[:-1])[path[-1]] = other
            yield f"{list(path)}: {json.dumps(other)}", after
        after = copy.deepcopy(document)
        del at(after, path[:-1])[path[-1]]
        yield f"{list(path)}: left out", after


FORM = {"ZV202", "ZV203", "ZV204"}
# What of form the schema cannot say: a table's rows are as long as it has inputs and outputs, names are names, a hit policy
# asks something of the outputs, not every aggregation leaves parts out, a `given` names years, `history of` names one of `from`.
BEYOND = re.compile(
    r" cells|cannot be called|which output comes first|has a `default` beside|of several outputs|is for one"
    r"|`unique`, and|not a number$|how many years back|`history of` is|cannot leave missing|cannot count a missing|`to` is a list"
    r"|` says nothing: ")


def checked(command, files):
    """By file: what check says of its form, and which of it the schema could say too."""
    said = {str(f): ([], []) for f in files}
    for start in range(0, len(files), 50):  # so many that no finding is left out
        run = subprocess.run([command, "check", "--format", "json", *map(str, files[start:start + 50])],
                             capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1, 3):
            raise SystemExit(f"check ended with {run.returncode}: {run.stderr[:2000]}")
        findings = json.loads(run.stdout)
        if any(f["code"] == "ZV410" for f in findings):
            raise SystemExit("check did not list all findings")
        for f in findings:
            if f["code"] in FORM and f.get("file") in said:
                every, shared = said[f["file"]]
                every.append(f"{f['code']} {f['message']}")
                if not BEYOND.search(f["message"]):
                    shared.append(every[-1])
    return said


def main():
    command, source = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads((source / "schemas/ruleset.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = []

    shipped = [f for d in ("rules", "examples", "tests/schema") for f in sorted((source / d).rglob("*.yaml"))]
    shipped.append(source / "tests/cli/golden/small.yaml")
    for file in shipped:
        for error in validator.iter_errors(load(file)):
            failures.append(f"{file}: the schema refuses {list(error.absolute_path)}: {error.message[:200]}")
    entries = [f for f in shipped if isinstance(load(f), dict) and "ruleset" in load(f)]
    for file, (every, _) in checked(command, entries).items():
        failures += [f"{file}: check refuses: {message}" for message in every]
    for name in ("bad-rules.yaml", "slips.yaml"):
        bad = source / "tests/cli/golden" / name
        if name == "bad-rules.yaml" and validator.is_valid(load(bad)):
            failures.append(f"{bad}: the schema finds nothing wrong")

    whole = load(source / "tests/schema/every-key.yaml")
    used = {p[-1] for p in places(whole)} | {p[-1] for f in entries for p in places(load(f))}
    unused = {k for k in keys_of(schema) if k not in used}
    if unused:
        failures.append(f"tests/schema/every-key.yaml does not use {sorted(unused)}")
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "every-import.yaml").write_text("measures: {imported: output * 2}\n", encoding="utf-8")
        table = (source / "tests/schema/every-table.csv").read_text(encoding="utf-8")
        (pathlib.Path(folder) / "every-table.csv").write_text(table, encoding="utf-8")
        cases = []
        for what, document in broken(whole):
            file = pathlib.Path(folder) / f"{len(cases)}.yaml"
            file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
            cases.append((what, document, file))
        said = checked(command, [file for _, _, file in cases])
        for what, document, file in cases:
            every, shared = said[str(file)]
            right = validator.is_valid(document)
            count += 1
            if right and shared or not right and not every:
                errors = [f"{list(e.absolute_path)}: {e.message[:160]}" for e in validator.iter_errors(document)]
                failures.append(f"{what}\n  the schema: {errors[:1] or 'nothing wrong'}\n  check: {shared[:1] or 'nothing wrong'}")
    print(f"{len(shipped)} rule files, {count} broken ones, {len(failures)} disagreements")
    for failure in failures[:60]:
        print(failure)
    sys.exit(1 if failures or count < 1000 else 0)


def keys_of(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            yield from keys_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys_of(value)


main()
