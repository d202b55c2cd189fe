# exercise: m1.poll
async def poll(fetch, clock, interval, stop):
    """Yields each body that differs from the one before it."""
    ...
