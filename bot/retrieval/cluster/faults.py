"""Faults: what opensearch-py raises, as one line that names the machine, what was expected, and what to do."""

from typing import Any

from bot.errors import UnavailableError

BLOCKED = "cluster_block_exception"
MISSING = "index_not_found_exception"
BUSY = 429
READ_ONLY = (403, BUSY)
"""The status of a block on an index; a cluster that is still starting blocks with another one."""
TRY_AGAIN = "try again in a while"


class MissingIndexError(UnavailableError):
    """The index is not there (any more): it is built again."""


def fault(error: Exception, nodes: str) -> UnavailableError:
    """The error to raise in the place of one of opensearch-py's; `nodes` are the addresses that were tried."""
    from opensearchpy.exceptions import ConnectionError as NoConnection
    from opensearchpy.exceptions import ConnectionTimeout, SerializationError, SSLError, TransportError

    if isinstance(error, SerializationError):
        return UnavailableError(
            f"{nodes}: what answers there is no OpenSearch: its reply cannot be read; check [cluster] urls"
        )
    if not isinstance(error, TransportError):
        return UnavailableError(f"{nodes}: the cluster cannot be asked ({type(error).__name__}); {TRY_AGAIN}")
    if isinstance(error, SSLError):
        return _untrusted(error, nodes)
    if isinstance(error, ConnectionTimeout):
        return UnavailableError(
            f"{nodes}: the cluster did not answer in time; {TRY_AGAIN}, or raise [cluster] timeout_seconds"
        )
    if isinstance(error, NoConnection):
        return UnavailableError(
            f"{nodes}: no node of the cluster can be reached ({_cause(error)}); start it, or correct [cluster] urls, "
            f"and {TRY_AGAIN}"
        )
    return _refusal(error, nodes)


def is_busy(status: object, kind: str) -> bool:
    """Whether a refusal tells of too much work, and not of a full disk, which OpenSearch gives the same status."""
    return status == BUSY and kind != BLOCKED


def refused(status: object, kind: str, reason: str, nodes: str) -> UnavailableError | None:
    """The error for what the cluster would not do, where its kind says enough; None for other kinds."""
    if kind == BLOCKED and status in READ_ONLY:
        return UnavailableError(
            f"{nodes}: the index is read-only, as OpenSearch makes it when a disk is full ({reason[:200]}); make room "
            'there and set its "index.blocks.read_only_allow_delete" to null; what is new waits in the library'
        )
    if kind == MISSING:
        return MissingIndexError(f"{nodes}: {reason}; it is made again from the library: {TRY_AGAIN}")
    return None


def fault_of_part(answer: Any, nodes: str) -> UnavailableError:
    """The error to raise for one of several searches in a request that failed."""
    failure = answer["error"]
    kind, reason = str(failure.get("type")), str(failure.get("reason") or "")
    return refused(answer.get("status"), kind, reason, nodes) or UnavailableError(
        f"{nodes}: a search failed ({kind}: {reason[:200]}); {TRY_AGAIN}"
    )


def _untrusted(error: Exception, nodes: str) -> UnavailableError:
    return UnavailableError(
        f"{nodes}: its certificate is not one that we trust ({_cause(error)}); name the file of the authority that "
        "signed it in [cluster] ca_file"
    )


def _refusal(error: Any, nodes: str) -> UnavailableError:
    """The error for an answer with a status that tells of a failure."""
    status, kind = error.status_code, str(error.error)
    if status == 401:
        return UnavailableError(
            f"{nodes}: the cluster refuses the user or password; check [cluster] user and VERBATIM_CLUSTER_PASSWORD, "
            "or VERBATIM_CLUSTER_API_KEY"
        )
    told = refused(status, kind, _reason(error), nodes)
    if told is not None:
        return told
    if status == 403:
        return UnavailableError(
            f"{nodes}: the cluster's user may not do this ({_reason(error)}); give it all rights on the index of "
            "[cluster] index, its aliases, and the right to look at the cluster's health"
        )
    if status == BUSY:
        return UnavailableError(f"{nodes}: the cluster is too busy to answer; {TRY_AGAIN}, or give it more nodes")
    if status in (502, 503, 504):
        return UnavailableError(
            f"{nodes}: the cluster is there but cannot answer now ({kind}): a part of the index has no node; look at "
            f"its health and its log, and {TRY_AGAIN}"
        )
    return UnavailableError(f"{nodes}: the cluster answered with status {status} ({kind}: {_reason(error)[:200]})")


def _reason(error: Any) -> str:
    """The sentence that OpenSearch gives for a failure, "" when there is none."""
    info = error.info
    failure = info.get("error") if isinstance(info, dict) else None
    return str(failure.get("reason") or "") if isinstance(failure, dict) else ""


def _cause(error: Any) -> str:
    """The innermost reason of a failed connection, without the addresses of objects around it."""
    text = str(error.error).rpartition(": ")[2]
    return text.strip("()' ")[:200] or type(error).__name__
