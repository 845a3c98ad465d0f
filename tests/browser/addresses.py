"""Which pages there are: every named address of the house, and for each a sample that somebody of the cast can open."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.serving import Browserless, links_in

ROLES = (  # who finds what the ones before do not
    "visitor",
    "resident",
    "newcomer",
    "owner",
    "clerk",
    "helping",
    "head",
    "clerk_garden",
    "clerk_two",
    "owners_head",
    "owner_lift",
    "owner_shared",
    "owner_paper",
    "owner_signs",
    "volunteer",
    "administrator",
    "officer",
)
PAGES_MAX = 600  # for each role; a house with more addresses than that has forgotten to page something
OF_A_KIND = 2  # pages reached from one kind of page to another: they show what that kind links to
ALIKE_MAX = 6  # pages of one kind in all; a list sorted or narrowed in one way is looked at once


def patterns(of: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address, as "room:name", with its pattern."""
    for one in get_resolver().url_patterns if of is None else of:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from patterns(one.url_patterns, inner)
        elif isinstance(one, URLPattern) and one.name:
            yield namespace + one.name, one


def names() -> Iterator[str]:
    return (name for name, _pattern in patterns())


def answers_get(address: str, name: str) -> bool:
    """Whether the address is more than a form's: that one answers GET with 405, whoever asks and whatever for."""
    parts = dict(patterns())[name].pattern.converters
    likely = {"IntConverter": 1, "UUIDConverter": "00000000-0000-0000-0000-000000000001", "Words": "statement"}
    try:
        path = reverse(name, kwargs={part: likely.get(type(kind).__name__, "x") for part, kind in parts.items()})
    except NoReverseMatch:
        return True
    return Browserless(address).get(path).status != 405


@dataclass(frozen=True)
class Sample:
    role: str
    path: str


@dataclass
class Found:
    """pages: a sample of each name that opened as a page. others: names that answered with a file.

    broken: what did not open, {path: "role: status"}. unlinked: names of the given samples that nothing led to.
    """

    pages: dict[str, Sample] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)  # names that a link led to
    unlinked: set[str] = field(default_factory=set)


def name_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name or None
    except Resolver404:
        return None


def kind_of(path: str) -> str:
    """What a page shows: its name, and of its query the words; numbers of pages and keys make no other kind."""
    name = name_of(path)
    query = ",".join(key if value.isdigit() else f"{key}={value}" for key, value in parse_qsl(urlsplit(path).query))
    return f"{name or path}?{query}" if query else name or path


def ways_on(text: str, of: str) -> list[str]:
    """Where a page leads to by GET: its links, its pictures, and its searches with a word in them."""
    pictures = (urljoin(of, one) for one in re.findall(r'<img\b[^>]*?\bsrc="([^"]+)"', text))
    searches = (
        urljoin(of, f"{action}?words={quote('王')}")
        for action in re.findall(r'<form class="search"[^>]*?\baction="([^"]+)"', text)
    )
    return [*links_in(text, of), *(one for one in [*pictures, *searches] if one.startswith("/"))]


def crawl(
    address: str, sessions: dict[str, str], samples: dict[str, Sample], first: dict[str, list[str]] | None = None
) -> Found:
    """Follow links from home as everybody in turn.

    samples: pages no link leads to, and from where the way goes on. first: by role, what to look at before all the
    rest, because what is rare stands there.
    """
    found = Found()
    for role in [*ROLES, *sorted({one.role for one in samples.values()} - set(ROLES))]:
        begin = [*(first or {}).get(role, []), "/"] if role in ROLES else []
        begin += [one.path for one in samples.values() if one.role == role]
        someone = Browserless(address, {"hemei": sessions[role]} if role in sessions else {})
        _as_one(role, someone, begin, found, most=PAGES_MAX if role in ROLES else len(begin))
    found.unlinked = {name for name in samples if name not in found.linked}
    return found


def _as_one(role: str, someone: Browserless, begin: list[str], found: Found, *, most: int) -> None:
    seen, look, opened, count = set(begin), [("", path) for path in begin], Counter[str](), 0
    while look and count < most:
        came, path = look.pop(0)
        name, kind = name_of(path), kind_of(path)
        if name is None or opened[f"{came} {kind}"] >= OF_A_KIND or opened[kind] >= (1 if "?" in kind else ALIKE_MAX):
            continue
        count += 1
        opened[f"{came} {kind}"] += 1
        opened[kind] += 1
        answer = someone.get(path)
        if answer.status in (301, 302, 303):
            further = [answer.headers["location"].partition("#")[0]]
        elif answer.status != 200:
            found.broken.setdefault(path, f"{role}: {answer.status}")
            continue
        elif not answer.headers["content-type"].startswith("text/html"):
            found.others.add(name)
            continue
        else:
            found.pages.setdefault(name, Sample(role, path))
            if came:
                found.linked.add(name)
            further = ways_on(answer.text, path)
        for one in further:
            if one.startswith("/") and not one.startswith("/static/") and one not in seen:
                seen.add(one)
                look.append((kind, one))
