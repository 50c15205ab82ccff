-- Published numbers of large cohorts in as few bytes as they need: version 9 of the store.

-- A part of the cells of a column of run_published whose own `cells` say of what form they are, as JSON:
-- {"bytes":3,"decimals":2,"from":-1234,"missing":["not reported",null]}. Each record has so many `bytes`, the highest first: its number,
-- a whole number of the smallest decimal, less `from`. The greatest number that they hold is the first of `missing`, the one below
-- it the second (null: there is no value for another reason than missing data).
CREATE TABLE run_published_part (
    run      INTEGER NOT NULL,
    position INTEGER NOT NULL,
    part     INTEGER NOT NULL,                      -- 0, 1, 2 …: the records 0 to 4095 of run_cohort, then 4096 to 8191 …
    cells    BLOB NOT NULL,
    PRIMARY KEY (run, position, part),
    FOREIGN KEY (run, position) REFERENCES run_published (run, position)
) STRICT;

CREATE TRIGGER run_published_part_is_final BEFORE UPDATE ON run_published_part BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_published_part_stays BEFORE DELETE ON run_published_part BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;

DROP VIEW IF EXISTS published;  -- as version 8 had it

-- A row for each published value: `value` as a text without loss, or null; `missing` then says of which kind, if it is of one.
CREATE VIEW published AS
WITH placed AS MATERIALIZED (SELECT run, position, record FROM run_record),
form AS MATERIALIZED (
    SELECT run, position,
           CASE substr(cells, 1, 3) WHEN '{"d' THEN '$.numbers' WHEN '{"s' THEN '$.codes' ELSE '$' END AS path,
           -- of numbers: 10 to the power of their decimals
           CASE substr(cells, 1, 3) WHEN '{"d'
               THEN CAST('1' || substr('000000000000000000', 1, CAST(substr(cells, 13, 2) AS INTEGER)) AS INTEGER) END AS scale
    FROM run_published
    WHERE substr(cells, 1, 3) <> '{"b'),
dictionary AS MATERIALIZED (
    SELECT p.run, p.position, s.key AS code, s.value AS text
    FROM run_published p CROSS JOIN json_each(p.cells, '$.strings') s
    WHERE substr(p.cells, 1, 3) = '{"s'),
packed AS MATERIALIZED (
    SELECT run, position, name, unit, decimals, cells ->> '$.bytes' AS bytes, cells ->> '$.from' AS least, cells -> '$.missing' AS missing,
           json_array_length(cells, '$.missing') AS kinds, (1 << (8 * (cells ->> '$.bytes'))) - 1 AS greatest,
           CAST('1' || substr('000000000000000000', 1, cells ->> '$.decimals') AS INTEGER) AS scale
    FROM run_published
    WHERE substr(cells, 1, 3) = '{"b')
SELECT p.run, r.ruleset, r.year, n.record, p.name,
       CASE v.type
           WHEN 'text' THEN v.value
           WHEN 'integer' THEN CASE
               WHEN f.scale IS NULL THEN d.text
               WHEN f.scale = 1 THEN CAST(v.value AS TEXT)
               ELSE CASE WHEN v.value < 0 THEN '-' ELSE '' END || abs(v.value / f.scale) || rtrim('.' || substr(f.scale + abs(v.value % f.scale), 2), '.0')
           END
       END AS value,
       CASE v.type WHEN 'array' THEN json_extract(v.value, '$[0]') END AS missing, p.unit, p.decimals
FROM run r
CROSS JOIN run_published p ON p.run = r.id
CROSS JOIN form f ON f.run = p.run AND f.position = p.position
CROSS JOIN json_each(p.cells, f.path) v
CROSS JOIN placed n ON n.run = p.run AND n.position = v.key
LEFT JOIN dictionary d ON f.scale IS NULL AND d.run = p.run AND d.position = p.position AND d.code = v.value
UNION ALL
-- x: twelve hexadecimal digits of the record. Each LIMIT keeps SQLite from computing what is inside anew for every mention of it.
SELECT p.run, r.ruleset, r.year, n.record, p.name,
       (SELECT CASE
                   WHEN p.scale = 1 THEN CAST(number AS TEXT)
                   ELSE CASE WHEN number < 0 THEN '-' ELSE '' END || abs(number / p.scale) || rtrim('.' || substr(p.scale + abs(number % p.scale), 2), '.0')
               END
        FROM (SELECT CASE WHEN p.greatest - code >= p.kinds THEN p.least + code END AS number, p.greatest - code AS from_the_end
              FROM (SELECT (instr('123456789ABCDEF', substr(x, 1, 1)) << 44) + (instr('123456789ABCDEF', substr(x, 2, 1)) << 40)
                           + (instr('123456789ABCDEF', substr(x, 3, 1)) << 36) + (instr('123456789ABCDEF', substr(x, 4, 1)) << 32)
                           + (instr('123456789ABCDEF', substr(x, 5, 1)) << 28) + (instr('123456789ABCDEF', substr(x, 6, 1)) << 24)
                           + (instr('123456789ABCDEF', substr(x, 7, 1)) << 20) + (instr('123456789ABCDEF', substr(x, 8, 1)) << 16)
                           + (instr('123456789ABCDEF', substr(x, 9, 1)) << 12) + (instr('123456789ABCDEF', substr(x, 10, 1)) << 8)
                           + (instr('123456789ABCDEF', substr(x, 11, 1)) << 4) + instr('123456789ABCDEF', substr(x, 12, 1)) AS code
                    FROM (SELECT substr('000000000000' || hex(substr(b.cells, 1 + p.bytes * (n.position % 4096), p.bytes)), -12) AS x LIMIT 1)
                    LIMIT 1)
              LIMIT 1)) AS value,
       (SELECT CASE WHEN from_the_end < p.kinds THEN p.missing ->> from_the_end END
        FROM (SELECT CASE WHEN p.greatest - code >= p.kinds THEN p.least + code END AS number, p.greatest - code AS from_the_end
              FROM (SELECT (instr('123456789ABCDEF', substr(x, 1, 1)) << 44) + (instr('123456789ABCDEF', substr(x, 2, 1)) << 40)
                           + (instr('123456789ABCDEF', substr(x, 3, 1)) << 36) + (instr('123456789ABCDEF', substr(x, 4, 1)) << 32)
                           + (instr('123456789ABCDEF', substr(x, 5, 1)) << 28) + (instr('123456789ABCDEF', substr(x, 6, 1)) << 24)
                           + (instr('123456789ABCDEF', substr(x, 7, 1)) << 20) + (instr('123456789ABCDEF', substr(x, 8, 1)) << 16)
                           + (instr('123456789ABCDEF', substr(x, 9, 1)) << 12) + (instr('123456789ABCDEF', substr(x, 10, 1)) << 8)
                           + (instr('123456789ABCDEF', substr(x, 11, 1)) << 4) + instr('123456789ABCDEF', substr(x, 12, 1)) AS code
                    FROM (SELECT substr('000000000000' || hex(substr(b.cells, 1 + p.bytes * (n.position % 4096), p.bytes)), -12) AS x LIMIT 1)
                    LIMIT 1)
              LIMIT 1)) AS missing, p.unit, p.decimals
FROM packed p
CROSS JOIN run r ON r.id = p.run
CROSS JOIN placed n ON n.run = p.run
CROSS JOIN run_published_part b ON b.run = p.run AND b.position = p.position AND b.part = n.position / 4096;
