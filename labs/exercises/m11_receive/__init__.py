"""The exercise `m11.receive`: what a webhook receiver keeps, answers and refuses."""
