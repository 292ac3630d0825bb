"""Problems: errors on their way from one process to another, which arrive as themselves."""

from bot import errors
from bot.errors import QuestionError, VerbatimError
from bot.telegram.crew.frames import Problem
from bot.telegram.failure import ElsewhereError, kind_of, place_of

TREE = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, VerbatimError)}
"""The errors that users are told of, by name."""


def problem_of(error: Exception) -> Problem:
    """The error as a message; what it says goes along where users may read it."""
    known = next((kind for kind in type(error).__mro__ if TREE.get(kind.__name__) is kind), None)
    kind, place = kind_of(error), place_of(error)
    if known is None:
        return Problem(kind=kind, place=place)
    if isinstance(error, QuestionError):
        return Problem(
            kind=kind, place=place, name=known.__name__, message=str(error), key=error.key, values=error.values
        )
    return Problem(kind=kind, place=place, name=known.__name__, message=str(error))


def error_of(problem: Problem) -> Exception:
    """The error that a message was made of: the one of bot.errors, caused elsewhere, or an ElsewhereError for any that
    is not of its tree."""
    elsewhere = ElsewhereError(problem.kind, problem.place)
    known = TREE.get(problem.name)
    if known is None:
        return elsewhere
    if known is QuestionError:
        error: VerbatimError = QuestionError(problem.message, problem.key, **problem.values)
    else:
        error = known(problem.message)
    error.__cause__ = elsewhere
    return error
