#!/usr/bin/env python3
"""Random rule sets of a real year's habits (scores that leave blanks out, ranks, growth, last year's verdict, ladders with
deadlines, adverse outcomes) over five years of records, many of which are alike: assessed by columns, and with --exact, each run
has the same hash.

What once differed is kept in once_differed/ and compared first.

    years_alike.py ZONEVAL [--sets 4] [--seed 1] [--records 400] [--keep FOLDER]
"""
import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

YEARS = range(2021, 2026)
INPUTS = ['a', 'b', 'c', 'd']


def number(r, depth=2):
    if depth == 0:
        return r.choice(INPUTS + ['2', '0.5', '100'])
    one, two = number(r, depth - 1), number(r, depth - 1)
    return r.choice([f'({one} + {two})', f'({one} - {two})', f'{one} * {two}', f'{r.choice(INPUTS)} / {r.choice(INPUTS)}',
                     f'{r.choice(INPUTS)} / prior({r.choice(INPUTS)}) - 1', f'max({one}, {two})', f'min(100, {one})',
                     f'max({r.choice([40, 100])}, {r.choice(INPUTS)} / prior({r.choice(INPUTS)}))', f'-{r.choice(INPUTS)}',
                     f'mean(over({r.choice(INPUTS)}, 2))', r.choice(INPUTS),
                     f'(if {r.choice(INPUTS)} > {r.choice([3, 20, 60])} then {one} else {two})',
                     f'(if {condition(r, ["a", "b"])} then {one} else {two})'])


def unusual_number(r):
    x, y = r.choice(INPUTS), r.choice(INPUTS)
    return r.choice([f'{r.choice(["sum", "max", "min", "count"])}(over({x}, {r.choice([2, 3])}))', f'over({x}, 2)[1]',
                     f'{x} - cohort {r.choice(["mean", "min", "max", "median"])}({y}{r.choice(["", ", class"])})',
                     f'{x} / cohort {r.choice(["sum", "max", "stddev"])}({x}{r.choice(["", ", region"])})',
                     f'cohort count({x}, {r.choice(["class", "region"])})', f'{r.choice(["dense", "average"])} rank({x})',
                     f'rank(-{x}, class) - prior({y})', f'if {x} = 0 then not applicable("none") else {y} / {x}',
                     f'if flag then {x} else null', f'abs({x} - {y})', f'floor({x} / 10)', f'mean([{x}, {y}])',
                     f'if prior(standing) = "warn" then {x} else {y}', f'if {x} between 5 and 30 then "50" else "x"'])


def of_parks(r):
    where = r.choice(['', ' where role = "core"', ' where area > 10', ' where role != "core" and big'])
    return r.choice([f'sum of parks(area{where})', f'{r.choice(["min", "max", "mean", "median"])} of parks(density{where})',
                     'count of parks(role = "core")', 'count of parks(big)', f'if any of parks(big) then {r.choice(INPUTS)} else 0',
                     f'{r.choice(INPUTS)} - sum of parks(share)', 'if every of parks(area < 60) then 100 else 5'])


PARKS = """kinds:
  parks:
    key: firm
    inputs:
      firm: {type: string}
      role: {type: string, values: [core, branch]}
      area: {type: number, min: 0}
    measures:
      density: {is: a of firm / area, decimals: 2}
      share: area / 10
      big: area > d of firm
datasets:
  firms: {}
  parks: {of: parks, id: park}"""


def condition(r, names):
    name = r.choice(names)
    line = r.choice(['10', '25.5', '50', '80', '0', '-0.1'])
    simple = [f'{name} < {line}', f'{name} >= {line}', f'{name} between 10 and {line}', f'{name} > {r.choice(names)}',
              'flag', 'class = "A"', 'region != "East"', f'{name} in [20..60)']
    if 'overall' in names:
        simple += [r.choice(['class in ("A", "B")', 'not(flag)', f'{name} = null', f'{name} != null', f'prior({name}) < {line}',
                             f'{name} < prior({name})', 'region = prior(region)', f'{name} in (< {line}, > 90)'])]
    chance = r.random()
    if chance < 0.6:
        return r.choice(simple)
    both = f'{r.choice(simple)} {r.choice(["and", "or"])} {r.choice(simple)}'
    return both if chance < 0.85 else f'({both}) {r.choice(["and", "or"])} {r.choice(simple)}'


