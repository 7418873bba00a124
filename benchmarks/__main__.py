"""`make bench`: the bot beside a bare echo, as ratios, in one run of two or three minutes that ends by itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import report, summary
from benchmarks.measure import Plan, run, synced

FULL = Plan()
QUICK = Plan(rounds=1, window=0.5, warm_up=0.1, photo_steps=36)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of short slices, rough figures")
    parser.add_argument("--profile", action="store_true", help="print where the bot spends its time (slows it down)")
    parser.add_argument("--only", choices=("summary",), help="one part alone: how long figures take as visits grow")
    parser.add_argument("--rounds", type=int, help="how often everything is repeated")
    parser.add_argument("--folder", type=Path, help="where the database is made (default: the temporary folder)")
    options = parser.parse_args()
    if options.only == "summary":
        return _summary(options.folder, quick=options.quick)
    chosen = QUICK if options.quick else FULL
    rounds = options.rounds or chosen.rounds
    plan = Plan(chosen.crowds, rounds, chosen.window, chosen.warm_up, chosen.photo_steps, profile=options.profile)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="kycuong-bench-") as folder:
        print(report.heading(plan, synced(Path(folder)), pinned=len(os.sched_getaffinity(0)) > 1), flush=True)
        results = asyncio.run(run(plan, Path(folder)))
        print(f"\n{report.table(results, plan)}")
        if plan.profile:
            print(f"\n{report.profiles(Path(folder))}")
    return 0


def _summary(folder: Path | None, *, quick: bool) -> int:
    with tempfile.TemporaryDirectory(dir=folder, prefix="kycuong-bench-") as made:
        print(summary.table(Path(made), summary.SIZES[:1] if quick else summary.SIZES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
