"""A process that reads from the web is killed, time and again, and the library ends in the right state."""

import json
import random
import subprocess
import time
from pathlib import Path

from tests.articles.web.pages import BODY, item, page, rss, urlset
from tests.articles.web.site import Site
from tests.console.process import COMMAND, environment, run

PAGES = 24
KILLS = 6
PATIENCE_SECONDS = 60


def test_a_sync_that_is_killed_goes_on_where_it_was(tmp_path: Path, site: Site) -> None:
    for number in range(PAGES):
        site.put(f"/{number}", page(f"Story {number}", [*BODY, f"This is story {number}."]), ETag=f'"{number}"')
    half = [site.url(f"/{number}") for number in range(PAGES // 2)]
    rest = [(site.url(f"/{number}"), "2023-03-01") for number in range(PAGES // 2, PAGES)]
    site.put("/feed", rss(*(item(url, title=url, text=f"Read on at {url}.") for url in half)), ETag='"1"')
    site.put("/sitemap.xml", urlset(*rest), kind="application/xml", ETag='"1"')
    settings = {
        "VERBATIM_FETCHING_ALLOWED_HOSTS": f"127.0.0.1:{site.port}",
        "VERBATIM_FETCHING_DELAY_SECONDS": "0",
        "VERBATIM_SYNC_FEEDS": f"{site.url('/feed')},{site.url('/sitemap.xml')}",
    }
    moments = random.Random(5)
    for _ in range(KILLS):
        kill_after(moments.randint(1, PAGES // 4), tmp_path, settings, site)
        listed = run(tmp_path, "articles", "--json", "--text")
        assert (listed.status, listed.error) == (0, "")
        assert all(json.loads(line)["text"] for line in listed.out.splitlines())
    assert run(tmp_path, "sync", stdin=b"", **settings).status == 0
    found = [json.loads(line) for line in run(tmp_path, "articles", "--json", "--text").out.splitlines()]
    assert sorted(one["source"] for one in found) == sorted(site.url(f"/{number}") for number in range(PAGES))
    assert all(BODY[0] in one["text"] for one in found)
    site.paths()
    assert run(tmp_path, "sync", stdin=b"", **settings).out == f"0 articles added, {PAGES} unchanged.\n"
    assert sorted(site.paths()) == ["/feed", "/sitemap.xml"]


def kill_after(requests: int, home: Path, settings: dict[str, str], site: Site) -> None:
    """Kill a sync when it has asked for so many addresses, at the latest when it ends."""
    site.asked.clear()
    command = [*COMMAND, "sync"]
    with subprocess.Popen(
        command, cwd=home, env=environment(home, **settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        ends = time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None and len(site.asked) < requests and time.monotonic() < ends:
            time.sleep(0.001)
        process.kill()
