"""One mail as the text that travels (RFC 5322), the same at every attempt."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from widget.core.mail_models import OutgoingMail

# Servers that take no eight-bit text still exist.
POLICY = SMTP.clone(cte_type="7bit")


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
    return Address(addr_spec=f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}")
