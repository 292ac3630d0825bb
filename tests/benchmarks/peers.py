"""What other programs do with the same files: Haystack's in-memory BM25 and LangChain's BM25 retriever.

They have no sentences of their own, so both get the sentences that a plain split at full stops gives.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

SENTENCE = re.compile(r"\S[^.!?]*[.!?]?")


def sentences_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Each sentence of a folder's files, with its file's name."""
    for path in sorted(folder.iterdir()):
        for match in SENTENCE.finditer(path.read_text(encoding="utf-8")):
            yield match[0], path.name


def add_to_haystack(folder: Path) -> None:
    """Write the sentences to Haystack's in-memory store and ask it once."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    documents = (
        Document(content=text, meta={"source": name, "number": number})
        for number, (text, name) in enumerate(sentences_in(folder))
    )
    store.write_documents(list(documents))
    store.bm25_retrieval(query="Who wrote the first report?", top_k=10)


def add_to_langchain(folder: Path) -> None:
    """Make LangChain's BM25 retriever of the sentences and ask it once."""
    from langchain_community.retrievers import BM25Retriever

    texts, names = zip(*sentences_in(folder), strict=True)
    retriever = BM25Retriever.from_texts(texts, metadatas=[{"source": name} for name in names])
    retriever.invoke("Who wrote the first report?")


PEERS: dict[str, Callable[[Path], None]] = {
    "Haystack, in memory": add_to_haystack,
    "LangChain, BM25": add_to_langchain,
}
