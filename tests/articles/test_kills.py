from pathlib import Path

from tests.articles.kills import kill_at_random


def test_a_process_that_is_killed_while_it_follows_a_folder_leaves_the_library_whole(tmp_path: Path) -> None:
    kill_at_random(tmp_path, kills=10, seed=5)
