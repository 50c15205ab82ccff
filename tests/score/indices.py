#!/usr/bin/env python3
"""Holds published indices, written as rule sets (examples/indices), against their formulas computed here of invented data.

usage: indices.py COMMAND SOURCE

Each formula below is written from its technical note, step by step and without the tool's forms, in doubles; values must agree to what is
published, or to 1e-9 where nothing is rounded. The data are drawn here and say nothing of any country."""
import csv
import math
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

COMMAND, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
COUNTRIES = 40


def run(folder, *arguments):
    done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"zoneval {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"[:3000])


def results(rules, files, year):
    """`files`: name, id column, rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = SOURCE / "examples" / "indices" / f"{rules}.yaml"
        for name, rows, options in files:
            columns = []
            for row in rows:
                columns += [c for c in row if c not in columns]
            with open(pathlib.Path(folder) / name, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
            run(folder, "import", "--rules", path, "--store", "s.sqlite", *options, name)
        run(folder, "assess", path, "--store", "s.sqlite", "--year", str(year))
        run(folder, "results", "--store", "s.sqlite", "--year", str(year), "--csv", "out.csv")
        with open(pathlib.Path(folder) / "out.csv", encoding="utf-8-sig", newline="") as file:
            return {row.get("country") or row.get("region") or row["park"]: row for row in csv.DictReader(file)}


def hold(name, mine, expected):
    """`expected`: by record, by column: a value, and the places it is rounded to (None: not)."""
    count, most = 0, 0.0
    for record, values in expected.items():
        for column, (want, places) in values.items():
            text = mine[record][column]
            if want is None:
                if text:
                    sys.exit(f"{name}: {record} {column} is {text}, expected nothing")
                continue
            if not text:
                sys.exit(f"{name}: {record} {column} is missing, expected {want}")
            if isinstance(want, str):
                off = 0 if text == want else math.inf
            elif places is None:
                off = abs(float(text) - want) / max(1e-3, abs(want))
            else:  # a half may fall either way in doubles
                off = max(0, abs(float(text) - want) - 0.5000001 * 10 ** -places)
            if off > 1e-9:
                sys.exit(f"{name}: {record} {column} is {text}, expected {want}")
            most, count = max(most, off), count + 1
    print(f"{name}: {count} values, most off {most:.1e}")


def countries(seed, make, key="country", year=2021):
    draw = random.Random(seed)
    return [{key: f"Invented {i:02}", "year": year, **make(draw)} for i in range(1, COUNTRIES + 1)]


def between(x, low, high):
    return min(1, max(0, (x - low) / (high - low)))


def human_development():
    def make(d):
        return {"life expectancy": round(d.uniform(50, 87), 1), "expected schooling": round(d.uniform(5, 20), 1),
                "mean schooling": round(d.uniform(2, 14), 1), "income": round(d.uniform(700, 90000)),
                "inequality in life": round(d.uniform(0.02, 0.4), 3), "inequality in schooling": round(d.uniform(0.01, 0.5), 3),
                "inequality in income": round(d.uniform(0.1, 0.6), 3), "life expectancy of women": round(d.uniform(52, 89), 1),
                "life expectancy of men": round(d.uniform(48, 84), 1), "expected schooling of women": round(d.uniform(5, 20), 1),
                "expected schooling of men": round(d.uniform(5, 20), 1), "mean schooling of women": round(d.uniform(2, 14), 1),
                "mean schooling of men": round(d.uniform(2, 14), 1), "wage ratio": round(d.uniform(0.4, 1), 2),
                "activity of women": round(d.uniform(0.2, 0.55), 3), "women": round(d.uniform(0.45, 0.54), 3)}
    rows = countries(1, make)

    def dimensions(life, expected, mean, income, lives):
        return (between(life, *lives), (between(expected, 0, 18) + between(mean, 0, 15)) / 2,
                between(math.log(income), math.log(100), math.log(75000)))

    def mean3(dims):
        return math.prod(dims) ** (1 / 3)
    want = {}
    for r in rows:
        dims = dimensions(r["life expectancy"], r["expected schooling"], r["mean schooling"], r["income"], (20, 85))
        unequal = (r["inequality in life"], r["inequality in schooling"], r["inequality in income"])
        s = r["wage ratio"] * r["activity of women"] / (r["wage ratio"] * r["activity of women"] + 1 - r["activity of women"])
        income = {"women": r["income"] * s / r["women"], "men": r["income"] * (1 - s) / (1 - r["women"])}
        sexes = {sex: mean3(dimensions(r[f"life expectancy of {sex}"], r[f"expected schooling of {sex}"], r[f"mean schooling of {sex}"],
                                       income[sex], lives)) for sex, lives in (("women", (22.5, 87.5)), ("men", (17.5, 82.5)))}
        want[r["country"]] = {"HDI": (mean3(dims), 3), "IHDI": (mean3([x * (1 - a) for x, a in zip(dims, unequal)]), 3),
                              "HDI of women": (sexes["women"], None), "HDI of men": (sexes["men"], None),
                              "GDI": (sexes["women"] / sexes["men"], 3)}
    hold("HDI, IHDI, GDI", results("human-development", [("d.csv", rows, [])], 2021), want)


def technology_achievement():
    def make(d):
        return {"patents": d.randint(0, 994), "royalties": round(d.uniform(0, 270), 1), "internet hosts": round(d.uniform(0, 230), 1),
                "high-technology exports": round(d.uniform(0, 81), 1), "telephones": d.randint(1, 1300),
                "electricity": d.randint(22, 25000), "schooling": round(d.uniform(0.8, 12), 1),
                "science enrolment": round(d.uniform(0.1, 27), 1)}
    rows = countries(2, make)
    columns = {k: [r[k] for r in rows] for k in rows[0] if k not in ("country", "year")}
    columns["telephones"] = [math.log(min(x, 901)) for x in columns["telephones"]]
    columns["electricity"] = [math.log(min(x, 6969)) for x in columns["electricity"]]
    scaled = {k: [(x - min(v)) / (max(v) - min(v)) for x in v] for k, v in columns.items()}
    pairs = {"creation": ("patents", "royalties"), "recent innovations": ("internet hosts", "high-technology exports"),
             "old innovations": ("telephones", "electricity"), "skills": ("schooling", "science enrolment")}
    want = {}
    for i, r in enumerate(rows):
        dims = {k: (scaled[a][i] + scaled[b][i]) / 2 for k, (a, b) in pairs.items()}
        want[r["country"]] = {**{f"{k} of TAI": (x, None) for k, x in dims.items()}, "TAI": (sum(dims.values()) / 4, 3)}
    hold("TAI", results("technology-achievement", [("d.csv", rows, [])], 2021), want)


def gender_inequality():
    def make(d):
        return {"maternal mortality": round(d.uniform(2, 1200)), "adolescent births": round(d.uniform(1, 170), 1),
                "seats of women": round(d.choice([0, d.uniform(0, 0.55)]), 3), "education of women": round(d.uniform(0.05, 1), 3),
                "education of men": round(d.uniform(0.1, 1), 3), "labour of women": round(d.uniform(0.06, 0.83), 3),
                "labour of men": round(d.uniform(0.4, 0.9), 3)}
    rows = countries(3, make)
    want = {}
    for r in rows:
        mmr, seats = min(1000, max(10, r["maternal mortality"])), max(0.001, r["seats of women"])
        health = math.sqrt(10 / mmr / r["adolescent births"])
        power = math.sqrt(seats * r["education of women"]), math.sqrt((1 - seats) * r["education of men"])
        women = (health * power[0] * r["labour of women"]) ** (1 / 3)
        men = (1 * power[1] * r["labour of men"]) ** (1 / 3)
        both = 2 / (1 / women + 1 / men)
        reference = ((health + 1) / 2 * sum(power) / 2 * (r["labour of women"] + r["labour of men"]) / 2) ** (1 / 3)
        want[r["country"]] = {"women of both": (women, None), "men of both": (men, None), "GII": (1 - both / reference, 3)}
    hold("GII", results("gender-inequality", [("d.csv", rows, [])], 2021), want)


def perceived_corruption():
    sources = ("bank", "forum", "analysts", "survey", "index")

    def make(d):
        level = d.uniform(1, 9)
        return {s: None if d.random() < 0.3 else round(level + d.gauss(0, 1.2), 2) for s in sources}
    base, now = countries(4, make, year=2012), countries(5, make, year=2021)
    spread = {s: [r[s] for r in base if r[s] is not None] for s in sources}
    want = {}
    for r in now:
        points = [min(100, max(0, 45 + 20 * (r[s] - statistics.mean(spread[s])) / statistics.stdev(spread[s])))
                  for s in sources if r[s] is not None]
        want[r["country"]] = {"CPI": (statistics.mean(points), 0) if len(points) >= 3 else (None, None)}
    if all(v["CPI"][0] is not None for v in want.values()):
        sys.exit("no country has too few sources: the test tests less than it says")
    hold("CPI", results("perceived-corruption", [("d.csv", base + now, [])], 2021), want)


def regional_innovation():
    names = ("tertiary education", "publications", "patents", "R&D", "employment")

    def make(d):
        return {n: None if d.random() < 0.1 else round(d.uniform(1, 60), 1) for n in names}
    years = {year: countries(year, make, "region", year) for year in range(2017, 2024)}

    def value(region, year, name):
        x = years[year][region][name]
        return None if x is None else math.sqrt(x) if name in ("publications", "patents") else x

    def filled(region, year, name):
        if value(region, year, name) is not None:
            return value(region, year, name)
        before = [y for y in years if y < year and value(region, y, name) is not None]
        after = [y for y in years if y > year and value(region, y, name) is not None]
        if not before or not after:
            return None
        s, u = max(before), min(after)
        a, b = value(region, s, name), value(region, u, name)
        return a + (b - a) * (year - s) / (u - s)
    ends = {}
    for n in names:
        everything = [x for y in years for i in range(COUNTRIES) if (x := filled(i, y, n)) is not None]
        ends[n] = min(everything), max(everything)
    for year in (2017, 2020, 2023):
        scores = []
        for i in range(COUNTRIES):
            points = [filled(i, year, n) for n in names]
            scores.append(None if None in points else
                          statistics.mean((x - ends[n][0]) / (ends[n][1] - ends[n][0]) for x, n in zip(points, names)))
        middle = statistics.mean(s for s in scores if s is not None)
        want = {}
        for i, score in enumerate(scores):
            relative = None if score is None else 100 * score / middle
            word = "" if relative is None else ("leader" if relative >= 125 else "strong" if relative >= 100 else
                                                "moderate" if relative >= 70 else "emerging")
            want[years[year][i]["region"]] = {"SII": (score, None), "relative": (relative, 1), "class": (word or None, None)}
        hold(f"RIS {year}", results("regional-innovation", [("d.csv", [r for y in years.values() for r in y], [])], year), want)


def quantile(values, share):
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    low = math.floor(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def environmental_performance():
    def make(d):
        return {"fine dust": round(d.uniform(3, 90), 1), "solid fuels": round(d.uniform(1, 4000)), "unsafe water": round(d.uniform(1, 6000)),
                "protected land": round(d.uniform(0, 40), 1), "protected sea": round(d.uniform(0, 30), 1) if d.random() < 0.75 else None,
                "species": round(d.uniform(0, 100), 1) if d.random() < 0.8 else None, "CO2 growth": round(d.uniform(-8, 9), 1),
                "methane growth": round(d.uniform(-6, 6), 1)}
    rows = countries(6, make)
    dust, fuels, water = ([math.log(r[k]) for r in rows] for k in ("fine dust", "solid fuels", "unsafe water"))
    want = {}

    def points(x, worst, best):
        return 100 * min(1, max(0, (x - worst) / (best - worst)))
    for i, r in enumerate(rows):
        air = 0.7 * points(dust[i], quantile(dust, 0.95), math.log(5)) + 0.3 * points(fuels[i], quantile(fuels, 0.95), quantile(fuels, 0.05))
        health = 0.6 * air + 0.4 * points(water[i], max(water), min(water))
        parts = [(w, points(r[n], 0, b)) for n, w, b in (("protected land", 2, 17), ("protected sea", 2, 10), ("species", 1, 100))
                 if r[n] is not None]
        nature = sum(w * x for w, x in parts) / sum(w for w, _ in parts) if len(parts) >= 1.5 else None
        climate = 0.75 * points(r["CO2 growth"], 5, -5) + 0.25 * points(r["methane growth"], 4, -4)
        groups = [(w, x) for w, x in ((0.4, health), (0.4, nature), (0.2, climate)) if x is not None]
        want[r["country"]] = {"health of EPI": (health, None), "ecosystems of EPI": (nature, None), "climate of EPI": (climate, None),
                              "EPI": (sum(w * x for w, x in groups) / sum(w for w, _ in groups), 1)}
    if all(v["ecosystems of EPI"][0] is not None for v in want.values()):
        sys.exit("no country has too little of a group: the test tests less than it says")
    hold("EPI", results("environmental-performance", [("d.csv", rows, [])], 2021), want)


def poverty():
    draw = random.Random(7)
    flags = ("nobody undernourished", "no child died", "six years of school", "children attend", "clean fuel", "toilet", "water",
             "electricity", "floor and walls", "assets")
    nations = countries(7, lambda d: {"population": d.randint(100, 90000)})
    homes = [{"households": f"h{n}", "year": 2021, "country": draw.choice(nations)["country"], "size": draw.randint(1, 9),
              **{f: "true" if draw.random() < 0.7 else "false" for f in flags}} for n in range(1500)]
    want = {}
    for nation in nations:
        own = [h for h in homes if h["country"] == nation["country"]]
        weights = [3] * 4 + [1] * 6
        weighted = [(h["size"], sum(w for f, w in zip(flags, weights) if h[f] == "false")) for h in own]
        people, poor = sum(n for n, _ in weighted), [(n, c) for n, c in weighted if c >= 6]
        h = sum(n for n, _ in poor) / people
        a = sum(n * c / 18 for n, c in poor) / sum(n for n, _ in poor) if poor else None
        want[nation["country"]] = {"headcount": (h, 4), "intensity": (a, None), "MPI": (h * (a or 0), 4)}
    files = [("d.csv", nations, []), ("h.csv", homes, ["--dataset", "households"])]
    hold("MPI", results("poverty", files, 2021), want)


def park_review():
    def make(d):
        return {"output": d.randint(0, 100), "innovation": d.randint(0, 100), "environment": d.choice(["excellent", "good", "poor"]),
                "national awards": d.randint(0, 4), "pilot": d.choice(["true", "false"]), "accidents": d.randint(0, 5),
                "false figures": "true" if d.random() < 0.1 else "false"}
    rows = countries(8, make, "park")
    want = {}
    for r in rows:
        economy = (r["output"] + r["innovation"]) / 2
        score = 0.7 * economy + 0.3 * {"excellent": 100, "good": 75, "poor": 20}[r["environment"]]
        score = min(100, score + min(5, min(4, 2 * r["national awards"]) + (3 if r["pilot"] == "true" else 0)))
        score = max(0, score - min(20, 5 * r["accidents"]))
        if economy < 40:
            score = min(59, score)
        if r["false figures"] == "true":
            score = min(0, score)
        want[r["park"]] = {"economy of review": (economy, None), "review": (score, 1)}
    hold("review of parks", results("park-review", [("d.csv", rows, [])], 2021), want)


def quantile(values, share):
    values = sorted(x for x in values if x is not None)
    at = (len(values) - 1) * share
    return values[int(at)] + (at - int(at)) * (values[min(int(at) + 1, len(values) - 1)] - values[int(at)])


def mean_of_known(values):
    values = [x for x in values if x is not None]
    return statistics.fmean(values) if values else None


def sustainable_development():
    def make(d):
        def some(value):
            return None if d.random() < 0.08 else value
        return {"poverty": some(round(d.uniform(0, 60), 1)), "stunting": some(round(d.uniform(0, 50), 1)),
                "maternal deaths": some(d.randint(2, 800)), "literacy": some(round(d.uniform(30, 100), 1)),
                "water": some(round(d.uniform(30, 100), 1)), "renewables": some(round(d.uniform(0, 80), 1)),
                "CO2": some(round(d.uniform(0, 25), 2)), "papers": some(round(d.uniform(0, 3), 3))}
    rows = countries(9, make)
    columns = {k: [r[k] for r in rows] for k in rows[0]}

    def best_five(name):
        return statistics.fmean(sorted((x for x in columns[name] if x is not None), reverse=True)[:5])
    goals = {"people": [("poverty", 0.975, 0), ("stunting", 0.975, 0), ("maternal deaths", 0.975, 3.4)],
             "knowledge": [("literacy", 0.025, 100), ("papers", 0.025, best_five("papers"))],
             "planet": [("water", 0.025, 100), ("renewables", 0.025, best_five("renewables")), ("CO2", 0.975, 0)]}
    want = {}
    for r in rows:
        means, known = {}, 0
        for goal, parts in goals.items():
            points = []
            for name, share, best in parts:
                worst = quantile(columns[name], share)
                points.append(None if r[name] is None else 100 * between((r[name] - worst) / (best - worst), 0, 1))
            known += sum(x is not None for x in points)
            means[goal] = mean_of_known(points)
        index = mean_of_known(means.values()) if known >= 0.8 * 8 else None
        want[r["country"]] = {**{f"{goal} of index": (x, None) for goal, x in means.items()}, "index": (index, 1)}
    hold("as the SDG Index", results("sustainable-development", [("d.csv", rows, [])], 2021), want)


def risk():
    def make(d):
        return {"earthquakes": round(d.uniform(0, 10), 1), "floods": round(d.uniform(0, 10), 1), "drought": round(d.uniform(0, 10), 1),
                "conflict": round(d.uniform(0, 10), 1), "deprivation": round(d.uniform(0.3, 0.95), 3),
                "inequality": round(d.uniform(18, 68), 1), "displaced": d.randint(0, 2_000_000),
                "governance": round(d.uniform(-2.4, 2.4), 2), "doctors": round(d.uniform(0, 5), 2), "roads": d.randint(0, 300)}
    rows = countries(10, make)

    def left_to_ten(values):
        return (10 - math.prod((10 - x) / 10 * 9 + 1 for x in values) ** (1 / len(values))) / 9 * 10
    want = {}
    for r in rows:
        natural = left_to_ten([r["earthquakes"], r["floods"], r["drought"]])
        hazards = left_to_ten([natural, r["conflict"]])
        vulnerability = 10 * (2 * between(r["deprivation"], 0.3, 0.95) + between(r["inequality"], 20, 65)
                              + between(math.log(r["displaced"] + 1), 0, math.log(1e6))) / 4
        coping = 10 * (between(-r["governance"], -2.5, 2.5) + between(-r["doctors"], -4, 0) + between(-r["roads"], -250, 0)) / 3
        want[r["country"]] = {"natural": (natural, None), "hazards": (hazards, None), "vulnerability of risk": (vulnerability, None),
                              "lack of coping of risk": (coping, None), "risk": ((hazards * vulnerability * coping) ** (1 / 3), 1)}
    hold("as the INFORM Risk Index", results("risk", [("d.csv", rows, [])], 2021), want)


def logistics():
    names = ["customs", "infrastructure", "shipments", "competence", "tracing", "timeliness"]

    def make(d):
        level = d.uniform(1.8, 4.2)
        return {name: round(min(5, max(1, level + d.uniform(-0.5, 0.5))), 2) for name in names}
    rows = countries(11, make)
    scores = [[(r[name] - statistics.fmean(s[name] for s in rows)) / statistics.stdev(s[name] for s in rows) for name in names]
              for r in rows]
    together = [[sum(z[a] * z[b] for z in scores) / (len(rows) - 1) for b in range(6)] for a in range(6)]
    component, variance = [1.0] * 6, 0.0
    for _ in range(1000):  # by powers, where the tool turns axes
        component = [sum(r * x for r, x in zip(row, component)) for row in together]
        variance = math.hypot(*component)
        component = [x / variance for x in component]
    index = {r["country"]: sum(w * r[name] for w, name in zip(component, names)) / sum(component) for r in rows}
    want = {c: {"explained": (variance / 6, 3), "LPI": (x, 2)} for c, x in index.items()}
    hold("as the Logistics Performance Index", results("logistics", [("d.csv", rows, [])], 2021), want)


human_development()
technology_achievement()
gender_inequality()
perceived_corruption()
regional_innovation()
environmental_performance()
poverty()
park_review()
sustainable_development()
risk()
logistics()
