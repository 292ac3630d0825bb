"""Terms of all scripts, bigrams among them, are found as they are by the memory engine."""

from contextlib import closing
from pathlib import Path

import pytest

from bot.articles.article import Article
from bot.articles.library import open_library
from bot.retrieval.analysis import Analyzers
from bot.retrieval.memory import MemoryEngine
from bot.retrieval.preparation import ArticlePreparation
from bot.wordlists import WordLists
from tests.retrieval.conformance.engines import SEARCH, Maker

TEXTS = {
    "ja": ("猫は庭で寝る。犬は川まで走る。東京は日本の首都である。", "日本の首都はどこですか"),
    "zh": ("北京是中国的首都。上海是一个大城市。猫在花园里睡觉。", "中国的首都"),
    "th": ("กรุงเทพเป็นเมืองหลวงของไทย แมวนอนในสวน", "เมืองหลวงของไทย"),
    "ru": ("Кошка спала в саду. Министерство обороны сообщило о 1 600 солдатах.", "министерства обороны солдат"),
    "ar": ("القاهرة عاصمة مصر. نام القط في الحديقة.", "ما هي عاصمة مصر"),
    "tr": ("İstanbul'da ısı düştü. Türkiye'nin başkanı konuştu.", "İSTANBUL ısı"),
    "de": ("Die Straße war nass. Düsseldorfer Häuser kosten 1.600 Euro.", "Strasse Haus"),
    "en": (
        "The Army's F-16s landed. Wi-Fi is here.\u00a0A non-breaking\u2009blank.",
        "army F-16 non-breaking",
    ),
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_scripts_terms_are_found(make: Maker, tmp_path: Path, language: str) -> None:
    lists = WordLists()
    analyzers = Analyzers(lists)
    preparation = ArticlePreparation(lists, analyzers, passage_sentences=2)
    with open_library(tmp_path, preparation) as library:
        for code, (text, _) in TEXTS.items():
            library.put(Article(text=text, source=code, language=code))
        expected = MemoryEngine(library, SEARCH)
        expected.refresh()
        with closing(make(library, tmp_path)) as engine:
            engine.catch_up()
            terms = analyzers.of(language).terms(TEXTS[language][1])
            hits = engine.search(terms, limit=100)
            assert hits
            assert hits == expected.search(terms, limit=100)
            every = expected.starting([""])
            assert engine.held(every) == set(every)
            assert engine.count(every) == expected.count(every)
            for term in every:
                assert engine.search([term], limit=100) == expected.search([term], limit=100)
