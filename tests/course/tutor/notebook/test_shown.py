"""An answer in a notebook: Markdown with links, and nothing that a page would run or fetch."""

from course.tutor.notebook.shown import Shown
from course.tutor.protocol import Citation, Delta, Done, Error, Refused, Usage

ORIGIN = "http://127.0.0.1:8000"


def shown(*messages):
    """The Markdown after these messages."""
    answer = Shown(ORIGIN)
    for message in messages:
        answer.hear(message)
    return answer.markdown


def test_a_mark_is_a_link_to_its_paragraph():
    """Known numbers lead to the course that runs; an unknown one stays as it is."""
    cited = Citation(1, "x", "M6: Silence", "/lessons/06_liveness/#why")
    said = shown(Delta("Silent [1], not [2]."), cited)
    address = f"{ORIGIN}/lessons/06_liveness/#why"
    assert said == f"Silent [\\[1\\]]({address}), not [2].\n\n1. [M6: Silence]({address})"


def test_html_and_pictures_are_text():
    """A picture's address would be fetched, and say that somebody reads."""
    said = shown(Delta("<script>x</script> ![dot](https://127.0.0.1:1/p.png)"))
    assert said == "&lt;script&gt;x&lt;/script&gt; dot"


def test_the_end_says_who_answered_and_what_to_ask_next():
    """A quote says so; a model's answer says what is left."""
    quoted = shown(Delta("Yes."), Done(Usage(), ("And then?",)))
    assert "- And then?" in quoted
    assert quoted.endswith("*Quoted from the course (no AI model is configured)*")
    model = shown(Delta("Yes."), Done(Usage("model", "sea", 13, 20)))
    assert model.endswith("passages it cites 13 of 20 model calls left.*")


def test_a_refusal_and_an_error_are_sentences():
    """With what can be asked instead, and when to come again."""
    refused = shown(Refused("off_topic", ("What is a pong?",)), Done())
    assert "outside this course" in refused
    assert "- What is a pong?" in refused
    assert shown(Error("throttled", "Wait a moment.", 3.2)).endswith(
        "**Wait a moment.** Try again in 3 s."
    )
