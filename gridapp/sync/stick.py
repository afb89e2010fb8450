"""Files on a place that may be slow, full, pulled out, or hang.

Every call on it is made on a thread of its own, and whoever waits is asked ten times a second whether to go on: a stick that
hangs holds up a thread nobody waits for, never the program. What is written is synced, read again, checked, and only then named.
"""
from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from gridapp.sync import envelope
from gridapp.sync.troubles import Damaged, writing

BEAT, GRACE, PATIENCE = 0.1, 1.0, 300.0  # seconds: between two questions, for tidying up, for one call on a place that does not answer
Beat = Callable[[], object]


def no_beat() -> None:
    """Nobody wants to stop."""


class Stick:
    """Calls on such a place, one after the other. beat: asked while waiting; what it raises ends the waiting."""

    def __init__(self, beat: Beat = no_beat) -> None:
        self._beat = beat
        self._calls: SimpleQueue[Any] = SimpleQueue()
        threading.Thread(target=_serve, args=(self._calls,), daemon=True, name="gridapp-stick").start()

    def call(self, what: Callable[..., Any], *values: Any) -> Any:
        """What the call gives or raises. Raises OSError (ETIMEDOUT) when nothing comes for minutes, and what beat raises."""
        answer, start = self._ask(what, values), time.monotonic()
        while True:
            try:
                result, error = answer.get(timeout=BEAT)
            except Empty:
                self._beat()
                if time.monotonic() - start > PATIENCE:
                    raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
                continue
            if error:
                raise error
            return result

    def tidy(self, what: Callable[..., Any], *values: Any) -> None:
        """Call when all before it are over, whether that still matters to anybody or not; wait for it a moment only."""
        try:
            self._ask(what, values).get(timeout=GRACE)
        except Empty:
            return

    def end(self) -> None:
        """Let the thread go when it has nothing left to do."""
        self._calls.put(None)

    def _ask(self, what: Callable[..., Any], values: tuple[Any, ...]) -> SimpleQueue[Any]:
        answer: SimpleQueue[Any] = SimpleQueue()
        self._calls.put((what, values, answer))
        return answer

    @contextmanager
    def opened(self, path: Path, mode: str) -> Iterator[Stream]:
        """A file there, open; closed afterwards even if whoever waited has left."""
        stream = self.call(open, path, mode)
        try:
            yield Stream(self, stream)
        except BaseException:
            self.tidy(stream.close)
            raise
        self.call(stream.close)


class Stream:
    """An open file on a stick."""

    def __init__(self, stick: Stick, stream: BinaryIO) -> None:
        self._stick, self._stream = stick, stream

    def write(self, data: bytes) -> int:
        return self._stick.call(self._stream.write, data)

    def read(self, size: int = -1) -> bytes:
        return self._stick.call(self._stream.read, size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stick.call(self._stream.seek, offset, whence)

    def to_disk(self) -> None:
        """Out of every cache, so that what is read next comes from the stick."""
        self._stick.call(_to_disk, self._stream)


@contextmanager
def reading(path: Path, beat: Beat = no_beat) -> Iterator[Stream]:
    """A file to read. Raises OSError."""
    stick = Stick(beat)
    try:
        with stick.opened(path, "rb") as stream:
            yield stream
    finally:
        stick.end()


def write(path: Path, fill: Callable[[Any], object], beat: Beat = no_beat) -> int:
    """Write a bundle whole or not at all: fill a *.tmp, sync, read it again, check its seal, rename. Gives its size.

    Raises Trouble for the place, and what fill and beat raise; at most the *.tmp is then left.
    """
    temporary, stick = path.with_name(path.name + ".tmp"), Stick(beat)
    try:
        with stick.opened(temporary, "w+b") as stream:
            fill(stream)
            stream.to_disk()
            envelope.verify(stream, "bundle")
            size = stream.seek(0, 2)
        stick.call(os.replace, temporary, path)
        stick.call(_folder_to_disk, path.parent)
    except BaseException as error:
        stick.tidy(_remove, temporary)
        if isinstance(error, OSError | Damaged):
            raise writing(error if isinstance(error, OSError) else OSError()) from error
        raise
    finally:
        stick.end()
    return size


def copy(source: Path, path: Path, beat: Beat = no_beat) -> int:
    """Write a bundle that lies elsewhere with the same care. Raises Trouble for the place, Damaged for a source that is not whole."""

    def fill(out: Any) -> None:
        while data := stream.read(1 << 20):
            out.write(data)

    with reading(source, beat) as stream:
        envelope.verify(stream, "bundle")
        stream.seek(0)
        return write(path, fill, beat)


def _serve(calls: SimpleQueue[Any]) -> None:
    while each := calls.get():
        what, values, answer = each
        try:
            answer.put((what(*values), None))
        except BaseException as error:  # noqa: BLE001 - whoever asked hears of it
            answer.put((None, error))


def _to_disk(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    if hasattr(os, "posix_fadvise"):  # read back from the stick, not from memory
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _folder_to_disk(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
