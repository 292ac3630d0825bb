"""Prose, headings and boilerplate."""

from bot.articles.boilerplate import Boilerplate
from bot.articles.kinds import kinds_of
from bot.articles.layout import lines_of, paragraphs_of
from bot.wordlists import WordLists

BOILERPLATE = Boilerplate(WordLists())
PROSE = "The town has held out for seven months, and nobody there expects relief."


def marks(*paragraphs: str, title: str = "") -> str:
    """The kinds of paragraphs a blank line apart, one letter each: P, H, B."""
    text = "\n\n".join(paragraphs)
    found = kinds_of(text, list(paragraphs_of(text, lines_of(text))), BOILERPLATE, title)
    assert len(found) == len(paragraphs)
    return "".join(marked.kind[0].upper() for marked in found)


def test_a_line_without_a_full_stop_over_prose_is_a_heading() -> None:
    assert marks("The siege goes on", PROSE, "What comes next", PROSE) == "HPHP"


def test_a_question_alone_over_prose_is_a_heading_but_a_quoted_one_is_not() -> None:
    assert marks(PROSE, "Who holds the town?", PROSE) == "PHP"
    assert marks(PROSE, "“Who holds the town?”", PROSE) == "PPP"


def test_headings_may_stand_over_each_other() -> None:
    assert marks("The siege goes on", "By Jane Doe", PROSE) == "HHP"


def test_the_last_line_is_no_heading() -> None:
    assert marks(PROSE, "The town has held out for now") == "PP"


def test_nothing_is_a_heading_where_the_author_writes_no_full_stops() -> None:
    lines = [
        "The siege of the town went on and on for months",
        "Nobody in the town expects relief before the spring",
        "Gas",
    ]
    assert marks(*lines, PROSE) == "PPPP"


def test_a_sentence_in_lower_case_an_item_and_a_line_with_a_colon_are_no_headings() -> None:
    assert marks("the siege goes on", PROSE) == "PP"
    assert marks("- The siege", PROSE) == "PP"
    assert marks("He said this:", PROSE) == "PP"


def test_hash_marks_tell_a_heading_anywhere() -> None:
    assert marks(PROSE, "## The end.") == "PH"


def test_the_known_title_is_a_heading_whatever_it_ends_in() -> None:
    assert marks("Town holds out.", PROSE, title="Town holds  out.") == "HP"
    assert marks("Town holds out.", PROSE, title="Another one") == "PP"


def test_a_text_of_its_title_alone_is_prose() -> None:
    assert marks("The pump was built in 1987.", title="The pump was built in 1987.") == "P"


def test_the_headline_under_a_link_goes_with_it_and_prose_does_not() -> None:
    assert marks(PROSE, "Read more:", "Wagner boss claims front could collapse", PROSE) == "PBBP"
    assert marks(PROSE, "Read more:", PROSE) == "PBP"


def test_all_headlines_under_a_list_of_links_go_with_it() -> None:
    assert marks(PROSE, "Related stories", "EU chief visits Canada", "Tanks arrive", PROSE) == "PBBBP"


def test_a_caption_that_repeats_its_video_goes_with_it_even_with_a_full_stop() -> None:
    caption = "Sweden joining NATO is the “mother of all consequences” for Russia."
    video = "Click to play video: 'Sweden's NATO membership is mother of all consequences for Russia'"
    assert marks(PROSE, video, caption, PROSE) == "PBBP"


def test_a_run_of_links_goes_on_over_other_furniture() -> None:
    lines = ["Related stories", "EU chief visits Canada", "Advertisement", "What is Wagner?", "Tanks arrive"]
    assert marks(PROSE, *lines, PROSE) == "PBBBBBP"


def test_a_site_name_a_title_and_a_byline_stand_over_the_first_sentence() -> None:
    lines = [
        "The News",
        "Town holds out",
        "What people there say of the siege",
    ]
    assert marks(*lines, "By Jane Doe", "8 March 2023", PROSE, PROSE) == "HHHHHPP"


def test_rules_and_bare_addresses_are_boilerplate() -> None:
    assert marks(PROSE, "* * *", "https://example.com/a?b=c", PROSE) == "PBBP"


def test_a_sentence_that_begins_like_a_phrase_stays() -> None:
    assert (
        marks("Advertisement revenue fell by 5% in 2022.", "Sources: two officials and a diplomat confirmed it.")
        == "PP"
    )
