"""The logs: one line an event, with the token taken out of whatever a line holds, and never a traceback."""

import json
import logging
import re
import sys
import time

from bot.settings import Secret

_TOKEN = re.compile(r"\b\d{5,}(:|%3A)[A-Za-z0-9_-]{20,}")
_PAIR = re.compile(r"(\w+)=(\S+)")
HIDDEN = "[token]"


class Redaction(logging.Filter):
    """Takes the token, and whatever looks like one, out of every record."""

    def __init__(self, token: Secret) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """True always: the record stays, without what it must not hold."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        record.msg, record.args = redacted(message, self._token), None
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class JsonLines(logging.Formatter):
    """Each record as a JSON object on a line; what a message writes as name=value is a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        message = record.getMessage()
        event, _, rest = message.partition(": ")
        fields = dict(_PAIR.findall(rest))
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "module": record.name,
            "event": event if fields else message,
        }
        return json.dumps(line | fields, ensure_ascii=False)


def redacted(text: str, token: Secret) -> str:
    """The text without the token or anything that looks like one."""
    if token:
        text = text.replace(token.reveal(), HIDDEN)
    return _TOKEN.sub(HIDDEN, text)


def set_up_logs(token: Secret, *, as_json: bool) -> None:
    """Write the product's events to standard error, and of the libraries' only that something went wrong."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if as_json else text)
    handler.addFilter(Redaction(token))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)
    # python-telegram-bot writes users' texts with its warnings; what matters of them reaches our own error handler.
    for library in ("telegram", "aiohttp", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
