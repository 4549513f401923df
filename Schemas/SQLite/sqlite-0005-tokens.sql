-- When a token was revoked, for good, and when it was last used; null for never.
ALTER TABLE token ADD COLUMN revoked INTEGER;
ALTER TABLE token ADD COLUMN last_used INTEGER;

CREATE INDEX token_created ON token (created, id);
