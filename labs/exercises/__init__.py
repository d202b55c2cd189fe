"""Judges: one folder an exercise, with its task, its grader, right and wrong solutions.

What a learner wrote is run in the virtual world under named scenarios and many seeds; what is
judged is what happened there. `from labs import check, hint, solution, spot` are the verbs.
"""

PROGRESS = "HOOK_LINE_SOCKET_PROGRESS"  # names the file that keeps a learner's progress
