"""From headings to terms: exact label or alias, then the nearest spelling; and which kind of ledger fits a table best."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache

from gridapp.ledgers.vocabulary import KINDS, MEMBERS, Term, vocabulary
from gridapp.ledgers.wanted import headings as wanted_headings

NEAR = 88
SECOND = {"phone": "phone2", "notes": "notes2"}
TELLING = {
    "party": {
        *("name", "id_no", "sex", "birth"),  # as telling as for a resident, else they outvote 入党日期
        *("join_date", "regular_date", "member_type", "party_post", "party_group", "party_age", "party_status", "is_flow"),
    },
    "visit": {"visit_date", "visitors", "content", "manner", "problem"},
    "request": {"req_no", "content", "req_date", "handler", "status", "done_date", "due_date", "receiver", "request_type"},
    "household": {"dwelling", "room", "is_model", "household_size"},
    "resident": {"name", "id_no", "relation", "sex", "birth"},
}
NEEDED = {
    "party": ({"name"}, {"join_date", "regular_date", "member_type", "party_post", "party_age", "party_group", "party_status"}),
    "visit": ({"visit_date"}, {"content", "visitors", "problem", "manner"}),
    "request": ({"content"}, {"req_no", "req_date", "handler", "status", "done_date", "receiver"}),
    "household": ({"room", "address"}, {"household_head", "dwelling", "household_size", "phone", "resident_count"}),
    "resident": (
        {"name", "household_head"},
        {"id_no", "phone", "sex", "birth", "address", "relation", "room", "household_no", "building", "notes", "age"},
    ),
}
TITLE_WORDS = {
    "party": "党员|流动党|支部",
    "visit": "走访|民情(?!况)|入户",
    "request": "诉求|事项|工单|接诉",
    "household": "住户|一户一档|户情",
    "resident": "居民|花名册|户籍|人口",
}


@dataclass
class Mapping:
    """What the columns (0-based) of one table mean. unknown: headings of columns that mean nothing to us. kind: one of vocabulary.KINDS.

    ticks: first column of a group such as 性别: 男 | 女 -> the group's columns and the value a tick in each stands for.
    chosen: columns the user has spoken about.
    """

    kind: str
    terms: dict[int, Term]
    headings: dict[int, str]
    ticks: dict[int, dict[int, str]] = field(default_factory=dict)
    chosen: frozenset[int] = frozenset()

    @property
    def unknown(self) -> dict[int, str]:
        ticked = {column for options in self.ticks.values() for column in options}
        return {column: heading for column, heading in self.headings.items() if column not in self.terms and column not in ticked}

    def column(self, name: str) -> int | None:
        """The column of a term, None when the table has none."""
        return next((column for column, term in self.terms.items() if term.name == name), None)


@lru_cache(4096)
def plain(text: object) -> str:
    """A heading bare of spacing, width, marks of requiredness and numbering: '*姓　名（必填）' -> '姓名(必填)' -> see bare()."""
    folded = unicodedata.normalize("NFKC", str(text))
    folded = re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff*★]+", "", folded)
    return re.sub(r"^\d{1,2}[.、]|[:：]$", "", folded)


def bare(text: str) -> str:
    """A plain heading without what stands in brackets."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", text)


@cache
def _index(kind: str) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in vocabulary(kind):
        for alias in term.aliases:
            found.setdefault(plain(alias), term)
    for term in vocabulary(kind):
        for alias in term.aliases:
            found.setdefault(bare(plain(alias)), term)
    found.pop("", None)
    return found


def find(kind: str, path: tuple[str, ...]) -> Term | None:
    """The term a heading names in the vocabulary of a kind. path: its levels from the top, as plain() gives them."""
    index = _index(kind)
    for text in _spellings(path):
        if text in index:
            return index[text]
    return _near(index, bare(path[-1])) if path else None


@lru_cache(4096)
def _spellings(path: tuple[str, ...]) -> tuple[str, ...]:
    """The whole path, then ever shorter tails (入党时间 + 日期 is more than 日期), last the levels above alone; each also without brackets."""
    tails = ["".join(path[at:]) for at in range(len(path))]
    texts = tails + list(reversed(path[:-1]))
    return tuple(dict.fromkeys(each for text in texts for each in (text, bare(text)) if each))


