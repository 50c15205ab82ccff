-- The zoneval store, version 3: the tables, and the views of runs; observations.sql has the views of data. One SQLite file;
-- read it with plain sqlite3 (docs/store.md has examples).
-- Nothing in it is ever changed or removed: what was known, and what was decided on it, stays to be read and verified.
-- Hashes are SHA-256 in lower-case hexadecimal. Every text that enters one is written as `<length in bytes>:<text>,`.

-- One imported file or sheet. The order of revisions is the order of imports; a later one corrects earlier ones.
CREATE TABLE batch (
    revision    INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 … without gaps
    record_kind TEXT NOT NULL,                      -- what a row is about: 'zone'
    dataset     TEXT NOT NULL,                      -- the rule set's name for this kind of file
    file        TEXT NOT NULL,                      -- name as given at import
    sheet       TEXT NOT NULL,                      -- of a workbook; else ''
    sha256      TEXT NOT NULL,                      -- of the file's bytes
    schema_hash TEXT NOT NULL,                      -- of the checks the cells passed
    row_count   INTEGER NOT NULL,
    hash        TEXT NOT NULL,                      -- of record_kind, dataset, sheet, sha256, schema_hash, the hash of rows
                                                    -- and, by position, every column's name, type, blank and hash
    imported_at TEXT NOT NULL,                      -- UTC, ISO 8601
    imported_by TEXT NOT NULL,                      -- user name on the computer
    note        TEXT NOT NULL,                      -- shown wherever the data are shown: 'invented data'
    rows_hash   TEXT NOT NULL,                      -- of rows
    rows        TEXT NOT NULL                       -- JSON: {"year": 2024, "first_line": 2, "records": ["Z01", "Z02"]}; where
                                                    -- years differ or lines do not follow each other, they are lists:
                                                    -- {"years": [2023, 2024], "lines": [2, 4], "records": …}.
                                                    -- Before version 3: an item a row, ["Z01", 2024, 2] = record, year, line
) STRICT;

-- Cells of a batch, a row for each column, as JSON in the order of the batch's records. A cell is null where the file's was
-- empty, or a list with the kind of missing the file gave; else
--   a whole number of the smallest decimal kept, without loss:   {"decimals": 2, "numbers": [1250, null, ["suppressed"]]}
--   the place of a string in a dictionary, from 0:               {"strings": ["East", "West"], "codes": [0, 1, 1]}
--   a text: true, false, a date, numbers beyond 64 bits:         ["true", null, "false"]
-- (before version 3 every cell was a text).
CREATE TABLE batch_column (
    revision INTEGER NOT NULL REFERENCES batch (revision),
    position INTEGER NOT NULL,                      -- 0, 1, 2 … in the order of the schema
    name     TEXT NOT NULL,                         -- of the input
    type     TEXT NOT NULL CHECK (type IN ('number', 'string', 'boolean', 'date')),
    blank    TEXT NOT NULL,                         -- kind of missing an empty cell stands for: 'not reported'
    hash     TEXT NOT NULL,                         -- of cells
    cells    TEXT NOT NULL,                         -- JSON: see above
    PRIMARY KEY (revision, position),
    UNIQUE (revision, name)
) STRICT;

-- The years a batch speaks of: found without unpacking its rows.
CREATE TABLE batch_year (
    revision  INTEGER NOT NULL REFERENCES batch (revision),
    year      INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (revision, year)
) STRICT, WITHOUT ROWID;

-- Rule sets as they were when used, so that every run can be run again.
CREATE TABLE ruleset (
    hash  TEXT PRIMARY KEY,                         -- of the files' paths (seen from the entry's folder) and texts, by path
    id    TEXT NOT NULL,                            -- `ruleset:` of the entry
    entry TEXT NOT NULL                             -- path of the file that was given; the others are its imports
) STRICT, WITHOUT ROWID;

