-- Outcomes say how they came about: the views of version 4, over runs of this version and of those before it.
DROP VIEW IF EXISTS latest_verdict;
DROP VIEW IF EXISTS verdict;
DROP VIEW IF EXISTS outcome;

-- Every decision about every record. Texts are laid out once and then looked up, so that this stays linear.
CREATE VIEW outcome AS
WITH told AS MATERIALIZED (
    SELECT d.run, d.position, o.key AS code,
           json_extract(o.value, '$[0]') AS value,        -- FEEL literal ("commend" in its quotes); '' while open
           CASE WHEN json_array_length(o.value) = 5 AND json_extract(o.value, '$[1]') = 'otherwise' THEN ''
                ELSE json_extract(o.value, '$[1]') END AS rule,
                                                          -- id of the rule that fired; of a conflict, a list of both
           json_extract(o.value, '$[2]') AS because,      -- the reason as shown; '' when the rule gives none
           json_extract(o.value, '$[3]') AS possible,     -- open: FEEL list of the outcomes still possible
           json_extract(o.value, '$[4]') AS waiting_for,  -- open: FEEL list of the inputs that would settle it
           coalesce(json_extract(o.value, '$[6]'), '') AS failed,  -- open: FEEL list of what failed on data that are there
           coalesce(json_extract(o.value, '$[7]'), '') AS with_blanks,  -- what it may come to with the blanks it rests on put back
           -- fired, default (no rule holds), nothing (nor is there a default), open, conflict (the rules are mistaken)
           CASE WHEN json_array_length(o.value) > 5 THEN json_extract(o.value, '$[5]')
                WHEN json_extract(o.value, '$[0]') = '' AND json_extract(o.value, '$[2]') = '' THEN 'open'
                WHEN json_extract(o.value, '$[0]') = '' THEN 'conflict'
                WHEN json_extract(o.value, '$[1]') = 'otherwise' THEN 'default'
                WHEN json_extract(o.value, '$[1]') = '' THEN 'nothing'
                ELSE 'fired' END AS ending
    FROM run_decision d CROSS JOIN json_each(d.outcomes) o)
SELECT d.run, c.key AS record, d.name AS decision, t.value, t.rule, t.because, t.possible, t.waiting_for, t.failed, t.with_blanks, t.ending
FROM run_decision d
CROSS JOIN json_each(d.cells) c
CROSS JOIN told t ON t.run = d.run AND t.position = d.position AND t.code = c.value;

-- Every decision of every run.
CREATE VIEW verdict AS
WITH placed AS MATERIALIZED (SELECT run, position, record FROM run_record)
SELECT o.run, r.ruleset, r.year, n.record, o.decision, o.value, o.rule, o.because, o.possible, o.waiting_for, o.failed, o.with_blanks, o.ending,
       r.created_at
FROM run r
CROSS JOIN outcome o ON o.run = r.id
CROSS JOIN placed n ON n.run = o.run AND n.position = o.record;

-- The same, of the newest run of each rule set and year only.
CREATE VIEW latest_verdict AS
SELECT * FROM verdict WHERE run IN (SELECT max(id) FROM run GROUP BY ruleset, year);
