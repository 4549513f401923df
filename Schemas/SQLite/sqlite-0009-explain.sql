-- What a delivery was accepted with: the rules that were judged and their numbers, as JSON. `ended` is when it came to where
-- it rests.
ALTER TABLE delivery ADD COLUMN decision TEXT;
ALTER TABLE delivery ADD COLUMN ended INTEGER;

-- Who carried it, and when the outcome was reported.
ALTER TABLE attempt ADD COLUMN carrier TEXT;
ALTER TABLE attempt ADD COLUMN settled INTEGER;

-- What the application called the event, and its own time.
ALTER TABLE event ADD COLUMN type TEXT;
ALTER TABLE event ADD COLUMN occurred INTEGER;

-- What happened to a delivery besides being accepted, claimed, begun and settled, as JSON; most have none. Of many the first
-- and the last are kept, so that numbers may be missing in between.
CREATE TABLE note (
    delivery BLOB NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;

-- Refused events, kept for a while. Ids are in order of time; `story` is what is shown, and names no person.
CREATE TABLE refusal (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    story TEXT NOT NULL
) STRICT, WITHOUT ROWID;
