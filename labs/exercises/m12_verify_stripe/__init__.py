"""m12.verify_stripe: a verifier of Stripe's signatures with a ring of dated secrets."""
