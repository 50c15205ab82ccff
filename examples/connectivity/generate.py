#!/usr/bin/env python3
"""Writes the invented data of this example again: the same bytes on any machine.

usage: generate.py DIRECTORY"""
import pathlib
import sys

# name, least, most, whether the spread is skewed, decimals, share of blanks
FIGURES = [("goods", 20, 900, True, 1, 0), ("services", 5, 400, True, 1, 0.04), ("FDI", 0.2, 40, True, 2, 0.04), ("flights", 1, 120, True, 2, 0),
           ("ships", 0, 21, False, 2, 0), ("lines", 2, 60, False, 1, 0.08), ("visa", 10, 160, False, 0, 0), ("students", 1, 95, True, 2, 0.08),
           ("patents", 2, 12000, True, 1, 0.08), ("CO2", 0.3, 19, True, 2, 0), ("renewables", 1, 70, False, 1, 0), ("forest", 0.2, 6, False, 2, 0.04),
           ("poverty", 0, 28, True, 1, 0.12), ("graduates", 4, 42, False, 1, 0.08), ("press", 15, 80, False, 1, 0), ("debt", 8, 220, False, 1, 0.04),
           ("growth", -2, 9, False, 1, 0)]
NAMES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kapok", "Larch", "Maple", "Nutmeg", "Oak", "Pine",
         "Quince", "Rowan", "Spruce", "Teak", "Ulmo", "Viburnum", "Willow", "Yew"]
STATE = 20240607


def draw():
    """A number from 0 to 1 (a linear congruential generator, so that no library decides the bytes)."""
    global STATE
    STATE = (STATE * 6364136223846793005 + 1442695040888963407) % 2**64
    return (STATE >> 11) / 2**53


def main():
    folder = pathlib.Path(sys.argv[1])
    countries = [{"size": 2 + 98 * draw() ** 3, "wealth": draw()} for _ in NAMES]
    rows = ["country,year,continent,population,GDP," + ",".join(f[0] for f in FIGURES)]
    for year in (2021, 2022, 2023):
        for i, (name, c) in enumerate(zip(NAMES, countries)):
            population = c["size"] * (1 + 0.01 * (year - 2021))
            gdp = population * (1 + 60 * c["wealth"]) * (1 + 0.02 * (year - 2021))
            cells = [f"Invented {name}", str(year), "West" if i % 2 == 0 else "East", f"{population:.2f}", f"{gdp:.1f}"]
            for _, low, high, skewed, decimals, blank in FIGURES:
                level = min(1, max(0, 0.6 * c["wealth"] + 0.4 * draw()))
                if skewed:
                    level **= 4
                cells.append("" if draw() < blank else f"{low + (high - low) * level:.{decimals}f}")
            rows.append(",".join(cells))
    (folder / "countries.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
