// Webhooks on Express by the recipes of the vendors' documentation: not an example to follow.
//
// Each does what its recipe says and no more; where that leaves a gap ("handle the event"), it
// counts. Sources, read 2026-11-25: stripe/stripe-node, examples/webhook-signing/express/main.ts;
// docs.svix.com, How to Verify Webhooks (Standard Webhooks has the same call). Slack's slack_sdk is
// a package for Python.

import express from "express";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

const SECRET = process.env.WEBHOOK_SECRET;
const stripe = new Stripe("sk_test_nothing_is_asked_of_stripe");
const app = express();
const effects = { stripe: {}, standardwebhooks: {} };
const count = (recipe, id) => (effects[recipe][id] = (effects[recipe][id] ?? 0) + 1);

app.post("/stripe", express.raw({ type: "application/json" }), (request, response) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(
      request.body, request.headers["stripe-signature"], SECRET,
    );
  } catch (error) {
    response.status(400).send(`Webhook Error: ${error.message}`);
    return;
  }
  count("stripe", event.id);
  response.json({ received: true });
});

app.post("/standardwebhooks", express.raw({ type: "application/json" }), (request, response) => {
  try {
    new Webhook(SECRET).verify(request.body, request.headers);
  } catch {
    response.status(400).json({});
    return;
  }
  count("standardwebhooks", request.headers["webhook-id"]);
  response.json({});
});

app.get("/:recipe/effects", (request, response) => response.json(effects[request.params.recipe]));

app.listen(Number(process.argv[2]), "127.0.0.1");
