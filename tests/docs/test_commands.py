"""`commands.md` names every command and option of the program, and none that isn't there."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from yiwang.site.command import known_commands
from yiwang.site.commands.verify import known_checks

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


def leaves(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its whole name; one that only has sub-commands isn't one itself."""
    deeper = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not deeper:
        yield name, parser
    for action in deeper:
        for word, child in action.choices.items():
            yield from leaves(child, f"{name} {word}")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Name → parser of every command."""
    found: dict[str, argparse.ArgumentParser] = {}
    for module in known_commands():
        parser = argparse.ArgumentParser(prog=module.name)
        module.arguments(parser)
        found.update(leaves(parser, module.name))
    return found


def sections() -> dict[str, str]:
    """Heading → text of the document."""
    parts = re.split(r"^## (.+)$", DOCUMENT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(parser: argparse.ArgumentParser) -> set[str]:
    """The long names of a command's options."""
    return {word for action in parser._actions for word in action.option_strings if word.startswith("--")} - {
        "--help"
    }


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert sorted(sections()) == sorted(commands())


def test_every_option_is_named_in_its_section_and_no_other() -> None:
    told = {name: set(re.findall(r"--[a-z][a-z-]*", text)) for name, text in sections().items()}
    known = {name: options(parser) for name, parser in commands().items()}
    # --json is the same everywhere and described once, above the sections.
    assert {name: found - {"--json"} for name, found in told.items()} == {
        name: found - {"--json"} for name, found in known.items()
    }


def test_the_commands_that_take_json_are_those_named() -> None:
    without = {name for name, parser in commands().items() if "--json" not in options(parser)}
    named = re.search(r"take `--json`, except (.+?)\.", DOCUMENT)
    assert named is not None
    assert set(re.findall(r"`([a-z ]+)`", named[1])) == without


def test_the_checks_of_verify_are_those_named() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", sections()["verify"], flags=re.MULTILINE)
    assert rows == sorted(known_checks())
