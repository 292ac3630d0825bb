"""Methods by which the bot gets its updates: long polling and the webhook's settings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import BotApiError, defective
from .registry import Call, method
from .schema import JsonObject
from .updates import TERMINATED_BY_WEBHOOK, WEBHOOK_ACTIVE

MAX_POLL_SECONDS = 50
MAX_UPDATES = 100
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = (80, 88, 443, 8443)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Webhook:
    """Where Telegram delivers updates to, and how."""

    url: str
    secret_token: str | None = None
    certificate: bytes | None = None
    max_connections: int = 40


def active_webhook(call: Call) -> Webhook | None:
    """The webhook that is set, if one is."""
    webhook = call.account.settings.get(("webhook",))
    return webhook if isinstance(webhook, Webhook) else None


# Updates are checked when they are queued; what a test queues raw may be as wrong as it likes.
@method("getUpdates", returns=None)
async def get_updates(call: Call) -> object:
    if active_webhook(call):
        raise BotApiError(409, WEBHOOK_ACTIVE)
    params, queue = call.params, call.account.queue
    queue.allow(params.get("allowed_updates"))
    limit = params.get("limit", MAX_UPDATES)
    if not 1 <= limit <= MAX_UPDATES:
        limit = MAX_UPDATES
    wait = min(max(params.get("timeout", 0), 0), MAX_POLL_SECONDS)
    return await queue.poll(offset=params.get("offset"), limit=limit, timeout_seconds=wait)


@method("setWebhook")
async def set_webhook(call: Call) -> object:
    params, account = call.params, call.account
    if not params["url"]:
        return await delete_webhook(call)
    _check_url(params["url"])
    secret = params.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise defective("secret token contains unallowed characters")
    certificate = call.files.get(params.get("certificate", "").removeprefix("attach://"))
    connections = params.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise defective("max_connections must be from 1 to 100")
    account.queue.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        account.queue.drop()
    account.queue.terminate_poller(TERMINATED_BY_WEBHOOK)
    account.settings["webhook",] = Webhook(
        params["url"], secret, certificate.data if certificate else None, connections
    )
    account.settings.pop(("webhook error",), None)
    account.queue.signal.changed()
    return True


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    local = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not local:
        raise defective("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS and not local:
        raise defective("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


@method("deleteWebhook")
async def delete_webhook(call: Call) -> object:
    call.account.settings.pop(("webhook",), None)
    if call.params.get("drop_pending_updates"):
        call.account.queue.drop()
    call.account.queue.signal.changed()
    return True


@method("getWebhookInfo", returns="WebhookInfo")
async def get_webhook_info(call: Call) -> object:
    webhook, queue = active_webhook(call), call.account.queue
    info: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue.pending)}
    if webhook:
        info |= {"url": webhook.url, "has_custom_certificate": webhook.certificate is not None,
                 "max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}  # fmt: skip
    error = call.account.settings.get(("webhook error",))
    if isinstance(error, tuple):
        info |= {"last_error_date": error[0], "last_error_message": error[1]}
    if queue.allowed:
        info["allowed_updates"] = sorted(queue.allowed)
    return info
