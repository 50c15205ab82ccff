#!/usr/bin/env python3
"""peers.py SYSTEM WORKLOAD FILE.csv ROUNDS: W1 or W2 by DuckDB, pandas or SQLite, in doubles and one thread.

Prints one JSON line for each stage: `load` (the file to columns or a table), `evaluate` (the least of ROUNDS). Texts become small
integers while loading, which is to the peer's advantage. bench/run calls it, one process for each system, so that peaks of memory
are each one's own.
"""
import json
import re
import resource
import sqlite3
import sys
import time

REGIONS = ['East', 'Central', 'West', 'Northeast']
PRIORS = ['none', 'commend', 'interview', 'notice']
RECTS = ['none', 'in progress', 'passed', 'failed']
XS = [f'x{k}' for k in range(1, 15)]
WEIGHTS = [0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]
LOWER = (5, 6, 9)

MEASURES = ['x1 / x5', 'x4 / x5', '(x1 - x2) / nullif(x2, 0)', 'x3 / x1', 'x8 / x1', 'x11 / x10', 'x6 / x1',
            '0.5 * x9 + 0.3 * x13 + 0.2 * x14', 'x7', 'x12']
POINTS = ['m1 * 2.5', 'm2 * 25', '(m3 + 0.3) * 125', '(m4 + 0.2) * 200', 'm5 * 1000', '(1.2 - m6) * 100', '(1 - m7) * 100',
          '(m8 - 50) * 0.25', 'm9', '(1000 - m10) * 0.1']


def clamp(v):
    return f'CASE WHEN {v} < 0 THEN 0 WHEN {v} > 100 THEN 100 ELSE {v} END'


def literal(text):
    """DuckDB takes 0.5 for a decimal; 5e-1 is a double everywhere."""
    return re.sub(r'(?<![\w.])(\d+\.\d+)(?![\w.])', lambda m: m[1] + 'e0', text)


def queries(w2, materialized, boolean_sum):
    """One SELECT of id, score, class, entry, verdict from table t."""
    names = ', '.join(f'{e} AS m{k}' for k, e in enumerate(MEASURES, 1))
    points = ', '.join(f'{clamp(p)} AS n{k}' for k, p in enumerate(POINTS, 1))
    count = ' + '.join(boolean_sum.format(f'm{k}') for k in range(1, 11))
    score = ' + '.join(f'coalesce({w} * n{k}, 0.0)' for k, w in enumerate(WEIGHTS, 1))
    ctes = [f'm AS {materialized} (SELECT id, region, level, prior, rect, {names} FROM t)']
    last, extra = 'm', ''
    if w2:
        parts = []
        for k in range(1, 11):
            lower = k - 1 in LOWER
            top = f'mx{k} - m{k}' if lower else f'm{k} - mn{k}'
            parts.append(f'coalesce({WEIGHTS[k - 1]} * (0.5 * (100 * ({top}) / (mx{k} - mn{k})) + 0.5 * (100 * (rk{k} - 1) / (ct{k} - 1.0))), 0.0)')
        windows = ', '.join(f'min(m{k}) OVER g AS mn{k}, max(m{k}) OVER g AS mx{k}, count(m{k}) OVER g AS ct{k}, '
                            f'rank() OVER (PARTITION BY region ORDER BY m{k} {"DESC" if k - 1 in LOWER else "ASC"} NULLS LAST) AS rk{k}' for k in range(1, 11))
        ctes += [f'w AS (SELECT *, {windows} FROM m WINDOW g AS (PARTITION BY region))',
                 f'w2 AS (SELECT *, CASE WHEN {count} >= 7 THEN {" + ".join(parts)} END AS score2 FROM w)',
                 '''w3 AS (SELECT *, score2 IS NOT NULL AND 20 * rank() OVER (PARTITION BY region ORDER BY score2 DESC NULLS LAST) > 19 * count(score2) OVER (PARTITION BY region) AS bottom5,
                    score2 IS NOT NULL AND 2 * rank() OVER (ORDER BY score2 DESC NULLS LAST) <= count(score2) OVER () AS upper_half FROM w2)''']
        last, extra = 'w3', ', bottom5, upper_half'
    u0, u4, u7 = ("WHEN bottom5 AND prior = 3 AND rect = 3 THEN 4", "WHEN bottom5 THEN 3", "AND upper_half") if w2 else ('', '', '')
    ctes += [f'n AS (SELECT id, region, level, prior, rect, m1, m2, m3, m4, m5, m6, m7, m10, {count} AS present, {points}{extra} FROM {last})',
             f's AS {materialized} (SELECT id, region, level, prior, rect, m1, m2, m3, m4, m5, m6, m7, m10, CASE WHEN present >= 7 THEN {score} END AS score{extra} FROM n)',
             f'''c AS {materialized} (SELECT *,
                 CASE WHEN score >= CASE WHEN region = 0 THEN 60 ELSE 55 END AND m1 >= 12 AND m3 >= 0 AND m6 <= 0.8 THEN 0
                      WHEN score >= 50 AND (m2 >= 1 OR region >= 2) THEN 1 WHEN score >= 40 THEN 2 ELSE 3 END AS class,
                 CASE WHEN score >= 52 AND m1 >= 10 AND m4 >= 0 AND m5 >= 0.03 AND m6 <= 0.9 AND level <= 2 THEN 1
                      WHEN score < 52 OR m1 < 10 OR m4 < 0 OR m5 < 0.03 OR m6 > 0.9 OR level > 2 THEN 0 ELSE 2 END AS entry FROM s)''']
    final = f'''SELECT id, score, class, entry, CASE {u0}
        WHEN score < 38 AND prior = 3 AND rect = 3 THEN 4
        WHEN class = 3 AND m3 < -0.05 AND m4 < 0 AND prior >= 2 AND rect <> 2 THEN 4
        WHEN m10 > 700 AND m7 > 0.6 AND rect = 3 THEN 3
        WHEN score < 36 AND (m6 > 1 OR m4 < -0.1) THEN 3 {u4}
        WHEN prior >= 2 AND NOT (m3 >= -0.15 AND m4 >= -0.08) THEN 2
        WHEN score IS NULL OR (entry = 2 AND prior IS NULL) THEN 2
        WHEN class = 0 AND entry = 1 AND (prior <= 1 OR prior IS NULL) {u7} THEN 1 ELSE 0 END AS verdict FROM c'''
    return 'WITH ' + ', '.join(ctes) + ' ' + final


