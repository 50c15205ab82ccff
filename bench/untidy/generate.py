#!/usr/bin/env python3
"""Invented workloads whose data are as untidy as an agency's: blanks, history, wide rule sets, ladders.

    generate.py agency FOLDER [--records 10000] [--years 10] [--blank 0.03]
        46 indicators in five groups with growth, three-year means and ranks in their kind
    generate.py ladder FOLDER [--records 100000] [--years 10] [--blank 0.03]
        a score and a verdict (rules.yaml), and the same as a ladder with deadlines and bans (ladder.yaml)
    generate.py wide FOLDER [--records 5000]
        40 z-scores and 40 cohort means over one year

Writes FOLDER/rules.yaml and FOLDER/zones-YEAR.csv: the same arguments, the same bytes.
"""
import argparse
import random
from pathlib import Path

KINDS = ['A', 'B', 'C', 'D']
FIRST = 2014


def agency_rules(years):
    last = FIRST + years - 1
    out = ['ruleset: agency', 'record: zone', f'effective: {FIRST}-01-01..{last}-12-31', 'cohort: {smallest group: 5}', 'inputs:',
           '  kind: {type: string, values: [A, B, C, D], required: true}']
    out += [f'  x{i}: {{type: number, min: 0}}' for i in range(46)]
    out += ['measures:']
    for i in range(46):
        if i % 4 == 1:
            out.append(f"  m{i}: {{is: 'x{i} / prior(x{i}) - 1', decimals: 4}}")
        elif i % 4 == 2:
            out.append(f"  m{i}: {{is: 'mean(over(x{i}, 3))', decimals: 2}}")
        elif i % 4 == 3:
            out.append(f"  m{i}: {{is: 'x{i} / x{i - 1} * 100', decimals: 2}}")
        else:
            out.append(f"  m{i}: {{is: x{i}}}")
    out += ['scores:', '  overall:', '    decimals: 2', '    missing: {at most: 50 %, then: reweight}', '    groups:']
    for g in range(5):
        own = [i for i in range(46) if i % 5 == g]
        out += [f'      group {g}:', '        weight: 20 %', '        indicators:']
        share = 100 // len(own)
        weights = [share] * (len(own) - 1) + [100 - share * (len(own) - 1)]
        for i, weight in zip(own, weights):
            how = 'normalise: percent rank, within: kind' if i % 2 else 'from: -1..1000'
            out.append(f'          - {{of: m{i}, weight: {weight} %, {how}}}')
    out += ['decisions:', '  verdict:', '    values: [commend, none, interview, notice]', '    adverse: [interview, notice]', '    rules:',
            "      - {id: worst, when: 'overall < 20 and prior(overall) < 20', then: notice}",
            "      - {id: low, when: 'percent rank(overall, kind) < 0.05', then: interview}",
            "      - {id: high, when: 'percent rank(overall, kind) >= 0.9', then: commend}", '    otherwise: none']
    return '\n'.join(out) + '\n'


def ladder_rules(years, ladder):
    out = ['ruleset: ' + ('ladder' if ladder else 'verdict'), 'record: zone', f'effective: {FIRST}-01-01..{FIRST + years - 1}-12-31', 'cohort: {smallest group: 5}',
           'inputs:', '  kind: {type: string, values: [A, B, C, D], required: true}']
    out += [f'  x{i}: {{type: number, min: 0}}' for i in range(6)]
    out += ['scores:', '  overall:', '    decimals: 2', '    missing: {at most: 50 %, then: reweight}', '    indicators:',
            '      - {of: x0, weight: 25 %, normalise: percent rank, within: kind}', '      - {of: x1, weight: 25 %, normalise: percent rank}']
    out += [f'      - {{of: x{i}, weight: {share} %, from: 40..1140}}' for i, share in zip(range(2, 6), (20, 10, 10, 10))]
    if not ladder:
        out += ['decisions:', '  verdict:', '    values: [good, interviewed, warned]', '    adverse: [interviewed, warned]', '    rules:',
                "      - {id: warned, when: 'overall < 20', then: warned}", "      - {id: low, when: 'overall < 30', then: interviewed}",
                '    otherwise: good']
        return '\n'.join(out) + '\n'
    out += ['lifecycles:', '  standing:', '    start: in good standing', '    states:', '      in good standing: {}',
            '      interviewed: {adverse: true}', '      rectifying: {deadline: {years: 2, then: exited}}',
            '      exited: {adverse: true, ban: 3}', '    transitions:',
            "      - {id: warn, from: in good standing, to: interviewed, when: 'overall < 30'}",
            "      - {id: start, from: interviewed, to: rectifying, when: 'overall < 35'}",
            "      - {id: cleared, from: [interviewed, rectifying], to: in good standing, when: 'overall >= 35'}",
            "      - {id: return, from: exited, to: in good standing, when: 'overall >= 50', after: 3}"]
    return '\n'.join(out) + '\n'


def wide_rules():
    out = ['ruleset: wide', 'record: zone', 'inputs:', '  kind: {type: string, values: [A, B, C, D], required: true}']
    out += [f'  x{i}: {{type: number, min: 0}}' for i in range(40)]
    out += ['measures:']
    for i in range(40):
        out.append(f"  z{i}: {{is: '(x{i} - cohort mean(x{i}, kind)) / cohort stddev(x{i}, kind)', decimals: 6}}")
        out.append(f'  c{i}: cohort mean(z{i}, kind)')
    total = ' + '.join(f'z{i} - c{i}' for i in range(40))
    out += [f"  total: {{is: '{total}', decimals: 4}}", 'decisions:', '  verdict:', '    values: [good, other]', '    rules:',
            "      - {id: good, when: 'total > 0', then: good}", '    otherwise: other']
    return '\n'.join(out) + '\n'


def write(folder, year, records, columns, blank, seed):
    chance = random.Random(f'{seed} {year}')
    lines = [','.join(['zone', 'year', 'kind', *(f'x{i}' for i in range(columns))])]
    for record in range(records):
        row = [f'Z{record:06}', str(year), KINDS[record % 4]]
        for i in range(columns):
            base = (record * 7919 + i * 104729) % 90000 / 100 + 50
            value = base * (0.8 + 0.4 * chance.random())
            row.append('' if chance.random() < blank else f'{value:.2f}')
        lines.append(','.join(row))
    (folder / f'zones-{year}.csv').write_text('\n'.join(lines) + '\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=['agency', 'ladder', 'wide'])
    parser.add_argument('folder', type=Path)
    parser.add_argument('--records', type=int)
    parser.add_argument('--years', type=int, default=10)
    parser.add_argument('--blank', type=float, default=0.03)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.what == 'agency':
        (options.folder / 'rules.yaml').write_text(agency_rules(options.years))
        for year in range(FIRST, FIRST + options.years):
            write(options.folder, year, options.records or 10_000, 46, options.blank, 'agency')
    elif options.what == 'ladder':
        for name, ladder in (('rules', False), ('ladder', True)):
            (options.folder / f'{name}.yaml').write_text(ladder_rules(options.years, ladder))
        for year in range(FIRST, FIRST + options.years):
            write(options.folder, year, options.records or 100_000, 6, options.blank, 'ladder')
    else:
        (options.folder / 'rules.yaml').write_text(wide_rules())
        write(options.folder, FIRST, options.records or 5_000, 40, 0, 'wide')


if __name__ == '__main__':
    main()
