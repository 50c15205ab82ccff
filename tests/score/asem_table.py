#!/usr/bin/env python3
"""Holds the whole pipeline of a reference against a rule set that reads a table of indicators (ASEM, by COINr).

usage: asem_table.py COMMAND SOURCE [--rules]

From raw data: denominators, imputation by group, treatment of outliers, normalisation and means, in one `scores` section of some
twenty lines; then each kind of imputation, treatment and normalisation by itself: the pillars' means of the reference's own values.
Files as in asem.py. --rules prints the rule set of the whole pipeline and ends."""
import csv
import pathlib
import subprocess
import sys
import tempfile

from reference import COMMAND, INDICATORS, META, REFERENCE, TOLERANCE, rows

GROUPS = [m for m in META if m["Type"] == "Aggregate" and m["iCode"] != "Index"]
PILLARS = [g["iCode"] for g in GROUPS if g["Level"] == "2"]
NAMES = ["Index", *(f"{g['iCode']} of Index" for g in GROUPS)]


def rule_set(score, whole=True):
    """`whole`: the index of the reference; else its pillars side by side."""
    groups = """    groups:
      Conn: {groups: {Physical: , ConEcFin: , Political: , Instit: , P2P: }}
      Sust: {groups: {Environ: , Social: , SusEcFin: }}
"""
    return f"""ruleset: asem
record: country
datasets: {{indicators: {{id: uCode, year: Time}}}}
inputs:
  EurAsia_group: {{type: string, values: [Asia, Europe]}}
  GDP_group: {{type: string}}
  Population: {{unit: thousand}}
  GDP: {{unit: billion USD}}
  Area: {{unit: km²}}
  Energy: {{}}
scores:
  Index:
    indicators from: indicators.csv
{score}{groups if whole else ""}publish: [{", ".join(NAMES if whole else [f"{p} of Index" for p in PILLARS])}]
"""


WHOLE = rule_set("""    normalise: min-max
    impute: mean
    impute within: EurAsia_group
    treatment: {winsorise: 5, then: log}
""")


def table(without=(), **more):
    """What an evaluator keeps in a spreadsheet: a row for each indicator."""
    columns = {"indicator": "iCode", "title": "iName", "unit": "Unit", "group": "Parent", "direction": "Direction",
               "per": "Denominator", "weight": "Weight"}
    columns = {title: key for title, key in columns.items() if title not in without}
    return [[*columns, *more], *([m[key] for key in columns.values()] + [make(m) for make in more.values()] for m in INDICATORS)]


def run(folder, *arguments):
    done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"zoneval {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"[:3000])
    return done.stdout


