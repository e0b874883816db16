"""A proxy between client and server that does one kind of harm to some of the connections."""

import random
import socket
import struct
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum

from tests.faults.stream import Tracker, garbage
from tests.servers.relay import Relay, running

NOISE = (
    b"* 3 EXPUNGE\r\n* 3 EXPUNGE\r\n* 99 EXISTS\r\n* 0 RECENT\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
    b"* 2 FETCH (UID 2 FLAGS ())\r\n* OK still here {5}\r\n* FLAGS (\\Seen)\r\n"
    b"* 7 FETCH (MODSEQ (12))\r\n* 4 EXPUNGE\r\n"
)


class Harm(Enum):
    """What is done at the position."""

    CUT = "hangs up"
    RESET = "resets the connection"
    STALL = "falls silent"
    DRIP = "goes on byte by byte, too slowly"
    BYE = "says BYE and hangs up"
    GARBAGE = "sends a line of garbage"
    SPOILT = "spoils bytes of a status line"
    NOISE = "sends what nobody asked for"


AT_A_RESPONSE = frozenset({Harm.BYE, Harm.GARBAGE, Harm.NOISE})


@dataclass
class Tampering(Relay):
    """Does `harm` behind `position` bytes from the server, to the next `times` connections."""

    seed: int = 0
    harm: Harm | None = None
    position: int = 0
    times: int = 1
    encrypted: bool = False
    struck: int = 0
    sent: list[bytearray] = field(default_factory=list)  # by connection, what the server said
    _stop: threading.Event = field(default_factory=threading.Event)

    def heal(self) -> None:
        """Do no more harm; connections under harm end."""
        self.harm = None
        self.hang_up()

    def hang_up(self) -> None:
        """End every connection, also those that are kept waiting."""
        self._stop.set()
        super().hang_up()
        self._stop = threading.Event()

    def down(self, server: socket.socket, client: socket.socket) -> None:
        """Pass on what the server says, and do the harm once its position is reached."""
        tracker, done, said, stop = Tracker(), False, bytearray(), self._stop
        self.sent.append(said)
        while piece := server.recv(65536):
            if self.harm is not None and not done and self.struck < self.times:
                at = self._where(tracker, piece, len(said))
                if at is not None:
                    self.struck += 1
                    done = True
                    client.sendall(piece[:at])
                    left = self._strike(client, piece[at:], stop)
                    if left is None:
                        return
                    piece = left
            said += piece
            client.sendall(piece)

    def _where(self, tracker: Tracker, piece: bytes, before: int) -> int | None:
        """Where in this piece the harm is done, if it is; some needs a response's beginning."""
        if self.encrypted:
            at = self.position - before
            return at if 0 <= at < len(piece) else None
        for index in range(len(piece)):
            due = before + index >= self.position
            if due and (self.harm not in AT_A_RESPONSE or (tracker.at_response and before + index)):
                if self.harm is not Harm.SPOILT:
                    return index
                # Where a message's own data come, nobody can tell spoilt ones from right ones.
                begun = b"" if tracker.at_response else tracker.first_line
                line = (begun + piece[index:]).partition(b"\n")[0]
                if not tracker.left and b"FETCH" not in line[:30] and index + 4 < len(piece):
                    return index
            tracker.take(piece[index : index + 1])
        return None

    def _strike(self, client: socket.socket, rest: bytes, stop: threading.Event) -> bytes | None:
        """Do it; return what is to be sent instead of the rest, None when nothing more is."""
        rng = random.Random(self.seed)
        match self.harm:
            case Harm.RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
            case Harm.STALL:
                stop.wait(30)
            case Harm.DRIP:
                for index in range(len(rest)):
                    if stop.wait(0.02):
                        return None
                    client.sendall(rest[index : index + 1])
                stop.wait(30)
            case Harm.BYE:
                client.sendall(b"* BYE Going down for maintenance\r\n")
            case Harm.GARBAGE:
                line = garbage(rng, 40) + b"\r\n"
                return (b"* " + line if rng.random() < 0.5 else line) + rest
            case Harm.NOISE:
                return NOISE + rest
            case Harm.SPOILT:
                return garbage(rng, 3) + rest[3:]
            case _:
                return None
        return None


def tampering(target: int) -> AbstractContextManager[Tampering]:
    """Run the proxy to a port on this machine."""
    return running(Tampering(target=target))
