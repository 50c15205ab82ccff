-- What people decided: rulings on verdicts, and imports withdrawn. Version 5 of the store.

-- A ruling decides what the rules leave open, or, where `over_rules` is 1, what they decide otherwise. Rulings form a chain, and
-- every run covers the last ruling that it knew.
CREATE TABLE ruling (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 … without gaps
    run             INTEGER NOT NULL REFERENCES run (id),  -- the run it rules on: that of the year in force then
    ruleset         TEXT NOT NULL,
    ruleset_hash    TEXT NOT NULL REFERENCES ruleset (hash),
    year            INTEGER NOT NULL,
    record          TEXT NOT NULL,
    decision        TEXT NOT NULL,
    outcome         TEXT NOT NULL,                  -- FEEL literal
    by_rules        TEXT NOT NULL,                  -- what the rules gave: a FEEL literal; '' where they left it open
    possible        TEXT NOT NULL,                  -- open: FEEL list of the outcomes that were possible
    over_rules      INTEGER NOT NULL CHECK (over_rules IN (0, 1)),
    ruled_by        TEXT NOT NULL,                  -- who decided, as given
    reason          TEXT NOT NULL,
    document        TEXT NOT NULL,                  -- name of the file the ruling rests on; '' when none was given
    document_sha256 TEXT NOT NULL,                  -- of its bytes, which are not kept
    created_at      TEXT NOT NULL,                  -- UTC, ISO 8601
    created_by      TEXT NOT NULL,                  -- user name on the computer; not part of the hash
    previous_hash   TEXT NOT NULL,                  -- of the ruling before; '' for the first
    hash            TEXT NOT NULL                   -- docs/store.md says over what
) STRICT;

-- The last ruling a run knew; 0: none.
ALTER TABLE run ADD COLUMN last_ruling INTEGER NOT NULL DEFAULT 0;

-- Imports that were a mistake. The withdrawal is a revision of its own, a batch without rows whose `rows` says what is withdrawn, by
-- whom and why; from it on the withdrawn batch no longer counts. Runs that saw it keep it.
CREATE TABLE batch_withdrawal (
    revision  INTEGER PRIMARY KEY REFERENCES batch (revision),  -- from it on
    withdrawn INTEGER NOT NULL UNIQUE REFERENCES batch (revision)
) STRICT;

CREATE TRIGGER ruling_is_final BEFORE UPDATE ON ruling BEGIN SELECT RAISE(ABORT, 'the store only grows: a ruling is never changed'); END;
CREATE TRIGGER ruling_stays BEFORE DELETE ON ruling BEGIN SELECT RAISE(ABORT, 'the store only grows: a ruling is never removed'); END;
CREATE TRIGGER batch_withdrawal_is_final BEFORE UPDATE ON batch_withdrawal BEGIN SELECT RAISE(ABORT, 'the store only grows: a withdrawal is never changed'); END;
CREATE TRIGGER batch_withdrawal_stays BEFORE DELETE ON batch_withdrawal BEGIN SELECT RAISE(ABORT, 'the store only grows: a withdrawal is never removed'); END;

-- Of each decision about a record and year the newest ruling.
CREATE VIEW latest_ruling AS
SELECT * FROM ruling WHERE id IN (SELECT max(id) FROM ruling GROUP BY ruleset, year, record, decision);

-- Every decision in the newest run of each rule set and year, with what people ruled: then `ending` is 'ruled', `ruling` its
-- number, `because` its reason, and `possible` what the rules alone leave open.
DROP VIEW latest_verdict;
CREATE VIEW latest_verdict AS
SELECT v.run, v.ruleset, v.year, v.record, v.decision, coalesce(g.outcome, v.value) AS value,
       CASE WHEN g.id IS NULL THEN v.rule ELSE '' END AS rule, coalesce(g.reason, v.because) AS because, v.possible, v.waiting_for, v.failed,
       v.with_blanks, CASE WHEN g.id IS NULL THEN v.ending ELSE 'ruled' END AS ending, v.created_at, g.id AS ruling
FROM verdict v
LEFT JOIN latest_ruling g ON g.ruleset = v.ruleset AND g.year = v.year AND g.record = v.record AND g.decision = v.decision
     AND (g.over_rules = 1 OR v.ending IN ('open', 'conflict'))
WHERE v.run IN (SELECT max(id) FROM run GROUP BY ruleset, year);
