"""The tutor's answering: passages and a question in, a cited reply out. Standard library only.

`Index.open(passages)` takes the content of the site's `tutor/passages.json`, and
`answer(index, question)` returns a frozen `Reply`. The same code runs in the service and in the
reader's tab. A search by vectors would stand beside `Index.search` and return passages too.
"""

from course.tutor.answering.answering import answer
from course.tutor.answering.index import Index
from course.tutor.answering.passages import Citation, Pair, Passage, Reply

__all__ = ["Citation", "Index", "Pair", "Passage", "Reply", "answer"]
