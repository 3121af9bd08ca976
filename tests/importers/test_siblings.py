"""Three siblings of each given layout: read right, with no question but those its kind leaves open."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, fold_name, parse_codes, parse_duty_schedule
from duty_teller.utils.zones import zone
from tests.importers.builders import MOSCOW, repacked
from tests.importers.grammar.plan import Duty
from tests.importers.siblings import KINDS, Sibling

GIVEN = {path.name.split("_")[0] for path in (Path(__file__).parent / "layouts").iterdir()} - {"expected.json"}
CASES = [(kind, make) for kind, made in KINDS.items() for make in made]


def _read(sibling: Sibling, data: bytes) -> tuple[ParsedRoster, list[str]]:
    allowed, asked = dict(sibling.answers), []
    answers = Answers().remembering(parse_codes(sibling.codes)) if sibling.codes else Answers()
    for _ in range(6):
        result = parse_duty_schedule(data, sibling.name, MOSCOW, answers)
        if isinstance(result, ParsedRoster):
            return result, asked
        for question in result:
            asked.append(f"{question.kind}:{question.subject} [{question.example}]")
            if question.kind in allowed:
                answers = answers.answered(question.kind, question.subject, allowed[question.kind])
            elif question.kind not in ("code", "shift"):
                pytest.fail(f"asked {asked[-1]}")
        if {question.kind for question in result} <= {"code", "shift"}:
            pytest.fail(f"asked {asked}")
    raise AssertionError(asked)


def _runs(duties: list[Duty]) -> dict[str, list[tuple[str, str]]]:
    """Returns when everybody is on duty, pieces that meet put together."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in sorted(duties, key=lambda item: (item.start, item.end)):
        runs = found.setdefault(fold_name(item.name), [])
        if runs and runs[-1][1] == item.start:
            runs[-1] = (runs[-1][0], item.end)
        else:
            runs.append((item.start, item.end))
    return found


def _duties(roster: ParsedRoster) -> list[Duty]:
    local = zone(roster.timezone)
    spans = [
        (s.name, s.start.astimezone(local), s.end.astimezone(local)) for s in roster.shifts if s.event_type == "duty"
    ]
    return [Duty(name, f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") for name, start, end in spans]


def test_every_given_layout_has_three_siblings() -> None:
    assert {kind: len(made) for kind, made in KINDS.items()} == dict.fromkeys(GIVEN, 3)


@pytest.mark.parametrize(("kind", "make"), CASES, ids=lambda value: value if isinstance(value, str) else value.__name__)
def test_sibling_is_read_right(kind: str, make: Callable[[], Sibling]) -> None:
    sibling = make()

    roster, asked = _read(sibling, sibling.data)

    assert _runs(_duties(roster)) == _runs(sibling.wanted)
    assert {kind for kind, _ in sibling.answers if kind in ("hidden", "foreign")} <= {
        one.split(":")[0] for one in asked
    }
    assert sibling.mention in " ".join(warning.key for warning in roster.warnings)


def _shouted(name: str, content: bytes) -> bytes:
    """Makes the styles those of a program that Excel's schema does not know."""
    if name == "xl/styles.xml":
        return content.replace(b"<fonts", b'<extra xmlns="urn:x" a="1"/><fonts').replace(
            b'applyAlignment="1"', b'applyAlignment="maybe"'
        )
    return content


def _strict(name: str, content: bytes) -> bytes:
    """Writes a part in the namespaces of Strict OOXML."""
    content = content.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return re.sub(
        rb"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        content,
    )


@pytest.mark.parametrize("change", [_shouted, _strict])
@pytest.mark.parametrize("make", KINDS["c02"], ids=lambda make: make.__name__)
def test_workbook_of_another_program_is_read_right(
    make: Callable[[], Sibling], change: Callable[[str, bytes], bytes]
) -> None:
    sibling = make()

    roster, _ = _read(sibling, repacked(sibling.data, change))

    assert _runs(_duties(roster)) == _runs(sibling.wanted)
