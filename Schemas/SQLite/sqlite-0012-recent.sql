-- Rows with random keys, gathered: see RecentRows.

-- The rows that each commit changed of `seen`, `person_challenge` and `bucket`, until they are merged into these tables.
CREATE TABLE recent (
    number INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;

CREATE TABLE person_challenge (
    person BLOB NOT NULL,
    purpose INTEGER NOT NULL,
    challenge BLOB NOT NULL,
    PRIMARY KEY (person, purpose, challenge)
) STRICT, WITHOUT ROWID;

-- A challenge that was erased stands for its person itself, and nobody looks for it.
INSERT INTO person_challenge SELECT person, purpose, id FROM challenge WHERE person <> id ORDER BY person, purpose, id;
DROP INDEX challenge_person;
