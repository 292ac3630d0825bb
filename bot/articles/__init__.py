"""The knowledge: articles, their sentences, the readers that bring them in and the library that keeps them."""
