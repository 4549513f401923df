-- The course of an unknown outcome. `step`: 0 it waits, for the lease of its attempt or for a receipt; 1 it waits for its next
-- question; 2 the question is for the next carrier of `gateway`; 3 a carrier has it. `asked` counts the questions, `ends` is when
-- asking ends at the latest. `due` is when the step ends, but for a receipt or an answer.
ALTER TABLE timer ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE timer ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE timer ADD COLUMN gateway INTEGER;
ALTER TABLE timer ADD COLUMN ends INTEGER;
CREATE INDEX timer_asking ON timer (step, gateway, due, delivery) WHERE step > 0;

-- The fence of the newest question for what became of the attempt, and what was answered: an outcome, negative where it came
-- too late to decide.
ALTER TABLE attempt ADD COLUMN question INTEGER;
ALTER TABLE attempt ADD COLUMN answer INTEGER;
