"""A conversation: the last turns of one asker, which the next question may lean on."""

import msgspec

MOST_TURNS = 8
"""Turns that are remembered; of CANARD's questions nine in ten lean on nothing older."""
LONGEST_TEXT = 1000
"""Characters of each text of a turn that are remembered."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was answered, with what it took over (`question`), and what was said first.

    `asked` is the question without what it took over; "" in a turn that was stored before this was kept. `quote` is
    the first quote, `answer` the words marked in it, `title` and `article` the title and the id of its article; all
    are "" after a reply without a quote. `at` is when, in seconds since 1970.
    """

    question: str
    asked: str = ""
    quote: str = ""
    answer: str = ""
    title: str = ""
    article: str = ""
    at: float


class Conversation(msgspec.Struct, frozen=True):
    """The turns of one asker, oldest first; a value that is stored and sent as JSON by msgspec."""

    turns: tuple[Turn, ...] = ()

    def after(self, turn: Turn) -> "Conversation":
        """The conversation with one more turn; the oldest one leaves when there are too many."""
        short = msgspec.structs.replace(
            turn,
            question=turn.question[:LONGEST_TEXT],
            asked=turn.asked[:LONGEST_TEXT],
            quote=turn.quote[:LONGEST_TEXT],
            answer=turn.answer[:LONGEST_TEXT],
            title=turn.title[:LONGEST_TEXT],
        )
        return Conversation((*self.turns, short)[-MOST_TURNS:])

    def at(self, now: float, *, expires_minutes: float) -> "Conversation":
        """What is left of the conversation at a moment (seconds since 1970): all of it, or nothing when the last turn
        is older than `expires_minutes`."""
        if self.turns and now - self.turns[-1].at > expires_minutes * 60:
            return Conversation()
        return self
