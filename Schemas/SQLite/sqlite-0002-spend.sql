-- SMS and what they cost. Amounts are micros of the currency beside them.

-- The account of all money: only ever appended to, each entry with the hash of the one before (CONTRACT, "Shapes"). It
-- stands by itself, with names in the place of numbers, because it is kept when the rest has gone.
CREATE TABLE ledger (
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    delivery BLOB NOT NULL,
    attempt INTEGER,
    gateway TEXT,
    tenant TEXT NOT NULL,
    purpose TEXT NOT NULL,
    country TEXT,
    segments INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    price_version TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (writer, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_at ON ledger (at, writer, sequence);

-- What an SMS was accepted with, and what is reserved for it now (null: nothing). `period` is when that reservation was made: what follows
-- from it counts in the periods of that moment.
CREATE TABLE outlay (
    delivery BLOB NOT NULL PRIMARY KEY,
    tenant INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    country TEXT NOT NULL,
    segments INTEGER NOT NULL,
    encoding INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    price_version TEXT NOT NULL,
    gateway TEXT NOT NULL,
    gateways TEXT NOT NULL,
    reserved INTEGER,
    reserved_currency TEXT,
    period INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What budgets are judged by: sums by the hour in which the reservation was made, whatever budgets there are.
CREATE TABLE spend (
    hour INTEGER NOT NULL,
    currency TEXT NOT NULL,
    tenant TEXT NOT NULL,
    country TEXT NOT NULL,
    purpose TEXT NOT NULL,
    reserved INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    over INTEGER NOT NULL,
    PRIMARY KEY (hour, currency, tenant, country, purpose)
) STRICT, WITHOUT ROWID;

-- `committed` is null once the attempt is known to be unsent.
ALTER TABLE attempt ADD COLUMN segments INTEGER;
ALTER TABLE attempt ADD COLUMN amount INTEGER;
ALTER TABLE attempt ADD COLUMN currency TEXT;
ALTER TABLE attempt ADD COLUMN price_version TEXT;
ALTER TABLE attempt ADD COLUMN committed INTEGER;
ALTER TABLE attempt ADD COLUMN period INTEGER;
ALTER TABLE attempt ADD COLUMN price INTEGER;
ALTER TABLE attempt ADD COLUMN price_currency TEXT;

-- Challenges of one event of which any proves the person; `closed` is when another of them was verified.
ALTER TABLE challenge ADD COLUMN party BLOB;
ALTER TABLE challenge ADD COLUMN closed INTEGER;
CREATE INDEX challenge_party ON challenge (party) WHERE party IS NOT NULL;
CREATE INDEX challenge_verified ON challenge (verified) WHERE verified IS NOT NULL;

-- What of a group was refused while the rest was accepted.
ALTER TABLE event ADD COLUMN refused TEXT;

CREATE INDEX hot_parked_id ON hot (reason, id) WHERE state = 2;