def rules(r):
    measures = [f'm{i}' for i in range(4)]
    out = ['ruleset: alike', 'record: firm', 'effective: 2020-01-01..2026-12-31']
    unusual = r.choice([0, 0.3])  # such formulas keep many records from being told apart together
    if r.random() < 0.15:
        out.append('cohort: {smallest group: 60}')
    out += ['inputs:', '  region: {type: string, values: [East, West, North]}', '  class: {type: string, values: [A, B, C]}',
            f'  flag: {{type: boolean{r.choice(["", "", ", blank: not applicable"])}}}']
    out += [f'  {name}: {{type: number, min: {r.choice([0, 1])}{r.choice(["", ", max: 9000"])}'
            f'{r.choice(["", "", "", ", blank: not applicable"])}}}' for name in INPUTS]
    parks = r.random() < 0.2
    if parks:
        out.append(PARKS)
    out.append('measures:')
    for name in measures:
        decimals = f', decimals: {r.randrange(5)}' if r.random() < 0.7 else ''
        asks = r.random() < 0.15
        formula = f'if {r.choice(INPUTS)} = null then 0 else {number(r)}' if asks else number(r)
        if r.random() < unusual:
            formula = unusual_number(r)
        if parks and r.random() < 0.5:
            formula = of_parks(r)
        if '"50"' in formula:
            decimals = ''
        out.append(f"  {name}: {{is: '{formula}'{decimals}}}")
    out += scores(r, measures)
    names = ['overall', 'overall', *measures, *INPUTS]
    return '\n'.join(out + (ladder(r, names) if r.random() < 0.3 else decision(r, names, measures))) + '\n'


def scores(r, measures):
    out = ['scores:', '  overall:', f'    decimals: {r.choice([0, 2, 2, 3])}',
           f'    missing: {r.choice(["{at most: 40 %, then: reweight}", "{at most: 70 %, then: reweight}", "zero", "unknown"])}']
    if r.random() < 0.15:
        when = r.choice(['flag', 'class = "A"', 'a > 60'])
        out.append(f"    vetoes: [{{when: '{when}', at most: 30}}]")
    if r.random() < 0.15:
        out.append('    bonus: {at most: 5, points: [{of: b / 20, at most: 4}, {of: 3, when: flag}]}')
    out.append('    indicators:')
    for name, weight in zip(measures[:3], (40, 30, 30)):
        form = r.choice(['normalise: percent rank', 'normalise: percent rank, within: region', 'from: -1..5', 'from: 0..100',
                         'from: 100..0', 'normalise: min-max'])
        out.append(f'      - {{of: {name}, weight: {weight} %, {form}}}')
    return out


def decision(r, names, measures):
    out = ['decisions:', '  standing:', '    values: [commend, ok, warn, delist]',
           f'    adverse: {r.choice(["[warn, delist]", "[delist]", "[warn, delist]"])}']
    if r.random() < 0.15:
        policy = r.choice(['first', 'first', 'priority', 'any', 'unique'])
        out += ['    table:', f'      hit policy: {policy}', f'      inputs: [overall, class, {r.choice(measures)}]', '      rules:']
        for then in r.sample(['"delist"', '"warn"', '"commend"', '"ok"'], 3):
            cells = [r.choice(['< 30', '[20..60)', '>= 60', '-']), r.choice(['-', '"A"', 'not("B")']),
                     r.choice(['-', '< 50', '>= 10']), then]
            out.append('        - [' + ', '.join(f"'{cell}'" for cell in cells) + ']')
        out.append("      default: '" + '"ok"' + "'")
    else:
        out.append('    rules:')
        ranked = ['percent rank(overall, class) >= 0.8', 'rank(overall) <= 40', f'percent rank({r.choice(measures)}) < 0.2',
                  f'rank({r.choice(measures)}, region) <= 10']
        pool = [f'prior(standing) = "warn" and {condition(r, names)}', condition(r, names), condition(r, names),
                r.choice(ranked), f'{r.choice(ranked)} and {condition(r, names)}']
        thens = ['delist', 'warn', 'warn', 'commend', 'commend']
        order = list(zip(pool, thens))
        r.shuffle(order)
        for k, (when, then) in enumerate(order[:r.randrange(2, 6)]):
            more = ', if missing: does not hold' if r.random() < 0.1 else ''
            if r.random() < 0.1:
                then = "'" + r.choice(['if a > 20 then "warn" else "ok"', 'if flag then "commend" else "ok"']) + "'"
            out.append(f"      - {{id: r{k}, when: '{when}', then: {then}{more}}}")
        out.append('    otherwise: ok')
    if r.random() < 0.25:
        out += ['  step:', '    values: [bad, good]', f'    adverse: {r.choice(["[bad]", "[]"])}', '    rules:',
                f'      - {{id: s0, when: \'standing in ("warn", "delist") and {condition(r, names)}\', then: bad}}',
                '    otherwise: good']
    return out


def ladder(r, names):
    out = ['lifecycles:', '  standing:', '    start: good', '    states:', '      good: {}', '      warned: {adverse: true}',
           f'      rectifying: {{deadline: {{years: {r.choice([1, 2])}, then: gone}}}}',
           f'      gone: {{adverse: true{r.choice(["", ", ban: 2"])}}}', '    transitions:']
    moves = [('good', 'warned'), ('warned', 'rectifying'), ('[warned, rectifying]', 'good'), ('gone', 'good')]
    for k, (start, end) in enumerate(moves):
        wait = ', after: 2' if start == 'gone' else ''
        out.append(f"      - {{id: t{k}, from: {start}, to: {end}, when: '{condition(r, names)}'{wait}}}")
    return out


