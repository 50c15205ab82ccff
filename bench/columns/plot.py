#!/usr/bin/env python3
"""plot.py LINES.jsonl [docs/performance.svg]: how cost grows, from the JSON lines of `bench/run --json`.

Processor time a row against rows, both axes logarithmic: a system whose cost is linear draws a level line.
"""
import json
import math
import sys
from pathlib import Path

PANELS = (('W1', 'evaluate', 'W1, evaluated'), ('W2', 'evaluate', 'W2, evaluated'), ('W1', 'end to end', 'W1, end to end'))
COLOURS = {'zoneval': '#b3261e', 'C++ loop, double': '#333333', 'DuckDB': '#8a6d00', 'pandas': '#3f51b5', 'SQLite': '#00796b'}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 320, 330, 52, 34, 92, 40


def series(lines, workload, stage):
    """Of each system, its processor time a row in one thread; the loop's end to end is parsing and writing."""
    out = {}
    for line in lines:
        if line['workload'] != workload or line['threads'] != 1:
            continue
        loop_end = stage == 'end to end' and line['stage'] in ('parse', 'write') and 'loop' in line['system']
        if line['stage'] == stage or loop_end:
            of = out.setdefault(line['system'], {})
            of[line['rows']] = of.get(line['rows'], 0) + line['cpu_ns_per_row']
    return {name: sorted(of.items()) for name, of in out.items()}


def text(x, y, what, anchor='middle', extra=''):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{what}</text>'


def amount(v):
    return f'{v:g} ns' if v < 1000 else f'{v / 1000:g} µs'


def panel(lines, at, workload, stage, title):
    of = series(lines, workload, stage)
    values = [v for points in of.values() for _, v in points]
    rows = sorted({n for points in of.values() for n, _ in points})
    if not values:
        return []
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(rows[0]), max(math.log10(rows[-1]), math.log10(rows[0]) + 1)
    x = lambda n: at + LEFT + (math.log10(n) - first) / (last - first) * (WIDTH - LEFT - RIGHT)
    y = lambda v: HEIGHT - BOTTOM - (math.log10(v) - low) / max(high - low, 1) * (HEIGHT - TOP - BOTTOM)
    out = [text(at + LEFT, 20, title, 'start', 'font-weight="bold"')]
    for power in range(low, high + 1):
        out += [f'<line x1="{at + LEFT}" x2="{at + WIDTH - RIGHT}" y1="{y(10**power):.1f}" y2="{y(10**power):.1f}" stroke="#ddd"/>',
                text(at + LEFT - 6, y(10**power) + 4, amount(10**power), 'end')]
    out += [text(x(n), HEIGHT - BOTTOM + 18, f'{n:,}'.replace(',', ' ')) for n in rows]
    names = []
    for name, points in of.items():
        colour = COLOURS.get(name, '#777777')
        path = ' '.join(f'{x(n):.1f},{y(v):.1f}' for n, v in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{3 if name == "zoneval" else 1.8}"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for n, v in points]
        names.append([y(points[-1][1]), name, colour, points[-1][1]])
    names.sort()
    for before, here in zip(names, names[1:]):                   # labels must not lie on each other
        here[0] = max(here[0], before[0] + 26)
    for place, name, colour, value in names:
        value = f'{value:.0f} ns' if value < 1000 else f'{value / 1000:.1f} µs'
        out += [text(at + WIDTH - RIGHT + 8, place, name.split(',')[0], 'start', f'fill="{colour}"'),
                text(at + WIDTH - RIGHT + 8, place + 12, value, 'start', f'fill="{colour}" font-size="10"')]
    return out


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lines = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines() if line.strip()]
    target = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).resolve().parents[2] / 'docs' / 'performance.svg')
    width = WIDTH * len(PANELS)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="11" fill="#222">',
           '<title>Processor time a row against rows</title>', f'<rect width="{width}" height="{HEIGHT}" fill="white"/>']
    for i, of in enumerate(PANELS):
        out += panel(lines, i * WIDTH, *of)
    target.write_text('\n'.join([*out, '</svg>', '']))


if __name__ == '__main__':
    main()
