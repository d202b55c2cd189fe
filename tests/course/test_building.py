"""What the served site is made of: its sources, and nothing that building it makes."""

from course import building


def test_what_building_makes_is_no_source():
    """What git ignores of the site is left out, so that a second start builds nothing."""
    ignored = (building.ROOT / ".gitignore").read_text("utf-8").split()
    made = {line.removeprefix("/") for line in ignored if line.startswith("/site/")}
    assert made == set(building.GENERATED)
