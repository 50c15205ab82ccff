-- What results show of every record, beside its decisions: version 8 of the store.

-- Measures, scores and ranks that a run publishes (docs/results.md), a row for each. A run's hash covers them. What rests on
-- earlier years reads run_measure and not this.
CREATE TABLE run_published (
    run      INTEGER NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL,                      -- 0, 1, 2 … of those the run publishes
    name     TEXT NOT NULL,
    unit     TEXT NOT NULL,                         -- '' where it has none
    decimals TEXT NOT NULL,                         -- how many it is rounded to; '' where nobody said
    cells    TEXT NOT NULL,                         -- JSON as batch_column has it: for each record of run_cohort a whole number
                                                    -- of the smallest decimal, the place of a string, or a text; a list with
                                                    -- the kind of missing where data are; null where there is no value for
                                                    -- another reason
    PRIMARY KEY (run, position),
    UNIQUE (run, name)
) STRICT;

CREATE TRIGGER run_published_is_final BEFORE UPDATE ON run_published BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_published_stays BEFORE DELETE ON run_published BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;

-- A row for each published value: `value` as a text without loss, or null; `missing` then says of which kind, if it is of one.
CREATE VIEW published AS
WITH placed AS MATERIALIZED (SELECT run, position, record FROM run_record),
form AS MATERIALIZED (
    SELECT run, position,
           CASE substr(cells, 1, 3) WHEN '{"d' THEN '$.numbers' WHEN '{"s' THEN '$.codes' ELSE '$' END AS path,
           -- of numbers: 10 to the power of their decimals
           CASE substr(cells, 1, 3) WHEN '{"d'
               THEN CAST('1' || substr('000000000000000000', 1, CAST(substr(cells, 13, 2) AS INTEGER)) AS INTEGER) END AS scale
    FROM run_published),
dictionary AS MATERIALIZED (
    SELECT p.run, p.position, s.key AS code, s.value AS text
    FROM run_published p CROSS JOIN json_each(p.cells, '$.strings') s
    WHERE substr(p.cells, 1, 3) = '{"s')
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
LEFT JOIN dictionary d ON f.scale IS NULL AND d.run = p.run AND d.position = p.position AND d.code = v.value;
