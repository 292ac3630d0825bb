import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.folding import OVERLAP, Company, fold, say_the_same, statement
from bot.answering.query import Candidate, Features, Pool
from bot.articles.article import Kind, Sentence, StoredPassage
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Hit
from bot.wordlists import WordLists

NO_FEATURES = Features((), np.zeros((0, 0)))
ENGLISH = Analyzers(WordLists()).of("en")


def sentence(text: str) -> Sentence:
    tokens = ENGLISH.tokens(text)
    return Sentence(
        0, len(text), Kind.PROSE, " ".join(token.term for token in tokens), "".join(token.shape for token in tokens)
    )


@given(st.lists(st.lists(st.integers(0, 12), max_size=8), min_size=2, max_size=5))
def test_all_that_share_enough_terms_are_near(sentences: list[list[int]]) -> None:
    read = [sentence(" ".join(f"word{number}" for number in numbers)) for numbers in sentences]
    company, said = Company(read), [statement(one).terms for one in read]
    for place, terms in enumerate(said):
        enough = [
            other for other, own in enumerate(said) if 2 * len(terms & own) >= OVERLAP * (len(terms) + len(own)) > 0
        ]
        assert set(enough) <= set(company.near(place))


def test_a_sentence_without_shared_terms_is_not_near() -> None:
    company = Company([sentence("The old harbour froze last winter."), sentence("Ada sells bread."), sentence("")])
    assert company.near(0) == [0]
    assert company.near(2) == []


def same(one: str, other: str, ordinary: str = "") -> bool:
    statements = [
        statement(sentence(text), opens_with_name=not Company([sentence(text), sentence(ordinary)]).opens_ordinarily(0))
        for text in (one, other)
    ]
    found = say_the_same(*statements)
    assert found == say_the_same(*reversed(statements))
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The military command reported on Tuesday that 1,600 Russians had been killed in the past 24 hours.",
            "The military command on Tuesday reported a record 1600 Russians killed in the previous 24 hours.",
        ),
        (
            "“The command unanimously supported” the decision not to withdraw, Zelenskyy said.",
            '"The command unanimously supported" the decision not to withdraw, Zelenskiy said.',
        ),
        ("Urban warfare usually favors defenders.", "Urban warfare typically favours defenders."),
        ("The Kremlin has been silent on the feud.", "The Kremlin has remained silent over the feud."),
        (
            "A voice is heard saying “Die, honey” in Russian as the man falls to the ground.",
            'A voice is heard saying "die, b**ch" in Russian as the man slumps to the ground.',
        ),
        (
            "The man says “Glory to Ukraine” before several shots are fired.",
            'The man says "Glory to Ukraine" before multiple shots are heard.',
        ),
        (
            "On Russia’s side, the Bakhmut battle has exposed a rift between the regular military and Wagner, whose "
            "chief Yevgeny Prigozhin has released videos in recent days accusing the Defense Ministry of withholding "
            "ammunition from his men.",
            "The Bakhmut battle has exposed a rift between the regular Russian military and Wagner, whose boss Yevgeny "
            "Prigozhin has released videos in recent days accusing the defence ministry of withholding ammunition "
            "from his men.",
        ),
        (
            "But previous Ukrainian reports of similar spikes in Russian casualties have corresponded to major failed "
            "Russian assaults.",
            "But past Ukrainian reports of similar spikes in Russian losses have corresponded with major failed "
            "Russian assaults.",
        ),
    ],
)
def test_two_reports_of_the_same_fold(one: str, other: str) -> None:
    assert same(one, other, "urban warfare kremlin voice man side report")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The command on Tuesday reported 1,600 Russians killed in the previous 24 hours.",
            "The command on Tuesday reported 1,500 Russians killed in the previous 24 hours.",
        ),
        (
            "Officials have spoken of a ratio of seven Russians killed for every Ukrainian lost.",
            "Officials have spoken of a ratio of five Russians killed for every Ukrainian lost.",
        ),
        ("President Volodymyr Zelenskyy visited the front line on Monday.",
         "President Vladimir Putin visited the front line on Monday."),
        ("Russia denies committing war crimes in the invaded regions.",
         "Ukraine denies committing war crimes in the invaded regions."),
        ("The ministry confirmed that the troops withdrew from the city.",
         "The ministry did not confirm that the troops withdrew from the city."),
        ("Estonia exports machinery, wood, textiles and food products.",
         "Estonia imports machinery, wood, textiles and food products."),
        ("For every 100 females there were 96.2 males.", "For every 100 females there were 96.1 males."),
        ("The Kremlin has been silent on the feud.", "Reuters could not verify the situation there."),
        ("The reactor was shut down in spring.", "The reactor was started up in spring."),
    ],
)  # fmt: skip
def test_a_different_number_name_or_claim_keeps_sentences_apart(one: str, other: str) -> None:
    assert not same(one, other)


def pool_of(texts: list[str]) -> tuple[Pool, list[Candidate]]:
    passages = {
        number: StoredPassage(number, number, 0, len(text), (sentence(text),)) for number, text in enumerate(texts)
    }
    hits = tuple(Hit(number, 0, 1.0) for number in passages)
    candidates = [
        Candidate(hit=hit, score=-float(hit.passage), confidence=0.5, table=NO_FEATURES, place=n)
        for n, hit in enumerate(hits)
    ]
    return Pool(hits=hits, passages=passages, articles={}), candidates


def test_twins_join_the_best_ranked_and_others_fill_the_top() -> None:
    pool, candidates = pool_of(
        [
            "Urban warfare usually favors defenders.",
            "Reuters could not verify the situation in Bakhmut.",
            "Urban warfare typically favours defenders.",
            "The city is an important hub for troops.",
            "Reuters journalists could not verify the situation in Bakhmut.",
        ]
    )
    groups = fold(pool, candidates, top=2)
    assert [(group.lead.hit.passage, [twin.hit.passage for twin in group.twins]) for group in groups] == [
        (0, [2]),
        (1, [4]),
    ]


def test_no_candidates_give_no_groups() -> None:
    pool, candidates = pool_of([])
    assert fold(pool, candidates, top=3) == []


@given(st.lists(st.sampled_from(["The cat sat on 5 mats.", "The cat sat on 6 mats.", "A dog ran.", "Dogs ran.", "?"])),
       st.integers(1, 5))  # fmt: skip
def test_groups_keep_the_ranking_and_hold_nothing_twice(texts: list[str], top: int) -> None:
    pool, candidates = pool_of(texts)
    groups = fold(pool, candidates, top=top)
    assert len(groups) <= top
    leads = [group.lead.hit.passage for group in groups]
    assert leads == sorted(leads)
    everything = [member.hit.passage for group in groups for member in (group.lead, *group.twins)]
    assert len(everything) == len(set(everything))
    if texts:
        assert leads[0] == 0
