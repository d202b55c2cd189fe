// A webhook receiver on Express: verify the raw body, keep it, answer, work; each effect once.
//
// Take this file and the .sql of your database. It verifies Standard Webhooks; for another sender
// exchange `verify`, as most have a library for it. What an event means to you goes into `work`.
//
//     npm install express pg                 # SQLite comes with Node.js, from 22.16 on
//     export WEBHOOK_SECRETS='whsec_...'     # two of them while you rotate
//     export DATABASE_URL=sqlite:inbox.db    # or postgresql://user@host/name, what pg is for
//     node express_receiver.mjs 8000         # `effects`: how often each event took effect

import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import express from "express";

const SECRETS = (process.env.WEBHOOK_SECRETS ?? "").split(/\s+/).filter(Boolean);
const DATABASE = process.env.DATABASE_URL ?? "sqlite:inbox.db";
const TOLERANCE = 300; // s, into the past and into the future: clocks differ both ways
const LARGEST = 1_048_576; // bytes of a body; more is answered 413
const PATIENCE = 10_000; // ms for a request to come in; then 408
const ID = /^[!-\-/-~]{1,256}$/; // no dot: the signed text is "id.timestamp.body"

/** Not from the sender, or not from now; the reason is for the log and not for the caller. */
class Refused extends Error {}

/** The id of an event that one of SECRETS has signed, at most TOLERANCE ago. Throws Refused. */
function verify(headers, body, now) {
  const [event, sent, signatures] = ["id", "timestamp", "signature"].map((name) =>
    single(headers, `webhook-${name}`),
  );
  if (!ID.test(event) || !/^[0-9]{1,12}$/.test(sent)) {
    throw new Refused("id or timestamp is not of its form");
  }
  if (Math.abs(now - Number(sent)) > TOLERANCE) {
    throw new Refused(`sent ${Math.round(now - Number(sent))} s ago by our clock`);
  }
  const signed = Buffer.concat([Buffer.from(`${event}.${sent}.`), body]);
  for (const secret of SECRETS) {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const expected = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    for (const one of signatures.split(" ").map((text) => Buffer.from(text))) {
      // takes as long wherever the first difference is
      if (one.length === expected.length && timingSafeEqual(one, expected)) return event;
    }
  }
  throw new Refused("none of the signatures is by a secret of ours");
}

function single(headers, name) {
  const found = headers[name] ?? [];
  if (found.length !== 1) throw new Refused(`${name} is there ${found.length} times`);
  return found[0];
}

/** Yours: what an event means. All through `query`, so that it happens together with the mark.
 *
 * To call somebody else, hand `event` along as the idempotency key: a crash repeats the call.
 * An event of a type that you do not know is done when you return.
 */
async function work(query, event, body) {
  await query("effect", [event, String(JSON.parse(body.toString("utf8")).type)]);
}

/** Events that were kept before they were answered, in SQLite or PostgreSQL. */
class Inbox {
  /** `transaction(job)` runs job(query) between BEGIN and COMMIT; ROLLBACK when it throws. */
  constructor(transaction) {
    this.transaction = transaction;
  }

  /** Whether the event is here, once, with this very body; false: it came with another. */
  keep(event, body) {
    return this.transaction(async (query) => {
      await query("keep", [event, body]);
      const [kept] = await query("kept", [event]);
      return body.equals(kept.body);
    });
  }

  /** Whether an event was waiting: effect and mark are both there then, or neither is. */
  async workOnNext() {
    let taken;
    try {
      await this.transaction(async (query) => {
        [taken] = await query("take", []);
        if (!taken) return;
        await work(query, taken.id, Buffer.from(taken.body));
        await query("done", [taken.id]);
      });
    } catch (error) {
      if (!taken) throw error;
      console.error(`${taken.id} is put off:`, error);
      await this.transaction((query) => query("failed", [taken.id]));
    }
    return Boolean(taken);
  }

  /** How often each event took effect. */
  async effects() {
    const rows = await this.transaction((query) => query("effects", []));
    return Object.fromEntries(rows.map((row) => [row.id, row.count]));
  }
}

async function opened(url) {
  const inSqlite = url.startsWith("sqlite:");
  const file = new URL(inSqlite ? "sqlite.sql" : "postgresql.sql", import.meta.url);
  const parts = readFileSync(file, "utf8").split(/-- name: (\w+)\n/).slice(1);
  const sql = Object.fromEntries(parts.flatMap((p, i) => (i % 2 ? [] : [[p, parts[i + 1]]])));
  return new Inbox(inSqlite ? await sqlite(url.slice(7), sql) : await postgresql(url, sql));
}

async function sqlite(file, sql) {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec(sql.schema);
  const query = async (name, values) => db.prepare(sql[name]).all(...values);
  const alone = (job) => within(job, query, async (text) => db.exec(text), "BEGIN IMMEDIATE");
  let last = Promise.resolve(); // one connection holds one transaction: each waits its turn
  return (job) => (last = last.then(() => alone(job), () => alone(job)));
}

async function postgresql(url, sql) {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5000 });
  pool.on("error", (error) => console.error("a connection broke:", error.message));
  const transaction = async (job) => {
    const db = await pool.connect();
    try {
      const query = async (name, values) => (await db.query(sql[name], values)).rows;
      const result = await within(job, query, (text) => db.query(text), "BEGIN");
      db.release();
      return result;
    } catch (error) {
      db.release(error); // closed, and not used again
      throw error;
    }
  };
  const create = (query) => query("schema");
  await transaction(create);
  return transaction;
}

async function within(job, query, say, begin) {
  await say(begin);
  try {
    const result = await job(query);
    await say("COMMIT");
    return result;
  } catch (error) {
    await say("ROLLBACK").catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** The status to answer: 200 once the event is kept, and not before. */
async function answer(inbox, headers, body) {
  let event;
  try {
    event = verify(headers, body, Date.now() / 1000);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.warn(`401: ${error.message}`);
    return 401;
  }
  try {
    if (await inbox.keep(event, body)) return 200;
  } catch (error) {
    console.error(`503: ${event} is not kept:`, error);
    return 503;
  }
  console.error(`409: ${event} came again with another body`);
  return 409;
}

/** Works on what waits, one at a time: when called, and each second on what was left behind. */
function worker(inbox) {
  let working = null;
  const drain = async () => {
    try {
      while (await inbox.workOnNext());
    } catch (error) {
      console.error("the inbox is out of reach:", error);
    }
    working = null;
  };
  const wake = () => (working ??= drain());
  setInterval(wake, 1000);
  wake();
  return wake;
}

function serve(inbox, port) {
  const wake = worker(inbox);
  const app = express();
  app.disable("x-powered-by");
  const raw = express.raw({ type: () => true, limit: LARGEST, inflate: false });
  app.post("/hook", raw, async (request, response) => {
    const body = request.body ?? Buffer.alloc(0); // undefined where there was none
    response.status(await answer(inbox, request.headersDistinct, body)).end();
    wake();
  });
  app.use((error, request, response, next) => response.status(error.status ?? 500).end());
  const limits = { requestTimeout: PATIENCE, connectionsCheckingInterval: 1000 };
  createServer(limits, app).listen(port, "127.0.0.1");
}

const inbox = await opened(DATABASE);
if (process.argv[2] === "effects") {
  console.log(JSON.stringify(await inbox.effects()));
  process.exit();
}
serve(inbox, Number(process.argv[2]));
