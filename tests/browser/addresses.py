"""Which pages there are: every named address of the house, and for each a sample that somebody of the cast can open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.serving import Browserless, links_in

ROLES = (
    "visitor",
    "resident",
    "newcomer",
    "clerk",
    "head",
    "moderator",
    "property",
    "alliance",
    "administrator",
)
PAGES_MAX = 900  # for each role; a house with more addresses than that has forgotten to page something


def names(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    """Every named address, as "room:name"."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from names(one.url_patterns, inner)
        elif isinstance(one, URLPattern) and one.name:
            yield namespace + one.name


@dataclass(frozen=True)
class Sample:
    role: str
    path: str


def name_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name or None
    except Resolver404:
        return None


def crawl(address: str, sessions: dict[str, str]) -> tuple[dict[str, Sample], dict[str, str]]:
    """Follow links from home as everybody in turn.

    Returns the first sample of each name that opened as a page, and what did not: {path: "role: status"}.
    """
    samples: dict[str, Sample] = {}
    broken: dict[str, str] = {}
    for role in ROLES:
        someone = Browserless(address, {"hemei": sessions[role]} if role in sessions else {})
        seen, look, opened = {"/"}, ["/"], dict[str, int]()
        while look and len(seen) < PAGES_MAX:
            path = look.pop(0)
            name = name_of(path)
            key = (name or path) + ("?" if "?" in path else "")
            if name is None or opened.get(key, 0) >= 6:  # six of a kind show what the kind links to
                continue
            opened[key] = opened.get(key, 0) + 1
            answer = someone.get(path)
            if answer.status in (301, 302, 303):
                target = answer.headers["location"].partition("#")[0]
                if target.startswith("/") and target not in seen:
                    seen.add(target)
                    look.append(target)
                continue
            if answer.status != 200:
                broken.setdefault(path, f"{role}: {answer.status}")
                continue
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            samples.setdefault(name, Sample(role, path))
            for link in links_in(answer.text, path):
                if link not in seen and not re.match(r"/static/", link):
                    seen.add(link)
                    look.append(link)
    return samples, broken
