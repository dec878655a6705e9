"""Why a signature did not come about, each with its own code.

::

    signing_unavailable      503  the service is down or answers nonsense at the door
    signing_timeout          503  it did not answer in time: sign again
    signing_bad_answer       503  it answered, but not with this PDF, signed
    signing_not_configured   409  this way is not set up here
    signing_misconfigured    503  the service knows our user or password not
    signer_not_identified    409  no NIK or e-mail is on file for this person
    signer_not_registered    409  unknown to the service, or without a certificate
    certificate_expired      409  …_renew, …_suspended, …_revoked, …_waiting, …_new
    signing_refused          409  refused for a reason we do not know
    wrong_passphrase         422  field /passphrase
    passphrase_required      422  field /passphrase
"""

from __future__ import annotations

from contracts.errors import Conflict, Invalid, RakatError, Unavailable, invalid


def unavailable() -> RakatError:
    return Unavailable("signing_unavailable", retry_after=30)


def timeout() -> RakatError:
    return Unavailable("signing_timeout", retry_after=30)


def bad_answer() -> RakatError:
    return Unavailable("signing_bad_answer", retry_after=30)


def not_configured() -> RakatError:
    return Conflict("signing_not_configured")


def misconfigured() -> RakatError:
    return Unavailable("signing_misconfigured", retry_after=600)


def not_identified() -> RakatError:
    return Conflict("signer_not_identified")


def refused() -> RakatError:
    return Conflict("signing_refused")


def of_status(code: str) -> RakatError:
    """`code` is one of the certificate's, e.g. ``certificate_expired``."""
    return Conflict(code)


def wrong_passphrase() -> Invalid:
    return invalid("/passphrase", "Kata sandi tanda tangan salah", "wrong_passphrase")


def passphrase_required() -> Invalid:
    return invalid("/passphrase", "Isi kata sandi tanda tangan", "passphrase_required")
