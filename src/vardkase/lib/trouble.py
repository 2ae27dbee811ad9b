"""What an operator can mend: a sentence that says what is wrong, and the command that mends it."""


class Trouble(Exception):
    """Stops a command or a start; never raised for what a reporter or an assessor does."""

    def __init__(self, sentence: str, *, fix: str) -> None:
        super().__init__(sentence)
        self.fix = fix


class WrongUse(Trouble):
    """The words of the command, or the file it was given, ask for what cannot be."""
