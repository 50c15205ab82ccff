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
                     f'max({r.choice([40, 100])}, {r.choice(INPUTS)} / prior({r.choice(INPUTS)}))', f'-{r.choice(INPUTS)}', f'mean(over({r.choice(INPUTS)}, 2))', r.choice(INPUTS),
                     f'(if {r.choice(INPUTS)} > {r.choice([3, 20, 60])} then {one} else {two})',
                     f'(if {condition(r, ["a", "b"])} then {one} else {two})'])


def condition(r, names):
    name = r.choice(names)
    line = r.choice(['10', '25.5', '50', '80', '0', '-0.1'])
    simple = [f'{name} < {line}', f'{name} >= {line}', f'{name} between 10 and {line}', f'{name} > {r.choice(names)}',
              'flag', 'class = "A"', 'region != "East"', f'{name} in [20..60)']
    chance = r.random()
    if chance < 0.6:
        return r.choice(simple)
    both = f'{r.choice(simple)} {r.choice(["and", "or"])} {r.choice(simple)}'
    return both if chance < 0.85 else f'({both}) {r.choice(["and", "or"])} {r.choice(simple)}'


def rules(r):
    measures = [f'm{i}' for i in range(4)]
    out = ['ruleset: alike', 'record: firm', 'effective: 2020-01-01..2026-12-31', 'inputs:',
           '  region: {type: string, values: [East, West, North]}', '  class: {type: string, values: [A, B, C]}',
           '  flag: {type: boolean}']
    out += [f'  {name}: {{type: number, min: {r.choice([0, 1])}{r.choice(["", ", max: 9000"])}}}' for name in INPUTS]
    out.append('measures:')
    for name in measures:
        decimals = f', decimals: {r.randrange(5)}' if r.random() < 0.7 else ''
        asks = r.random() < 0.15
        formula = f'if {r.choice(INPUTS)} = null then 0 else {number(r)}' if asks else number(r)
        out.append(f"  {name}: {{is: '{formula}'{decimals}}}")
    out += ['scores:', '  overall:', f'    decimals: {r.choice([0, 2, 2, 3])}',
            f'    missing: {r.choice(["{at most: 40 %, then: reweight}", "{at most: 70 %, then: reweight}", "zero", "undetermined"])}',
            '    indicators:']
    for name, weight in zip(measures[:3], (40, 30, 30)):
        form = r.choice(['normalise: percent rank', 'normalise: percent rank, within: region', 'from: -1..5', 'from: 0..100',
                         'from: 100..0'])
        out.append(f'      - {{of: {name}, weight: {weight} %, {form}}}')
    names = ['overall', 'overall', *measures, *INPUTS]
    if r.random() < 0.3:
        return '\n'.join(out + ladder(r, names)) + '\n'
    out += ['decisions:', '  standing:', '    values: [commend, ok, warn, delist]',
            f'    adverse: {r.choice(["[warn, delist]", "[delist]", "[warn, delist]"])}', '    rules:']
    ranked = ['percent rank(overall, class) >= 0.8', 'rank(overall) <= 40', f'percent rank({r.choice(measures)}) < 0.2',
              f'rank({r.choice(measures)}, region) <= 10']
    pool = [f'prior(standing) = "warn" and {condition(r, names)}', condition(r, names), condition(r, names),
            r.choice(ranked), f'{r.choice(ranked)} and {condition(r, names)}']
    thens = ['delist', 'warn', 'warn', 'commend', 'commend']
    order = list(zip(pool, thens))
    r.shuffle(order)
    for k, (when, then) in enumerate(order[:r.randrange(2, 6)]):
        out.append(f"      - {{id: r{k}, when: '{when}', then: {then}}}")
    out.append('    otherwise: ok')
    return '\n'.join(out) + '\n'


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
    for year in YEARS:
        lines = ['firm,year,region,class,flag,' + ','.join(INPUTS)]
        for i in range(count):
            cell = lambda text, share=0.06: '' if r.random() < share else text
            row = [cell(r.choice(['East', 'West', 'North']), 0.02), cell(r.choice('ABC')), cell(r.choice(['true', 'false']))]
            row += [cell(f'{min(9000, 1 + r.lognormvariate(3, 1)):.{r.choice([0, 1])}f}' if r.random() < 0.97 else '1') for _ in INPUTS]
            lines.append(f'F{i:05},{year},' + ','.join(row))
        (folder / f'firms-{year}.csv').write_text('\n'.join(lines) + '\n')


def hashes(zoneval, folder, name, *how):
    store = folder / f'{name}.sqlite'
    data = sorted(folder.glob('firms-*.csv'))
    made = subprocess.run([zoneval, 'import', '--rules', folder / 'rules.yaml', '--store', store, *data], capture_output=True,
                          text=True)
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
