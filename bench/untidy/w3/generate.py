#!/usr/bin/env python3
"""W3: three years of firms with blanks. generate.py ROWS FOLDER [SHARE_OF_BLANKS] writes FOLDER/firms-2022.csv to firms-2024.csv.

Same seed, same bytes. Two per cent of the figures are blank, or as many as asked for; about two per cent of the firms have a major accident in a year.
"""
import random
import sys

rows, folder = int(sys.argv[1]), sys.argv[2]
blank = float(sys.argv[3]) if len(sys.argv) > 3 else 0.02
random.seed(5)
REGIONS = ["East", "West", "Central", "Northeast"]
ACCIDENT = ["none"] * 50 + ["major"]


def or_blank(value):
    return "" if random.random() < blank else value


for year in (2022, 2023, 2024):
    with open(f"{folder}/firms-{year}.csv", "w") as out:
        out.write("firm,year,region,class,revenue,rd,staff,accident\n")
        for i in range(rows):
            out.write(
                f"F{i:07d},{year},{random.choice(REGIONS)},{random.choice('ABCD')},"
                f"{or_blank(round(random.lognormvariate(5, 1.5), 2))},{or_blank(round(random.lognormvariate(2, 1.5), 2))},"
                f"{or_blank(random.randint(1, 3000))},{random.choice(ACCIDENT)}\n")
