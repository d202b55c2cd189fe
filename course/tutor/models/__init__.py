"""A model's part in an answer: two vendors' dialects, and what their words are held to."""