def records(r, folder, count):
    cell = lambda text, share=0.06: '' if r.random() < share else text
    for year in YEARS:
        lines = ['firm,year,region,class,flag,' + ','.join(INPUTS)]
        for i in range(count):
            if r.random() < 0.03:
                continue  # not there that year
            row = [cell(r.choice(['East', 'West', 'North']), 0.02), cell(r.choice('ABC')), cell(r.choice(['true', 'false']))]
            row += [cell(f'{min(9000, 1 + r.lognormvariate(3, 1)):.{r.choice([0, 1])}f}' if r.random() < 0.97 else '1') for _ in INPUTS]
            lines.append(f'F{i:05},{year},' + ','.join(row))
        (folder / f'firms-{year}.csv').write_text('\n'.join(lines) + '\n')
        parks = ['park,year,firm,role,area']
        for i in range(count):
            firm = f'F{r.randrange(count * 11 // 10):05}'  # some belong to nobody
            parks.append(f'P{i:05},{year},{firm},{r.choice(["core", "core", "branch", ""])},{cell(str(r.randrange(90)), 0.1)}')
        (folder / f'parks-{year}.csv').write_text('\n'.join(parks) + '\n')


def hashes(zoneval, folder, name, *how):
    store = folder / f'{name}.sqlite'
    data = sorted(folder.glob('firms-*.csv'))
    importing = [zoneval, 'import', '--rules', folder / 'rules.yaml', '--store', store]
    parks = sorted(folder.glob('parks-*.csv')) if 'datasets:' in (folder / 'rules.yaml').read_text() else []
    sets = [['--dataset', 'firms', *data], ['--dataset', 'parks', *parks]] if parks else [data]
    for files in sets:
        made = subprocess.run([*importing, *files], capture_output=True, text=True)
        if made.returncode > 1:
            return None, made.stderr
    years = f'{data[0].stem[-4:]}..{data[-1].stem[-4:]}'
    run = subprocess.run([zoneval, 'assess', folder / 'rules.yaml', '--store', store, '--year', years,
                          *how], capture_output=True, text=True)
    if run.returncode > 1:
        return None, run.stderr
    shown = subprocess.run(['sqlite3', store, 'select year, substr(hash, 1, 16) from run order by id'], capture_output=True,
                           text=True)
    return shown.stdout, run.stderr


def kept_cases(zoneval):
    for case in sorted((Path(__file__).parent / 'once_differed').iterdir()):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in case.iterdir():
                shutil.copy(file, folder)
            columns, said = hashes(zoneval, folder, 'columns', '--threads', '1')
            exact, _ = hashes(zoneval, folder, 'exact', '--exact')
            if not columns or columns != exact:
                sys.exit(f'{case.name}: by columns\n{columns}\nby decimals\n{exact}\n{said}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('zoneval')
    parser.add_argument('--sets', type=int, default=4)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--records', type=int, default=400)
    parser.add_argument('--keep', type=Path, help='where the files of a difference are left')
    options = parser.parse_args()
    kept_cases(options.zoneval)
    compared = open_records = alone = 0
    seed = options.seed
    while compared < options.sets:
        r = random.Random(seed)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / 'rules.yaml').write_text(rules(r))
            records(r, folder, options.records)
            columns, said = hashes(options.zoneval, folder, 'columns', '--threads', '1', '--profile')
            exact, refused = hashes(options.zoneval, folder, 'exact', '--exact')
            seed += 1
            if columns is None or exact is None:
                if (columns is None) != (exact is None):
                    sys.exit(f'seed {seed - 1}: only one of them was refused\n{said}\n{refused}')
                if seed - options.seed > 3 * (compared + 10):
                    sys.exit(f'most rule sets are refused:\n{said}')
                continue
            if columns != exact:
                if options.keep:
                    subprocess.run(['cp', '-r', folder, options.keep / f'seed-{seed - 1}'])
                sys.exit(f'seed {seed - 1}: by columns\n{columns}\nby decimals\n{exact}\nrules:\n'
                         + (folder / 'rules.yaml').read_text())
            compared += 1
            for some, by_one in re.findall(r'blanks may decide (\d+) records: (\d+) read one by one', said):
                open_records += int(some)
                alone += int(by_one)
    print(f'{compared} rule sets, {compared * options.records * len(YEARS)} records: the same; blanks may decide {open_records}, '
          f'{alone} of them were read one by one')
    if alone > open_records * 0.95:
        sys.exit('hardly any records were alike: this tests little')


if __name__ == '__main__':
    main()
