"""One mail as the text that travels (RFC 5322), the same at every attempt."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from widget.core.mail_models import OutgoingMail


class _WholeLinks(EmailPolicy):
    """A policy that leaves a list's links on one line: folded, they would be encoded words, and no links."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}\r\n" if name.lower().startswith("list-") else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        is_of_list = name.lower().startswith("list-")
        return self.fold(name, value).encode("ascii") if is_of_list else super().fold_binary(name, value)


# Servers that take no eight-bit text still exist.
POLICY = _WholeLinks(cte_type="7bit", linesep="\r\n")


class UnwritableMail(Exception):
    """Raised for a mail whose address or headers no mail can carry."""


def compose_message(mail: OutgoingMail, sender: str) -> EmailMessage:
    """Return the message; its id is made of the row's, so that a repeat is known for one."""
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = sender
        message["To"] = str(read_address(mail.recipient))
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{mail.id.hex}@{parseaddr(sender)[1].rpartition('@')[2]}>"
        # Answering machines leave such mails alone (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        for name, value in mail.headers.items():
            message[name] = value
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
    except (MessageError, ValueError, IndexError) as error:
        raise UnwritableMail("This address or a header cannot be written into a mail.") from error
    return message


def read_address(text: str) -> Address:
    """Return an address as mails carry it, its domain in ASCII; raise ValueError for what is none.

    >>> str(read_address("erin@müller.example"))
    'erin@xn--mller-kva.example'
    """
    local, _, domain = text.rpartition("@")
    try:
        return Address(addr_spec=f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}")
    except (MessageError, IndexError) as error:
        raise ValueError("this is no address to send a mail to") from error
