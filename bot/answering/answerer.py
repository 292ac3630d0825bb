"""The answerer: from a question to quotes, in the order in which one would do it by hand."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import msgspec

from bot.answering.answer import Answer, Change, Quote, Reply
from bot.answering.correction import Corrector, restated
from bot.answering.evidence import shares_left
from bot.answering.folding import Group, fold
from bot.answering.followups.conversation import Conversation, Turn
from bot.answering.followups.rewriting import FollowUps, Rewriting
from bot.answering.leading import Leader
from bot.answering.marking.marker import Marker
from bot.answering.query import Pool, Query
from bot.answering.question import QuestionReader
from bot.answering.quoting import Cut, Quoter, StaleQuoteError
from bot.answering.ranking import Field, Ranker
from bot.answering.samples import SampleQuestions
from bot.answering.second_look import Reviewed, SecondLook
from bot.answering.smalltalk import SmallTalk
from bot.answering.timing import Timing, Timings, newest_first, without
from bot.articles.article import Kind, StoredPassage
from bot.articles.filters import Filters
from bot.articles.language import base_language, question_language
from bot.articles.library import Library
from bot.errors import UnavailableError
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Engine, Hit
from bot.settings import AnswerSettings, ConversationSettings, SearchSettings

NO_FILTERS = Filters()
LOADING = "What is loading?"
"""A text that makes every step load what it needs."""
IMPROBABLE = 0.05
"""The confidence under which nothing is marked in a quote below the first: half of the second quotes and two thirds of
the third ones."""
ATTEMPTS = 3
"""So often a question is searched when articles are replaced while they are being quoted; what is replaced even then is
left out."""


class Parts(NamedTuple):
    """What the answerer works with: the library with its engine, and one part for each step of an answer."""

    library: Library
    engine: Engine
    analyzers: Analyzers
    small_talk: SmallTalk
    reader: QuestionReader
    follow_ups: FollowUps
    corrector: Corrector
    ranker: Ranker
    marker: Marker
    second_look: SecondLook
    quoter: Quoter
    timings: Timings
    leader: Leader
    samples: SampleQuestions


class Limits(NamedTuple):
    """The settings that bound an answer."""

    answer: AnswerSettings
    search: SearchSettings
    conversation: ConversationSettings


class Answerer:
    """Answers questions from one library; threads may share it."""

    def __init__(self, parts: Parts, limits: Limits, *, clock: Callable[[], float] = time.time) -> None:
        self.parts = parts
        self.limits = limits
        self._clock = clock

    def load(self) -> None:
        """Load what the first question needs, so that its time is its own."""
        parts = self.parts
        languages: Mapping[str, int] = {}
        with suppress(UnavailableError):  # a service that starts while the cluster is away answers when it is back
            parts.engine.refresh()
            languages = parts.library.languages()
        language = question_language("", languages)
        analyzer = parts.analyzers.of(language)
        query = parts.reader.read(LOADING, language=language, analyzer=analyzer)
        parts.marker.mark(query, LOADING, query.tokens)

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = NO_FILTERS,
        top: int | None = None,
        correct: bool = True,
    ) -> Answer:
        """The reply to a question, with at most `top` quotes (the settings' number by default).

        `conversation` holds the turns that a follow-up may lean on; `correct` reads unknown words as the known ones
        that they resemble. Raises QuestionError for a question that cannot be read, LibraryError when the library
        cannot be, UnavailableError when a service is away that the answer, or knowing that there is none, needs.
        """
        started = time.perf_counter()
        self.parts.engine.refresh()
        answer = self._reply(question, conversation or Conversation(), filters, top or self.limits.answer.top, correct)
        if answer.reply is Reply.NOTHING:
            self.parts.engine.vouch()
        return msgspec.structs.replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added, for the next question to lean on."""
        now = self._clock()
        current = conversation.at(now, expires_minutes=self.limits.conversation.expires_minutes)
        if answer.reply not in (Reply.QUOTES, Reply.NOTHING):
            return current
        first = answer.quotes[0] if answer.quotes else None
        return current.after(
            Turn(
                question=answer.understood,
                asked=answer.question,
                quote=first.text if first else "",
                answer=" ".join(first.text[start:end] for start, end in first.highlights) if first else "",
                title=first.article.title if first else "",
                article=first.article.id if first else "",
                at=now,
            )
        )

    def _reply(self, question: str, conversation: Conversation, filters: Filters, top: int, correct: bool) -> Answer:
        talk = self.parts.small_talk.reply(question)
        if talk is not None:
            return self._small_talk(question, talk)
        current = conversation.at(self._clock(), expires_minutes=self.limits.conversation.expires_minutes)
        language = question_language(question, self.parts.library.languages())
        analyzer = self.parts.analyzers.of(language)
        rewriting = self.parts.follow_ups.rewrite(question, current, analyzer=analyzer)
        if rewriting is None or not rewriting.leans:
            answer = self._quoted(question, question, language, filters, top, correct)
            if answer.answered or rewriting is None:
                return answer
            leaning = self._followed(question, rewriting, language, filters, top, correct)
            return leaning if leaning.answered else answer
        return self._followed(question, rewriting, language, filters, top, correct)

    def _followed(
        self, question: str, rewriting: Rewriting, language: str, filters: Filters, top: int, correct: bool
    ) -> Answer:
        """The reply to a follow-up, read with what it took over."""
        answer = self._quoted(question, rewriting.text, language, filters, top, correct)
        return msgspec.structs.replace(answer, changes=(rewriting.change, *answer.changes))

    def _quoted(
        self, question: str, understood: str, language: str, filters: Filters, top: int, correct: bool
    ) -> Answer:
        """The reply to a question that stands alone: from the time that it names, where that answers, else from all."""
        parts = self.parts
        query = parts.reader.read(understood, language=language, analyzer=parts.analyzers.of(language))
        query, changes = parts.corrector.correct(query) if correct else (query, ())
        today = datetime.fromtimestamp(self._clock()).astimezone().date()
        timing = parts.timings.read(query.text, language, today)
        if timing is None:
            return self._found(question, query, changes, filters, top)
        untimed = without(query, timing.spans)
        if (timing.since or timing.until) and not (filters.since or filters.until):
            within = msgspec.structs.replace(filters, since=timing.since, until=timing.until)
            change = Change("time", query.text[timing.spans[0][0] : timing.spans[-1][1]], _window(timing))
            answer = self._found(question, untimed, (*changes, change), within, top)
            if answer.answered:
                return answer
        return self._found(question, untimed if timing.newest else query, changes, filters, top, newest=timing.newest)

    def _found(
        self,
        question: str,
        query: Query,
        changes: tuple[Change, ...],
        filters: Filters,
        top: int,
        *,
        newest: bool = False,
    ) -> Answer:
        """What the articles that `filters` allow say; with `newest`, the newest of the sure quotes comes first."""
        parts = self.parts
        for attempt in range(1, ATTEMPTS + 1):
            pool = self._search(query, filters)
            ranking = parts.ranker.rank(query, pool, parts.engine)
            depth = max(top, parts.second_look.depth(query, ranking))
            groups = parts.leader.led(pool, fold(pool, ranking, top=depth))
            try:
                cuts = self._cuts(pool, groups, all_or_none=attempt < ATTEMPTS)
                break
            except StaleQuoteError:
                parts.engine.refresh()
        reviewed = parts.second_look.review(query, pool, groups, cuts)[:top]
        quotes = surest_first(self._quotes(query, pool, reviewed, cuts, Field.of(ranking)))
        if newest:
            quotes = newest_first(quotes, self.limits.answer.threshold)
        return self._decided(question, query, quotes, self._restated(changes, query, quotes, cuts))

    def _search(self, query: Query, filters: Filters) -> Pool:
        """The first hits, with their passages, those beside the ones that they begin or end, and their articles."""
        library = self.parts.library
        hits = self.parts.engine.search(
            query.terms, limit=self.limits.search.shortlist, within=library.allowed(filters)
        )
        passages, articles = library.around({hit.passage for hit in hits}, lambda found: beside(hits, found))
        # What was replaced or removed since the search is gone.
        kept = tuple(hit for hit in hits if hit.passage in passages and passages[hit.passage].article in articles)
        return Pool(hits=kept, passages=passages, articles=articles)

    def _cuts(self, pool: Pool, groups: Sequence[Group], *, all_or_none: bool) -> dict[int, Cut]:
        """The cut of each of the groups' candidates by its place. One whose article changed meanwhile is left out, or,
        with `all_or_none`, raises StaleQuoteError."""
        quoter, cuts = self.parts.quoter, dict[int, Cut]()
        candidates = [candidate for group in groups for candidate in (group.lead, *group.twins)]
        for candidate, around in zip(candidates, quoter.around(pool, candidates), strict=True):
            try:
                cuts[candidate.place] = quoter.cut(pool, candidate, around)
            except StaleQuoteError:
                if all_or_none:
                    raise
        return cuts

    def _quotes(
        self, query: Query, pool: Pool, reviewed: Sequence[Reviewed], cuts: Mapping[int, Cut], field: Field
    ) -> Iterator[Quote]:
        """The quotes of the groups' best sentences; in the surest one, and in others that are not improbable, the
        answering words are marked."""
        parts = self.parts
        shown = [cuts[group.lead.place] for group, _ in reviewed]
        left = shares_left(query, [(cut.text, cut.tokens) for cut in shown])
        confidences = [group.lead.confidence * share for (group, _), share in zip(reviewed, left, strict=True)]
        least = min(IMPROBABLE, max(confidences, default=0.0))
        for (group, apart), cut, confidence in zip(reviewed, shown, confidences, strict=True):
            yield parts.quoter.quote(
                pool,
                group.lead,
                cut,
                confidence=confidence,
                highlights=parts.marker.mark(query, cut.text, cut.tokens) if confidence >= least else (),
                twins=[(twin, cuts[twin.place]) for twin in group.twins if twin.place in cuts],
                why=parts.ranker.reasons(group.lead, field, query.language, more=apart),
            )

    def _decided(self, question: str, query: Query, quotes: tuple[Quote, ...], changes: tuple[Change, ...]) -> Answer:
        """Quotes when the best of them is sure enough, near misses else; keywords want sentences that hold them."""
        confidence = quotes[0].confidence if quotes else 0.0
        near = base_language(quotes[0].article.language) if quotes else ""
        foreign = near != query.language and self._is_foreign(query.language)
        sure = confidence >= self.limits.answer.threshold
        answered = bool(quotes) and not foreign and (sure or self._is_found(query, quotes[0]))
        return Answer(
            question=question,
            answered=answered,
            confidence=confidence,
            quotes=quotes if answered else (),
            near_misses=() if answered else quotes,
            changes=changes,
            reply=Reply.QUOTES if answered else Reply.LANGUAGE if foreign else Reply.NOTHING,
            understood=query.text,
            language=query.language,
        )

    def _is_foreign(self, language: str) -> bool:
        """Whether there are articles, and none of them is in the question's language."""
        languages = {base_language(code) for code in self.parts.library.languages()}
        return language != "" and bool(languages) and language not in languages

    def _is_found(self, query: Query, quote: Quote) -> bool:
        """Whether the query is of keywords, and all of them stand in the quote."""
        if not query.is_keywords:
            return False
        analyzer = self.parts.analyzers.of(quote.article.language)
        return set(query.terms) <= set(analyzer.terms(quote.text))

    def _restated(
        self, changes: tuple[Change, ...], query: Query, quotes: tuple[Quote, ...], cuts: Mapping[int, Cut]
    ) -> tuple[Change, ...]:
        """The changes in the words of the first quote, which is one of the cuts."""
        if not quotes:
            return changes
        first = quotes[0]
        tokens = next(cut.tokens for cut in cuts.values() if cut.text == first.text)
        return restated(changes, query, first.text, tokens, self.parts.analyzers.of(first.article.language))

    def _small_talk(self, question: str, reply: Reply) -> Answer:
        return Answer(
            question=question,
            answered=False,
            confidence=0.0,
            reply=reply,
            understood=question,
            samples=self.parts.samples.made(self._is_answered),
        )

    def _is_answered(self, question: str, language: str) -> bool:
        limits = self.limits
        return (
            self._quoted(question, question, language, NO_FILTERS, 1, correct=False).confidence
            >= limits.answer.threshold
        )


def _window(timing: Timing) -> str:
    return f"{timing.since or '…'} – {timing.until or '…'}"


def beside(hits: Iterable[Hit], passages: Mapping[int, StoredPassage]) -> set[int]:
    """The numbers of the passages in which the sentences before and after these hits stand, where not in their own."""
    edges: dict[int, tuple[int, int]] = {}
    for number, passage in passages.items():
        prose = [place for place, sentence in enumerate(passage.sentences) if sentence.kind is Kind.PROSE]
        edges[number] = (prose[0], prose[-1]) if prose else (0, 0)
    found: set[int] = set()
    for hit in hits:
        first, last = edges.get(hit.passage, (-1, hit.position + 1))
        if hit.position <= first:
            found.add(hit.passage - 1)
        if hit.position >= last:
            found.add(hit.passage + 1)
    return found


def surest_first(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes by falling confidence, in their order where it is the same."""
    return tuple(sorted(quotes, key=lambda quote: -quote.confidence))
