#!/usr/bin/env python3
"""W2 computed a second time, in plain Python and nothing of zoneval's: which checksum is right, and why doubles give another.

    bench/columns/check_w2.py [--rows 1000000] [--only ARITHMETIC]

Four arithmetics over the same rows:
  rounded     the quotients m1..m7 rounded half up to 8 decimals, the rest exact: what w2.yaml says, and zoneval computes
  exact       no rounding at all: rational numbers
  cents       binary doubles over whole cents (x1 = 1250)
  double      binary doubles over yuan and cents (x1 = 12.5), as bench_floor and any engine with double columns compute

The exact ones use fixed point of 256 binary places and stop with an error if two scores next to a line that decides (the bottom
5 % of a region, the upper half) are closer than that can tell apart; none is.
A million rows take some minutes and 4 GB on one core.
"""
import argparse
from fractions import Fraction
from itertools import groupby

M64 = (1 << 64) - 1
PLACES = 256
WEIGHTS = (15, 15, 10, 10, 10, 10, 10, 10, 5, 5)           # hundredths
LOWER = (5, 6, 9)                                           # items for which lower is better


def mix(z):
    z = (z + 0x9E3779B97F4A7C15) & M64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
    return z ^ (z >> 31)


def tri(u, r):
    return (u >> 32) % r + (u & 0xFFFFFFFF) % r


def code(percent, *lines):
    """Which of the shares a number below 100 falls into."""
    return sum(percent >= line for line in lines)


RANGES = {1: (11, 90001, 10000), 3: (13, 20001, -20000), 4: (14, 7501, 0), 5: (15, 5001, 500), 6: (16, 40001, 1000), 7: (17, 5001, 0),
          8: (18, 4001, 0), 9: (19, 30001, 0), 10: (20, 150001, 20000), 11: (21, 120001, 0), 12: (22, 50001, 0), 13: (23, 25001, 0),
          14: (24, 7501, 0)}


def row(i):
    """region, level, prior, rect, x1..x14 in cents (x[0] is not used); None is null. bench/README.md."""
    seed = mix(20260101 + i)
    r = lambda j: mix((seed + j) & M64)
    x = [None] * 15
    for k, (draw, spread, least) in RANGES.items():
        x[k] = least + tri(r(draw), spread)
    x[2] = 0 if r(5) % 100 == 0 else x[1] * (70 + tri(r(12), 31)) // 100
    for k in range(1, 15):
        if r(40 + k) % 100 < 2:
            x[k] = None
    prior, rect = code(r(3) % 100, 5, 60, 70, 85) - 1, code(r(4) % 100, 5, 50, 65, 80) - 1
    return code(r(1) % 100, 40, 65, 90), 1 + r(2) % 3, None if prior < 0 else prior, None if rect < 0 else rect, x