def results(rules, grid, data="00_input/asem_idata.csv", year="2018"):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "rules.yaml").write_text(rules, encoding="utf-8")
        with open(place / "indicators.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(grid)
        source = REFERENCE / data
        if "Time" not in rows(data)[0]:  # a year, which the reference left out
            with open(source, encoding="utf-8") as file, open(place / "data.csv", "w", encoding="utf-8") as out:
                for number, line in enumerate(file):
                    out.write(line.rstrip("\n") + (",Time\n" if number == 0 else ",2018\n"))
            source = place / "data.csv"
        run(folder, "import", "--rules", "rules.yaml", "--store", "s.sqlite", source)
        run(folder, "assess", "rules.yaml", "--store", "s.sqlite", "--year", year)
        run(folder, "results", "--store", "s.sqlite", "--year", year, "--csv", "out.csv")
        with open(place / "out.csv", encoding="utf-8-sig", newline="") as file:
            return {row["country"]: row for row in csv.DictReader(file)}


def worst(name, mine, expected):
    """`expected`: by country, by column of ours."""
    most, count = 0.0, 0
    for country, values in expected.items():
        for column, want in values.items():
            text = mine[country][column]
            if want is None or want == float("inf"):  # x/0, where the reference says Inf
                if text != "":
                    sys.exit(f"{name}: {country} {column} is {text}, expected nothing")
                continue
            if text == "":
                sys.exit(f"{name}: {country} {column} is missing, expected {want}")
            most = max(most, abs(float(text) - want) / max(abs(want), 1e-3))
            count += 1
    print(f"{name}: {count} values, most {most:.1e}")
    return most > TOLERANCE


def pillars_of(path):
    """The mean of each pillar, of the reference's own values of its indicators."""
    out = {}
    for row in rows(path):
        out[row["uCode"]] = {}
        for pillar in PILLARS:
            values = [row[m["iCode"]] for m in INDICATORS if m["Parent"] == pillar]
            missing = any(v in ("", "NA", "NaN") for v in values)
            out[row["uCode"]][f"{pillar} of Index"] = None if missing else sum(map(float, values)) / len(values)
    return out


def main():
    if "--rules" in sys.argv:
        print(WHOLE, end="")
        return
    failed = False
    expected = {row["uCode"]: {n: float(row[n.removesuffix(" of Index")]) for n in NAMES} for row in rows("01_pipeline/aggregated.csv")}
    print(f"the whole pipeline: {len(WHOLE.splitlines())} lines and a table of {len(INDICATORS)} rows")
    failed |= worst("from raw data to the index", results(WHOLE, table()), expected)

    alone = "    normalise: none\n"
    for name, more in {"i_mean": "impute: mean", "i_median": "impute: median",
                       "i_mean_grp__EurAsia_group": "impute: mean\n    impute within: EurAsia_group",
                       "i_median_grp__GDP_group": "impute: median\n    impute within: GDP_group"}.items():
        grid = table(["unit", "direction"])  # values as reported, which nobody adds up
        failed |= worst(name, results(rule_set(f"{alone}    {more}\n", False), grid), pillars_of(f"04_impute/{name}.csv"))
    for name, more in {"win1_logCT": "{winsorise: 1, then: log}", "default_win5_logCT": "{winsorise: 5, then: log}",
                       "win3_logCT": "{winsorise: 3, then: log}", "win_unlimited": "{winsorise: 1000}", "log_CT_all": "log",
                       "boxcox_lambda0_all": "box-cox 0", "boxcox_lambda0.5_all": "box-cox 0.5"}.items():
        grid = table(["unit", "direction", "per"])
        mine = results(rule_set(f"{alone}    treatment: {more}\n", False), grid, "01_pipeline/screened.csv")
        failed |= worst(name, mine, pillars_of(f"06_treat/{name}.csv"))
    parameters = {p["iCode"]: p for p in rows("02_norm/norm_parameters.csv")}
    scale = "    scale: 0..1\n"
    for name, score, extra in (
            ("dist2ref_DEU_capped", scale, {"normalise": lambda m: "distance to reference", "reference": lambda m: "DEU"}),
            ("dist2targ_capped", scale, {"normalise": lambda m: "distance to target", "target": lambda m: parameters[m["iCode"]]["Target"]}),
            ("zscore_10_2", scale, {"normalise": lambda m: "z-score", "mean": lambda m: "10", "deviation": lambda m: "2"}),
            ("dist2targ_uncapped", scale, {"normalise": lambda m: "distance to target", "target": lambda m: parameters[m["iCode"]]["Target"],
                                           "truncate": lambda m: "false"}),
            ("dist2ref_DEU", scale, {"normalise": lambda m: "distance to reference", "reference": lambda m: "DEU", "truncate": lambda m: "false"}),
            ("goalposts_notrunc", "    scale: 0..100\n", {
                "from": lambda m: "..".join(parameters[m["iCode"]][k] for k in (
                    ("goalpost_upper", "goalpost_lower") if m["Direction"] == "-1" else ("goalpost_lower", "goalpost_upper"))),
                "truncate": lambda m: "false"}),
            ("fracmax", scale, {"normalise": lambda m: "fraction of maximum"}),
            ("rank_tiesaverage", scale, {"normalise": lambda m: "rank", "ties": lambda m: "average"}),
            ("prank_tiesaverage", scale, {"normalise": lambda m: "percent rank", "ties": lambda m: "average"}),
            ("prank_tiesmin", scale + "    normalise: percent rank\n", {}), ("minmax_1_100", "    scale: 1..100\n    normalise: min-max\n", {})):
        grid = table(["unit", "per", *(["direction"] if "from" in extra else [])], **extra)
        failed |= worst(name, results(rule_set(score, False), grid, "01_pipeline/treated.csv"), pillars_of(f"02_norm/treated__{name}.csv"))
    for weights in ("eq", "uneq"):
        uneven = {(w["Level"], w["iCode"]): w["Weight"] for w in rows("03_agg/weights_unequal.csv")}
        grid = table(["unit", "per", "weight"], weight=lambda m: uneven[("1", m["iCode"])] if weights == "uneq" else "1")
        rules = rule_set("    scale: 1..100\n    normalise: min-max\n    aggregate: copeland\n")
        if weights == "uneq":
            for g in GROUPS:
                weight = uneven[(g["Level"], g["iCode"])]
                rules = rules.replace(f"{g['iCode']}: {{", f"{g['iCode']}: {{weight: {weight}, ").replace(
                    f"{g['iCode']}: ,", f"{g['iCode']}: {{weight: {weight}}},").replace(f"{g['iCode']}: }}", f"{g['iCode']}: {{weight: {weight}}}}}")
        want = {row["uCode"]: {n: float(row[n.removesuffix(" of Index")]) for n in NAMES}
                for row in rows(f"03_agg/full__copeland_all_levels__{weights}.csv")}
        failed |= worst(f"copeland at all levels, {weights}", results(rules, grid, "01_pipeline/treated.csv"), want)
    for name, more in (("global_minmax", "    reference years: all\n"), ("peryear_minmax", "")):  # five years, invented by the reference
        rules = rule_set("    normalise: min-max\n    screen: {available: 90 %}\n    treatment: {winsorise: 5, then: log}\n"
                         f"    missing: {{at most: 100 %, then: reweight}}\n{more}")
        for year in ("2018", "2020", "2022"):
            want = {row["uCode"]: {n: float(row[n.removesuffix(" of Index")]) for n in NAMES}
                    for row in rows(f"10_panel/purse_aggregated_{name}.csv") if row["Time"] == year}
            failed |= worst(f"panel, {name}, {year}", results(rules, table(["per"]), "00_input/asem_panel_idata.csv", year), want)
    sys.exit(1 if failed else 0)


main()
