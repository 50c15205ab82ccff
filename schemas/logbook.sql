-- The logbook: what came into the store, in its order, with all that no other hash covers. Version 7 of the store.

-- An entry for each import, withdrawal, run, ruling and publication. Entries form a chain; nothing in them enters the hash of a run,
-- which is the same on every machine.
CREATE TABLE logbook (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 … without gaps
    what          TEXT NOT NULL CHECK (what IN ('import', 'run', 'ruling', 'publication')),
    number        INTEGER NOT NULL,                 -- its revision or id
    libraries     TEXT NOT NULL,                    -- JSON: of a run, the versions of what its meaning rests on beside zoneval:
                                                    -- {"PCRE2": "10.42 2022-12-11", "decimals": …, "time zones": "2024b"}
    previous_hash TEXT NOT NULL,                    -- of the entry before; of the first, of logbook_begins
    hash          TEXT NOT NULL,                    -- docs/store.md says over what
    UNIQUE (what, number)
) STRICT;

-- What was in the store before it had a logbook, and stands in none: the last of each.
CREATE TABLE logbook_begins (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    import      INTEGER NOT NULL,
    run         INTEGER NOT NULL,
    ruling      INTEGER NOT NULL,
    publication INTEGER NOT NULL
) STRICT;
INSERT INTO logbook_begins (id, import, run, ruling, publication)
SELECT 1, (SELECT coalesce(max(revision), 0) FROM batch), (SELECT coalesce(max(id), 0) FROM run),
       (SELECT coalesce(max(id), 0) FROM ruling), (SELECT coalesce(max(id), 0) FROM publication);

CREATE TRIGGER logbook_is_final BEFORE UPDATE ON logbook BEGIN SELECT RAISE(ABORT, 'the store only grows: an entry is never changed'); END;
CREATE TRIGGER logbook_stays BEFORE DELETE ON logbook BEGIN SELECT RAISE(ABORT, 'the store only grows: an entry is never removed'); END;
CREATE TRIGGER logbook_begins_is_final BEFORE UPDATE ON logbook_begins BEGIN SELECT RAISE(ABORT, 'the store only grows: where it begins is never changed'); END;
CREATE TRIGGER logbook_begins_stays BEFORE DELETE ON logbook_begins BEGIN SELECT RAISE(ABORT, 'the store only grows: where it begins is never removed'); END;
