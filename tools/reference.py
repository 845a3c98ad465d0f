"""docs/reference.md: every action, ledger verb, setting and command, read from the code.

.venv/bin/python tools/reference.py update     write it
.venv/bin/python tools/reference.py check      exit 1 when it is not what the code says
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PAGE = HOUSE / "docs" / "reference.md"
sys.path.insert(0, str(HOUSE))

from hemei.cli import reader  # noqa: E402
from hemei.rooms import ROOMS  # noqa: E402

VERB = re.compile(r'"((?:%s)\.[a-z_]+)"' % "|".join(ROOMS))
HEAD = """# Reference

Read from the code by `tools/reference.py`; `make lint` holds it to the code.
"""


def sources(room: str) -> Iterator[Path]:
    folder = HOUSE / "hemei" / room
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations", "demo"} & set(path.relative_to(folder).parts):
            yield path


def first_line(node: ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")


def actions(room: str) -> list[tuple[str, str]]:
    """Functions that open a transaction of their own: `@transaction.atomic(durable=True)`."""
    found: list[tuple[str, str]] = []
    for path in sources(room):
        functions = [node for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)]
        found += [(node.name, first_line(node)) for node in functions if opens_a_transaction(node)]
    return sorted(found)


def opens_a_transaction(node: ast.FunctionDef) -> bool:
    return any("atomic(durable" in ast.unparse(decorator) for decorator in node.decorator_list)


def verbs(room: str) -> list[str]:
    """Ledger verbs a room records: the word after `verb=` in its code, or any "<room>.<past>" beside a record."""
    said: set[str] = set()
    for path in sources(room):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "verb":
                        said |= set(VERB.findall(ast.unparse(keyword.value).replace("'", '"')))
    return sorted(said)


def settings() -> list[str]:
    text = (HOUSE / "hemei" / "base" / "environment.py").read_text()
    return sorted(set(re.findall(r'"(PORT|HEMEI_[A-Z_]+)"', text)))


def commands() -> list[tuple[str, str]]:
    group = next(action for action in reader()._actions if isinstance(action, argparse._SubParsersAction))
    return [(choice.dest, choice.help or "") for choice in group._choices_actions]


def page() -> str:
    lines = [HEAD, "## Commands\n", "| `hemei …` | What it does |", "|---|---|"]
    lines += [f"| `{name}` | {told} |" for name, told in commands()]
    lines += ["", "## Settings\n", "What each means and its default: docs/operate.md.\n"]
    lines += [f"- `{name}`" for name in settings()]
    for room in ROOMS:
        done, said = actions(room), verbs(room)
        if done or said:
            lines += ["", f"## {room}"]
        if done:
            lines += ["", "| Action | What it does |", "|---|---|"]
            lines += [f"| `{name}` | {told} |" for name, told in done]
        if said:
            lines += ["", "Ledger verbs: " + ", ".join(f"`{verb}`" for verb in said) + "."]
    return "\n".join(lines) + "\n"


def check() -> int:
    wrong = []
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        wrong.append("docs/reference.md is not what the code says; run: .venv/bin/python tools/reference.py update")
    operate = HOUSE / "docs" / "operate.md"
    told = operate.read_text(encoding="utf-8") if operate.exists() else ""
    wrong += [f"docs/operate.md does not explain {name}" for name in settings() if f"`{name}`" not in told]
    for room in ROOMS:
        wrong += [f"{room}: action {name} has no docstring" for name, said in actions(room) if not said]
    print("\n".join(wrong) or "The reference is complete.")
    return int(bool(wrong))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("verb", choices=["update", "check"])
    if asked.parse_args().verb == "update":
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
