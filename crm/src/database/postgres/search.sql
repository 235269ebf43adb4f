-- $1: the grams of all words, $2: patterns for names and addresses, $3: for names alone,
-- $4: how many people are wanted, $5: how many may not be in the index, $6: how much of a
-- text, in characters, $7: patterns for phone numbers, which are the second line of an address.
WITH unknown AS MATERIALIZED (
    SELECT count(*) AS people, count(*) <= $5::bigint AS are_few
    FROM (SELECT FROM unindexed LIMIT $5::bigint + 1) AS the_first
),
wanted AS MATERIALIZED (
    -- The index may be wrong about people who have changed since, and about nobody else.
    SELECT $4::bigint + people AS people, are_few FROM unknown
),
-- What is common is found fastest by going through people by name,
common AS MATERIALIZED (
    SELECT person
    FROM (
        SELECT * FROM searchable WHERE (SELECT are_few FROM wanted) ORDER BY name, person LIMIT 8000
    ) AS first
    WHERE (name || E'\n' || split_part(email, E'\n', 1)) LIKE ALL ($2) AND name LIKE ALL ($3)
        AND split_part(email, E'\n', 2) LIKE ALL ($7)
    ORDER BY name, person LIMIT (SELECT people FROM wanted)
),
-- and what is rare by its grams.
rare AS MATERIALIZED (
    SELECT person
    FROM (
        SELECT person, name
        FROM searchable
        WHERE (SELECT are_few AND people > (SELECT count(*) FROM common) FROM wanted)
            AND grams @> $1 AND (name || E'\n' || split_part(email, E'\n', 1)) LIKE ALL ($2)
            AND name LIKE ALL ($3) AND split_part(email, E'\n', 2) LIKE ALL ($7)
        OFFSET 0 -- otherwise the planner might go through people by name
    ) AS candidates
    ORDER BY name, person LIMIT (SELECT people FROM wanted)
)
SELECT id, coalesce(left(name, $6), ''), coalesce(left(email, $6), ''), coalesce(left(phone, $6), '')
FROM people
WHERE (SELECT are_few FROM wanted) AND id IN (
    SELECT person COLLATE "default"
    FROM (SELECT person FROM unindexed UNION SELECT person FROM common UNION SELECT person FROM rare) AS found
)
UNION ALL
SELECT id, coalesce(left(name, $6), ''), coalesce(left(email, $6), ''), coalesce(left(phone, $6), '')
FROM people
WHERE NOT (SELECT are_few FROM wanted)
