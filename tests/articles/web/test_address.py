import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.articles.web.address import canonical, day_in, identity, is_address, parsed, site
from bot.articles.web.listing import own_address
from bot.errors import ReadingError


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a#part", "https://example.org/a"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("http://example.org./a?b=c", "http://example.org/a?b=c"),
        ("https://пример.укр/новини?q=вовк", "https://xn--e1afmkfd.xn--j1amh/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8?q=%D0%B2%D0%BE%D0%B2%D0%BA"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("http://[2001:4860:4860::8888]:80/x", "http://[2001:4860:4860::8888]/x"),
        ("http://example.org/100%/a%20b", "http://example.org/100%25/a%20b"),
        ("  https://example.org/a  ", "https://example.org/a"),
    ],
)  # fmt: skip
def test_an_address_is_written_in_one_way(written: str, url: str) -> None:
    assert parsed(written).url == url
    assert parsed(url).url == url


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ftp://example.org/a", "only http:// and https:// are read"),
        ("file:///etc/passwd", "only http"),
        ("gopher://127.0.0.1:6379/_INFO", "only http"),
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("http://user:secret@example.org/", "has a user name before its host"),
        ("http://example.org@127.0.0.1/", "has a user name before its host"),
        ("http://example.org\\@127.0.0.1/", "a backslash"),
        ("http://exa mple.org/", "holds a blank"),
        ("http://example.org/\r\nHost: inside", "holds a blank"),
        ("http://example.org:99999/", "is no address"),
        ("http://example.org:0/", "there is no port 0"),
        ("http://[::1/", "is no address"),
        ("http://[fe80::1%25eth0]/", "no name that can be looked up"),
        ("http://exa$mple.org/", "no name that can be looked up"),
        ("http://" + "a" * 300 + ".org/", "no name that can be looked up"),
        ("http://example.org/" + "a" * 3000, "1 to 2,000 characters"),
        ("", "1 to 2,000 characters"),
    ],
)
def test_what_is_no_address_says_why(written: str, says: str) -> None:
    with pytest.raises(ReadingError) as error:
        parsed(written)
    assert says in str(error.value)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(max_size=60))
@example("@\U00018cd6")
def test_any_text_is_an_address_or_an_error_in_one_line(text: str) -> None:
    said: list[str] = []
    for written in (text, f"http://{text}", f"https://example.org/{text}", f"https://example.org/?{text}"):
        try:
            found = parsed(written)
        except ReadingError as error:
            said.append(str(error))
            continue
        assert found.url.isascii()
        assert parsed(found.url) == found
        assert parsed(identity(found)).host == found.host
    assert all(line.isprintable() for line in said)


def test_parameters_that_only_tell_who_linked_are_no_part_of_the_identity() -> None:
    address = parsed("https://example.org/a?utm_source=x&id=5&fbclid=y&empty=")
    assert identity(address) == "https://example.org/a?id=5&empty="
    assert identity(parsed("https://example.org/a?utm_medium=rss")) == "https://example.org/a"
    assert identity(parsed("https://example.org/a?b=%7E&c")) == "https://example.org/a?b=%7E&c"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (None, "https://www.example.org/a"),
        ("https://example.org/b", "https://example.org/b"),
        ("/b?utm_source=x", "https://www.example.org/b"),
        ("https://evil.example/a", "https://www.example.org/a"),
        ("https://example.org/", "https://www.example.org/a"),
        ("javascript:alert(1)", "https://www.example.org/a"),
    ],
)
def test_a_page_speaks_for_its_own_site_only(declared: str | None, expected: str) -> None:
    assert canonical(parsed("https://www.example.org/a"), declared) == expected


def test_variants_of_a_host_are_one_site() -> None:
    assert {site(host) for host in ("example.org", "www.example.org", "m.example.org", "amp.example.org")} == {
        "example.org"
    }
    assert site("m.org") == "m.org"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/2023/03/08/wolves", "2023-03-08"),
        ("https://example.org/news-2023-03-08.html", "2023-03-08"),
        ("https://example.org/20230308/wolves", "2023-03-08"),
        ("https://example.org/2023/02/31/wolves", None),
        ("https://example.org/2023/wolves-12-15", None),
        ("https://example.org/article/120230308111", None),
        ("https://example.org/?day=2023-03-08", None),
    ],
)
def test_a_day_is_read_from_a_path(url: str, day: str | None) -> None:
    assert day_in(url) == day


def test_a_name_with_a_scheme_is_an_address() -> None:
    assert is_address("https://example.org")
    assert not is_address("folder/file.txt")


def test_a_reference_is_taken_from_where_it_stands() -> None:
    address = parsed("https://example.org/a/b")
    assert address.joined("../c?d=1").url == "https://example.org/c?d=1"
    assert address.joined("//other.example/x").url == "https://other.example/x"
    with pytest.raises(ReadingError):
        address.joined("file:///etc/passwd")
    assert parsed("https://example.org").is_front_page
    assert not address.is_front_page
    assert not parsed("https://example.org/?p=5").is_front_page


def test_what_is_asked_for_is_what_stands_for_the_page() -> None:
    assert own_address("https://example.org/a?utm_source=rss#top").url == "https://example.org/a"