def checksum_sql(w2):
    return f'SELECT sum(((id - 1) % 1009 + 1) * ({"verdict" if w2 else "12 * verdict + 3 * class + entry"})) FROM out'


def code(column, words):
    return f'CASE {column} ' + ' '.join(f"WHEN '{w}' THEN {i}" for i, w in enumerate(words)) + ' END'


class DuckDB:
    name = 'DuckDB'

    def __init__(self):
        import duckdb
        self.db = duckdb.connect(':memory:', config={'threads': 1})

    def load(self, file):
        xs = ', '.join(f'CAST({x} AS DOUBLE) AS {x}' for x in XS)
        self.db.execute(f"""CREATE TABLE t AS SELECT CAST(firm AS INTEGER) AS id, CAST({code('region', REGIONS)} AS TINYINT) AS region, CAST(level AS TINYINT) AS level,
            CAST({code('prior', PRIORS)} AS TINYINT) AS prior, CAST({code('rect', RECTS)} AS TINYINT) AS rect, {xs} FROM read_csv('{file}', header=true)""")

    def evaluate(self, w2):
        self.db.execute('DROP TABLE IF EXISTS out')
        query = literal(queries(w2, '', 'CAST({} IS NOT NULL AS TINYINT)'))
        return lambda: self.db.execute('CREATE TABLE out AS ' + query)

    def checksum(self, w2):
        return int(self.db.execute(checksum_sql(w2)).fetchone()[0])


class SQLite:
    name = 'SQLite'

    def __init__(self):
        self.db = sqlite3.connect(':memory:')

    def load(self, file):
        import csv
        column = {w: i for i, w in enumerate(REGIONS)}, {w: i for i, w in enumerate(PRIORS)}, {w: i for i, w in enumerate(RECTS)}
        self.db.execute(f'CREATE TABLE t (id INTEGER PRIMARY KEY, region INTEGER, level INTEGER, prior INTEGER, rect INTEGER, {", ".join(x + " REAL" for x in XS)})')
        with open(file, newline='') as text:
            rows = csv.reader(text)
            next(rows)
            self.db.executemany(f'INSERT INTO t VALUES ({", ".join("?" * 19)})',
                                ((int(r[0]), column[0][r[2]], int(r[3]), column[1].get(r[4]), column[2].get(r[5]), *(float(v) if v else None for v in r[6:]))
                                 for r in rows))
        self.db.commit()

    def evaluate(self, w2):
        self.db.execute('DROP TABLE IF EXISTS out')
        query = queries(w2, 'MATERIALIZED', '({} IS NOT NULL)')
        return lambda: self.db.execute('CREATE TABLE out AS ' + query)

    def checksum(self, w2):
        return self.db.execute(checksum_sql(w2)).fetchone()[0]


