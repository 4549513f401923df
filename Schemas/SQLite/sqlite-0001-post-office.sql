-- Times are milliseconds since 1970 (UTC), leases milliseconds of CLOCK_BOOTTIME, ids UUIDv7 (16 bytes), hashes keyed and
-- cut to 16 bytes, states and reasons the raw values of the enumerations in Sources/Deliveries. Nothing here names a
-- person or holds a code: addresses and contents lie in `sealed` only.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE gateway (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    unreachable INTEGER NOT NULL DEFAULT 0,
    down_since INTEGER,
    next_trial INTEGER
) STRICT;

CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY,
    tenant INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    locale TEXT,
    subject BLOB,
    content BLOB NOT NULL,
    received INTEGER NOT NULL,
    seal_key TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What was accepted within the dedupe window. Random keys: the one page that an event dirties here is the price of
-- recognising it.
CREATE TABLE seen (
    identity BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE challenge (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL,
    tenant INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    person BLOB NOT NULL,
    session BLOB,
    code_key TEXT NOT NULL,
    digits INTEGER NOT NULL,
    codes INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    earlier_expires INTEGER,
    tries INTEGER NOT NULL,
    verified INTEGER,
    verified_key BLOB,
    verified_content BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_person ON challenge (person, purpose, id);

-- Wrong tries by person and purpose. `full_at` is the token bucket of the window in nanoseconds; `shadow` counts what was
-- tried where no challenge is open, so that the answers there run down as they would on one.
CREATE TABLE tries (
    person BLOB NOT NULL,
    purpose INTEGER NOT NULL,
    full_at INTEGER NOT NULL,
    shadow INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (person, purpose)
) STRICT, WITHOUT ROWID;

-- What is fixed about a delivery, and where it ended. While it lies in `hot`, `state` here is what it was accepted as.
CREATE TABLE delivery (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL,
    challenge BLOB NOT NULL,
    code INTEGER NOT NULL,
    tenant INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    created INTEGER NOT NULL,
    send_before INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    accepted_parked INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason INTEGER,
    gateway INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0,
    tried INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_event ON delivery (event, id);
CREATE INDEX delivery_challenge ON delivery (challenge, id);

-- What still moves: ready, parked, leased, sending. Narrow, and emptied as deliveries end.
CREATE TABLE hot (
    id BLOB NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    reason INTEGER,
    channel INTEGER NOT NULL,
    gateway INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    tenant INTEGER NOT NULL,
    due INTEGER NOT NULL,
    send_before INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    lease INTEGER NOT NULL,
    attempt BLOB,
    carrier TEXT,
    instance TEXT,
    tried INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    trial INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The claim's order; only rows that can be sent stand in it, so its cost does not grow with what cannot.
CREATE INDEX hot_ready ON hot (gateway, priority, tenant, due, id) WHERE state = 1;
CREATE INDEX hot_parked ON hot (reason, gateway, id) WHERE state = 2;
CREATE INDEX hot_lease ON hot (lease, id) WHERE state IN (3, 4);
CREATE INDEX hot_deadline ON hot (send_before, id) WHERE state IN (1, 2);

CREATE TABLE attempt (
    delivery BLOB NOT NULL,
    number INTEGER NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    gateway INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    outcome INTEGER,
    applied INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    detail TEXT,
    reference TEXT,
    PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;

-- When an unknown outcome is decided: at the wall time `due`, and never before the lease of its attempt is over.
CREATE TABLE timer (
    due INTEGER NOT NULL,
    delivery BLOB NOT NULL,
    lease INTEGER NOT NULL,
    PRIMARY KEY (due, delivery)
) STRICT, WITHOUT ROWID;

CREATE INDEX timer_delivery ON timer (delivery);

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    tenant TEXT,
    gateways TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER
) STRICT, WITHOUT ROWID;