class Exact:
    """Numbers are pairs (p, q), q > 0; scores are whole numbers of 2^-256."""

    def __init__(self, rounded):
        self.rounded = rounded

    def quotient(self, a, b):
        if a is None or not b:
            return None
        if not self.rounded:
            return (a, b)
        p = (2 * abs(a) * 10**8 + b) // (2 * b)             # half away from zero; b > 0
        return (p if a >= 0 else -p, 10**8)

    def items(self, x):
        q = self.quotient
        m8 = None if None in (x[9], x[13], x[14]) else (5 * x[9] + 3 * x[13] + 2 * x[14], 1000)
        return [q(x[1], x[5]), q(x[4], x[5]), q(None if None in (x[1], x[2]) else x[1] - x[2], x[2]), q(x[3], x[1]), q(x[8], x[1]),
                q(x[11], x[10]), q(x[6], x[1]), m8, None if x[7] is None else (x[7], 100), None if x[12] is None else (x[12], 100)]

    def key(self, v):
        """Orders quotients of whole numbers below 2^40 exactly: two that differ differ by more than 2^-80."""
        return (v[0] << 96) // v[1]

    def part(self, k, v, least, most, better, n):
        """w * (0.5 * 100 * (v - least)/(most - least) + 0.5 * 100 * better/(n - 1)); the weight in hundredths cancels the 100s."""
        if k in LOWER:
            v, least, most = most, least, v                 # (most - v) / (most - least)
            (p, q), (p0, q0), (pw, qw) = v, most, least
            top, bottom = p * q0 - p0 * q, q * q0
            wide, under = v[0] * qw - pw * v[1], v[1] * qw
        else:
            (p, q), (p0, q0), (p1, q1) = v, least, most
            top, bottom = p * q0 - p0 * q, q * q0
            wide, under = p1 * q0 - p0 * q1, q1 * q0
        mm = (top * under << PLACES) // (bottom * wide)
        pr = (better << PLACES) // (n - 1)
        return WEIGHTS[k] * (mm + pr) // 2

    def compare(self, v, line):
        return v[0] * line[1] - line[0] * v[1]

    # Items as (a v + b) / c, within 0..100.
    FORMS = ((5, 0, 2), (25, 0, 1), (1250, 375, 10), (200, 40, 1), (1000, 0, 1), (-100, 120, 1), (-100, 100, 1), (1, -50, 4), (1, 0, 1), (-1, 1000, 10))

    def score(self, items):
        """A fraction of 2^256 and hundredths, near enough that only a score beside a line need be computed as one."""
        unit = 100 << PLACES
        out = 0
        for w, (a, b, c), v in zip(WEIGHTS, self.FORMS, items):
            if v is not None:
                out += w * min(unit, max(0, ((a * v[0] + b * v[1]) << PLACES) // (c * v[1])))
        if all(abs(out - line * unit) > self.separation * 100 for line in (36, 38, 40, 50, 52, 55, 60)):
            return out, unit
        exact = sum(Fraction(w, 100) * min(100, max(0, (a * Fraction(*v) + b) / c)) for w, (a, b, c), v in zip(WEIGHTS, self.FORMS, items) if v is not None)
        return exact.numerator, exact.denominator

    def line(self, text):
        return Fraction(text).as_integer_ratio()

    separation = 64                                         # units of 2^-256: twenty floors, and room


class Double:
    def __init__(self, cents):
        self.unit = 1.0 if cents else 100.0                 # what a cent is divided by before anything is computed
        self.rest = 100.0 if cents else 1.0

    def quotient(self, a, b):
        return None if a is None or b is None or b == 0 else a / b

    def items(self, x):
        x = [None if v is None else v / self.unit for v in x]
        q = self.quotient
        m8 = None if None in (x[9], x[13], x[14]) else (0.5 * x[9] + 0.3 * x[13] + 0.2 * x[14]) / self.rest
        return [q(x[1], x[5]), q(x[4], x[5]), q(None if None in (x[1], x[2]) else x[1] - x[2], x[2]), q(x[3], x[1]), q(x[8], x[1]),
                q(x[11], x[10]), q(x[6], x[1]), m8, None if x[7] is None else x[7] / self.rest, None if x[12] is None else x[12] / self.rest]

    def key(self, v):
        return v

    def part(self, k, v, least, most, better, n):
        mm = 100 * ((most - v) if k in LOWER else (v - least)) / (most - least)
        return WEIGHTS[k] / 100 * (0.5 * mm + 0.5 * (100 * better / (n - 1)))

    def compare(self, v, line):
        return v - line

    def score(self, items):
        forms = [lambda v: v * 2.5, lambda v: v * 25, lambda v: (v + 0.3) * 125, lambda v: (v + 0.2) * 200, lambda v: v * 1000,
                 lambda v: (1.2 - v) * 100, lambda v: (1 - v) * 100, lambda v: (v - 50) * 0.25, lambda v: v, lambda v: (1000 - v) * 0.1]
        out = 0.0
        for w, form, v in zip(WEIGHTS, forms, items):
            if v is not None:
                out += w / 100 * min(100.0, max(0.0, form(v)))
        return out

    def line(self, text):
        return float(text)

    separation = 0


def cohort_scores(a, groups, items):
    """score2 of every row, in rows' order; None below 7 items."""
    out, present = [0] * len(items), [0] * len(items)
    for k in range(10):
        for group in groups:
            there = sorted(((a.key(items[i][k]), i) for i in group if items[i][k] is not None), reverse=k in LOWER)
            n = len(there)
            if n < 2:
                continue
            ends = items[there[0][1]][k], items[there[-1][1]][k]
            least, most = ends[::-1] if k in LOWER else ends
            worse = 0                                       # rank - 1: how many come strictly before
            for j, (key, i) in enumerate(there):
                if j and key != there[j - 1][0]:
                    worse = j
                out[i] += a.part(k, items[i][k], least, most, worse, n)
                present[i] += 1
    return [s if p >= 7 else None for s, p in zip(out, present)]


def ranks(a, score, group, decides):
    """Rows for which decides(rank, n) is true. The exact arithmetics must be able to tell the rows beside the line apart."""
    order = sorted(((-score[i], i) for i in group if score[i] is not None))
    n, rank, out = len(order), 1, set()
    for j, (key, i) in enumerate(order):
        if j and key - order[j - 1][0] > a.separation:
            rank = j + 1
        elif j and key != order[j - 1][0] and decides(rank, n) != decides(j + 1, n):
            raise SystemExit(f'rows {i + 1} and {order[j - 1][1] + 1} lie on a line and are too close to tell apart')
        if decides(rank, n):
            out.add(i)
    return out


def verdict(a, r, items, score, score2, bottom5, upper):
    region, level, prior, rect, x = r
    m1, m2, m3, m4, m5, m6, m7 = items[:7]
    x12 = items[9]
    lines = LINES[a]
    ge = lambda v, line: v is not None and a.compare(v, lines[line]) >= 0
    le = lambda v, line: v is not None and a.compare(v, lines[line]) <= 0
    lt = lambda v, line: v is not None and a.compare(v, lines[line]) < 0
    gt = lambda v, line: v is not None and a.compare(v, lines[line]) > 0
    if ge(score, '60' if region == 0 else '55') and ge(m1, '12') and ge(m3, '0') and le(m6, '0.8'):
        cls = 'A'
    elif ge(score, '50') and (ge(m2, '1') or region in (2, 3)):
        cls = 'B'
    else:
        cls = 'C' if ge(score, '40') else 'D'
    if lt(score, '52') or lt(m1, '10') or lt(m4, '0') or lt(m5, '0.03') or gt(m6, '0.9') or level > 2:
        entry = False
    else:
        entry = None if None in (score, m1, m4, m5, m6) else True
    warned = prior is not None and prior >= 2
    if (bottom5 or lt(score, '38')) and prior == 3 and rect == 3:
        return 4
    if cls == 'D' and lt(m3, '-0.05') and lt(m4, '0') and warned and rect is not None and rect != 2:
        return 4
    if gt(x12, '700') and gt(m7, '0.6') and rect == 3:
        return 3
    if lt(score, '36') and (gt(m6, '1') or lt(m4, '-0.1')) or bottom5:
        return 3
    if warned and (lt(m3, '-0.15') or lt(m4, '-0.08')):
        return 2
    if score is None or (entry is None and prior is None):
        return 2
    return 1 if cls == 'A' and entry and (prior is None or prior <= 1) and score2 is not None and upper else 0


LINES = {}
ARITHMETICS = {'rounded': Exact(True), 'double': Double(False), 'cents': Double(True), 'exact': Exact(False)}


def run(name, a, rows):
    LINES[a] = {t: a.line(t) for t in ('60', '55', '12', '0', '0.8', '50', '1', '40', '52', '10', '0.03', '0.9', '38', '-0.05', '700', '0.6', '36',
                                       '-0.1', '-0.15', '-0.08')}
    items = [a.items(r[4]) for r in rows]
    groups = [[i for i, r in enumerate(rows) if r[0] == region] for region in range(4)]
    score2 = cohort_scores(a, groups, items)
    bottom5 = set().union(*(ranks(a, score2, g, lambda rank, n: 20 * rank > 19 * n) for g in groups))
    upper = ranks(a, score2, range(len(rows)), lambda rank, n: 2 * rank <= n)
    out = []
    for i, (r, v) in enumerate(zip(rows, items)):
        score = a.score(v) if sum(p is not None for p in v) >= 7 else None
        out.append(verdict(a, r, v, score, score2[i], i in bottom5, i in upper))
    print(f'{name:8} P2 = {sum((i % 1009 + 1) * v for i, v in enumerate(out))}', flush=True)
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--rows', type=int, default=1_000_000)
    options.add_argument('--only', action='append', choices=ARITHMETICS, help='only this arithmetic; may be given again')
    options = options.parse_args()
    rows = [row(i) for i in range(options.rows)]
    wanted = [name for name in ARITHMETICS if not options.only or name in options.only]
    out = {name: run(name, ARITHMETICS[name], rows) for name in wanted}
    if not {'rounded', 'double'} <= out.keys():
        return
    doubles, right, wrong = ARITHMETICS['double'], out['rounded'], out['double']
    names = ('none', 'commend', 'interview', 'notice', 'delist')
    for i, (a, b) in enumerate(zip(right, wrong)):
        if a == b:
            continue
        x1, x2 = rows[i][4][1:3]
        print(f'firm {i + 1}: {names[a]}, in doubles {names[b]}; (x1 - x2) / x2 = ({x1} - {x2}) / {x2} = {Fraction(x1 - x2, x2)}, '
              f'in doubles {doubles.items(rows[i][4])[2]!r}')


if __name__ == '__main__':
    main()
