"""What a door says when it cannot do its work: one sentence, and an exit status."""


class Refusal(Exception):
    """A sentence for the person at the terminal; `status` is what the shell gets."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status
