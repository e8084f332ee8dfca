"""Ways a mail leaves: to an SMTP server, or into a file where there is none."""

import contextlib
import ipaddress
import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from widget.config import MailServer
from widget.core.mail_models import OutgoingMail

# For one step of the conversation; a dead server holds the worker up for no longer than this at a time.
TIMEOUT_SECONDS = 20.0
PERMANENT = 500
SERVICE_CLOSING = 421


class MailRefused(Exception):
    """Raised for a mail that will never be taken."""


class MailPostponed(Exception):
    """Raised for a mail that may be taken later."""


class ServerUnreachable(MailPostponed):
    """Raised when the server takes no mail at all at the moment."""


class MailCarrier(Protocol):
    """Takes mails away, one after another; used in `with`."""

    def __enter__(self) -> "MailCarrier": ...

    def __exit__(self, *_error: object) -> None: ...

    def carry(self, mail: OutgoingMail, message: EmailMessage) -> None:
        """Hand one mail over; raise MailRefused or MailPostponed."""


class FileCarrier:
    """Writes mails as files, which appear whole, into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> "FileCarrier":
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def carry(self, mail: OutgoingMail, message: EmailMessage) -> None:
        try:
            # Mails hold links that let somebody in: nobody else on the machine reads them.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, part = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(message.as_bytes())
                Path(part).replace(self._folder / file_name_of(mail))
            finally:
                Path(part).unlink(missing_ok=True)
        except OSError as error:
            raise ServerUnreachable(f"The file could not be written: {error.strerror}.") from error


def file_name_of(mail: OutgoingMail) -> str:
    """Return the name of the file a mail is written to; names sort by time."""
    return f"{mail.created_at:%Y-%m-%d-%H%M%S}-{mail.id}.eml"


class SmtpCarrier:
    """Hands mails to an SMTP server over one connection, made when the first is due."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "SmtpCarrier":
        return self

    def __exit__(self, *_error: object) -> None:
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def carry(self, mail: OutgoingMail, message: EmailMessage) -> None:
        connection = self._connection or self._connect()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._judge(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise self._judge(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise MailRefused("The mail server does not take addresses with such characters.") from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._disconnect()
            raise ServerUnreachable(_describe(error)) from error

    def _judge(self, code: int, answer: bytes | str) -> MailRefused | MailPostponed:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        detail = f"The mail server answered {code}: {' '.join(text.split())}"
        if code == SERVICE_CLOSING:
            self._disconnect()
            return ServerUnreachable(detail)
        return MailRefused(detail) if code >= PERMANENT else MailPostponed(detail)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = _make_context(server.host)
        connection: smtplib.SMTP | None = None
        try:
            if server.is_tls:
                connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
            connection.ehlo_or_helo_if_needed()
            is_private = server.is_tls or _is_this_machine(server.host)
            if not server.is_tls and connection.has_extn("starttls"):
                connection.starttls(context=context)
                is_private = True
            if server.user:
                if not is_private:
                    raise ServerUnreachable("The mail server offers no encryption, so the password was not sent.")
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, ServerUnreachable) as error:
            if connection is not None:
                connection.close()
            raise error if isinstance(error, ServerUnreachable) else ServerUnreachable(_describe(error)) from error
        self._connection = connection
        return connection


def _make_context(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if _is_this_machine(host):
        # Nobody stands between us and ourselves, and a local server's certificate names another host.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _describe(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "The mail server did not answer in time."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server refused the user or the password of SMTP_URL."
    return f"The mail server could not be reached: {str(error) or type(error).__name__}"
