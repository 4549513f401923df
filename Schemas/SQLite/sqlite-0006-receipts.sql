-- What gateways report later. `receipts` is 1 where the attempt's gateway does; only those are looked for by a receipt, so
-- no other attempt pays for an index. Ids are in order of time; references are the gateway's and random.
ALTER TABLE attempt ADD COLUMN receipts INTEGER;
CREATE UNIQUE INDEX attempt_id ON attempt (id) WHERE receipts = 1;
CREATE INDEX attempt_reference ON attempt (gateway, reference) WHERE receipts = 1 AND reference IS NOT NULL;

-- What was reported, and billed with it; the same again leaves no row. `state` is as in `delivery`.
CREATE TABLE receipt (
    delivery BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    code TEXT,
    price INTEGER,
    currency TEXT,
    PRIMARY KEY (delivery, attempt, number)
) STRICT, WITHOUT ROWID;
