-- What a receiver says to PostgreSQL 9.5 or later; sqlite.sql says the same to SQLite.

-- name: schema
-- Two processes that start together would both find no table; the lock ends with the transaction.
SELECT pg_advisory_xact_lock(hashtext('inbox'));
CREATE TABLE IF NOT EXISTS inbox (
    id TEXT PRIMARY KEY,                -- the sender's own; with two senders: (sender, id)
    body BYTEA NOT NULL,                -- the bytes that were signed
    received TIMESTAMPTZ NOT NULL DEFAULT now(),
    due TIMESTAMPTZ NOT NULL DEFAULT now(),
    failures INTEGER NOT NULL DEFAULT 0,
    done TIMESTAMPTZ                    -- empty until the effect is there
);
CREATE INDEX IF NOT EXISTS inbox_due ON inbox (due) WHERE done IS NULL;
CREATE TABLE IF NOT EXISTS effects (id TEXT NOT NULL, type TEXT NOT NULL);

-- name: keep
INSERT INTO inbox (id, body) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING;

-- name: kept
SELECT body FROM inbox WHERE id = $1;

-- name: take
-- The row stays locked until the transaction ends; other workers pass over it.
SELECT id, body FROM inbox
WHERE done IS NULL AND failures < 10 AND due <= now()
ORDER BY due, received LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: effect
INSERT INTO effects (id, type) VALUES ($1, $2);

-- name: done
UPDATE inbox SET done = now() WHERE id = $1;

-- name: failed
-- Again after 2, 4, 8 ... seconds; after the tenth time the row waits for a person.
UPDATE inbox SET failures = failures + 1, due = now() + (2 << failures) * interval '1 second'
WHERE id = $1 AND done IS NULL;

-- name: effects
SELECT id, count(*)::int AS count FROM effects GROUP BY id;
