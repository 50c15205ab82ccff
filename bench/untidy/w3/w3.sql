-- W3 in DuckDB, one year at a time: measures, ranks, scores and verdicts in doubles, with blanks as NULL. It does not know
-- what an open verdict still can be, and gives adverse verdicts on blanks: the time to beat, not the outcome to reach.
-- :year and :last are replaced; `data` has all years, `verdict` what earlier years came to.
INSERT INTO verdict
WITH now AS (
    SELECT d.*, p.revenue AS before, v.standing AS was
    FROM data d
    LEFT JOIN data p ON p.firm = d.firm AND p.year = :last
    LEFT JOIN verdict v ON v.firm = d.firm AND v.year = :last
    WHERE d.year = :year),
measures AS (
    SELECT *, round(rd / revenue * 100, 2) AS intensity, round(revenue / staff, 3) AS productivity,
           round(revenue / before - 1, 4) AS growth
    FROM now),
ranks AS (
    SELECT *,
           CASE WHEN intensity IS NULL THEN NULL
                ELSE percent_rank() OVER (PARTITION BY region, intensity IS NULL ORDER BY intensity) * 100 END AS p1,
           CASE WHEN productivity IS NULL THEN NULL
                ELSE percent_rank() OVER (PARTITION BY productivity IS NULL ORDER BY productivity) * 100 END AS p2,
           greatest(0, least(100, (growth + 0.5) / 1.5 * 100)) AS p3
    FROM measures),
scores AS (
    SELECT *,
           (p1 IS NULL)::INT * 0.4 + (p2 IS NULL)::INT * 0.3 + (p3 IS NULL)::INT * 0.3 AS left_out,
           coalesce(p1 * 0.4, 0) + coalesce(p2 * 0.3, 0) + coalesce(p3 * 0.3, 0) AS points
    FROM ranks),
overall AS (
    SELECT *, CASE WHEN left_out > 0.3 + 1e-9 THEN NULL ELSE round(points / (1 - left_out), 2) END AS overall
    FROM scores),
placed AS (
    SELECT *, CASE WHEN overall IS NULL THEN NULL
                   ELSE percent_rank() OVER (PARTITION BY class, overall IS NULL ORDER BY overall) END AS place
    FROM overall)
SELECT firm, year,
       CASE WHEN was = 'warn' AND overall < 20 THEN 'delist'
            WHEN accident = 'major' THEN 'warn'
            WHEN overall < 15 THEN 'warn'
            WHEN place >= 0.9 THEN 'commend'
            ELSE 'ok' END AS standing
FROM placed;
