-- A delivery without a challenge has an empty id in its place: a notice, or a code that the application made.

-- What the application brought and is erased when the event's deliveries have ended: its own code, a link that may be a
-- secret. Sealed with the event's key, apart from `sealed`.
ALTER TABLE event ADD COLUMN brought BLOB;

-- The notice of a change to the address before it.
ALTER TABLE delivery ADD COLUMN previous INTEGER NOT NULL DEFAULT 0;
