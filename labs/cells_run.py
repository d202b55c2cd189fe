"""The cells that a notebook has run, in order, for a kernel that keeps no history of its own.

A kernel's own record is IPython's `In`; who runs cells without it (a validator does) leaves it
empty, so the seam in `labs.widgets` writes here as well.
"""

from __future__ import annotations

CELLS: list[str] = []
