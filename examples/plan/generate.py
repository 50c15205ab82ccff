#!/usr/bin/env python3
"""Writes the invented data of examples/plan: python3 generate.py DIRECTORY (any machine writes the same bytes).

Everything is invented but what the plan publishes itself (base and goal of table 1) and the distribution of the incubators' grades
of 2021. Zones are those of examples/hightech-zones."""
import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
YEAR = 2024


class Dice:
    """A linear congruential generator, so that the files do not depend on a library."""

    def __init__(self, seed):
        self.state = seed

    def draw(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53

    def between(self, low, high, places=0):
        value = low + (high - low) * self.draw()
        return round(value) if places == 0 else f"{value:.{places}f}"

    def one_of(self, *choices):
        return choices[int(self.draw() * len(choices))]

    def chance(self, share):
        return self.draw() < share


def truth(value):
    return "true" if value else "false"


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def write(self, name, header, rows):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


def zones_of_the_example():
    with open(HERE.parent / "hightech-zones" / f"zones-{YEAR}.csv", encoding="utf-8") as file:
        return [(row["zone"], row["region"], row["revenue"]) for row in csv.DictReader(file)]


def many_parks(out, zones):
    dice = Dice(1)
    reports, parks, firms = [], [], []
    for zone, _, revenue in zones:
        total = float(revenue) if revenue.replace(".", "").isdigit() else 500.0
        branches = dice.between(0, 3)
        left = total
        for k in range(branches):
            own = round(total * 0.1 * (k + 1) / 3, 2)
            left = round(left - own, 2)
            blank = zone == "Invented-W05" and k == 0
            parks.append([f"{zone}/b{k + 1}", zone, YEAR, "branch", "true", "true", "" if blank else own,
                          *(truth(dice.chance(0.85)) for _ in range(4))])
        parks.append([f"{zone}/core", zone, YEAR, "core", "true", "true", left, *["true"] * 4])
        if dice.chance(0.08):
            parks.append([f"{zone}/entrusted", zone, YEAR, "entrusted", "false", truth(dice.chance(0.4)), round(total * 0.05, 2),
                          *["false"] * 4])
        reports.append([zone, YEAR, f"{total * (1.05 if dice.chance(0.05) else 1):.2f}"])
        firms += [[f"{zone}/f{k + 1}", zone, YEAR, truth(dice.chance(0.1))] for k in range(dice.between(2, 5))]
    out.write("one-zone-many-parks/zones.csv", ["zone", "year", "reported revenue"], reports)
    out.write("one-zone-many-parks/parks.csv",
              ["park", "zone", "year", "role", "inside the approved area", "counted in the report", "revenue", "joint planning",
               "joint construction", "joint promotion", "joint management"], parks)
    out.write("one-zone-many-parks/firms.csv", ["firm", "zone", "year", "leads"], firms)


def work_safety(out, zones):
    dice = Dice(2)
    rows = []
    for k in range(40):
        zone = zones[int(dice.draw() * len(zones))][0]
        grade = dice.one_of("general", "general", "general", "larger", "major")
        rows.append([f"incident-{k + 1:02}", zone, f"{YEAR}-{dice.between(1, 12):02}-{dice.between(1, 28):02}", grade,
                     truth(dice.chance(0.85)), dice.one_of("of the zone", "not of the zone", "")])
    rows.append(["incident-41", "Invented-E12", f"{YEAR}-03-09", "major", "true", ""])
    rows.append(["incident-42", "Invented-E12", f"{YEAR}-07-21", "larger", "true", "of the zone"])
    out.write("work-safety/incidents.csv", ["incident", "zone", "happened on", "grade", "inside the planned area", "responsibility"], rows)


def land_use(out, zones):
    dice = Dice(3)
    rows = []
    for zone, _, _ in zones:
        supplied = dice.between(400, 4000)
        built = round(supplied * float(dice.between(0.5, 0.97, 3)))
        idle = round(supplied * float(dice.between(0, 0.12, 3)))
        rows.append([zone, YEAR, supplied, built, idle, "" if dice.chance(0.02) else round(built * float(dice.between(0.2, 2.4, 3))),
                     dice.one_of("good", "ordinary", "ordinary", "poor"), dice.one_of("intensive", "adequate", "wasteful"),
                     dice.one_of("2021-06-30", "2023-06-30", "2024-06-30")])
    out.write("land-use/land.csv", ["zone", "year", "supplied area", "built-up area", "idle area", "output", "result of the year",
                                    "finding of people", "finding of"], rows)


def delegations(out, zones):
    dice = Dice(4)
    rows, conditions = [], []
    for zone, _, _ in zones:
        conditions.append([zone, YEAR, truth(dice.chance(0.6))])
        for item in ("delegated power", "delegated power", "ordinance", "posts"):
            if dice.chance(0.5):
                since = dice.between(2015, 2024)
                withdrawn = f"{YEAR}-05-01" if dice.chance(0.04) else ""
                rows.append([f"{zone}/{len(rows) + 1}", zone, f"{since}-{dice.between(1, 12):02}-01", item, withdrawn,
                             f"invented document {since}-{len(rows) + 1}"])
    out.write("delegations/conditions.csv", ["zone", "year", "conditions for new posts"], conditions)
    out.write("delegations/capabilities.csv", ["entry", "zone", "in force from", "item", "withdrawn", "document"], rows)
    cities = [[f"Invented city {k:02}", YEAR, f"虚构城市{k:02}", zones[k * 8][0], truth(dice.chance(0.92)),
               truth(dice.chance(0.95)), dice.one_of("sufficient", "sufficient", "partly", "none", ""),
               dice.one_of("sufficient", "sufficient", "partly")] for k in range(1, 21)]
    out.write("delegations/cities.csv", ["city", "year", "city name", "zone of the city", "leadership team", "cadres", "fiscal support",
                                         "land support"], cities)
    out.write("delegations/provinces.csv", ["province", "year", "unified plan"],
              [[f"Invented province {k}", YEAR, dice.one_of("in force", "in force", "drafted", "none", "")] for k in range(1, 9)])


def admission(out):
    dice = Dice(5)
    out.write("admission/projects.csv",
              ["project", "year", "firm", "admitted on", "energy per value added", "emissions per value added", "level",
               "whole-process control", "equal to an approved project nearby"],
              [[f"project-{k:02}", YEAR, f"Invented firm {k:02}", "2020-06-01" if dice.chance(0.1) else "", dice.between(0.1, 2, 2),
                "" if dice.chance(0.1) else dice.between(0.5, 9, 1), dice.one_of("high", "ordinary", "ordinary", "low"),
                truth(dice.chance(0.5)), truth(dice.chance(0.1))] for k in range(1, 41)])


def incubators(out):
    """1,277 carriers whose grades are distributed as published for 2021: 386 A, 617 B, 262 C, 12 D. Which is which is invented."""
    dice = Dice(6)
    rows = []
    bands = [(386, 85, 99), (617, 75, 84.9), (262, 60, 74.9), (12, 30, 59.9)]
    for count, low, high in bands:
        for _ in range(count):
            k = len(rows) + 1
            rows.append([f"carrier-{k:04}", 2021, f"Invented carrier {k:04}",
                         dice.one_of("makerspace", "incubator", "accelerator", "university park"), "true", dice.between(low, high, 1), "false"])
    out.write("incubators/carriers-2021.csv", ["carrier", "year", "carrier name", "kind", "statistics filed", "score", "applies for recognition"], rows)
    later = [[row[0], 2022, row[2], row[3], "true", row[5], "false"] for row in rows]
    later[1265][5] = "55.0"    # carrier-1266, a D of 2021, again: the second running
    later[1266][5] = "61.0"    # carrier-1267, a D of 2021: better
    later[1267][5] = ""        # carrier-1268: no score yet
    out.write("incubators/carriers-2022.csv", ["carrier", "year", "carrier name", "kind", "statistics filed", "score", "applies for recognition"], later)


def firms(out, zones, count=200):
    dice = Dice(7)
    header = ["firm", "year", "zone", "founded", "staff", "S&T staff", "sales", "assets", "R&D", "R&D in the country", "high-tech revenue",
              "core IP", "key field", "innovation score", "SME score", "SME score of S&T staff", "college staff", "major incident",
              "valuation", "listed", "left", "applies"]
    rows, points = [], []
    for k in range(1, count + 1):
        zone = zones[int(dice.draw() * len(zones))][0]
        founded, staff, sales = dice.between(1998, 2024), dice.between(8, 900), float(dice.between(200, 30000))
        growth = float(dice.between(0.9, 1.4, 3))
        rating = dice.between(50, 95)
        for year in range(2018, YEAR + 1):    # three years before the first that is assessed
            if year < founded:
                continue
            research = sales * float(dice.between(0.01, 0.12, 4))
            rows.append([f"firm-{k:03}", year, zone, founded, staff, round(staff * float(dice.between(0.05, 0.5, 3))), f"{sales:.2f}",
                         f"{sales * 0.8:.2f}", f"{research:.2f}", f"{research * 0.9:.2f}", f"{sales * 0.7:.2f}", truth(k % 5 > 0),
                         truth(k % 7 > 0), "" if dice.chance(0.01) else rating, dice.between(45, 95), dice.one_of(0, 4, 8, 12, 16, 20),
                         dice.between(20, 90), truth(dice.chance(0.01)), dice.between(11, 30) if dice.chance(0.01) else "",
                         truth(k % 40 == 0), "", truth(year in (2021, 2024))])
            sales *= growth
        points.append([f"firm-{k:03}", YEAR, zone, truth(k % 4 > 0), dice.between(20, 100), dice.between(20, 100),
                       "" if dice.chance(0.03) else dice.between(20, 100)])
    out.write("enterprise-path/firms.csv", header, rows)
    out.write("innovation-points/points.csv", ["firm", "year", "zone", "in the pilot", "technology", "growth", "support"], points)


def cycle(out):
    subjects = [["plan", YEAR, "The plan (its book is invented)"]] + [[f"Invented-C{k:02}", YEAR, f"Invented-C{k:02}"] for k in range(1, 6)]
    out.write("plan-cycle/subjects.csv", ["subject", "year", "subject name"], subjects)
    out.write("plan-cycle/evaluations.csv",
              ["evaluation", "subject", "carried out on", "kind", "covers", "evaluator", "report filed", "used for"],
              [["e1", "plan", "2022-05-20", "annual", 2021, "internal", "true", "none"],
               ["e2", "plan", "2023-06-28", "annual", 2022, "internal", "true", "none"],
               ["e3", "plan", "2024-08-30", "annual", 2023, "internal", "true", "target change"],
               ["e4", "Invented-C01", "2023-11-10", "mid-term", "", "third party", "true", "commendation"],
               ["e5", "Invented-C01", "2024-05-10", "annual", 2023, "internal", "true", "none"],
               ["e6", "Invented-C02", "2024-03-10", "annual", 2023, "internal", "false", "warning"],
               ["e7", "Invented-C03", "2024-09-10", "mid-term", "", "internal", "true", ""],
               ["e8", "Invented-C03", "2024-06-10", "annual", 2023, "third party", "true", "none"]])
    out.write("plan-cycle/parts.csv", ["part", "subject", "year", "revenue", "inside the planned area"],
              [["Invented-C01/all", "Invented-C01", YEAR, 812.5, "true"], ["Invented-C02/core", "Invented-C02", YEAR, 300, "true"],
               ["Invented-C02/port", "Invented-C02", YEAR, 95.2, "false"], ["Invented-C03/core", "Invented-C03", YEAR, 120, "true"],
               ["Invented-C03/new", "Invented-C03", YEAR, 40, ""], ["Invented-C04/all", "Invented-C04", YEAR, 77, "true"]])
    out.write("plan-cycle/targets.csv", ["target", "year", "target name", "higher is better", "observed"],
              [["1", 2023, "GDP share", "true", 14.0], ["1", 2024, "GDP share", "true", 14.3],
               ["3", 2024, "Energy per value added", "true", 11.2], ["11", 2024, "Technology contracts", "true", 26011]])
    out.write("plan-cycle/versions.csv", ["version", "target", "effective from", "value", "by", "reason", "document"],
              [["1-a", "1", "2022-09-21", 15, "MOST", "table 1 of the plan", "国科発区〔2022〕264号"],
               ["1-b", "1", "2024-01-01", 14, "Invented office", "invented: the share was lowered after the mid-term evaluation", "invented 2024-3"],
               ["3-a", "3", "2022-09-21", 15, "MOST", "table 1 of the plan", "国科発区〔2022〕264号"],
               ["11-a", "11", "2022-09-21", 25000, "MOST", "table 1 of the plan", "国科発区〔2022〕264号"]])


def demonstration(out):
    dice = Dice(8)
    areas = [[f"area-{k:02}", YEAR, f"Invented area {k:02}", f"{2009 + k % 15}-03-01"] for k in range(1, 23)]
    members = []
    for area, *_ in areas:
        members.append([f"{area}/core", area, YEAR, "firm" if area == "area-07" else "zone", "core"])
        for n in range(0 if area == "area-03" else dice.between(1, 3)):
            role = dice.one_of("radiating zone", "radiating point")
            members.append([f"{area}/m{n + 1}", area, YEAR, dice.one_of("zone", "park") if role == "radiating zone" else dice.one_of("firm", "institute"), role])
    out.write("demonstration-zones/areas.csv", ["area", "year", "area name", "approved on"], areas)
    out.write("demonstration-zones/members.csv", ["member", "area", "year", "kind", "role"], members)
    policies, adoptions = [], []
    for k in range(1, 9):
        policy = f"policy-{k}"
        policies.append([policy, YEAR, f"Invented policy {k}", f"area-{k:02}", f"{2018 + k % 7}-06-01", truth(k % 2)])
        adoptions.append([f"{policy}/core", policy, "2015-01-01", f"area-{k:02}/core", "core", f"{2018 + k % 7}-06-01"])
        for n in range(4):
            adopted = f"{2019 + k % 7}-0{n + 1}-15" if dice.chance(0.55) else ""
            if k == 5 and n == 0:
                adopted = "2022-01-15"    # before the core had it
            adoptions.append([f"{policy}/m{n + 1}", policy, "2015-01-01", f"area-{k:02}/m{n + 1}", dice.one_of("radiating zone", "radiating point"), adopted])
    out.write("demonstration-zones/policies.csv", ["policy", "year", "policy name", "area", "in force from", "with funds"], policies)
    out.write("demonstration-zones/adoptions.csv", ["entry", "policy", "member since", "member", "role", "adopted on"], adoptions)


def tasks(out, zones):
    dice = Dice(9)
    chosen = ["三(一)2", "三(二)3", "三(三)2 防止", "三(五)2", "三(五)3 許可", "三(六)3 制御", "コラム1.1", "コラム2.2", "コラム8.1", "四(三)"]
    header = ["item", "zone", "task", "year", "has the conditions", "takes part", "measures set", "targets set", "evidence", "milestone",
              "milestone met on"]
    rows, lists = [], []
    for zone, _, _ in zones[::9]:
        for task in chosen:
            item = f"{zone} {task}"
            part = dice.chance(0.75)
            conditions = truth(dice.chance(0.6)) if task in ("コラム1.1", "三(五)3 許可") else ""
            must = task == "四(三)"
            rows.append([item, zone, task, YEAR, conditions, "true" if must else truth(part), truth(dice.chance(0.9)) if must else "",
                         ("" if dice.chance(0.1) else truth(dice.chance(0.8))) if must else "",
                         "" if must else dice.one_of("done", "done", "partly", "nothing"),
                         f"{YEAR}-0{dice.between(4, 9)}-30" if must and dice.chance(0.5) else "", ""])
            if task in ("コラム2.2", "コラム8.1", "三(五)2") and part:
                for n in range(dice.between(0, 2)):
                    year = YEAR - n
                    lists.append([f"{item} {n + 1}", item, f"{year}-0{dice.between(1, 9)}-15", f"{year - 1}-11-01" if dice.chance(0.7) else ""])
    out.write("tasks-and-actions/items.csv", header, rows)
    out.write("tasks-and-actions/publications.csv", ["publication", "item", "held on", "collected on"], lists)


TABLE_1 = {1: (13.3, 15, 14.2), 2: (36.6, 45, 43.1), 3: ("", 15, 11.2), 4: (6.8, 7.8, 7.5), 5: (34.2, 40, 36.0), 6: (1240, 1380, 1371),
           7: (10.1, 30, 21), 8: (1684, 2000, 2010), 9: (22.5, 30, ""), 10: (74.8, 150, 121), 11: (8017.4, 25000, 26011)}


def highlands(out):
    spoken_for = {"innovation": [4, 5], "talent": [6], "industry": [1, 2, 3, 7, 8, 10, 11], "opening": [9], "reform": []}
    out.write("highlands/highlands.csv", ["highland", "year", "highland name"], [[name, YEAR, f"Highland of {name}"] for name in spoken_for])
    out.write("highlands/indicators.csv", ["entry", "highland", "year", "number", "comparison", "base", "goal", "figure"],
              [[f"{name}-{n}", name, YEAR, n, "reduction" if n == 3 else "growth", *TABLE_1[n]] for name, numbers in spoken_for.items() for n in numbers])
    out.write("highlands/problems.csv", ["problem", "year", "problem name"],
              [[f"P{k}", YEAR, name] for k, name in enumerate(["Independent innovation", "Core competitiveness and supply chains",
                                                               "Gap between east, centre and west", "Internationalisation", "Institutions"], 1)])
    out.write("highlands/findings.csv", ["finding", "problem", "found on", "zone", "settled on"],
              [["f1", "P1", "2022-11-02", "Invented-W05", "2023-12-01"], ["f2", "P1", "2024-04-02", "Invented-N02", ""],
               ["f3", "P2", "2023-05-11", "", ""], ["f4", "P3", "2023-11-30", "", ""], ["f5", "P5", "2022-12-20", "Invented-E31", "2024-02-01"]])
    out.write("highlands/regions.csv", ["region", "year", "region name"], [[r, YEAR, r] for r in ("East", "Central", "West", "Northeast")])


def classes_found(out, zones):
    dice = Dice(10)
    out.write("highlands/classes.csv", ["zone", "year", "class as found"],
              [[zone, YEAR, "high-tech park of world influence" if zone in ("Invented-E02", "Invented-C01") else
                dice.one_of("innovation-type science park", "innovation-type distinctive park", "none", "none")] for zone, _, _ in zones])


def exemption_grounds(out):
    """Events behind some of the warnings that the annual assessment proposes for 2024."""
    header = ["event", "zone", "year", "what", "happened on", "pilot", "registered on", "pilot ends", "compliant", "first distinction",
              "second distinction", "third distinction"]
    yes = ["true"] * 4
    out.write("exemptions/grounds.csv", header,
              [["g1", "Invented-C22", YEAR, "write-off of an invented venture fund", "2024-06-01", "Invented pilot 1", "2023-02-10", "2025-02-10", *yes],
               ["g2", "Invented-C39", YEAR, "registered after it happened", "2024-06-01", "Invented pilot 2", "2024-07-10", "2026-07-10", *yes],
               ["g3", "Invented-W32", YEAR, "compliance not found yet", "2024-06-01", "Invented pilot 3", "2023-02-10", "2025-02-10", "", "true", "true", "true"],
               ["g4", "Invented-N07", YEAR, "covered", "2024-04-01", "Invented pilot 4", "2023-02-10", "2025-02-10", *yes],
               ["g5", "Invented-N07", YEAR, "another ground", "2024-09-01", "", "", "", "false", "true", "true", "true"]])


def economic_zones(out):
    dice = Dice(11)
    rows = []
    for region, count in (("East", 24), ("Central", 16), ("West", 14)):
        for k in range(1, count + 1):
            name = f"edz-{region[0]}{k:02}"
            quality = float(dice.between(25, 80, 2)) - (0 if region == "East" else 6)
            for year in range(2018, 2023 if name == "edz-W09" else YEAR + 1):    # edz-W09 leaves at the end of 2022
                points = max(1, quality + float(dice.between(-6, 6, 2)))
                if name == "edz-W03":
                    points = {2018: 30, 2019: 55, 2020: 56, 2021: 50, 2022: 14.1, 2023: 40, 2024: 14.9}[year]
                parts = [f"{max(0, min(100, points + float(dice.between(-5, 5, 2)))):.1f}" for _ in range(5)]
                old = year < 2021
                rows.append([name, year, f"Invented {name}", region, f"{points:.2f}" if old else "", *([""] * 5 if old else parts)])
    out.write("economic-zones/zones.csv", ["edz", "year", "zone name", "region", "total points", "opening up", "science and technology",
                                           "green development", "coordination", "quality of development"], rows)
    out.write("economic-zones/acts.csv", ["act", "edz", "decided on", "kind", "annulled"],
              [["a1", "edz-C01", "2019-06-01", "interview", ""], ["a2", "edz-W09", "2022-12-20", "exit", ""]])
    out.write("economic-zones/provinces.csv", ["edz province", "year", "province name", "recommends"],
              [["Invented province 1", YEAR, "Invented province 1", "true"], ["Invented province 2", YEAR, "Invented province 2", "true"]])
    out.write("economic-zones/exits.csv", ["exit", "edz province", "decided on", "zone"], [["x1", "Invented province 1", "2023-12-20", "edz-W09"]])


def scheme_46(out, zones):
    dice = Dice(12)
    with open(HERE.parent.parent / "rules" / "scheme-46" / "indicators.yaml", encoding="utf-8") as file:
        names = [line.split(":")[0].strip() for line in file if "title:" in line and not line.strip().startswith("points of")]
    rows = [[zone, YEAR, *(dice.between(0, 100, 2) for _ in names)] for zone, _, _ in zones]
    rows[4][2 + 30] = ""
    out.write("scheme-46/zones.csv", ["zone", "year", *names], rows)


def elsewhere(out):
    dice = Dice(13)
    out.write("elsewhere/regions.csv", ["region", "year", "region name", "against the EU"],
              [[f"R{k}", 2021, f"Invented region {k}", dice.between(25, 160, 1)] for k in range(1, 13)])
    tracts = []
    for state, count in (("A", 30), ("B", 12)):
        for k in range(1, count + 1):
            tracts.append([f"{state}-{k:02}", 2018, f"Invented tract {state}{k:02}", state, dice.between(5, 40, 1), dice.between(50, 130, 1),
                           truth(dice.chance(0.1)), truth(dice.chance(0.3)), dice.between(90, 140, 1), truth(dice.chance(0.8)), k, "", ""])
    tracts[0][12] = "2018-06-14"
    out.write("elsewhere/tracts.csv", ["tract", "year", "tract name", "state", "poverty", "family income", "high-migration rural county",
                                       "next to a designated tract", "income against the neighbour", "nominated", "place in the nomination",
                                       "place among the contiguous", "designated on"], tracts)
    out.write("elsewhere/districts.csv", ["district", "year", "district name", "progress", "quantitative", "qualitative"],
              [[f"D{k}", year, f"Invented district {k}", "low" if k == 1 else dice.one_of("high", "middle", "low"), dice.one_of("S", "A"), dice.one_of("S", "A", "B")]
               for year in (2018, 2019, 2020) for k in range(1, 9)])


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py DIRECTORY")
    out, zones = Folder(sys.argv[1]), zones_of_the_example()
    for write in (many_parks, work_safety, land_use, delegations, firms, tasks, classes_found, scheme_46):
        write(out, zones)
    for write in (admission, incubators, cycle, demonstration, highlands, exemption_grounds, economic_zones, elsewhere):
        write(out)


main()
