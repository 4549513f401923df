-- Replays: fresh deliveries, with fresh codes, for those that failed. `skipped` is JSON, by reason.
CREATE TABLE replay (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT,
    state INTEGER NOT NULL,
    filter TEXT NOT NULL,
    rate_count INTEGER NOT NULL,
    rate_ms INTEGER NOT NULL,
    most INTEGER NOT NULL,
    cursor BLOB NOT NULL,
    matched INTEGER NOT NULL,
    made INTEGER NOT NULL,
    skipped TEXT NOT NULL,
    key BLOB,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX replay_key ON replay (key) WHERE key IS NOT NULL;
CREATE INDEX replay_running ON replay (id) WHERE state = 1;

ALTER TABLE delivery ADD COLUMN replay BLOB;
CREATE INDEX delivery_replay ON delivery (replay, id) WHERE replay IS NOT NULL;
