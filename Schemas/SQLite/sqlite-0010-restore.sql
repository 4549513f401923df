-- When this database was restored, and from when to when the messages and the spend may be missing that another copy of it
-- knew of. `writer` is the name under which the ledger was written before.
CREATE TABLE restore (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    since INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    writer TEXT NOT NULL
) STRICT;
