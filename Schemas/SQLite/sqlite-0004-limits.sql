-- Token buckets of the limits. `id` is the keyed hash of what is counted (16 bytes) and of the limit's name (4): those of
-- one place lie together. Times are in nanoseconds since 1970: when it is full again, from then on it has no need of a row,
-- and when it last was and something was taken.
CREATE TABLE bucket (
    id BLOB NOT NULL PRIMARY KEY,
    full_at INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The places that a delivery took in buckets, given back when it surely was not sent: 20 bytes of the bucket's id and 8
-- (big endian) of nanoseconds each.
ALTER TABLE delivery ADD COLUMN slots BLOB;

-- How often the person was written to for the purpose without verifying, and when last: what resend waits count.
ALTER TABLE challenge ADD COLUMN sends INTEGER NOT NULL DEFAULT 1;
ALTER TABLE challenge ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
UPDATE challenge SET sent = issued;

-- Whom a delivery without a challenge goes to; where there is one, that says it.
ALTER TABLE delivery ADD COLUMN person BLOB;
CREATE INDEX delivery_person ON delivery (person, id) WHERE person IS NOT NULL;

-- Recipients that must not be written to. `person` is the hash of tenant and address, or of the address alone where it
-- holds for all tenants (`tenant` is null).
CREATE TABLE suppression (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    channel INTEGER NOT NULL,
    tenant INTEGER,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    until INTEGER,
    seal_key TEXT NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (person, channel)
) STRICT, WITHOUT ROWID;

-- All hashes of the person that a suppression holds for: in each tenant of its time, and the one above.
CREATE TABLE suppressed (
    person BLOB NOT NULL,
    channel INTEGER NOT NULL,
    suppression BLOB NOT NULL,
    PRIMARY KEY (person, channel, suppression)
) STRICT, WITHOUT ROWID;

CREATE INDEX suppressed_suppression ON suppressed (suppression);
CREATE INDEX suppression_until ON suppression (until) WHERE until IS NOT NULL;

-- Number prefixes, countries, tenants and gateways that are stopped for a while. `owner` is the tenant whose token made it,
-- empty for the installation's own.
CREATE TABLE hold (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    until INTEGER NOT NULL,
    owner TEXT NOT NULL,
    UNIQUE (scope, value, owner)
) STRICT, WITHOUT ROWID;
