"""The counters of one running bot, in Prometheus' terms; no user and no word of theirs is in any."""

from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Totals(NamedTuple):
    """How much was asked, answered, not found, tried again and left unknown."""

    questions: float
    answered: float
    nothing: float
    retries: float
    unknown: float


class Metrics:
    """What is counted of one run."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.updates = self._counter("updates", "Updates received, by kind", "kind")
        self.malformed = self._counter("updates_malformed", "Updates that could not be read")
        self.questions = self._counter("questions", "Questions asked, by where", "where")
        self.replies = self._counter("replies", "Replies given, by sort: quotes, nothing, greeting ...", "reply")
        self.feedback = self._counter("feedback", "Votes on answers", "vote")
        self.sends = self._counter("sends", "Calls that Telegram carried out, by method", "method")
        self.retries = self._counter("retries", "Calls tried again, by cause", "cause")
        self.failed_sends = self._counter("failed_sends", "Calls given up, by cause", "cause")
        self.unknown = self._counter("unknown_outcomes", "Sends of which nobody knows whether they were carried out")
        self.repeated = self._counter("updates_repeated", "Updates that Telegram delivered again")
        self.poll_failures = self._counter("poll_failures", "Polls that failed, by cause", "cause")
        self.errors = self._counter("errors", "Updates that ended in an error, by kind", "kind")
        self.limited = self._counter("rate_limited", "Questions refused because their asker sent too many")
        self.latency = self._histogram("answer_seconds", "From the question taken up to the answer found")
        self.send_wait = self._histogram("send_wait_seconds", "How long sends waited for their turn")
        self.queue = Gauge("verbatim_queue", "Updates that wait or are under way", registry=self._registry)
        self.behind = self._gauge("index_behind", "Changes of the library that the index lacks")
        self.reachable = self._gauge(
            "index_reachable", "Whether the index could be asked when it was looked at last, 0 or 1"
        )
        self.pending = Gauge("verbatim_pending", "Updates that wait for delivery by webhook", registry=self._registry)
        self.last_poll = Gauge(
            "verbatim_last_poll", "When Telegram was heard from last, in unix seconds", registry=self._registry
        )

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def heard(self) -> float:
        """When Telegram was heard from last, in seconds since 1970; 0 when never."""
        return max(sample.value for metric in self.last_poll.collect() for sample in metric.samples)

    def totals(self) -> "Totals":
        """The counters that an owner asks for, since the start."""
        return Totals(
            questions=self._sum("questions"),
            answered=self._sum("replies", "quotes"),
            nothing=self._sum("replies", "nothing"),
            retries=self._sum("retries"),
            unknown=self._sum("unknown_outcomes"),
        )

    def _sum(self, name: str, label: str = "") -> float:
        return sum(
            sample.value
            for metric in self._registry.collect()
            if metric.name == f"verbatim_{name}"
            for sample in metric.samples
            if sample.name.endswith("_total") and (not label or label in sample.labels.values())
        )

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"verbatim_{name}", words, labels, registry=self._registry)

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(f"verbatim_{name}", words, registry=self._registry)

    def _histogram(self, name: str, words: str) -> Histogram:
        return Histogram(f"verbatim_{name}", words, buckets=_SECONDS, registry=self._registry)
