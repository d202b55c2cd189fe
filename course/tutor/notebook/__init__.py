"""The tutor in a notebook: `%tutor`, `%%tutor`, and the panel as a widget.

`start` has its kernels load this as an IPython extension; elsewhere it is
`%load_ext course.tutor.notebook`. Nothing is asked and no secret read before the first question.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(ip: Any) -> None:
    """Registers the magics, and follows the cells that run."""
    from course.tutor.notebook.before import Before
    from course.tutor.notebook.magics import Asking

    if getattr(ip, "hook_line_socket_tutor", None) is not None:
        return
    ip.hook_line_socket_tutor = asking = Asking(Before())
    ip.register_magic_function(asking.line, "line", "tutor")
    ip.register_magic_function(asking.cell, "cell", "tutor")
    ip.events.register("post_run_cell", asking.ran)
    ip.input_transformers_cleanup.append(questions)


def questions(lines: list[str]) -> list[str]:
    """The lines of a cell; a question to the tutor that ends in `?` is not IPython's own help."""
    return [question(line) if line.startswith("%tutor ") else line for line in lines]


def question(line: str) -> str:
    """The call that `%tutor ...` stands for."""
    return f"get_ipython().run_line_magic('tutor', {line.removeprefix('%tutor ').strip()!r})\n"
