"""A problem that a person can mend: one sentence in English and in Chinese, and what to do."""


class Problem(Exception):
    """Something stands in the way, and the person at the terminal can be told what to do about it.

    Both sentences say what is wrong and how to mend it; the command line prints them and exits non-zero.
    """

    def __init__(self, sentence: str, chinese: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.chinese = chinese

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.chinese}" if self.chinese else self.sentence
