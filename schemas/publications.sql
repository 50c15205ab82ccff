-- What was published, and by whom: four eyes. Version 6 of the store.

-- A run is a draft until somebody other than its author publishes it. Of a rule set and a year one run is published at a time; it
-- stands, whatever is assessed beside it, until another one is published in its place with a reason. Publications form a chain.
CREATE TABLE publication (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 … without gaps
    run           INTEGER NOT NULL UNIQUE REFERENCES run (id),
    supersedes    INTEGER UNIQUE REFERENCES run (id), -- the run it takes the place of; NULL: none was published
    author        TEXT NOT NULL,                    -- of the run, as `created_by` had it
    approver      TEXT NOT NULL,                    -- who published it, as given
    reason        TEXT NOT NULL,                    -- why it takes the place of another; '' for the first
    last_ruling   INTEGER NOT NULL,                 -- the last ruling at that time; 0: none
    root          TEXT NOT NULL,                    -- of the tree of its verdicts, docs/store.md
    created_at    TEXT NOT NULL,                    -- UTC, ISO 8601
    created_by    TEXT NOT NULL,                    -- user name on the computer; not part of the hash
    previous_hash TEXT NOT NULL,                    -- of the publication before; '' for the first
    hash          TEXT NOT NULL                     -- docs/store.md says over what
) STRICT;

CREATE TRIGGER publication_is_final BEFORE UPDATE ON publication BEGIN SELECT RAISE(ABORT, 'the store only grows: a publication is never changed'); END;
CREATE TRIGGER publication_stays BEFORE DELETE ON publication BEGIN SELECT RAISE(ABORT, 'the store only grows: a publication is never removed'); END;

-- Every run with its state: draft, published or superseded.
CREATE VIEW run_state AS
SELECT r.id AS run, r.ruleset, r.year, r.created_at, r.created_by AS author,
       CASE WHEN p.id IS NULL THEN 'draft' WHEN s.id IS NULL THEN 'published' ELSE 'superseded' END AS state,
       p.approver, p.created_at AS published_at, p.root, s.run AS superseded_by, s.reason
FROM run r
LEFT JOIN publication p ON p.run = r.id
LEFT JOIN publication s ON s.supersedes = r.id;

-- The run that stands for each rule set and year: the published one, or, while there is none, the newest.
CREATE VIEW standing_run AS
SELECT coalesce(max(run) FILTER (WHERE state = 'published'), max(run)) AS run, ruleset, year
FROM run_state GROUP BY ruleset, year;

-- Every decision in the run that stands for each rule set and year, with what people ruled: then `ending` is 'ruled', `ruling` its
-- number, `because` its reason, and `possible` what the rules alone leave open.
DROP VIEW latest_verdict;
CREATE VIEW latest_verdict AS
SELECT v.run, v.ruleset, v.year, v.record, v.decision, coalesce(g.outcome, v.value) AS value,
       CASE WHEN g.id IS NULL THEN v.rule ELSE '' END AS rule, coalesce(g.reason, v.because) AS because, v.possible, v.waiting_for, v.failed,
       v.with_blanks, CASE WHEN g.id IS NULL THEN v.ending ELSE 'ruled' END AS ending, v.created_at, g.id AS ruling
FROM verdict v
LEFT JOIN latest_ruling g ON g.ruleset = v.ruleset AND g.year = v.year AND g.record = v.record AND g.decision = v.decision
     AND (g.over_rules = 1 OR v.ending IN ('open', 'conflict'))
WHERE v.run IN (SELECT run FROM standing_run);
