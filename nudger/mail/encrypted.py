"""Mails whose words cannot be read: S/MIME, PGP, and Microsoft's protected messages."""

from __future__ import annotations

from nudger.mail.message import Inbound
from nudger.mail.mime import SIGNED_OR_ENCRYPTED

PGP = ("multipart/encrypted", "application/pgp-encrypted")
PROTECTED = "application/x-microsoft-rpmsg-message"
PGP_BEGINS = "-----BEGIN PGP MESSAGE-----"


def is_encrypted(inbound: Inbound) -> bool:
    """Whether what the sender wrote is encrypted, or wrapped so that it cannot be read."""
    kinds = (inbound.content_type, *inbound.part_types)
    if PROTECTED in kinds or any(kind in kinds for kind in PGP):
        return True
    words = (inbound.plain or inbound.html or "").strip()
    if any(kind in kinds for kind in SIGNED_OR_ENCRYPTED) and not words:
        return True
    return words.startswith(PGP_BEGINS)
