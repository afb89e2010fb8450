"""The compound file an old .xls is ([MS-CFB]): its streams read, and the whole written again with another in the place of one."""
from __future__ import annotations

import struct
from collections.abc import Iterator

END = 0xFFFFFFFA  # sector numbers from here on are no sectors
CHAIN_END, FREE, FAT_SECTOR, DIFAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
SECTOR, MINI, CUTOFF, ENTRY, PER_FAT, IN_HEADER, PER_DIFAT = 512, 64, 4096, 128, 128, 109, 127
STREAM, ROOT = 2, 5
NAMES = ("Workbook", "Book", "WORKBOOK", "BOOK")


class Compound:
    """A compound file: streams as chains of sectors. Raises struct.error, IndexError or StopIteration where it is damaged."""

    def __init__(self, data: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise IndexError
        self.data, self.size = data, 1 << shift
        self.directory_at, self.cutoff, self.mini_at = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
        self.fat = [entry for sector in self._fat_sectors() for entry in self._numbers(sector)]

    def _fat_sectors(self) -> list[int]:
        """The sectors that hold the allocation table: 109 in the header, more in a chain of their own."""
        found = list(struct.unpack_from("<109I", self.data, 76))
        more = struct.unpack_from("<I", self.data, 68)[0]
        for _ in range(len(self.data) // self.size):
            if more >= END:
                break
            *numbers, more = self._numbers(more)
            found += numbers
        return [sector for sector in found if sector < END]

    def _sector(self, sector: int) -> bytes:
        return self.data[(sector + 1) * self.size : (sector + 2) * self.size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(sector))

    def _chain(self, sector: int, table: list[int]) -> Iterator[int]:
        """The sectors of a stream. Raises IndexError for a ring: a reader that trusts it never ends."""
        for _ in range(len(table) + 1):
            if sector >= END:
                return
            yield sector
            sector = table[sector]
        raise IndexError

    def _stream(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self.fat)))

    def entries(self) -> list[bytes]:
        """The directory's entries, 128 bytes each; the first is the root."""
        directory = self._stream(self.directory_at)
        return [directory[at : at + ENTRY] for at in range(0, len(directory) - ENTRY + 1, ENTRY)]

    def workbook_at(self) -> int:
        """Which entry is the stream called Workbook or Book."""
        names = [f"{name}\0".encode("utf-16-le") for name in NAMES]
        return next(at for at, entry in enumerate(self.entries()) if any(entry.startswith(name) for name in names))

    def stream(self, entry: bytes) -> bytes:
        """What an entry holds."""
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self.cutoff:
            return self._stream(start)[:size]
        small = self._stream(struct.unpack_from("<I", self.entries()[0], 116)[0])
        table = [number for sector in self._chain(self.mini_at, self.fat) for number in self._numbers(sector)]
        return b"".join(small[at * MINI : at * MINI + MINI] for at in self._chain(start, table))[:size]

    def workbook(self) -> bytes:
        """The stream called Workbook or Book."""
        return self.stream(self.entries()[self.workbook_at()])


def rewritten(data: bytes, workbook: bytes) -> bytes:
    """The same compound file with another workbook stream; every other stream byte for byte, in the same tree."""
    found = Compound(data)
    place = found.workbook_at()
    entries = [bytearray(entry) for entry in found.entries()]
    streams = {at: workbook if at == place else found.stream(bytes(entry)) for at, entry in enumerate(entries) if entry[66] == STREAM}
    return _Layout(data[:SECTOR], entries, streams).whole()


class _Layout:
    """Streams laid out in sectors of 512 bytes, small ones in one stream of 64-byte pieces."""

    def __init__(self, header: bytes, entries: list[bytearray], streams: dict[int, bytes]) -> None:
        self.header, self.entries = bytearray(header), entries
        self.sectors, self.fat = bytearray(), list[int]()
        small, mini_fat = bytearray(), list[int]()
        for at, body in streams.items():
            if len(body) >= CUTOFF:
                start = self._add(body)
            else:
                start = len(mini_fat) if body else CHAIN_END
                pieces = -(-len(body) // MINI)
                mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + pieces), CHAIN_END] if pieces else []
                small += body.ljust(pieces * MINI, b"\0")
            struct.pack_into("<IQ", entries[at], 116, start, len(body))
        struct.pack_into("<IQ", entries[0], 116, self._add(bytes(small)), len(small))
        self.mini_sectors = -(-len(mini_fat) // PER_FAT)
        self.mini_at = self._add(b"".join(struct.pack("<I", each) for each in mini_fat), b"\xff")
        self.directory_at = self._add(b"".join(entries) + _blank() * (-len(entries) % (SECTOR // ENTRY)))

    def _add(self, body: bytes, fill: bytes = b"\0") -> int:
        """One stream's sectors; gives the first."""
        count, start = -(-len(body) // SECTOR), len(self.fat)
        if not count:
            return CHAIN_END
        self.sectors += body.ljust(count * SECTOR, fill)
        self.fat += [*range(start + 1, start + count), CHAIN_END]
        return start

    def whole(self) -> bytes:
        """The file: header, sectors, and the table of sectors with its own table where it is long."""
        fats = difats = 0
        while fats * PER_FAT < len(self.fat) + fats + difats or difats * PER_DIFAT < fats - IN_HEADER:
            fats = -(-(len(self.fat) + fats + difats) // PER_FAT)
            difats = max(0, -(-(fats - IN_HEADER) // PER_DIFAT))
        first = len(self.fat)
        places = list(range(first, first + fats))
        table = [*self.fat, *[FAT_SECTOR] * fats, *[DIFAT_SECTOR] * difats]
        table += [FREE] * (fats * PER_FAT - len(table))
        more = b""
        for at in range(difats):
            part = places[IN_HEADER + at * PER_DIFAT :][:PER_DIFAT]
            following = first + fats + at + 1 if at + 1 < difats else CHAIN_END
            more += struct.pack("<128I", *part, *[FREE] * (PER_DIFAT - len(part)), following)
        self._head(fats, difats, first + fats if difats else CHAIN_END, places)
        return bytes(self.header + self.sectors) + struct.pack(f"<{len(table)}I", *table) + more

    def _head(self, fats: int, difats: int, difat_at: int, places: list[int]) -> None:
        struct.pack_into("<HHHHH", self.header, 24, 0x3E, 3, 0xFFFE, 9, 6)
        struct.pack_into("<IIIIIIIII", self.header, 40, 0, fats, self.directory_at, 0, CUTOFF, self.mini_at, self.mini_sectors, difat_at, difats)
        listed = places[:IN_HEADER]
        struct.pack_into("<109I", self.header, 76, *listed, *[FREE] * (IN_HEADER - len(listed)))


def _blank() -> bytes:
    return bytes(64) + struct.pack("<HBBIII", 0, 0, 0, FREE, FREE, FREE) + bytes(ENTRY - 80)
