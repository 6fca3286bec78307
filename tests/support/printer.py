"""A receipt printer in the network that prints into memory."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gongji.printing.escpos import ASK_PAPER, ASK_WHY_OFFLINE

WELL, NO_PAPER, OPEN = b"\x12", b"\x72", b"\x16"
Answers = Callable[[bytes, int], bytes]


class Printer:
    """Takes one job after the other, and answers status questions between what it prints.

    `answers` gets a question and how many bytes were printed; a printer is gone once it has printed `most`.
    """

    def __init__(self, answers: Answers, most: int) -> None:
        self.jobs: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.name = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._answers, self._most, self._is_on = answers, most, True
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def printed(self) -> bytes:
        return b"".join(self.jobs)

    def _serve(self) -> None:
        while self._is_on:
            line, _ = self._listener.accept()
            with line:
                if self._is_on:
                    self._print(line)

    def _print(self, line: socket.socket) -> None:
        self.jobs.append(b"")
        while part := line.recv(1 << 16):
            for question in (ASK_PAPER, ASK_WHY_OFFLINE):
                if question in part:
                    part = part.replace(question, b"")  # what is left is to be printed
                    line.sendall(self._answers(question, len(self.printed)))
            self.jobs[-1] += part
            if len(self.printed) > self._most:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # gone at once
                return

    def switch_off(self) -> None:
        self._is_on = False
        with socket.create_connection(self._listener.getsockname()[:2]):
            self._thread.join()
        self._listener.close()


@contextmanager
def printer(answers: Answers, most: int = 1 << 30) -> Iterator[Printer]:
    """A printer that is switched off at the end."""
    one = Printer(answers, most)
    try:
        yield one
    finally:
        one.switch_off()
