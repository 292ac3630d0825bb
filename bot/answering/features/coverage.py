"""Coverage features: how much of the question the sentence and what stands around it hold.

Each term counts by its share of the question's rarity (idf), so that coverage is 1 when all is held.
"""

import numpy as np

from bot.answering.features.view import Flags, Floats, View

TITLE, BEFORE, AFTER, PASSAGE = 0.7, 0.5, 0.4, 0.3
"""What a term counts that stands not in the sentence but in its title, the sentences beside it, its passage."""

RESOLVED_TITLE, RESOLVED_BEFORE = 0.9, 0.8
"""The same where the sentence opens with a pronoun."""

OPENING = 2  # tokens among which a pronoun opens a sentence
PRONOUNS = frozenset(
    ["he", "she", "it", "they", "his", "her", "its", "their", "him", "them", "this", "these", "that", "those", "such"]
)


def terms_share(view: View) -> Floats:
    """The share of the question's terms that the sentence holds, all alike."""
    return np.asarray(view.own @ view.terms.even, dtype=np.float64)


def sentence_share(view: View) -> Floats:
    """The share of the question that the sentence holds."""
    return np.asarray(view.own @ view.terms.weight, dtype=np.float64)


def passage_share(view: View) -> Floats:
    """The share that the passage holds."""
    return view.passage @ view.terms.weight


def title_share(view: View) -> Floats:
    """The share that the title and the headings hold."""
    return view.theme @ view.terms.weight


def theme_share(view: View) -> Floats:
    """The share that the passage, the title or a heading holds."""
    return np.maximum(view.passage, view.theme) @ view.terms.weight


def names_share(view: View) -> Floats:
    """Of the question's capitalised terms, the share that the passage or the title holds; 1 when it has none."""
    return _share_of(view.terms.is_name, np.maximum(view.passage, view.theme))


def sentence_names_share(view: View) -> Floats:
    """Of the question's capitalised terms, the share that the sentence holds; 1 when it has none."""
    return _share_of(view.terms.is_name, view.own)


def numbers_share(view: View) -> Floats:
    """Of the question's numbers, the share that the sentence holds; 1 when it has none."""
    return _share_of(view.terms.is_number, view.own)


def soft_share(view: View) -> Floats:
    """The share held, where the title, the neighbours and the passage count in part."""
    return softly_held(view) @ view.terms.weight


def pronoun_share(view: View) -> Floats:
    """The same, where a sentence that opens with a pronoun is about what stands in the title and before it."""
    held = np.where(opens_with_pronoun(view)[:, None], resolved(view), softly_held(view))
    return np.asarray(held @ view.terms.weight, dtype=np.float64)


def discrimination(view: View) -> Floats:
    """The share held, terms counting by how few of the passage's own sentences hold them."""
    holding = view.per_passage((view.sentence_tf[:-1] > 0).astype(np.float64))
    sentences = (view.passage_ends - view.passage_starts)[:, None]
    rarity = (np.log((sentences + 1) / (holding + 0.5)) * (holding > 0))[view.rows.passage]
    total = rarity @ view.terms.weight
    return np.asarray(((rarity * view.own) @ view.terms.weight) / np.where(total > 0, total, 1.0))


def sentence_or_theme_share(view: View) -> Floats:
    """The share that the sentence, its title or a heading holds."""
    return np.asarray(np.maximum(view.own, view.theme) @ view.terms.weight, dtype=np.float64)


def sentence_theme_or_before_share(view: View) -> Floats:
    """The share that the sentence, its title, a heading or the sentence before holds."""
    held = np.maximum(np.maximum(view.own, view.theme), view.before)
    return np.asarray(held @ view.terms.weight, dtype=np.float64)


def rare_share(view: View) -> Floats:
    """The share softly held, the rarest terms counting most: by the square of their rarity."""
    squared = view.terms.idf**2
    return np.asarray(softly_held(view) @ (squared / squared.sum()), dtype=np.float64)


def article_share(view: View) -> Floats:
    """The share that the article's passages at hand or its title hold together."""
    article = view.rows.article
    held = np.minimum((article == article[:, None]).astype(np.float64) @ view.passage, 1.0)
    return np.asarray(np.maximum(held, view.theme) @ view.terms.weight, dtype=np.float64)


def softly_held(view: View) -> Floats:
    """[candidates, terms] 1 where the sentence holds a term, less where what stands around it does."""
    return view.remembered("softly held", lambda: _softly_held(view))


def resolved(view: View) -> Floats:
    """[candidates, terms] as softly held, with the title and the sentence before counting nearly in full."""
    around = np.maximum(RESOLVED_TITLE * view.theme, RESOLVED_BEFORE * view.before)
    return np.asarray(np.maximum(softly_held(view), around), dtype=np.float64)


def opens_with_pronoun(view: View) -> Flags:
    """[candidates] whether one of the sentence's first two tokens is a pronoun (English)."""
    openings = [sentence.terms.split(" ", OPENING)[:OPENING] for sentence in view.own_sentences]
    return np.array([not PRONOUNS.isdisjoint(words) for words in openings])


def _softly_held(view: View) -> Floats:
    held: Floats = np.maximum(view.own, TITLE * view.theme)
    for part in (BEFORE * view.before, AFTER * view.after, PASSAGE * view.passage):
        np.maximum(held, part, out=held)
    return held


def _share_of(chosen: Flags, held: Floats) -> Floats:
    if not chosen.any():
        return np.ones(len(held))
    return np.asarray(held @ (chosen / chosen.sum()), dtype=np.float64)
