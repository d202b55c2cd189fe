"""Secrets and private keys as a user gives them, and some that nobody gave to anybody.

Ed25519 and ECDSA take the package `cryptography`, which a bare install does not bring.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from typing import Any

from course.refusal import Refusal
from labs.errors import LabError
from labs.webhook.providers import Signature
from labs.webhook.schemes import PrivateKey

USAGE = 64
PAIRS = ("ed25519", "ecdsa-p256-sha256")


def private(scheme: Signature, secret: str) -> str | PrivateKey:
    """What `labs.webhook.schemes.sign` takes for this secret. Raises LabError, Refusal."""
    if scheme.algorithm not in PAIRS:
        return secret
    if scheme.algorithm == "ed25519":
        key = _loaded().ed25519.Ed25519PrivateKey.from_private_bytes(_seed(secret))
        return lambda text: bytes(key.sign(text))
    made = _loaded()
    try:
        curve = made.load_der_private_key(b64decode(secret, validate=True), None)
    except ValueError:
        raise LabError("it must be a P-256 private key: base64 of its DER form, PKCS #8") from None
    return lambda text: bytes(curve.sign(text, made.ec.ECDSA(made.SHA256())))


def unknown(scheme: Signature) -> str:
    """A secret of the kind that the scheme takes; each call makes another one."""
    fresh = secrets.token_bytes(32)
    if scheme.algorithm == "ecdsa-p256-sha256":
        made = _loaded()
        key = made.ec.generate_private_key(made.ec.SECP256R1())
        form = (made.Encoding.DER, made.PrivateFormat.PKCS8, made.NoEncryption())
        return b64encode(key.private_bytes(*form)).decode()
    if scheme.algorithm == "ed25519":
        return fresh.hex()
    return "whsec_" + b64encode(fresh).decode()


def _seed(secret: str) -> bytes:
    """The 32 bytes of an Ed25519 private key: hexadecimal, or base64 behind whsk_."""
    try:
        if secret.startswith("whsk_"):
            return b64decode(secret.removeprefix("whsk_"), validate=True)[:32]
        seed = bytes.fromhex(secret)
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise LabError("it must be an Ed25519 private key: 32 bytes, as hex or behind whsk_")
    return seed


def _loaded() -> Any:
    """The names that are needed of `cryptography`. Raises Refusal where it is not installed."""
    try:
        from cryptography.hazmat.primitives import serialization as forms
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        raise Refusal(
            "This sender signs with a private key, which takes `pip install cryptography`.", USAGE
        ) from None

    class Names:
        load_der_private_key = staticmethod(forms.load_der_private_key)
        Encoding, PrivateFormat = forms.Encoding, forms.PrivateFormat
        NoEncryption = forms.NoEncryption

    names: Any = Names
    names.ec, names.ed25519, names.SHA256 = ec, ed25519, SHA256
    return names