@lru_cache(4096)
def _fuzzy(aliases: tuple[str, ...], heading: str) -> str:
    """The alias nearest to a heading of four characters or more. A word put in front changes whose it is (父身份证号), so that is no match."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(heading, aliases, scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found and not heading.endswith(found[0]) and not found[0].endswith(heading) else ""


def _near(index: dict[str, Term], heading: str) -> Term | None:
    if not 4 <= len(heading) <= 20:
        return None
    alias = _fuzzy(tuple(text for text in index if len(text) >= 4), heading)
    return index[alias] if alias else None


@cache
def _wanted() -> frozenset[str]:
    return frozenset(plain(each) for each in wanted_headings())


@lru_cache(4096)
def known(text: str) -> bool:
    """Whether any kind of ledger, or a table sent to be filled, has a heading spelled just so. text: as plain() gives it."""
    return text in _wanted() or bare(text) in _wanted() or any(text in _index(kind) or bare(text) in _index(kind) for kind in KINDS)


@cache
def spelled() -> frozenset[str]:
    """Every heading of every kind of ledger, as plain() gives it."""
    return frozenset(text for kind in KINDS for text in _index(kind))


@lru_cache(4096)
def known_path(path: tuple[str, ...]) -> bool:
    """Whether a heading of several levels is spelled as any kind of ledger, or a table sent to be filled, has it."""
    return any(text in _wanted() for text in _spellings(path)) or any(text in _index(kind) for text in _spellings(path) for kind in KINDS)


@lru_cache(4096)
def near_path(path: tuple[str, ...]) -> bool:
    """Whether a heading is nearly one that some kind of ledger has."""
    return any(_near(_index(kind), bare(path[-1])) for kind in KINDS)


def forget() -> None:
    """Let go of every text seen while a file was read: the search for headings looks at rows of people, too."""
    for seen in (plain, known, known_path, near_path, _spellings, _fuzzy):
        seen.cache_clear()


def is_anchor(path: tuple[str, ...]) -> bool:
    """Whether a heading names the person or the day a row is about: what no ordinary row of a ledger holds."""
    return any(path[-1] in _anchors(kind) for kind in KINDS)


@cache
def _anchors(kind: str) -> frozenset[str]:
    terms = (term for term in vocabulary(kind) if term.name in ("name", "visit_date", "req_date"))
    return frozenset(plain(alias) for term in terms for alias in term.aliases) - {"户主"}


def map_columns(kind: str, headings: dict[int, tuple[str, ...]], chosen: dict[int, Term | None] | None = None) -> Mapping:
    """The columns of a table read as a ledger of this kind. The first column of a name has it; a second phone or note has its own name.

    chosen: what the user said of some columns (None: not to be kept); it goes before what is found.
    """
    chosen = chosen or {}
    terms: dict[int, Term] = {}
    taken: set[str] = set()
    ticks = {first: options for first, options in _ticks(kind, headings).items() if chosen.keys().isdisjoint(options)}
    followers = {column for first, options in ticks.items() for column in options if column != first}
    for column, path in sorted(headings.items(), key=lambda each: (each[0] not in chosen, each[0])):
        term = chosen[column] if column in chosen else None if column in followers else find(kind, path)
        if term and term.name in taken:
            term = _second(kind, term, taken)
        if term:
            terms[column] = term
            taken.add(term.name)
    said = {column: "".join(path) for column, path in headings.items()}
    return _head_is_the_person(Mapping(kind, dict(sorted(terms.items())), said, ticks, frozenset(chosen)))


def _ticks(kind: str, headings: dict[int, tuple[str, ...]]) -> dict[int, dict[int, str]]:
    """Groups whose name is a field and whose columns are its values: only the level above is known, and several columns share it."""
    index = _index(kind)
    groups: dict[tuple[str, ...], dict[int, str]] = {}
    for column, path in sorted(headings.items()):
        if len(path) > 1 and path[-1] not in index and "".join(path) not in index and path[-2] in index:
            groups.setdefault(path[:-1], {})[column] = path[-1]
    return {min(columns): columns for columns in groups.values() if len(columns) > 1}


def _second(kind: str, term: Term, taken: set[str]) -> Term | None:
    name = SECOND.get(term.name, "")
    if not name or name in taken:
        return None
    return Term(name, (term.label,), term.sort, of=term.of)


def _head_is_the_person(mapping: Mapping) -> Mapping:
    """Where no column names the member, the 户主姓名 of a row is the person the row is about."""
    head = mapping.column("household_head")
    if mapping.kind == "resident" and mapping.column("name") is None and head is not None and head not in mapping.chosen:
        mapping.terms[head] = next(term for term in vocabulary("resident") if term.name == "name")
    return mapping


def best_mapping(headings: dict[int, tuple[str, ...]], title: str = "") -> Mapping | None:
    """The mapping of the ledger kind that explains a table best; None when no kind has what it needs. title: the lines above and the sheet's name."""
    fits = [(score, at, mapping) for at, kind in enumerate(KINDS) if (score := _fit(mapping := map_columns(kind, headings), title))]
    return max(fits, key=lambda fit: (fit[0], -fit[1]))[2] if fits else None


def likeliest(headings: dict[int, tuple[str, ...]], title: str) -> Mapping | None:
    """The mapping of the kind that has most of an empty table's columns, whatever it lacks; the title decides between kinds that know the same.
    None below two columns."""
    said = next((kind for kind, words in TITLE_WORDS.items() if re.search(words, title)), "")
    mappings = [map_columns(kind, headings) for kind in KINDS]
    best = max(mappings, key=lambda each: (len(_names(each)) + 3 * (each.kind == said), _fit(each, title)))
    return best if len(_names(best)) >= 2 else None


def _names(mapping: Mapping) -> set[str]:
    return {term.name for term in mapping.terms.values()} - {"serial"}


def by_household(headings: dict[int, tuple[str, ...]], members: int) -> Mapping | None:
    """The mapping of a table with a household a row, whose people all stand in one cell of the column `members`; None when it makes none."""
    mapping = map_columns("household", {column: path for column, path in headings.items() if column != members})
    if not _fit(mapping, ""):
        return None
    mapping.terms[members], mapping.headings[members] = MEMBERS, "".join(headings[members])
    return mapping


def _fit(mapping: Mapping, title: str) -> float:
    """How much of the table a kind explains: mapped columns, telling ones twice, a title that says so; 0 when a needed column is missing."""
    names = {term.name for term in mapping.terms.values()}
    if not all(names & needed for needed in NEEDED[mapping.kind]):
        return 0
    if mapping.kind == "household" and names & {"name", "id_no", "relation", "sex"}:
        return 0
    said = bool(re.search(TITLE_WORDS[mapping.kind], title))
    return len(names - {"serial"}) + len(names & TELLING[mapping.kind]) + 2 * said
