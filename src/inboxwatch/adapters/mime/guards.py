"""What a parser may throw at hostile mail, and the limits that keep it cheap. No parsing here."""

from __future__ import annotations

from email.errors import MessageError

from mailparser.exceptions import MailParserError

# Each was seen, or is documented, on real or crafted mail; anything else is a bug of ours.
GUARDED: tuple[type[Exception], ...] = (
    LookupError,  # unknown charset; IndexError and KeyError inside the parsers
    UnicodeError,
    RecursionError,
    ValueError,  # binascii.Error too
    TypeError,
    AssertionError,
    AttributeError,
    ArithmeticError,  # a date beyond the calendar
    MessageError,  # HeaderParseError and the email package's other errors
    MailParserError,
)

KIB = 1024

MAX_HEADER_BYTES = 256 * KIB
MAX_HEADERS = 1_000
MAX_DEPTH = 30  # multiparts within multiparts; real mail stays below ten
MAX_PARTS = 300
MAX_TEXT_BYTES = 256 * KIB  # of one text part before decoding: HTML is wordy
MAX_REPORT_BYTES = 256 * KIB
MAX_ATTACHED_MESSAGE_BYTES = 64 * KIB  # its headers are all that is read
MAX_VALUE = 2_000  # characters of a decoded header
MAX_IDS_VALUE = 64 * KIB  # References of a long conversation
MAX_ADDRESS_VALUE = 128 * KIB
MAX_ADDRESSES = 5_000  # providers send to 2,000 at most; the council may stand last
MAX_NAME = 200
MAX_OWN_TEXT = 16_000
MAX_QUOTED_TEXT = 16_000
MAX_EXTRACTED = 32_000  # characters that quotation is looked for in
