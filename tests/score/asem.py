#!/usr/bin/env python3
"""Holds scores against the reference pipeline of other people: 49 indicators of 51 countries in eight groups of two (ASEM, by COINr).

usage: asem.py COMMAND SOURCE [--rules]

The reference's files are in $ZONEVAL_SHARED/reference/asem (default: beside the repository); without them the test is skipped. Each variant of normalisation, aggregation, weights
and missing data is written as one `scores` section, run through the command line, and every value compared (1e-9 relative).
--rules prints the rule set of the first variant and ends."""
import csv
import pathlib
import subprocess
import sys
import tempfile

from reference import COMMAND, INDICATORS, META, REFERENCE, TOLERANCE, rows

GROUPS = [m for m in META if m["Type"] == "Aggregate"]
NORM = {p["iCode"]: p for p in rows("02_norm/norm_parameters.csv")}
UNEQUAL = {(w["Level"], w["iCode"]): w["Weight"] for w in rows("03_agg/weights_unequal.csv")}


def indicator(m, variant):
    name, how = m["iCode"], variant["normalise"]
    parts = [f"of: {name}"]
    if variant["weights"] == "uneq":
        parts.append(f"weight: {UNEQUAL[('1', name)]}")
    worse = m["Direction"] == "-1"
    if how == "goalposts":
        low, high = NORM[name]["goalpost_lower"], NORM[name]["goalpost_upper"]
        parts.append(f"from: {high}..{low}" if worse else f"from: {low}..{high}")
    elif how == "distance to target":
        parts += [f"normalise: {how}", f"target: {NORM[name]['Target']}"]
    if worse and how != "goalposts":
        parts.append("lower is better: true")
    return "{" + ", ".join(parts) + "}"


def groups(parent, variant, indent):
    out = []
    for g in (g for g in GROUPS if g["Parent"] == parent):
        head = " " * indent + f"{g['iCode']}:"
        inner = " " * (indent + 2)
        out.append(head)
        if variant["weights"] == "uneq":
            out.append(f"{inner}weight: {UNEQUAL[(g['Level'], g['iCode'])]}")
        if parent == "Index" and variant.get("below"):
            out.append(f"{inner}aggregate: {variant['below']}")
        own = [m for m in INDICATORS if m["Parent"] == g["iCode"]]
        if own:
            out += [f"{inner}indicators:", *(f"{inner}  - {indicator(m, variant)}" for m in own)]
        else:
            out += [f"{inner}groups:", *groups(g["iCode"], variant, indent + 4)]
    return out


def rule_set(variant):
    out = ["ruleset: asem", "record: country", "datasets:", "  indicators: {id: uCode, year: 2018}", "inputs:"]
    out += [f"  {m['iCode']}: {{}}" for m in INDICATORS]
    out += ["scores:", "  Index:", f"    scale: {variant['scale']}", f"    aggregate: {variant['aggregate']}"]
    if variant["normalise"] not in ("goalposts", "distance to target"):
        out.append(f"    normalise: {variant['normalise']}")
    if variant["data"] == "denominated":
        out.append(f"    missing: {{{variant.get('there', 'at most: 100 %')}, then: reweight}}")
    names = ", ".join(["Index", *(f"{g['iCode']} of Index" for g in GROUPS if g["iCode"] != "Index")])
    return "\n".join([*out, "    groups:", *groups("Index", variant, 6), f"publish: [{names}]"]) + "\n"


def run(folder, *arguments):
    done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"zoneval {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"[:3000])
    return done.stdout


def scores(variant):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "rules.yaml").write_text(rule_set(variant), encoding="utf-8")
        data = REFERENCE.resolve() / "01_pipeline" / f"{variant['data']}.csv"
        run(folder, "import", "--rules", "rules.yaml", "--store", "s.sqlite", data)
        run(folder, "assess", "rules.yaml", "--store", "s.sqlite", "--year", "2018")
        run(folder, "results", "--store", "s.sqlite", "--year", "2018", "--csv", "out.csv")
        with open(pathlib.Path(folder) / "out.csv", encoding="utf-8-sig", newline="") as file:
            return {row["country"]: row for row in csv.DictReader(file)}


def worst(variant, expected):
    mine, most, count = scores(variant), 0.0, 0
    for row in expected:
        for g in GROUPS:
            name = g["iCode"]
            text = mine[row["uCode"]]["Index" if name == "Index" else f"{name} of Index"]
            if row[name] in ("", "NaN"):
                if text != "":
                    sys.exit(f"{variant}: {row['uCode']} {name} is {text}, expected nothing")
                continue
            want = float(row[name])
            if text == "":
                sys.exit(f"{variant}: {row['uCode']} {name} is missing, expected {want}")
            most = max(most, abs(float(text) - want) / max(abs(want), 1e-3))
            count += 1
    return most, count


def variants():
    means = {"amean": "arithmetic", "gmean": "geometric", "hmean": "harmonic", "genmean_p2": "power 2", "genmean_pm05": "power -0.5"}
    for short, mean in means.items():
        for weights in ("eq", "uneq"):
            yield f"full__{short}__{weights}", {"data": "treated", "normalise": "min-max", "scale": "1..100", "aggregate": mean,
                                                "weights": weights}
            if short in ("amean", "gmean", "hmean"):
                yield f"na__{short}__{weights}", {"data": "denominated", "normalise": "min-max", "scale": "1..100",
                                                  "aggregate": mean, "weights": weights}
    for share in ("0.5", "0.9", "1"):  # so much of the parts of each group must be there
        for weights in ("eq", "uneq"):
            yield f"na__amean__datthresh_{share}__{weights}", {
                "data": "denominated", "normalise": "min-max", "scale": "1..100", "aggregate": "arithmetic", "weights": weights,
                "there": f"at least: {float(share) * 100:g} %, in: each group"}
    for weights in ("eq", "uneq"):
        yield f"full__amean_amean_gmean__{weights}", {"data": "treated", "normalise": "min-max", "scale": "1..100",
                                                      "aggregate": "geometric", "below": "arithmetic", "weights": weights}
    for short, how, scale in (("borda_tiesmin", "borda", "0..1"), ("rank_tiesmin", "rank", "0..1"),
                              ("prank_tiesmin", "percent rank", "0..1"), ("zscore_0_1", "z-score", "0..1"),
                              ("dist2max", "min-max", "0..1"), ("minmax_0_100", "min-max", "0..100"),
                              ("goalposts_trunc", "goalposts", "0..100"), ("dist2targ_capped", "distance to target", "0..1")):
        yield f"full__norm_{short}__amean__eq", {"data": "treated", "normalise": how, "scale": scale, "aggregate": "arithmetic",
                                                 "weights": "eq"}


def main():
    if "--rules" in sys.argv:
        print(rule_set(next(iter(variants()))[1]), end="")
        return
    failed = 0
    for name, variant in variants():
        most, count = worst(variant, rows(f"03_agg/{name}.csv"))
        print(f"{name}: {count} values, most {most:.1e}, {len(rule_set(variant).splitlines())} lines")
        failed += most > TOLERANCE
    sys.exit(1 if failed else 0)


main()