CREATE TABLE ruleset_file (
    ruleset_hash TEXT NOT NULL REFERENCES ruleset (hash),
    position     INTEGER NOT NULL,
    path         TEXT NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (ruleset_hash, position)
) STRICT, WITHOUT ROWID;

-- One assessment of one year. Runs form a chain: a run's hash covers the hash of the run before it.
CREATE TABLE run (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 … without gaps
    ruleset           TEXT NOT NULL,                -- id of the rule set
    ruleset_hash      TEXT NOT NULL REFERENCES ruleset (hash),
    year              INTEGER NOT NULL,
    snapshot_revision INTEGER NOT NULL,             -- the run saw every batch up to this revision; 0: none
    snapshot_hash     TEXT NOT NULL,                -- of those batches' hashes, by revision
    engine_version    TEXT NOT NULL,
    created_at        TEXT NOT NULL,                -- UTC, ISO 8601; not part of the hash
    created_by        TEXT NOT NULL,                -- not part of the hash
    record_count      INTEGER NOT NULL,
    previous_hash     TEXT NOT NULL,                -- of the run before; '' for the first
    hash              TEXT NOT NULL                 -- docs/store.md says over what
) STRICT;

-- The earlier runs a run read through `prior` and `over`.
CREATE TABLE run_built_on (
    run      INTEGER NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL,
    earlier  INTEGER NOT NULL REFERENCES run (id),
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

-- What a run decided stands in columns too: a million records in a few rows.

-- The records a run assessed.
CREATE TABLE run_cohort (
    run     INTEGER PRIMARY KEY REFERENCES run (id),
    records TEXT NOT NULL                           -- JSON array of their ids, in the run's order
) STRICT;

-- A decision about every record. Most records share their outcome with many others, so each is written once.
CREATE TABLE run_decision (
    run      INTEGER NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL,                      -- 0, 1, 2 … of the run's decisions
    name     TEXT NOT NULL,
    outcomes TEXT NOT NULL,                         -- JSON array of the different outcomes, in order of appearance, each
                                                    -- [value, rule, because, possible, waiting_for]: see the view outcome
    cells    TEXT NOT NULL,                         -- JSON array: for each record, which of `outcomes`, from 0
    PRIMARY KEY (run, position),
    UNIQUE (run, name)
) STRICT;

-- Values of a measure or score that a run kept.
CREATE TABLE run_measure (
    run      INTEGER NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    cells    TEXT NOT NULL,                         -- JSON array: for each record a FEEL literal, exact, as a string; where
                                                    -- there is none, a list of the reason: ["91.2", ["`GDP` is not reported"]];
                                                    -- where it left blanks out, a list of it and its range with them:
                                                    -- [["91.2", "[88..95]"]]
    PRIMARY KEY (run, position),
    UNIQUE (run, name)
) STRICT;

-- Nothing is changed, nothing removed.
CREATE TRIGGER batch_is_final BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never changed'); END;
CREATE TRIGGER batch_stays BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never removed'); END;
CREATE TRIGGER batch_column_is_final BEFORE UPDATE ON batch_column BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never changed'); END;
CREATE TRIGGER batch_column_stays BEFORE DELETE ON batch_column BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never removed'); END;
CREATE TRIGGER batch_year_is_final BEFORE UPDATE ON batch_year BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never changed'); END;
CREATE TRIGGER batch_year_stays BEFORE DELETE ON batch_year BEGIN SELECT RAISE(ABORT, 'the store only grows: a batch is never removed'); END;
CREATE TRIGGER ruleset_is_final BEFORE UPDATE ON ruleset BEGIN SELECT RAISE(ABORT, 'the store only grows: a rule set is never changed'); END;
CREATE TRIGGER ruleset_stays BEFORE DELETE ON ruleset BEGIN SELECT RAISE(ABORT, 'the store only grows: a rule set is never removed'); END;
CREATE TRIGGER ruleset_file_is_final BEFORE UPDATE ON ruleset_file BEGIN SELECT RAISE(ABORT, 'the store only grows: a rule set is never changed'); END;
CREATE TRIGGER ruleset_file_stays BEFORE DELETE ON ruleset_file BEGIN SELECT RAISE(ABORT, 'the store only grows: a rule set is never removed'); END;
CREATE TRIGGER run_is_final BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_stays BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;
CREATE TRIGGER run_built_on_is_final BEFORE UPDATE ON run_built_on BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_built_on_stays BEFORE DELETE ON run_built_on BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;
CREATE TRIGGER run_cohort_is_final BEFORE UPDATE ON run_cohort BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_cohort_stays BEFORE DELETE ON run_cohort BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;
CREATE TRIGGER run_decision_is_final BEFORE UPDATE ON run_decision BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_decision_stays BEFORE DELETE ON run_decision BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;
CREATE TRIGGER run_measure_is_final BEFORE UPDATE ON run_measure BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never changed'); END;
CREATE TRIGGER run_measure_stays BEFORE DELETE ON run_measure BEGIN SELECT RAISE(ABORT, 'the store only grows: a run is never removed'); END;

-- The records of every run. Position counts from 0 in the run's order.
CREATE VIEW run_record AS
SELECT c.run, r.key AS position, r.value AS record
FROM run_cohort c CROSS JOIN json_each(c.records) r;

-- Every decision about every record. Texts are laid out once and then looked up, so that this stays linear.
CREATE VIEW outcome AS
WITH told AS MATERIALIZED (
    SELECT d.run, d.position, o.key AS code,
           json_extract(o.value, '$[0]') AS value,        -- FEEL literal ("commend" in its quotes); '' when undetermined
           json_extract(o.value, '$[1]') AS rule,         -- id of the rule that fired, 'otherwise', '' when undetermined
           json_extract(o.value, '$[2]') AS because,      -- the reason as shown; '' when the rule gives none
           json_extract(o.value, '$[3]') AS possible,     -- undetermined: FEEL list of the outcomes still possible
           json_extract(o.value, '$[4]') AS waiting_for   -- undetermined: FEEL list of the inputs that would settle it
    FROM run_decision d CROSS JOIN json_each(d.outcomes) o)
SELECT d.run, c.key AS record, d.name AS decision, t.value, t.rule, t.because, t.possible, t.waiting_for
FROM run_decision d
CROSS JOIN json_each(d.cells) c
CROSS JOIN told t ON t.run = d.run AND t.position = d.position AND t.code = c.value;

-- Kept values: `cause` says why a value is null.
CREATE VIEW result AS
SELECT m.run, v.key AS record, m.name,
       CASE WHEN v.type = 'text' THEN v.value WHEN json_array_length(v.value) = 2 THEN json_extract(v.value, '$[0]') ELSE 'null' END AS value,
       CASE WHEN v.type = 'text' THEN '' ELSE json_extract(v.value, '$[' || (json_array_length(v.value) - 1) || ']') END AS cause
FROM run_measure m CROSS JOIN json_each(m.cells) v;

-- Every decision of every run.
CREATE VIEW verdict AS
WITH placed AS MATERIALIZED (SELECT run, position, record FROM run_record)
SELECT o.run, r.ruleset, r.year, n.record, o.decision, o.value, o.rule, o.because, o.possible, o.waiting_for, r.created_at
FROM run r
CROSS JOIN outcome o ON o.run = r.id
CROSS JOIN placed n ON n.run = o.run AND n.position = o.record;

-- The same, of the newest run of each rule set and year only.
CREATE VIEW latest_verdict AS
SELECT * FROM verdict WHERE run IN (SELECT max(id) FROM run GROUP BY ruleset, year);

-- Values of measures and scores that runs kept.
CREATE VIEW measured AS
WITH placed AS MATERIALIZED (SELECT run, position, record FROM run_record)
SELECT v.run, r.ruleset, r.year, n.record, v.name, v.value, v.cause
FROM run r
CROSS JOIN result v ON v.run = r.id
CROSS JOIN placed n ON n.run = v.run AND n.position = v.record;
