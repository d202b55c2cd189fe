"""The front door: `python3 -m course DOOR`.

This file must be readable by an old Python, so that it can say which one is needed;
everything else waits behind that sentence.
"""

import sys

OLDEST = (3, 11)


def main(argv: "list[str] | None" = None) -> int:
    """Exit status of the door that the arguments name."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "This course needs Python %d.%d or newer and this is Python %d.%d: "  # noqa: UP031
            "run it with another one, for example `python3.%d -m course start`.\n"
            % (OLDEST + sys.version_info[:2] + OLDEST[1:])
        )
        return 1
    from course import doors

    return doors.main(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
