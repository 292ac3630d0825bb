"""Related words: read from a database as WordNet publishes it."""

from collections import Counter
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.evaluation.fitting.dictionary import WordNet, kind_lines, passages_holding, related_lines
from bot.evaluation.questions import AskedArticle
from tests.answering.worlds import ANALYZERS, paragraph

NOTICE = "  1 This database is provided to you\n  2 AS IS  \n"
DATA = {
    # commence and start mean what begin means; a beginning is derived from the second word of its sense, "begin".
    "verb": "00000010 30 v 03 start 0 begin 0 commence 0 001 + 00000020 n 0201 01 + 08 00 | open a thing\n"
    "00000030 30 v 02 begin 1 break_out 0 002 $ 00000040 v 0000 @ 00000050 v 0000 00 | burst\n"
    "00000040 30 v 01 erupt 0 000 00 | burst forth\n"
    "00000050 30 v 01 change 0 000 00 | become another\n",
    "noun": "00000020 28 n 01 beginning 0 001 + 00000010 v 0102 | a start\n"
    "00000080 15 n 01 city 0 002 ~ 00000090 n 0000 ~i 00000100 n 0000 | a large town\n"
    "00000090 15 n 01 capital 0 002 @ 00000080 n 0000 ~i 00000110 n 0000 | seat of government\n"
    "00000100 15 n 01 Basra 0 001 @i 00000080 n 0000 | in Iraq\n"
    "00000110 15 n 02 Paris 0 City_of_Light 0 001 @i 00000090 n 0000 | in France\n",
    "adj": "00000060 00 a 01 quick(p) 0 001 & 00000070 a 0000 | fast\n00000070 00 s 01 speedy 0 000 | fast\n",
    "adv": "",
}
INDEX = {
    "verb": "begin v 2 2 + @ 2 1 00000010 00000030\nstart v 1 1 + 1 1 00000010\ncommence v 1 1 + 1 1 00000010\n"
    "erupt v 1 0 1 1 00000040\nchange v 1 0 1 1 00000050\n",
    "noun": "beginning n 1 1 + 1 1 00000020\ncity n 1 1 ~ 1 1 00000080\ncapital n 1 1 ~ 1 1 00000090\n"
    "basra n 1 1 @i 1 1 00000100\nparis n 1 1 @i 1 1 00000110\ncity_of_light n 1 1 @i 1 1 00000110\n",
    "adj": "quick a 1 1 & 1 1 00000060\nspeedy a 1 0 1 1 00000070\n",
    "adv": "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, files in (("data", DATA), ("index", INDEX)):
        for name, lines in files.items():
            (tmp_path / f"{kind}.{name}").write_text(NOTICE + lines, encoding="latin-1")
    return tmp_path


def test_synonyms_and_derivations_are_related_both_ways_and_hypernyms_are_not(folder: Path) -> None:
    text = ["Begin, start, commence, erupt, change, quick and speedy beginnings."] * 8
    article = AskedArticle("words", tuple(paragraph([each]) for each in text))
    english = ANALYZERS.of("en")
    lines = related_lines(WordNet.read(folder), passages_holding([article], english), english)
    assert lines["begin"] == "commenc 1000 erupt 1000 start 1000"
    assert lines["commenc"] == "begin 1000 start 1000"
    assert lines["quick"] == "speedi 1000"
    assert lines["speedi"] == "quick 1000"
    assert "chang" not in lines


def test_terms_that_few_passages_hold_are_left_out(folder: Path) -> None:
    article = AskedArticle("words", (paragraph(["They begin and commence."]),))
    english = ANALYZERS.of("en")
    assert related_lines(WordNet.read(folder), passages_holding([article], english), english) == {}


def test_kinds_and_instances_of_a_noun_that_is_asked_for_are_listed(folder: Path) -> None:
    passages = Counter({"basra": 9, "pari": 9, "capit": 9, "citi": 9})
    lines = kind_lines(WordNet.read(folder), Counter({"citi": 9, "capit": 1}), passages, ANALYZERS.of("en"))
    assert lines == {"citi": "basra capit pari"}


def test_the_notice_of_the_database_goes_with_it(folder: Path) -> None:
    assert WordNet.read(folder).licence == ["This database is provided to you", "AS IS"]


def test_a_folder_without_the_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"data\.noun: cannot be read"):
        WordNet.read(tmp_path)
