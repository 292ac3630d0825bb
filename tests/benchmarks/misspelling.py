"""What becomes of the words that a library lacks: mistyped ones, and those that are meant as they are.

    python -m tests.benchmarks.misspelling TRAIN.json.gz [--questions 500]

The articles are libraries of about 5,000 sentences each, of which the other half is left out. Questions about what is
there are asked with one typing error each, those about the rest as they stand. The speller that is judged was fitted on
the groups of the other parity; beside it stands a corrector without one. Needs SciPy.
"""

from collections import Counter
from pathlib import Path

import click

from bot.answering.correction import NO_SPELLERS, Corrector
from bot.answering.speller import Speller
from bot.answering.vectors import WordVectors
from bot.evaluation.fitting.halves import VECTORS, shipped_folder
from bot.evaluation.fitting.libraries import ABSTAINING_CUTS, cut_library, split_articles
from bot.evaluation.fitting.samples import drawn
from bot.evaluation.fitting.spelling import fit_speller
from bot.evaluation.fitting.workshop import LANGUAGE, SEED, Workshop, workshop_for
from bot.evaluation.noise import Noise
from bot.evaluation.questions import AskedArticle, load_articles
from bot.settings import load_settings
from bot.wordlists import WordLists

RIGHT, LEFT, WRONG, AS_IS, BENT = "mended", "left as typed", "taken for another", "left as they are", "bent"


def outcomes(workshop: Workshop, group: list[AskedArticle], speller: Speller | None, questions: int) -> Counter[str]:
    """What became of each question's words."""
    asker = workshop.asker(None)
    collection = cut_library(group, ABSTAINING_CUTS[0], asker.analyzer, every=2)
    engine = collection.engine(workshop.settings)
    spellers = NO_SPELLERS if speller is None else {LANGUAGE: speller}
    corrector = Corrector(engine, workshop.analyzers, asker.common, asker.reader, spellers)
    noise = Noise((each.query.text for each in collection.posed), asker.analyzer)
    found: Counter[str] = Counter()
    for posed in drawn(collection.posed, questions, seed=SEED):
        own = asker.read(posed.query.text)
        if posed.gold:
            copy = asker.read(noise.copy(posed.query.text))
            missing, typed = set(own.terms) - set(copy.terms), set(copy.terms) - set(own.terms)
            if len(missing) == 1 and engine.held(missing) and not engine.held(typed):
                terms = set(corrector.correct(copy).query.terms)
                found[RIGHT if missing <= terms else LEFT if typed <= terms else WRONG] += 1
        else:
            lacking = set(own.terms) - engine.held(own.terms)
            bent = lacking - set(corrector.correct(own).query.terms)
            found += Counter({BENT: len(bent), AS_IS: len(lacking) - len(bent)})
    return found


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--questions", default=500, show_default=True, help="Of each group.")
def main(file: Path, questions: int) -> None:
    """Print the shares."""
    settings = load_settings(environment={}).values.search
    workshop = workshop_for(file, settings=settings, lists=WordLists(), tell=lambda line: click.echo(line, err=True))
    groups = split_articles(load_articles(file), seed=SEED)
    vectors = WordVectors.load(shipped_folder() / VECTORS)
    halves = [Speller(vectors, fit_speller(workshop, groups[parity::2], vectors)) for parity in (0, 1)]
    totals: dict[str, Counter[str]] = {"without a speller": Counter(), "with one": Counter()}
    for number, group in enumerate(groups):
        totals["without a speller"] += outcomes(workshop, group, None, questions)
        totals["with one"] += outcomes(workshop, group, halves[1 - number % 2], questions)
    for name, found in totals.items():
        typed, meant = found[RIGHT] + found[LEFT] + found[WRONG], found[AS_IS] + found[BENT]
        shares = ", ".join(f"{kind} {found[kind] / typed:.3f}" for kind in (RIGHT, LEFT, WRONG))
        click.echo(f"{name}: of {typed} mistyped words {shares}; of {meant} others {BENT} {found[BENT] / meant:.3f}")


if __name__ == "__main__":
    main()
