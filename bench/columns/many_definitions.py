#!/usr/bin/env python3
"""Writes a rule set of many definitions (invented), to time how a large one loads:

    bench/columns/many_definitions.py [DEFINITIONS] > many.yaml && time zoneval check many.yaml

A twentieth are inputs, a tenth parameters dated by year, an eighth decisions of three rules, the rest measures over what came
before. Names have several words, as those of real rule sets do.
"""
import sys


def mix(z):
    z = (z * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & (1 << 64) - 1
    return z ^ (z >> 29)


def main():
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    inputs, parameters, decisions = total // 20, total // 10, total // 8
    measures = total - inputs - parameters - decisions
    out = ['ruleset: many-definitions', 'title: {en: A large rule set (invented)}', 'authority: {document: bench/README.md}', 'record: zone', '', 'inputs:']
    known = []
    for i in range(inputs):
        known.append(f'reported figure {i}')
        out.append(f'  {known[-1]}: {{type: number, unit: 100 million CNY, min: 0, cite: "table {i % 9 + 1}"}}')
    out.append('parameters:')
    lines = []
    for i in range(parameters):
        lines.append(f'line of clause {i}')
        out.append(f'  {lines[-1]}: {{unit: 100 million CNY, values: {{2021-01-01: {i + 1}, 2024-01-01: {i + 2}}}, cite: "clause {i}"}}')
    out.append('measures:')
    for i in range(measures):
        pick = lambda j, of: of[mix(7 * i + j) % len(of)]
        a, b, c, p = pick(1, known), pick(2, known), pick(3, known), pick(4, lines)
        form = (f'if {a} >= {p} then 0.6 * {b} + 0.4 * {c} else {b}', f'max({a}, {b}) - 0.1 * {c}', f'{a} * 0.3 + ({b} + {p}) / 2')[i % 3]
        out.append(f'  derived measure {i}: {{unit: 100 million CNY, is: "{form}", cite: "table {i % 9 + 1}"}}')
        known.append(f'derived measure {i}')
    out.append('decisions:')
    for i in range(decisions):
        pick = lambda j, of: of[mix(11 * i + j) % len(of)]
        out += [f'  outcome {i}:', '    values: [commend, none, warn]', '    adverse: [warn]', '    rules:']
        for j, then in enumerate(('warn', 'commend', 'none')):
            out.append(f'      - {{id: "{i}.{j}", when: "{pick(3 * j, known)} {"<" if j == 0 else ">="} {pick(3 * j + 1, lines)} and {pick(3 * j + 2, known)} > 0", '
                       f'then: {then}, because: "{{{pick(3 * j + 2, known)}}} was reported", cite: "clause {i}"}}')
        out.append('    otherwise: none')
    print('\n'.join(out))


if __name__ == '__main__':
    main()
