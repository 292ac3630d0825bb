"""What a user would pick instead: each retriever with the same sentences, built once and served from a fresh process.

    python -m tests.benchmarks.contenders serve NAME FOLDER  (tests.benchmarks.retrieval runs it, each in a process)

FOLDER holds `sentences.json` (a list of texts), `questions.json` (pairs of a question and the sentences that hold its
answer) and `library` (the same articles as the product keeps them); a contender keeps its index in a folder beside
them. Everything is used as its own documentation shows it, with its own analysis of words; none is tuned.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

TOP = 10
WARM = 5
ASKERS = (1, 8, 64)
WORDS_PATTERN = r"(?u)\b\w\w+\b"

Ask = Callable[[str], Any]
"""From a question to whatever the contender finds; this is what is timed."""


class Serving(NamedTuple):
    """A contender ready to be asked, and how the first of what it found reads."""

    ask: Ask
    first_text: Callable[[Any], str]


class Contender(NamedTuple):
    """How a retriever is built (into a folder; None where it keeps nothing) and served from it."""

    build: Callable[[Path, Sequence[str]], None] | None
    serve: Callable[[Path, Callable[[], Sequence[str]]], Serving]


def _product(engine: str, *, whole: bool) -> Callable[[Path, Callable[[], Sequence[str]]], Serving]:
    def serve(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
        from bot.app import open_app
        from bot.settings import load_settings

        settings = load_settings(environment={"VERBATIM_ENGINE": engine})
        app = open_app(settings, library=str(folder.parent / "library"))
        if whole:
            return Serving(app.answerer.answer, _quoted)
        app.engine.refresh()
        analyzer = app._analyzers.of("en")

        def text_of(hits: list[Any]) -> str:
            if not hits:
                return ""
            passage = app.library.passages([hits[0].passage])[hits[0].passage]
            sentence = passage.sentences[hits[0].position]
            text = app.library.text(passage.article)
            return text[sentence.start : sentence.end]

        return Serving(lambda question: app.engine.search(analyzer.terms(question), limit=TOP), text_of)

    return serve


def _quoted(answer: Any) -> str:
    quotes = answer.quotes or answer.near_misses
    return quotes[0].text if quotes else ""


def _rank_bm25(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    import numpy as np
    from rank_bm25 import BM25Okapi

    sentences = texts()
    index = BM25Okapi([sentence.lower().split() for sentence in sentences])

    def ask(question: str) -> int:
        scores = index.get_scores(question.lower().split())
        best = np.argpartition(scores, -TOP)[-TOP:]
        return int(best[np.argmax(scores[best])])

    return Serving(ask, lambda place: sentences[place])


def _build_bm25s(folder: Path, texts: Sequence[str]) -> None:
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), stopwords="en", show_progress=False), show_progress=False)
    index.save(str(folder))


def _bm25s(backend: str) -> Callable[[Path, Callable[[], Sequence[str]]], Serving]:
    def serve(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
        import bm25s

        index = bm25s.BM25.load(str(folder), mmap=True)
        if backend == "numba":
            index.backend = "numba"
            index.activate_numba_scorer()
        sentences = texts()

        def ask(question: str) -> int:
            tokens = bm25s.tokenize([question], stopwords="en", show_progress=False, return_ids=False)
            places, _ = index.retrieve(tokens, k=TOP, show_progress=False, n_threads=0)
            return int(places[0][0])

        return Serving(ask, lambda place: sentences[place])

    return serve


def _tantivy_schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    return builder.build()


def _build_tantivy(folder: Path, texts: Sequence[str]) -> None:
    import tantivy

    index = tantivy.Index(_tantivy_schema(), path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for text in texts:
        writer.add_document(tantivy.Document(text=[text]))
    writer.commit()
    writer.wait_merging_threads()


def _tantivy(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    import re

    import tantivy

    index = tantivy.Index(_tantivy_schema(), path=str(folder))
    index.reload()
    searcher = index.searcher()
    words = re.compile(r"\w+")

    def ask(question: str) -> list[str]:
        query = index.parse_query(" ".join(words.findall(question)).lower(), ["text"])
        return [searcher.doc(place)["text"][0] for _, place in searcher.search(query, TOP).hits]

    return Serving(ask, lambda found: found[0] if found else "")


def _build_fts5(folder: Path, texts: Sequence[str]) -> None:
    import sqlite3

    with sqlite3.connect(folder / "fts.sqlite") as connection:
        connection.execute("CREATE VIRTUAL TABLE sentences USING fts5(text, tokenize = 'porter unicode61')")
        connection.executemany("INSERT INTO sentences VALUES (?)", ((text,) for text in texts))
        connection.execute("INSERT INTO sentences(sentences) VALUES ('optimize')")
    connection.close()


def _fts5(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    import re
    import sqlite3

    words = re.compile(r"\w+")
    connections = threading.local()

    def ask(question: str) -> list[Any]:
        if not hasattr(connections, "open"):
            connections.open = sqlite3.connect(folder / "fts.sqlite")
        match = " OR ".join(f'"{word}"' for word in words.findall(question))
        statement = "SELECT text FROM sentences WHERE sentences MATCH ? ORDER BY bm25(sentences) LIMIT ?"
        return list(connections.open.execute(statement, (match, TOP)))

    return Serving(ask, lambda rows: str(rows[0][0]) if rows else "")


def _langchain(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    from langchain_community.retrievers import BM25Retriever

    retriever = BM25Retriever.from_texts(list(texts()), k=TOP)
    return Serving(retriever.invoke, lambda documents: str(documents[0].page_content) if documents else "")


def _llamaindex(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(text=text) for text in texts()]
    retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP)
    return Serving(retriever.retrieve, lambda found: str(found[0].node.get_content()) if found else "")


def _haystack(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=str(number), content=text) for number, text in enumerate(texts())])

    def ask(question: str) -> list[Any]:
        return list(store.bm25_retrieval(query=question, top_k=TOP))

    return Serving(ask, lambda documents: str(documents[0].content) if documents else "")


def _txtai(folder: Path, texts: Callable[[], Sequence[str]]) -> Serving:
    from txtai.scoring import ScoringFactory

    sentences = texts()
    scoring = ScoringFactory.create({"method": "bm25", "terms": True})
    scoring.index((number, text, None) for number, text in enumerate(sentences))

    def ask(question: str) -> list[tuple[int, float]]:
        return list(scoring.search(question, TOP))

    return Serving(ask, lambda found: sentences[found[0][0]] if found else "")


CONTENDERS: dict[str, Contender] = {
    "verbatim, disk, whole answer": Contender(None, _product("disk", whole=True)),
    "verbatim, disk, engine": Contender(None, _product("disk", whole=False)),
    "verbatim, memory, whole answer": Contender(None, _product("memory", whole=True)),
    "verbatim, memory, engine": Contender(None, _product("memory", whole=False)),
    "tantivy": Contender(_build_tantivy, _tantivy),
    "SQLite FTS5": Contender(_build_fts5, _fts5),
    "bm25s, NumPy": Contender(_build_bm25s, _bm25s("numpy")),
    "bm25s, numba": Contender(_build_bm25s, _bm25s("numba")),
    "rank-bm25": Contender(None, _rank_bm25),
    "Haystack, in memory": Contender(None, _haystack),
    "LangChain, BM25": Contender(None, _langchain),
    "LlamaIndex, BM25": Contender(None, _llamaindex),
    "txtai, BM25": Contender(None, _txtai),
}


def served(contender: Contender, folder: Path, *, seconds: float) -> dict[str, Any]:
    """The figures of one contender in this process: times in seconds, memory in bytes; each part asks for at most
    `seconds`."""
    data = folder.parent
    started = time.perf_counter()
    serving = contender.serve(folder, lambda: json.loads((data / "sentences.json").read_bytes()))
    questions = [(question, set(gold)) for question, gold in json.loads((data / "questions.json").read_bytes())]
    first = serving.ask(questions[0][0])
    ready = time.perf_counter() - started
    for question, _ in questions[:WARM]:
        serving.ask(question)
    times, right, judged = [], 0, 0
    until = time.perf_counter() + seconds
    for question, gold in questions:
        began = time.perf_counter()
        first = serving.ask(question)
        times.append(time.perf_counter() - began)
        if gold:
            judged += 1
            right += serving.first_text(first).strip() in gold
        if time.perf_counter() > until:
            break
    rates = {str(askers): _rate(serving.ask, questions, askers, seconds / 3) for askers in ASKERS}
    return {
        "ready": ready,
        "times": times,
        "right": right / judged if judged else None,
        "rates": rates,
        "memory": _anonymous_memory(),
    }


def _rate(ask: Ask, questions: Sequence[tuple[str, set[str]]], askers: int, seconds: float) -> float:
    """Questions answered a second by so many threads at once."""
    lock = threading.Lock()
    coming: Iterator[tuple[str, set[str]]] = cycle(questions)
    done = [0] * askers
    until = time.perf_counter() + seconds

    def work(number: int) -> None:
        while time.perf_counter() < until:
            with lock:
                question, _ = next(coming)
            ask(question)
            done[number] += 1

    started = time.perf_counter()
    with ThreadPoolExecutor(askers) as pool:
        for finished in [pool.submit(work, number) for number in range(askers)]:
            finished.result()
    return sum(done) / (time.perf_counter() - started)


def _anonymous_memory() -> int:
    """This process's private memory (RssAnon) in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status names no RssAnon")


def main() -> None:
    """Build or serve one contender; the figures go to standard output as JSON."""
    what, name, folder, seconds = sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4])
    contender = CONTENDERS[name]
    if what == "build":
        if contender.build is None:
            raise SystemExit(f"{name} keeps nothing on disk")
        texts = json.loads((folder.parent / "sentences.json").read_bytes())
        started = time.perf_counter()
        contender.build(folder, texts)
        figures: dict[str, Any] = {"seconds": time.perf_counter() - started}
    else:
        figures = served(contender, folder, seconds=seconds)
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