class Pandas:
    name = 'pandas'

    def load(self, file):
        import pandas
        t = pandas.read_csv(file, dtype={x: 'float64' for x in XS}, keep_default_na=False, na_values={x: [''] for x in [*XS, 'prior', 'rect']})
        for column, words in (('region', REGIONS), ('prior', PRIORS), ('rect', RECTS)):
            t[column] = t[column].map({w: i for i, w in enumerate(words)}).fillna(-1).astype('int8')
        self.t = t

    def evaluate(self, w2):
        return self.w1

    def w1(self):
        import numpy as np
        import pandas as pd
        t = self.t
        x = {k: t[f'x{k}'] for k in range(1, 15)}
        m = [x[1] / x[5], x[4] / x[5], (x[1] - x[2]) / x[2].where(x[2] != 0), x[3] / x[1], x[8] / x[1], x[11] / x[10], x[6] / x[1],
             0.5 * x[9] + 0.3 * x[13] + 0.2 * x[14], x[7], x[12]]
        m1, m2, m3, m4, m5, m6, m7, m8, m9, m10 = m
        n = [m1 * 2.5, m2 * 25, (m3 + 0.3) * 125, (m4 + 0.2) * 200, m5 * 1000, (1.2 - m6) * 100, (1 - m7) * 100, (m8 - 50) * 0.25, m9, (1000 - m10) * 0.1]
        score, present = 0.0, 0
        for w, p, v in zip(WEIGHTS, n, m):
            score = score + w * p.clip(0, 100).fillna(0.0)
            present = present + v.notna().astype('int8')
        s = score.where(present >= 7)
        region, level, prior, rect = t.region, t.level, t.prior, t.rect
        cls = np.select([(s >= np.where(region == 0, 60.0, 55.0)) & (m1 >= 12) & (m3 >= 0) & (m6 <= 0.8), (s >= 50) & ((m2 >= 1) | (region >= 2)), s >= 40], [0, 1, 2], 3)
        no = (s < 52) | (m1 < 10) | (m4 < 0) | (m5 < 0.03) | (m6 > 0.9) | (level > 2)
        unknown = s.isna() | m1.isna() | m4.isna() | m5.isna() | m6.isna()
        entry = np.where(no, 0, np.where(unknown, 2, 1))
        warned, failed = prior >= 2, rect == 3
        verdict = np.select([(s < 38) & (prior == 3) & failed, (cls == 3) & (m3 < -0.05) & (m4 < 0) & warned & (rect >= 0) & (rect != 2), (m10 > 700) & (m7 > 0.6) & failed,
                             (s < 36) & ((m6 > 1) | (m4 < -0.1)), warned & ((m3 < -0.15) | (m4 < -0.08)), s.isna() | ((entry == 2) & (prior < 0)),
                             (cls == 0) & (entry == 1) & (prior <= 1)], [4, 4, 3, 3, 2, 2, 1], 0)
        self.out = pd.DataFrame({'id': t.firm, 'score': s, 'class': cls, 'entry': entry, 'verdict': verdict})

    def checksum(self, w2):
        o = self.out
        return int((((o.id - 1) % 1009 + 1) * (12 * o.verdict + 3 * o['class'] + o.entry)).sum())


def timed(work):
    cpu = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    began, used = time.monotonic(), cpu()
    work()
    return cpu() - used, time.monotonic() - began


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    system, workload, file, rounds = {'duckdb': DuckDB, 'sqlite': SQLite, 'pandas': Pandas}[sys.argv[1]](), sys.argv[2], sys.argv[3], int(sys.argv[4])
    w2 = workload == 'W2'
    with open(file, 'rb') as data:
        rows = sum(block.count(b'\n') for block in iter(lambda: data.read(1 << 20), b'')) - 1

    def tell(stage, cpu, wall, checksum):
        print(json.dumps({'workload': workload, 'rows': rows, 'system': system.name, 'stage': stage, 'threads': 1, 'cpu_ns_per_row': round(cpu / rows * 1e9, 1),
                          'wall_ms': round(wall * 1e3, 1), 'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, 'checksum': checksum}), flush=True)

    cpu, wall = timed(lambda: system.load(file))
    tell('load', cpu, wall, None)
    best = [timed(system.evaluate(w2)) for _ in range(rounds)]
    tell('evaluate', *map(min, zip(*best)), system.checksum(w2))


if __name__ == '__main__':
    main()
