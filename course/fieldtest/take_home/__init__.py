"""A receiver to take home: one file for each framework, and the SQL of two databases beside it."""
