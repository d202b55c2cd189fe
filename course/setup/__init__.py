"""Makes `.venv` and keeps it whole. Standard library only: it runs before anything is there."""
