"""What every engine does alike; a new engine gets its line in `engines.ENGINES`."""
