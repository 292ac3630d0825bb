"""The workshop: what every step of the fitting of a ranking needs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot import __version__
from bot.answering.commonwords import CommonWords
from bot.answering.correction import NO_SPELLERS
from bot.answering.question import QuestionReader
from bot.answering.ranking import ANY_LANGUAGE, Model, Ranker
from bot.answering.speller import Speller, load_spellers
from bot.answering.tables import Tables
from bot.evaluation.fitting.confidence import NOTHING
from bot.evaluation.fitting.samples import Asker
from bot.retrieval.analysis import Analyzers
from bot.settings import SearchSettings
from bot.wordlists import WordLists

LANGUAGE = "en"
SEED = 5

Tell = Callable[[str], None]


class Workshop(NamedTuple):
    """What every step of the fitting needs."""

    lists: WordLists
    analyzers: Analyzers
    settings: SearchSettings
    provenance: tuple[str, ...]  # comment lines for every file
    tell: Tell
    spellers: Mapping[str, Speller] = NO_SPELLERS

    def asker(self, tables: Tables | None, *, model: Model | None = None) -> Asker:
        """Views with these tables; with a `model`, rankings by its weights."""
        reader = QuestionReader(self.lists, longest=10**6)
        empty = Model({}, NOTHING)
        models = {ANY_LANGUAGE: empty, LANGUAGE: (model or empty)._replace(tables=tables)}
        return Asker(
            ranker=Ranker(models, self.analyzers),
            reader=reader,
            analyzers=self.analyzers,
            analyzer=self.analyzers.of(LANGUAGE),
            common=CommonWords(self.lists),
            settings=self.settings,
            spellers=self.spellers,
        )


def workshop_for(file: Path, *, settings: SearchSettings, lists: WordLists, tell: Tell) -> Workshop:
    """What the steps need to fit on a question file."""
    return Workshop(lists, Analyzers(lists), settings, _provenance(file), tell, load_spellers())


def _provenance(file: Path) -> tuple[str, ...]:
    return (
        f"Fitted by `verbatim fit {file.name}` of version {__version__} on {datetime.now(UTC).date().isoformat()}.",
        "Data: SQuAD 1.1, training set (questions over English Wikipedia), CC BY-SA 4.0.",
        "Whole numbers are thousandths.",
    )
