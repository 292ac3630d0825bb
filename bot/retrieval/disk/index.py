"""The index: passages as bags of terms in tantivy, with the place of each one's record in the forward file."""

from collections.abc import Collection, Container, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import Document, Occur, Query

from bot.articles.article import Kind, StoredPassage
from bot.retrieval.disk.damage import IndexDamagedError, told_of
from bot.retrieval.disk.forward import Forward, ForwardWriter

FORWARD_FILE = "forward.terms"
HEAP_BYTES = 15_000_000
"""What a writer may hold in memory before it writes a segment; tantivy's least."""
BULK_HEAP_BYTES = 64_000_000
"""The same for many articles at once: fewer, larger segments."""

TERMS, STATE, ARTICLE, PASSAGE, PLACE = "terms", "state", "article", "passage", "place"
CHANGE, END = "change", "end"
APPLIED = "applied"  # what stands in the state field of the one document that says how far the index is


class State(NamedTuple):
    """How far an index is: the last change of the library that is in it, and where its forward file ends, in words."""

    change: int
    end: int


class Found(NamedTuple):
    """Passages that a search proposes, best first: their numbers, their articles', the places of their records."""

    passages: Sequence[int]
    articles: Sequence[int]
    places: Sequence[int]

    def within(self, articles: Container[int], most: int) -> "Found":
        """The first so many of those whose article is among these."""
        kept = [place for place, article in enumerate(self.articles) if article in articles][:most]
        return Found._make([column[place] for place in kept] for column in self)


def schema() -> tantivy.Schema:
    """What a document has; integers, because deleting by an unsigned key deletes nothing in tantivy-py 0.27."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(TERMS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(STATE, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(ARTICLE, indexed=True, fast=True)
    for name in (PASSAGE, PLACE, CHANGE, END):
        builder.add_integer_field(name, fast=True)
    return builder.build()


class Snapshot:
    """An index as it was at one commit; threads may share it."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self._folder = folder
        self._schema = index.schema
        self._searcher = index.searcher()
        self.state = self._state()
        self.forward = Forward(folder / FORWARD_FILE, self.state.end)

    @property
    def passages(self) -> int:
        """How many passages are in the index."""
        return self._searcher.num_docs - 1

    @property
    def segments(self) -> int:
        """Of how many parts the index is."""
        return self._searcher.num_segments

    def proposed(self, terms: Sequence[str], limit: int, within: Collection[int] | None = None) -> Found:
        """The `limit` passages that score highest by tantivy's BM25 (k1 1.2, b .75), best first; those of the articles
        `within` alone, where it is given."""
        query = Query.boolean_query([(Occur.Should, self._term(term)) for term in terms])
        if within is not None:
            allowed = Query.term_set_query(self._schema, ARTICLE, list(within))
            query = Query.boolean_query([(Occur.Must, Query.const_score_query(allowed, 0.0)), (Occur.Must, query)])
        return self._found(query, limit)

    def holding(self, term: str, weights: Mapping[str, float], limit: int) -> Found:
        """The `limit` passages that hold a term and the most of others, by the others' summed weights."""
        others = [(Occur.Should, Query.const_score_query(self._term(other), idf)) for other, idf in weights.items()]
        return self._found(
            Query.boolean_query([(Occur.Must, Query.const_score_query(self._term(term), 0.0)), *others]), limit
        )

    def _found(self, query: Query, limit: int) -> Found:
        with told_of(self._folder):
            addresses = [address for _, address in self._searcher.search(query, limit=limit, count=False).hits]
            columns = [self._searcher.fast_field_values(name, addresses) for name in (PASSAGE, ARTICLE, PLACE)]
        if any(None in column for column in columns):
            raise IndexDamagedError(f"{self._folder}: a passage without its numbers")
        return Found._make(columns)

    def _term(self, term: str) -> Query:
        return Query.term_query(self._schema, TERMS, term, "freq")

    def _state(self) -> State:
        with told_of(self._folder):
            hits = self._searcher.search(Query.term_query(self._schema, STATE, APPLIED, "basic"), limit=2).hits
            addresses = [address for _, address in hits]
            change, end = (self._searcher.fast_field_values(name, addresses) for name in (CHANGE, END))
        if len(hits) != 1 or not isinstance(change[0], int) or not isinstance(end[0], int):
            raise IndexDamagedError(f"{self._folder}: does not say which changes of the library it holds")
        return State(change[0], end[0])


class OpenIndex:
    """An index in its folder: its latest commit, and a writer for whoever holds the lock."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamagedError when there is none, or one that this version cannot read."""
        self._folder = folder
        with told_of(folder):
            self._index = tantivy.Index.open(str(folder))
            self._index.config_reader("manual")

    @classmethod
    def create(cls, folder: Path) -> "OpenIndex":
        """A new index of nothing in an empty folder."""
        with told_of(folder):
            tantivy.Index(schema(), path=str(folder))
        return cls(folder)

    def snapshot(self) -> Snapshot:
        """The index as of its latest commit. Raises IndexDamagedError."""
        with told_of(self._folder):
            self._index.reload()
        return Snapshot(self._folder, self._index)

    def writer(self, end: int, *, heap_bytes: int = HEAP_BYTES) -> "IndexWriter":
        """What adds to the index, behind the word `end` of its forward file."""
        return IndexWriter(self._folder, self._index, end, heap_bytes=heap_bytes)


class IndexWriter:
    """Adds and deletes passages; nothing is seen before `commit`, and all of it after, whenever the process ends."""

    def __init__(self, folder: Path, index: tantivy.Index, end: int, *, heap_bytes: int) -> None:
        self._folder = folder
        with told_of(folder):
            # One thread: segments then come one at a time, and the other core stays with those who ask.
            self._writer = index.writer(heap_bytes, 1)
            # What a writer left behind that was killed in a commit: the next one gives its files the same names.
            self._writer.garbage_collect_files()
            self._forward = ForwardWriter(folder / FORWARD_FILE, end)

    def delete(self, article: int) -> None:
        """Take an article's passages out."""
        with told_of(self._folder):
            self._writer.delete_documents_by_term(ARTICLE, article)

    def add(self, passage: StoredPassage) -> int:
        """How many sentences of prose the passage has; with them it is added."""
        sentences = [
            (position, sentence.content_terms())
            for position, sentence in enumerate(passage.sentences)
            if sentence.kind is Kind.PROSE
        ]
        if not sentences:
            return 0
        with told_of(self._folder):
            document = Document()
            document.add_text(TERMS, " ".join([" ".join(terms) for _, terms in sentences]))
            document.add_integer(ARTICLE, passage.article)
            document.add_integer(PASSAGE, passage.number)
            document.add_integer(PLACE, self._forward.add(passage.number, sentences))
            self._writer.add_document(document)
        return len(sentences)

    def commit(self, change: int) -> None:
        """Make what was added and deleted the index, with the library's change `change` the last that is in it."""
        with told_of(self._folder):
            self._forward.sync()
            self._writer.delete_documents_by_term(STATE, APPLIED)
            document = Document()
            document.add_text(STATE, APPLIED)
            document.add_integer(CHANGE, change)
            document.add_integer(END, self._forward.end)
            self._writer.add_document(document)
            self._writer.commit()

    def close(self, *, merged: bool) -> None:
        """Let go of the index; what was not committed is lost. `merged` waits until small segments are one larger."""
        try:
            if merged:
                with told_of(self._folder):
                    self._writer.wait_merging_threads()
        finally:
            self._forward.close()
            del self._writer
