"""Passages and sentences of whole texts."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Kind, Passage, Sentence
from bot.articles.sentences import LONGEST_PASSAGE, Splitter
from bot.resources import seeds_folder
from bot.wordlists import WordLists

SPLITTER = Splitter(WordLists(), passage_sentences=3)


def sentences_of(text: str, language: str = "en") -> list[Sentence]:
    return [sentence for passage in SPLITTER.split(text, language) for sentence in passage.sentences]


def prose(text: str, language: str = "en") -> list[str]:
    return [text[s.start : s.end] for s in sentences_of(text, language) if s.kind is Kind.PROSE]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind.value, text[s.start : s.end]) for s in sentences_of(text)]


def sizes(passages: tuple[Passage, ...]) -> list[int]:
    return [sum(s.kind is Kind.PROSE for s in passage.sentences) for passage in passages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Gen. Mark A. Milley of the U.S. Army arrived at 5 a.m. Monday. He left the U.S. The army stayed.",
            [
                "Gen. Mark A. Milley of the U.S. Army arrived at 5 a.m. Monday.",
                "He left the U.S.",
                "The army stayed.",
            ],
            id="titles, initials, dotted abbreviations",
        ),
        pytest.param(
            "See No. 5 and Fig. 3. It cost $3.5 million. He said no. Then he left.",
            ["See No. 5 and Fig. 3.", "It cost $3.5 million.", "He said no.", "Then he left."],
            id="numbers and decimals",
        ),
        pytest.param(
            "Visit www.example.com. Or write to a.b@c.org. See http://a.b/c.The or node.js. Good.",
            ["Visit www.example.com.", "Or write to a.b@c.org.", "See http://a.b/c.The or node.js.", "Good."],
            id="addresses",
        ),
        pytest.param(
            "Well... perhaps. Well... The end came. It ended… The rest is known. Yes!!! No?! OK.",
            [
                "Well... perhaps.",
                "Well...",
                "The end came.",
                "It ended…",
                "The rest is known.",
                "Yes!!!",
                "No?!",
                "OK.",
            ],
            id="ellipses and repeated marks",
        ),
        pytest.param(
            "It ended.[1] Others came.[citation needed] The war was lost.The peace was not.",
            ["It ended.[1]", "Others came.[citation needed]", "The war was lost.", "The peace was not."],
            id="notes, and a missing blank",
        ),
        pytest.param(
            "The population grew by c. 6% in c. 1400. J. A. Hobson and Russell L. “Rusty” Schweickart wrote.",
            ["The population grew by c. 6% in c. 1400.", "J. A. Hobson and Russell L. “Rusty” Schweickart wrote."],
            id="circa, initials, nicknames",
        ),
        pytest.param("i like it. it works. it is good", ["i like it.", "it works.", "it is good"], id="all lower case"),
        pytest.param("one word after another and never a stop", ["one word after another and never a stop"], id="none"),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert prose(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "“The command unanimously supported” the decision not to withdraw, he said. “There is no other way.”",
            ["“The command unanimously supported” the decision not to withdraw, he said.", "“There is no other way.”"],
            id="a quotation within a sentence",
        ),
        pytest.param(
            "“I want peace. I want to live under the sky,” she said. “It will get better. It will be so.”",
            ["“I want peace. I want to live under the sky,” she said.", "“It will get better.", "It will be so.”"],
            id="two sentences before their speaker",
        ),
        pytest.param(
            "\"Respond to his words: 'Glory. Glory to all.' And find them,\" he said. He left.",
            ["\"Respond to his words: 'Glory. Glory to all.' And find them,\" he said.", "He left."],
            id="quotations inside a quotation",
        ),
        pytest.param(
            '“Get out!” Zelenskyy said. “Really?” she asked. "Never!" The door closed.',
            ["“Get out!” Zelenskyy said.", "“Really?” she asked.", '"Never!"', "The door closed."],
            id="a speaker after an exclamation",
        ),
        pytest.param(
            "“Since it started, many left. Some stayed here, said resident Iryna Babkina, 46. It is late.",
            ["“Since it started, many left.", "Some stayed here, said resident Iryna Babkina, 46.", "It is late."],
            id="a quotation that never closes",
        ),
        pytest.param(
            "He wrote: “First. Second. Third.” The dogs' owner came. It's John's.",
            ["He wrote: “First. Second. Third.”", "The dogs' owner came.", "It's John's."],
            id="an introduction, and apostrophes",
        ),
        pytest.param(
            "Zelenskyy said: “We will win.” He added: “Soon.” He left. “...and we won,” he said.",
            ["Zelenskyy said: “We will win.”", "He added: “Soon.”", "He left.", "“...and we won,” he said."],
            id="one quotation after another",
        ),
        pytest.param(
            "He (who was tired. Really.) slept. (It was late. Very late.)",
            ["He (who was tired. Really.) slept.", "(It was late.", "Very late.)"],
            id="brackets",
        ),
    ],
)
def test_a_quotation_keeps_its_speaker(text: str, expected: list[str]) -> None:
    assert prose(text) == expected


def test_a_long_quotation_is_cut_and_its_last_piece_keeps_the_speaker() -> None:
    piece = "We have seen many things in this long and bitter winter that nobody should see. "
    text = "“" + piece * 5 + "We will not forget,” she said."
    found = prose(text)
    assert len(found) == 6
    assert found[-1] == "We will not forget,” she said."


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "ru",
            "В г. Бахмут погибли 1,6 тыс. человек. «Хочу мира. Хочу жить», — сказала она. «Победим!» — заявил он. Всё.",
            [
                "В г. Бахмут погибли 1,6 тыс. человек.",
                "«Хочу мира. Хочу жить», — сказала она.",
                "«Победим!» — заявил он.",
                "Всё.",
            ],
        ),
        (
            "uk",
            "У м. Бахмут загинуло 1,6 тис. осіб. «Хочу миру. Хочу жити», – сказала вона. Так.",
            ["У м. Бахмут загинуло 1,6 тис. осіб.", "«Хочу миру. Хочу жити», – сказала вона.", "Так."],
        ),
        (
            "de",
            "Am 3. März kam Dr. Müller z. B. nach Köln. Im 19. Jahrhundert war es so. Das war 2022. Die Stadt fiel.",
            [
                "Am 3. März kam Dr. Müller z. B. nach Köln.",
                "Im 19. Jahrhundert war es so.",
                "Das war 2022.",
                "Die Stadt fiel.",
            ],
        ),
        (
            "fr",
            "Il a dit : « C'est clair. Oui. » Mme Dupont vit à Paris. « Non ! » a-t-elle crié. L'art. 5 suffit.",
            [
                "Il a dit : « C'est clair. Oui. »",
                "Mme Dupont vit à Paris.",
                "« Non ! » a-t-elle crié.",
                "L'art. 5 suffit.",
            ],
        ),
        ("es", "¿Qué pasó? El Sr. López llegó. ¡Bien!", ["¿Qué pasó?", "El Sr. López llegó.", "¡Bien!"]),
        (
            "zh",
            "他说：“我们会赢。真的。”然后走了。你好吗？很好！",
            ["他说：“我们会赢。真的。”然后走了。", "你好吗？", "很好！"],
        ),
        ("ja", "「本当ですか。」と彼は言った。東京は大きい。", ["「本当ですか。」と彼は言った。", "東京は大きい。"]),
        ("hi", "यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
        ("ar", "المدينة صامدة. هل ستسقط؟ لا.", ["المدينة صامدة.", "هل ستسقط؟", "لا."]),
        ("th", "สวัสดีครับ วันนี้อากาศดี", ["สวัสดีครับ วันนี้อากาศดี"]),
    ],
)
def test_other_languages_have_their_own_marks_and_abbreviations(language: str, text: str, expected: list[str]) -> None:
    assert prose(text, language) == expected


def test_list_items_and_lines_are_sentences_of_their_own() -> None:
    text = "Shopping list:\n- eggs\n• milk. Fresh.\n1. Open the door.\n2. Go in."
    assert prose(text) == ["Shopping list:", "eggs", "milk.", "Fresh.", "1. Open the door.", "2. Go in."]


def test_notes_without_full_stops_stay_one_a_line() -> None:
    text = "the wifi password is hunter2\r\nthe office closes at 6 pm\r\nthe code is 1234"
    assert prose(text) == ["the wifi password is hunter2", "the office closes at 6 pm", "the code is 1234"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "This is a wrapped text that goes\non over several lines. The second\nsentence follows here.\n\nAnother one."
    assert prose(text) == [
        "This is a wrapped text that goes\non over several lines.",
        "The second\nsentence follows here.",
        "Another one.",
    ]


def test_a_text_without_marks_is_cut_at_blanks_to_a_bearable_length() -> None:
    found = prose("word " * 1000)
    assert max(map(len, found)) <= 1000
    assert " ".join(found) == " ".join(["word"] * 1000)


def test_nothing_in_an_empty_text() -> None:
    assert SPLITTER.split("") == SPLITTER.split(" \r\n\t ") == ()


def test_short_paragraphs_join_until_they_are_a_passage() -> None:
    text = "\n\n".join(["Man bites dog.", "Dog bites back.", "Police arrive.", "One. Two. Three of them.", "It ends."])
    assert sizes(SPLITTER.split(text, "en")) == [3, 4]


def test_a_passage_never_crosses_a_heading() -> None:
    text = "# One\n\nA first sentence.\n\n# Two\n\nA second sentence.\n\nA third sentence."
    passages = SPLITTER.split(text, "en")
    assert [text[p.start : p.end].splitlines()[0] for p in passages] == ["# One", "# Two"]
    assert sizes(passages) == [1, 2]


def test_a_very_long_paragraph_is_several_passages() -> None:
    passages = SPLITTER.split("This is said again. " * 1000, "en")
    assert max(sizes(passages)) <= LONGEST_PASSAGE
    assert sum(sizes(passages)) == 1000


def test_the_seeds_lose_no_sentence_and_keep_no_furniture() -> None:
    expected = {"000_666e057f571c62ec.txt": (14, 0, 44), "001_dc13461af3aa236c.txt": (2, 1, 27)}
    for name, (boilerplate, headings, sentences) in expected.items():
        text = (seeds_folder() / name).read_text(encoding="utf-8")
        found = [kind for kind, _ in kinds(text)]
        assert (found.count("boilerplate"), found.count("heading"), found.count("prose")) == (
            boilerplate, headings, sentences,
        )  # fmt: skip
        for kind, line in kinds(text):
            assert (kind == "prose") == line.rstrip("”\"'").endswith((".", "?", "!")), line


def test_furniture_between_wrapped_lines_is_told_and_loses_nothing() -> None:
    text = (
        "Moscow has sent thousands of soldiers in human wave attacks in recent\nweeks to take the city. He went\nhome. "
        "Ukrainian forces have dug trenches further west of the river.\nThe story continues below the ad\n"
        "In recent days they had appeared to be preparing to withdraw from it.\nRead more:\n"
        "Whole front could collapse\n"
        "But Zelenskyy said that Kiev had chosen not only to stay and fight on\nbut to reinforce the city."
    )
    assert [line for kind, line in kinds(text) if kind == "boilerplate"] == [
        "The story continues below the ad",
        "Read more:",
        "Whole front could collapse",
    ]
    assert prose(text)[1:3] == ["He went\nhome.", "Ukrainian forces have dug trenches further west of the river."]
    assert prose(text)[-1].endswith("stay and fight on\nbut to reinforce the city.")


def test_a_call_to_subscribe_inside_a_paragraph_is_boilerplate() -> None:
    text = "The city holds out. Sign up for our newsletter to get more. “Follow us!” he cried. Follow us! It is late."
    assert kinds(text)[1] == ("boilerplate", "Sign up for our newsletter to get more.")
    assert prose(text) == ["The city holds out.", "“Follow us!” he cried.", "Follow us!", "It is late."]


def test_the_version_changes_with_the_lists_and_the_settings(tmp_path: Path) -> None:
    (tmp_path / "punkt" / "ru").mkdir(parents=True)
    (tmp_path / "punkt" / "ru" / "abbreviations.txt").write_text("xyz\n", encoding="utf-8")
    plain = SPLITTER.version
    assert Splitter(WordLists(), passage_sentences=3).version == plain
    assert Splitter(WordLists(), passage_sentences=4).version != plain
    assert Splitter(WordLists(tmp_path), passage_sentences=3).version != plain


PIECES = st.sampled_from(
    [
        "Word", "word", "Gen", "U.S.", "a.m.", "5", "3.14", ".", "!", "?", "...", "…", "“", "”", '"', "'", "’", "‘",
        "(", ")", "[1]", ",", " said", " ", " ", "\n", "\r\n", "\n\n", "- ", "• ", "# ", "1. ", "Read more:", "é",
        "\u0301", "\u00a0", "\u200f", "\u00ad", "ﬁ", "。", "！", "他", "«", "»", "—", "http://a.b", "😀", "\f", "\t",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80), st.sampled_from(["", "en", "ru", "de"]))
def test_sentences_are_ordered_slices_that_cover_the_text_once(text: str, language: str) -> None:
    passages = SPLITTER.split(text, language)
    found = [sentence for passage in passages for sentence in passage.sentences]
    end = 0
    left_out = []
    for sentence in found:
        assert end <= sentence.start < sentence.end
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        left_out.append(text[end : sentence.start])
        end = sentence.end
    left_out.append(text[end:])
    assert not any(character.isalnum() for gap in left_out for character in gap)
    for passage in passages:
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_splitting_depends_on_the_text_alone(text: str) -> None:
    fresh = Splitter(WordLists(), passage_sentences=3)
    assert fresh.split(text, "en") == SPLITTER.split(text, "en")


def calls_made(text: str) -> int:
    """How many calls, Python's and built-in ones, splitting a text takes: work that no clock's noise touches."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        SPLITTER.split(text, "en")
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "piece", ["It is so. ", "word ", "word", "..?!”) ", "“A. ", "(", "a.b.", "x\n", "Ad\n\n", "1. "]
)
def test_work_grows_with_the_length_of_a_text(piece: str) -> None:
    SPLITTER.split(piece * 10, "en")
    assert calls_made(piece * 8_000) <= 4.5 * calls_made(piece * 2_000) + 2_000
