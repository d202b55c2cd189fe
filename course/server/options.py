"""The command line of `start`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from course.doors import USAGE


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; port 0 is any free one."""

    port: int
    lab_port: int
    opens_browser: bool


class Parser(argparse.ArgumentParser):
    """Ends with the status that sysexits.h has for usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with these arguments."""
        self.exit(USAGE, f"{self.format_usage()}{message}\n")


def parsed(arguments: Sequence[str]) -> Options:
    """The options of these arguments; wrong ones end the program with the usage."""
    parser = Parser(prog="python3 -m course start")
    parser.add_argument("--port", type=port, default=8000, help="the site's port (8000)")
    parser.add_argument("--lab-port", type=port, default=8888, help="JupyterLab's port (8888)")
    parser.add_argument("--no-browser", action="store_true", help="print the link, open nothing")
    given = parser.parse_args(arguments)
    if given.port == given.lab_port != 0:
        parser.error("the site and JupyterLab need a port each")
    return Options(given.port, given.lab_port, not given.no_browser)


def port(text: str) -> int:
    """A port number; 0 stands for any free one."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number
