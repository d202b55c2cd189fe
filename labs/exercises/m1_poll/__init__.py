"""m1.poll: a page that asks politely, judged by when its requests leave and what it shows."""
