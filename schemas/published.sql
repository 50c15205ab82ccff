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
