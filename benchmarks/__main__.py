"""`make bench`: the bot beside a bare echo, as ratios, in one run of two or three minutes that ends by itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import documents, report, summary, sweep
from benchmarks.measure import Plan, run, synced

FULL = Plan()
QUICK = Plan(rounds=1, window=0.5, warm_up=0.1, photo_steps=36)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of short slices, rough figures")
    parser.add_argument("--profile", action="store_true", help="print where the bot spends its time (slows it down)")
    parser.add_argument("--rounds", type=int, help="how often everything is repeated")
    parser.add_argument("--folder", type=Path, help="where the database is made (default: the temporary folder)")
    parser.add_argument(
        "--only",
        choices=("chat", "sweep", "summary"),
        help="one part alone: the bot beside an echo, the sweep, or how figures take longer as visits grow",
    )
    options = parser.parse_args()
    chosen = QUICK if options.quick else FULL
    rounds = options.rounds or chosen.rounds
    plan = Plan(chosen.crowds, rounds, chosen.window, chosen.warm_up, chosen.photo_steps, profile=options.profile)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="kycuong-bench-") as folder:
        if options.only in (None, "summary"):
            print(f"{summary.table(Path(folder), summary.SIZES[:1] if options.quick else summary.SIZES)}\n", flush=True)
        if options.only in (None, "sweep"):
            size = sweep.Size(100_000, 1_000, 2_000) if options.quick else sweep.Size()
            print(f"{sweep.report(Path(folder), size)}\n", flush=True)
        if options.only in ("summary", "sweep"):
            return 0
        print(report.heading(plan, synced(Path(folder)), pinned=len(os.sched_getaffinity(0)) > 1), flush=True)
        results = asyncio.run(run(plan, Path(folder)))
        print(f"\n{report.table(results, plan)}")
        print(f"\n{documents.table(documents.measure())}")
        if plan.profile:
            print(f"\n{report.profiles(Path(folder))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
