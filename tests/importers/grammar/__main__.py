"""`make rosters`: thousands of files drawn, written, read and compared.

Exit code 1 if any was read wrong without a word, if reading crashed, or if fewer than 95 of 100 were read right with no
question beyond the codes.
"""

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

from tests.importers.grammar.judging import FAULTS, Kind, Verdict, judge
from tests.importers.grammar.page import build
from tests.importers.grammar.plan import Plan, draw
from tests.importers.grammar.shapes import SHAPES
from tests.importers.grammar.shrinking import shrunk
from tests.importers.grammar.writing import written

GOAL = 0.95


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(prog="make rosters ARGS=…", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, help="printed with every run; the same seed draws the same files")
    parser.add_argument("--shape", default="", help="only shapes whose name holds this")
    parser.add_argument("--one", type=int, metavar="SEED", help="one file alone, from the seed in a report")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the smallest file of each kind of failure")
    parser.add_argument("--kinds", type=int, default=3, help="how many failures of a shape are shown")
    options = parser.parse_args()
    shapes = {name: shape for name, shape in SHAPES.items() if options.shape in name}
    if options.one is not None:
        plan = draw(options.one, shapes)
        verdict = judge(plan)
        print(plan, verdict.kind, verdict.detail, sep="\n")
        return verdict.kind in FAULTS
    seed = options.seed if options.seed is not None else Random().randrange(10**6)
    print(f"{options.count} files, --seed {seed}")
    first = seed * 100_000
    found: dict[str, list[tuple[Plan, Verdict]]] = defaultdict(list)
    for done in range(options.count):
        plan = draw(first + done, shapes)
        found[plan.shape].append((plan, judge(plan)))
        _progress(done + 1, options.count)
    return _report(found, options.kinds, options.save)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and (done % 20 == 0 or done == of):
        print(f"\r{'█' * (30 * done // of):30} {done}/{of}", end="\n" if done == of else "", file=sys.stderr)


def _report(found: dict[str, list[tuple[Plan, Verdict]]], kinds: int, folder: Path | None) -> int:
    """Prints a line a shape, then the smallest failures, then the sum."""
    total: Counter[Kind] = Counter()
    for shape, cases in sorted(found.items()):
        counts = Counter(verdict.kind for _, verdict in cases)
        total += counts
        others = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if kind is not Kind.RIGHT and counts[kind])
        print(f"{shape:32} {counts[Kind.RIGHT]:5} of {len(cases):5} right{', ' if others else ''}{others}")
    for shape, cases in sorted(found.items()):
        for kind in reversed(Kind):
            failed = [case for case in cases if case[1].kind is kind]
            if kind is not Kind.RIGHT and failed:
                for plan, verdict in failed[: kinds if kind in FAULTS else 1]:
                    _show(shape, plan, verdict, folder)
    count = sum(total.values())
    share = total[Kind.RIGHT] / count
    print(", ".join(f"{total[kind]} {kind}" for kind in Kind if total[kind]), f"- {share:.1%} of {count} right")
    return int(any(total[kind] for kind in FAULTS) or share < GOAL)


def _show(shape: str, plan: Plan, verdict: Verdict, folder: Path | None) -> None:
    small = shrunk(plan, lambda other: judge(other).kind is verdict.kind, 60)
    print(f"\n{verdict.kind}: {shape} (--one {plan.seed})\n  {small}\n  {judge(small).detail}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        case = build(small)
        path = folder / f"{shape}_{verdict.kind.name.lower()}_{plan.seed}.{plan.container}"
        path = path.with_suffix(f".{small.container}")
        path.write_bytes(written(case))
        print(f"  {path}")


if __name__ == "__main__":
    sys.exit(main())
