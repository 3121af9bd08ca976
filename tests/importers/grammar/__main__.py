"""`make rosters`: thousands of files drawn, written, read and compared.

Exit code 1 if any was read wrong without a word, if reading crashed, or if fewer than 95 of 100 were read right with no
question beyond the codes.
"""

import argparse
import sys
from collections import Counter, defaultdict
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from tests.importers.grammar.judging import FAULTS, Kind, Verdict, judge
from tests.importers.grammar.page import build
from tests.importers.grammar.plan import Plan, draw
from tests.importers.grammar.shapes import SHAPES
from tests.importers.grammar.shrinking import shrunk
from tests.importers.grammar.writing import written

GOAL = 0.95
_SEED = 11
_PROCESSES = 2


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(prog="make rosters ARGS=…", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=_SEED, help="the same seed draws the same files")
    parser.add_argument("--shape", default="", help="only shapes whose name holds this")
    parser.add_argument("--one", type=int, metavar="SEED", help="one file alone, from the seed in a report")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the smallest file of each kind of failure")
    parser.add_argument("--kinds", type=int, default=3, help="how many failures of a shape are shown")
    options = parser.parse_args()
    if options.one is not None:
        plan, verdict = _one(options.shape, options.one)
        print(plan, verdict.kind, verdict.detail, sep="\n")
        return verdict.kind in FAULTS
    print(f"{options.count} files, --seed {options.seed}")
    first = options.seed * 100_000
    found: dict[str, list[tuple[Plan, Verdict]]] = defaultdict(list)
    with Pool(_PROCESSES) as pool:
        drawn = pool.imap(partial(_one, options.shape), range(first, first + options.count), chunksize=20)
        for done, (plan, verdict) in enumerate(drawn, 1):
            found[plan.shape].append((plan, verdict))
            _progress(done, options.count)
    return _report(found, options.kinds, options.save)


def _one(part: str, seed: int) -> tuple[Plan, Verdict]:
    """Draws and judges the file of a seed, among the shapes whose name holds a part."""
    plan = draw(seed, {name: shape for name, shape in SHAPES.items() if part in name})
    return plan, judge(plan)


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
