"""How a page is looked at: in which variant, as whom, and what must be right about it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AXE = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FULL = bool(os.environ.get("HEMEI_TEST_FULL"))
SCREENSHOTS = HERE.parent / "screenshots"
SMALLEST_TEXT_PX = 14

SMALLEST_PRINT_PX = 13  # on a sheet for the printer: 10 pt

# what is measured in the page: text too small to read, and anything wider than the page
MEASURE = """([smallest, smallestPrint]) => {
  const printed = document.body.classList.contains('printed');
  if (printed) smallest = smallestPrint;
  const small = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), of = walk.currentNode.parentElement;
    if (!text || !of.checkVisibility() || of.closest('svg, noscript, script, style, .seal, .sr, .skip')) continue;
    if (parseFloat(getComputedStyle(of).fontSize) < smallest) small.push(text.slice(0, 30));
  }
  const root = document.documentElement, h1 = document.querySelectorAll('h1').length;
  return {small, wide: root.scrollWidth - root.clientWidth, lang: root.lang, h1, printed};
}"""


@dataclass(frozen=True)
class Variant:
    """language: cookie value. width: of the window in px. elder, script: whether."""

    language: str
    width: int
    elder: bool
    script: bool

    @property
    def name(self) -> str:
        return f"{self.language}-{self.width}{'-elder' if self.elder else ''}{'' if self.script else '-noscript'}"


EVERY = [Variant(*one) for one in product(("zh-hans", "en"), (390, 1280), (False, True), (True, False))]


def variants_for(number: int) -> list[Variant]:
    """Two for the page `number`, each the other's opposite in all four; over four pages every pair occurs."""
    if FULL:
        return EVERY
    language, width, elder, script = [
        (True, True, True, True),
        (True, True, False, False),
        (True, False, True, False),
        (True, False, False, True),
    ][number % 4]
    one = Variant("zh-hans" if language else "en", 390 if width else 1280, elder, script)
    other = Variant("en" if language else "zh-hans", 1280 if width else 390, not elder, not script)
    return [one, other]


class Looker:
    """Opens pages of one house as one of the demo's cast, in a variant, and says what is wrong with them."""

    def __init__(self, browser: Any, address: str, sessions: dict[str, str]) -> None:
        self.browser, self.address, self.sessions = browser, address, sessions

    @contextmanager
    def as_(self, role: str, variant: Variant = EVERY[0]) -> Iterator[Any]:
        """A page in a fresh window; role: key of the cast, or "visitor"."""
        context = self.browser.new_context(
            viewport={"width": variant.width, "height": 900},
            java_script_enabled=variant.script,
            bypass_csp=False,
            locale="zh-CN",
        )
        cookies = {"language": variant.language, "elder": "1" if variant.elder else "0"}
        if role != "visitor":
            cookies["hemei"] = self.sessions[role]
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(f"script: {fault}"))
        page.on("console", lambda line: page.faults.append(f"console: {line.text}") if of_the_page(line) else None)
        page.on("request", lambda asked: self._within(page, asked.url))
        try:
            yield page
        except Exception:
            print(f"at {page.url}:\n{page.locator('body').inner_text()[:1500]}")
            raise
        finally:
            context.close()

    def _within(self, page: Any, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:", "about:")):
            page.faults.append(f"asked another machine: {url}")

    def faults_of(self, page: Any, variant: Variant) -> list[str]:
        """What is wrong with the page as it stands now."""
        found = list(page.faults)
        if variant.script:
            seen = page.evaluate(MEASURE, [SMALLEST_TEXT_PX, SMALLEST_PRINT_PX])
            found += [f"text too small: {text}" for text in seen["small"][:5]]
            found += [f"{seen['wide']} px wider than the window"] if seen["wide"] > 0 else []
            found += [f"{seen['h1']} first headings"] if seen["h1"] != 1 else []
            wanted = {"en" if variant.language == "en" else "zh-Hans"}
            wanted |= {"en", "zh-Hans"} if seen["printed"] else set()  # a sheet speaks the language it hangs in
            found += [f"says it is in {seen['lang']}"] if seen["lang"] not in wanted else []
            found += self.axe(page)
        elif not page.locator("h1").count():
            found.append("no heading without script")
        return found

    def axe(self, page: Any) -> list[str]:
        """What axe finds. It is put in through the debugger, so the page's own content policy stays on."""
        page.evaluate(AXE)
        said = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], elementRef: false})", RULES
        )
        return [
            f"axe {one['id']}: {one['help']}: {node['html'][:160]}"
            for one in said["violations"]
            for node in one["nodes"][:3]
        ]


def of_the_page(line: Any) -> bool:
    """An error in the console that the page itself made; an answer of 4xx to what a test sent is meant."""
    return line.type == "error" and "the server responded with a status of 4" not in line.text
