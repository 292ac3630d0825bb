"""The delivery: how Telegram is asked to bring updates to the webhook, and looked after while it does."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from telegram import Bot, InputFile, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.errors import SettingsError
from bot.errors import TelegramError as RefusedError
from bot.settings import TelegramSettings
from bot.telegram.metrics import Metrics
from bot.telegram.polling import REFUSED, UPDATE_KINDS
from bot.telegram.web import Receive, Tls, Webhook, serve_webhook

PAUSE_SECONDS = 5.0
LOOK_SECONDS = 60.0
"""So often it is looked whether Telegram still delivers here, and reaches us."""
FAILING_SECONDS = 120
"""A delivery that failed so lately may fail still."""
UNRESOLVED = "resolve"
"""In a refusal that may pass: Telegram did not find the host's address."""

_log = logging.getLogger(__name__)


class Delivery:
    """Updates by webhook, in the place of polling.

    Where a certificate and its key are configured, this process ends TLS; a certificate alone is that of a proxy before
    it. Telegram gets the certificate when it is self-signed, for then it trusts nothing else.
    """

    def __init__(
        self, bot: Bot, settings: TelegramSettings, metrics: Metrics, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._bot = bot
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        # The same in every process of one bot, so that a proxy may share deliveries out among several.
        self._secret = hmac.new(bot.token.encode(), b"webhook", hashlib.sha256).hexdigest()
        self._asked = False

    async def listen(self, receive: Receive, stack: AsyncExitStack) -> None:
        """Listen for deliveries until the stack is left. Raises SettingsError where that is not possible."""
        settings, tls = self._settings, None
        if settings.webhook_key:
            if not settings.webhook_certificate:
                raise SettingsError("[telegram] webhook_key needs its certificate: set webhook_certificate")
            tls = Tls(Path(settings.webhook_certificate), Path(settings.webhook_key))
        webhook = Webhook(receive, self._secret, self._metrics)
        await serve_webhook(webhook, settings.webhook_url, settings.webhook_host, settings.webhook_port, tls, stack)

    async def run(self) -> None:
        """Ask Telegram to deliver here, and see to it that it goes on; cancel it to stop.

        Raises RefusedError when Telegram refuses the token, SettingsError when it refuses the address.
        """
        certificate = self._certificate()
        while True:
            pause = LOOK_SECONDS
            try:
                info = await self._bot.get_webhook_info()
                if info.url != self._settings.webhook_url or not self._asked:
                    await self._ask(certificate)
                else:
                    self._note(info)
            except InvalidToken:
                raise RefusedError(REFUSED) from None
            except BadRequest as error:
                if UNRESOLVED not in error.message.lower():
                    raise SettingsError(
                        f"[telegram] webhook_url: Telegram refuses {self._settings.webhook_url} ({error.message}); "
                        "give a public https address on port 443, 80, 88 or 8443"
                    ) from None
                pause = self._unset(error)
            except TelegramError as error:
                pause = self._unset(error)
            await asyncio.sleep(pause)

    async def _ask(self, certificate: bytes | None) -> None:
        """Have updates delivered here."""
        await self._bot.set_webhook(
            self._settings.webhook_url,
            certificate=InputFile(certificate, filename="certificate.pem") if certificate else None,
            secret_token=self._secret,
            allowed_updates=UPDATE_KINDS,
        )
        self._asked = True
        self._metrics.last_poll.set(self._clock())
        _log.info("webhook set: own_certificate=%s", certificate is not None)

    def _note(self, info: WebhookInfo) -> None:
        """Count how deliveries fare: Telegram was heard from unless it could not reach us just now."""
        self._metrics.pending.set(info.pending_update_count)
        failed = info.last_error_date
        if info.pending_update_count and failed and self._clock() - failed.timestamp() < FAILING_SECONDS:
            self._metrics.poll_failures.labels("Delivery").inc()
            _log.warning("deliveries fail: pending=%d", info.pending_update_count)
        else:
            self._metrics.last_poll.set(self._clock())

    def _unset(self, error: TelegramError) -> float:
        _log.warning("webhook not looked after: cause=%s", type(error).__name__)
        return PAUSE_SECONDS

    def _certificate(self) -> bytes | None:
        """The certificate that Telegram needs to have; None for one of an authority, which it trusts by itself."""
        if not self._settings.webhook_certificate:
            return None
        from cryptography import x509  # only where there is a certificate

        path = Path(self._settings.webhook_certificate)
        try:
            content = path.read_bytes()
            certificate = x509.load_pem_x509_certificate(content)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"[telegram] webhook_certificate: {path} holds no PEM certificate ({type(error).__name__}); make one "
                "with openssl req -x509, or leave it empty behind a proxy"
            ) from error
        return content if certificate.issuer == certificate.subject else None
