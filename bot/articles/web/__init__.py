"""Articles from the web: pages, feeds and sitemaps, fetched with care for the owner's network and the sites."""
