"""How a program here ends when its input is wrong: as `ablate` does."""

import argparse
import pathlib
import signal
import sys

# As by Ctrl-C, folders that are there for a while go first. A program that starts this one may have blocked the signal.
signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

USAGE, DATA, INPUT_OUTPUT = 64, 65, 74


def note(message):
    """Something that is no result."""
    print(message, file=sys.stderr, flush=True)


def fail(message, status):
    """Ends the program with a message that names what is wrong."""
    note(f"{pathlib.Path(sys.argv[0]).name}: {message}")
    sys.exit(status)


class ArgumentParser(argparse.ArgumentParser):
    """Prints a description as it stands, and ends with 64 where an argument is wrong."""

    def __init__(self, description):
        super().__init__(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message):
        self.print_usage(sys.stderr)
        fail(message, USAGE)
