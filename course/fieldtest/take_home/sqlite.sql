-- What a receiver says to SQLite 3.35 or later; postgresql.sql says the same to PostgreSQL.
-- Values stand for the question marks in the same order as for $1, $2 there.

-- name: schema
CREATE TABLE IF NOT EXISTS inbox (
    id TEXT PRIMARY KEY,                -- the sender's own; with two senders: (sender, id)
    body BLOB NOT NULL,                 -- the bytes that were signed
    received INTEGER NOT NULL DEFAULT (unixepoch()),
    due INTEGER NOT NULL DEFAULT (unixepoch()),
    failures INTEGER NOT NULL DEFAULT 0,
    done INTEGER                        -- empty until the effect is there
);
CREATE INDEX IF NOT EXISTS inbox_due ON inbox (due) WHERE done IS NULL;
CREATE TABLE IF NOT EXISTS effects (id TEXT NOT NULL, type TEXT NOT NULL);

-- name: keep
INSERT INTO inbox (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING;

-- name: kept
SELECT body FROM inbox WHERE id = ?;

-- name: take
-- The transaction was begun with BEGIN IMMEDIATE: there is no second worker until it ends.
SELECT id, body FROM inbox
WHERE done IS NULL AND failures < 10 AND due <= unixepoch()
ORDER BY due, received LIMIT 1;

-- name: effect
INSERT INTO effects (id, type) VALUES (?, ?);

-- name: done
UPDATE inbox SET done = unixepoch() WHERE id = ?;

-- name: failed
-- Again after 2, 4, 8 ... seconds; after the tenth time the row waits for a person.
UPDATE inbox SET failures = failures + 1, due = unixepoch() + (2 << failures)
WHERE id = ? AND done IS NULL;

-- name: effects
SELECT id, count(*) AS count FROM effects GROUP BY id;
