"""The two ports, tried before anything is started on them."""

import errno
import socket
from contextlib import closing

from course.refusal import Refusal

LOOPBACK = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback; port 0 is any free one.

    Raises: Refusal when the port is somebody else's.
    """
    return bound(port, "--port")


def free(port: int) -> int:
    """The number of a port that nobody listens on at this moment.

    Raises: Refusal when the port is somebody else's.
    """
    with closing(bound(port, "--lab-port")) as listener:
        number: int = listener.getsockname()[1]
    return number


def bound(port: int, option: str) -> socket.socket:
    """A listening socket, or the sentence why there is none."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Without it a port whose last connection ended a minute ago counts as taken.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Refusal(why_not(error, port, option)) from None
    return listener


def why_not(error: OSError, port: int, option: str) -> str:
    """One sentence for a port that cannot be had."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: choose a free one with `{option} N`."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root: choose one above 1023 with `{option} N`."
    return f"Port {port} cannot be used ({error.strerror}): choose another with `{option} N`."
