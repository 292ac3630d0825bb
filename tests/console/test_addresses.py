"""Web addresses at the command line: added, followed by the settings, answered from."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.articles.web.pages import BODY, item, page, rss
from tests.articles.web.site import Site
from tests.console.process import run


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def allowed(site: Site) -> dict[str, str]:
    return {"VERBATIM_FETCHING_ALLOWED_HOSTS": f"127.0.0.1:{site.port}", "VERBATIM_FETCHING_DELAY_SECONDS": "0"}


def test_a_page_that_was_added_is_answered_from(tmp_path: Path, site: Site) -> None:
    site.put("/2023/03/08/wolves", page())
    done = run(tmp_path, "add", site.url("/2023/03/08/wolves"), stdin=b"", **allowed(site))
    assert (done.status, done.error) == (0, "")
    assert done.out.startswith("1 article added.")
    answer = json.loads(run(tmp_path, "ask", "Who had seen the pack?", "--json").out)
    assert answer["quotes"][0]["text"] == BODY[2]
    article = answer["quotes"][0]["article"]
    assert article["source"] == site.url("/2023/03/08/wolves")
    assert article["published"] == "2023-03-08"


def test_an_address_inside_the_owner_s_network_is_one_line_and_status_2(tmp_path: Path, site: Site) -> None:
    done = run(tmp_path, "add", "http://localhost/secrets")
    assert done.status == 2
    assert done.error.count("\n") == 1
    assert "an address inside a private network, which is not read" in done.error
    assert "[fetching] allowed_hosts" in done.error


def test_sync_follows_the_feeds_of_the_settings(tmp_path: Path, site: Site) -> None:
    site.put("/feed", rss(item(site.url("/wolves"))), kind="application/rss+xml", ETag='"1"')
    site.put("/wolves", page())
    settings = {**allowed(site), "VERBATIM_SYNC_FEEDS": site.url("/feed")}
    done = run(tmp_path, "sync", stdin=b"", **settings)
    assert (done.status, done.error) == (0, "")
    assert done.out.startswith("1 article added.")
    assert site.paths() == ["/feed", "/wolves"]
    assert run(tmp_path, "sync", stdin=b"", **settings).out == "0 articles added, 1 unchanged.\n"
    assert site.paths() == ["/feed"]
    site.put("/feed", status=503)
    done = run(tmp_path, "sync", stdin=b"", VERBATIM_FETCHING_ATTEMPTS="1", **settings)
    assert done.status == 2
    assert "/feed: the server is in trouble (503); try again later" in done.error
    assert json.loads(run(tmp_path, "articles", "--json").out)["source"] == site.url("/wolves")
