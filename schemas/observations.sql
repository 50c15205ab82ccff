-- What was imported, row by row and cell by cell: the views of version 3, over data of this version and of those before it.
DROP VIEW IF EXISTS observation;
DROP VIEW IF EXISTS batch_row;

-- Rows of the imported files: which record and year stand on which line.
CREATE VIEW batch_row AS
WITH form AS MATERIALIZED (
    SELECT revision, CASE substr(rows, 1, 1) WHEN '{' THEN '$.records' ELSE '$' END AS path,
           json_extract(rows, '$.year') AS year, json_extract(rows, '$.first_line') AS first_line
    FROM batch),
listed_year AS MATERIALIZED (SELECT b.revision, y.key AS position, y.value AS year FROM batch b CROSS JOIN json_each(b.rows, '$.years') y),
listed_line AS MATERIALIZED (SELECT b.revision, l.key AS position, l.value AS line FROM batch b CROSS JOIN json_each(b.rows, '$.lines') l)
SELECT b.revision, r.key AS position,
       CASE r.type WHEN 'array' THEN json_extract(r.value, '$[0]') ELSE r.value END AS record,
       CASE r.type WHEN 'array' THEN json_extract(r.value, '$[1]') ELSE coalesce(f.year, y.year) END AS year,
       CASE r.type WHEN 'array' THEN json_extract(r.value, '$[2]') ELSE coalesce(f.first_line + r.key, l.line) END AS line
FROM batch b
CROSS JOIN form f ON f.revision = b.revision
CROSS JOIN json_each(b.rows, f.path) r
LEFT JOIN listed_year y ON y.revision = b.revision AND y.position = r.key
LEFT JOIN listed_line l ON l.revision = b.revision AND l.position = r.key;

-- Every cell that was ever imported. `value` is the text without loss (CAST(value AS REAL) to compute with it), null where
-- the datum is missing; then `missing` says which kind of missing.
CREATE VIEW observation AS
WITH placed AS MATERIALIZED (SELECT revision, position, record, year, line FROM batch_row),
form AS MATERIALIZED (
    SELECT revision, position,
           CASE substr(cells, 1, 3) WHEN '{"d' THEN '$.numbers' WHEN '{"s' THEN '$.codes' ELSE '$' END AS path,
           -- of numbers: 10 to the power of their decimals
           CASE substr(cells, 1, 3) WHEN '{"d'
               THEN CAST('1' || substr('000000000000000000', 1, CAST(substr(cells, 13, 2) AS INTEGER)) AS INTEGER) END AS unit
    FROM batch_column),
dictionary AS MATERIALIZED (
    SELECT c.revision, c.position, s.key AS code, s.value AS text
    FROM batch_column c CROSS JOIN json_each(c.cells, '$.strings') s
    WHERE substr(c.cells, 1, 3) = '{"s')
SELECT b.record_kind, p.record, p.year, c.name AS input,
       CASE v.type
           WHEN 'text' THEN v.value
           WHEN 'integer' THEN CASE
               WHEN f.unit IS NULL THEN d.text
               WHEN f.unit = 1 THEN CAST(v.value AS TEXT)
               ELSE CASE WHEN v.value < 0 THEN '-' ELSE '' END || abs(v.value / f.unit) || rtrim('.' || substr(f.unit + abs(v.value % f.unit), 2), '.0')
           END
       END AS value,
       CASE v.type WHEN 'null' THEN c.blank WHEN 'array' THEN json_extract(v.value, '$[0]') END AS missing,
       b.revision, b.dataset, b.file, b.sheet, p.line, b.note
FROM batch b
CROSS JOIN batch_column c ON c.revision = b.revision
CROSS JOIN form f ON f.revision = c.revision AND f.position = c.position
CROSS JOIN json_each(c.cells, f.path) v
CROSS JOIN placed p ON p.revision = b.revision AND p.position = v.key
LEFT JOIN dictionary d ON f.unit IS NULL AND d.revision = c.revision AND d.position = c.position AND d.code = v.value;
