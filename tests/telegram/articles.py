"""What the bot of these tests knows, and what it is asked most."""

ARTICLES = (
    {
        "text": "The lighthouse of Karvala was built in 1871. The keeper of the lighthouse was Marta "
        "Hellgren. She counted 412 ships in "
        "her first winter. The lamp burned rapeseed oil until 1903.",
        "title": "Lights <of> the coast & the islands",
        "source": "https://example.org/lights?a=1&b=2",
        "url": "https://example.org/lights?a=1&b=2",
        "published": "2021-05-04",
        "language": "en",
    },
    {
        "text": "Orvo Lindqvist wrote the island's first newspaper in 1888. The newspaper cost two coins. It was "
        "printed in a barn near the harbour of Karvala.",
        "title": "A paper for the island",
        "source": "/srv/private/papers/paper.txt",
        "published": "2020-01-31",
        "language": "en",
    },
    {
        "text": "In the winter of 1871 the lighthouse of Karvala was built. Visitors came by sledge across the ice.",
        "title": "Winters",
        "source": "winters.txt",
        "published": None,
        "language": "en",
    },
)
"""Nobody else has written about Karvala."""

KEEPER = "Who was the keeper of the lighthouse?"
KEPT = "The keeper of the lighthouse was Marta Hellgren."
