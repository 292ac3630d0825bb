"""Analysis beyond English: inflection, accents, alphabets, scripts without blanks."""

import unicodedata
from collections import Counter

import pytest

from bot.resources import config_folder
from bot.retrieval.analysis import Analyzers, Shape
from bot.retrieval.stemming import PREFIX_LANGUAGES, SNOWBALL
from bot.retrieval.ukrainian import stem
from bot.wordlists import WordLists

ANALYZERS = Analyzers(WordLists())


def terms(text: str, language: str) -> list[str]:
    return ANALYZERS.of(language).terms(text)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("es", "¿Cuántas organizaciones llegó el Perú?", "cuantas organizacion llego Peru"),
        ("fr", "L’armée d’Ukraine a reçu 1 600 obus", "armee ukraine recu 1600 obus"),
        ("de", "Düsseldorfer Straße, 1.600 Häuser", "dusseldorfer strasse 1600 hauser"),
        ("de", "Müller", "Mueller"),
        ("da", "Ålborg", "Aalborg"),
        ("ru", "Зелёная ёлка, 1 600 солдат", "зеленая елка 1600 солдат"),
        ("ru", "министерства обороны", "министерство оборона"),
        ("uk", "п’ятий президент України", "п'ятого президента Україну"),
        ("uk", "Ґонґадзе", "Гонгадзе"),
        ("uk", "у Києві та Харкові", "Київ Харків"),
        ("el", "της ΕΛΛΆΔΑΣ ο πρωθυπουργός", "Ελλάδας πρωθυπουργοσ"),
        ("tr", "İSTANBUL'da ısı", "istanbul ISI"),
        ("tr", "Türkiye’nin başkanı", "turkiye baskan"),
        ("pl", "Łódź i Gdańsku", "lodz gdansk"),
        ("vi", "Hà Nội là", "ha noi"),
        ("hi", "हिन्दी ज़मीन में", "हिंदी जमीन"),
        ("ar", "مُحَمَّد", "محمد"),
        ("he", "שָׁלוֹם", "שלום"),
        ("zh", "２０２３年", "2023年"),
        ("ar", "١٦٠٠ جندي", "1600 جندي"),
        ("ro", "București și Iaşi", "bucuresti iași"),
        ("sv", "Göteborgs", "goteborg"),
    ],
)
def test_what_is_typed_in_another_way_or_form_is_found(language: str, one: str, other: str) -> None:
    assert terms(one, language) == terms(other, language)
    assert terms(one, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "мой", "мои"),  # й is a letter of its own
        ("uk", "Зеленський", "зелений"),
        ("ru", "1 600", "1 500"),
        ("vi", "má", "mô"),
    ],
)
def test_what_differs_by_more_stays_apart(language: str, one: str, other: str) -> None:
    def every_term(text: str) -> list[str]:
        return [token.term for token in ANALYZERS.of(language).tokens(text)]

    assert every_term(one) != every_term(other)


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("zh", "乌克兰总统泽连斯基在巴赫穆特。", "泽连斯基在哪里？"),
        ("ja", "ゼレンスキー大統領はバフムトで語った。", "大統領は誰ですか"),
        ("ko", "젤렌스키 대통령은 말했다.", "대통령이 누구인가?"),
        ("th", "ประธานาธิบดีเซเลนสกีกล่าว", "ประธานาธิบดีคือใคร"),
    ],
)
def test_scripts_without_blanks_match_by_pairs_of_characters(language: str, text: str, question: str) -> None:
    analyzer = ANALYZERS.of(language)
    assert len(set(analyzer.terms(text)) & set(analyzer.terms(question))) >= 2
    for token in analyzer.tokens(text):
        assert unicodedata.normalize("NFKC", text[token.start : token.end]) == token.term


def test_digits_beside_characters_without_blanks_are_a_number() -> None:
    tokens = ANALYZERS.of("zh").tokens("死亡1,600人")
    assert [(token.term, token.shape) for token in tokens][1] == ("1600", Shape.NUMBER)


def test_a_vietnamese_word_without_its_accents_is_no_stop_word() -> None:
    shapes = {token.term: token.shape for token in ANALYZERS.of("vi").tokens("Hà Nội là thủ đô")}
    assert shapes["noi"] is not Shape.STOP
    assert shapes["la"] is Shape.STOP


PARADIGMS = """
уряд уряду уряди урядом урядів урядам урядами урядах
ракета ракети ракету ракетою ракеті ракет ракетами
знищив знищила знищили знищити знищує знищують
закон закону законом закони законів законами
допомога допомоги допомогу допомогою
незалежність незалежності незалежністю
великий великого великому великим велика великої велику великою великі великих
військовий військового військовим військові військових
кордон кордону кордони кордоном кордонів
вибори виборів виборам виборами виборах
говорити говорить говорив говорила говорили говорять
Залужний Залужного Залужному Залужним
Шевченко Шевченка Шевченку Шевченком
Одеса Одеси Одесу Одесою Одесі
київ києва києву києвом києві
повідомлення повідомленням повідомлень
"""


@pytest.mark.parametrize("paradigm", [line.lower().split() for line in PARADIGMS.strip().splitlines()])
def test_the_forms_of_a_ukrainian_word_have_one_stem(paradigm: list[str]) -> None:
    assert Counter(map(stem, paradigm)).most_common(1)[0][1] == len(paradigm)


def test_different_ukrainian_words_keep_different_stems() -> None:
    words = "мова мост місце метал метод мер море народ війна президент презентація партія партнер країна край"
    words += " кораблі король контракт рада радар рік річка сила сесія північ південь схід захід закон область облога"
    assert len({stem(word) for word in words.split()}) == len(words.split())


def test_stop_words_are_shipped_for_every_language_we_stem_and_hold_its_question_words() -> None:
    shipped = {path.stem for path in (config_folder() / "stopwords").glob("*.txt")}
    assert set(SNOWBALL) | {"uk", "el", "tr", "pl", "cs", "vi", "hi", "bg", "be", "sk", "ca"} <= shipped
    assert shipped - set(SNOWBALL) - {"fa", "he", "hi", "uk", "vi"} <= PREFIX_LANGUAGES
    question_words = {
        "ar": "متى", "be": "дзе", "bg": "къде", "ca": "quan", "cs": "kde", "da": "hvor", "de": "wann", "el": "πότε",
        "en": "who", "es": "quién", "fa": "کجا",
        "fi": "missä", "fr": "où", "he": "מתי", "hi": "कब", "hu": "mikor", "it": "quando", "nl": "waar",
        "no": "hvor", "pl": "gdzie", "pt": "quando", "ro": "unde", "ru": "когда", "sk": "kde", "sv": "var",
        "tr": "nerede", "uk": "коли", "vi": "nào",
    }  # fmt: skip
    for code in shipped:
        assert ANALYZERS.of(code).is_stop(question_words[code]), code


@pytest.mark.parametrize("language", ["en", "fr", "ru", "uk", "tr"])
@pytest.mark.parametrize("piece", ["a'", "1,111,", "1 111 ", "a.", "a\u0301", "漢", "a漢", "\u200b", "a", "1"])
def test_a_hostile_line_is_analysed_in_one_go_to_short_terms(language: str, piece: str) -> None:
    tokens = ANALYZERS.of(language).tokens(piece * 5000 + "x")
    assert all(len(token.term) <= 128 for token in tokens)
