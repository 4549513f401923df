-- What keeps a long history and a million expired rows from slowing anything.

-- Ready rows by their deadline, lane by lane: a claim steps over those that are past theirs, the sweep finds them. What is
-- parked has no lane.
DROP INDEX hot_deadline;
CREATE INDEX hot_deadline ON hot (send_before, id) WHERE state = 2;
CREATE INDEX hot_live ON hot (gateway, priority, tenant, send_before, due, id) WHERE state = 1;

-- How many deliveries stand in each state: brought up to date by each commit, so that nobody has to count.
CREATE TABLE standing (
    tenant INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    state INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (tenant, channel, state)
) STRICT, WITHOUT ROWID;

INSERT INTO standing
SELECT delivery.tenant, delivery.channel, coalesce(hot.state, delivery.state), count(*)
FROM delivery LEFT JOIN hot ON hot.id = delivery.id GROUP BY 1, 2, 3;

-- What reports of spend need of rows that retention has removed: each challenge that was verified after an SMS was paid for
-- it, and what was committed to attempts that were billed. They name no person, and stay as the ledger does.
CREATE TABLE removed_verified (
    verified INTEGER NOT NULL,
    challenge BLOB NOT NULL,
    tenant INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    country TEXT NOT NULL,
    gateway INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (verified, challenge)
) STRICT, WITHOUT ROWID;

CREATE TABLE removed_attempt (
    delivery BLOB NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;
