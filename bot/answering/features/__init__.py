"""Features: numbers for each candidate that the ranking weighs, a module for each thing that they look at."""
