"""One run: every subject waits in its process, and short slices alternate between them, so that noise hits all alike.

The subjects share one core, the simulated networks and the people share the other with this process.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import load, province
from benchmarks.load import Crowd, Person
from benchmarks.subject import IN_MEMORY
from bot.simulator.network import DEFAULT_TOKEN
from bot.simulator.server import Running, serve
from storage.database import Database
from storage.evidence import EvidenceStore

ECHO, CONCURRENT, BOT, MEMORY = "echo", "echo, concurrent", "bot", "bot, storage off"
TEXT, TAP, PHOTO = "text", "tap", "photo"
TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured. `window` and `warm_up` in seconds; `photo_steps` steps a slice, every sixth a photo."""

    crowds: Sequence[int] = (1, 10, 200)
    rounds: int = 2
    window: float = 2.0
    warm_up: float = 0.4
    photo_steps: int = 120
    sample: bool = True
    pin: bool = True
    profile: bool = False

    @property
    def most(self) -> int:
        """How many walk at once at most."""
        return max(self.crowds)

    @property
    def inspectors(self) -> int:
        """Some type, others tap, and each photo slice has a visit of its own."""
        return 2 * self.most + self.rounds


@dataclass(slots=True)
class Slice:
    """What one subject did in one slice; times in seconds, memory in bytes."""

    steps: int
    seconds: float
    cpu: float
    commits: int
    latencies: dict[str, list[float]]
    memory: int

    @property
    def rate(self) -> float:
        """Steps per second."""
        return self.steps / self.seconds


@dataclass(slots=True)
class Measured:
    """All slices of one subject under one load."""

    slices: list[Slice] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Steps per second, the median slice."""
        return statistics.median(s.rate for s in self.slices)

    @property
    def cpu(self) -> float:
        """Seconds of processor per step, the median slice."""
        return statistics.median(s.cpu / s.steps for s in self.slices)

    @property
    def commits(self) -> float:
        """Transactions per step."""
        return sum(s.commits for s in self.slices) / sum(s.steps for s in self.slices)

    @property
    def memory(self) -> int:
        """Peak of the resident memory in bytes."""
        return max(s.memory for s in self.slices)

    def latency(self, part: float, kind: str = "text") -> float:
        """Seconds within which this part of the steps ended."""
        values = sorted(value for s in self.slices for value in s.latencies.get(kind, ()))
        return values[min(len(values) - 1, int(part * len(values)))]


Results = Mapping[tuple[str, int, str], Measured]  # by load, number of people, subject


class Subject:
    """A process under measurement, its network and its crowd."""

    def __init__(self, name: str, running: Running, process: subprocess.Popen[str]) -> None:
        self.name = name
        self.running = running
        self.process = process
        self.crowd = Crowd(running.network)
        self.people: dict[int, Person] = {}

    def person(self, number: int) -> Person:
        """The inspector with this number, with the same phone as long as the run lasts."""
        if number not in self.people:
            phone = self.running.network.phone(f"{number}", user_id=province.user_id(number))
            self.people[number] = Person(phone.chat_id, load.tapping, self.running.network)
        return self.people[number]

    def commits(self) -> int:
        """How many transactions so far; raises RuntimeError when the process is gone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} has ended with {self.process.poll()}")
        return int(json.loads(answer)["commits"])

    def cpu(self) -> float:
        """Seconds of processor used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Peak of the resident memory since the last `forget_peak`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

    def toggle_profile(self) -> None:
        """Begin or end profiling, where the process was started for it."""
        self.process.send_signal(signal.SIGUSR1)

    def forget_peak(self) -> None:
        """Let the peak begin anew, where the system allows it."""
        with suppress(OSError):
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def end(self) -> None:
        """Ask the process to end; it is stopped if it does not."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@dataclass(frozen=True, slots=True)
class Before:
    """Counters at the beginning of a window."""

    at: float
    cpu: float
    commits: int


async def run(plan: Plan, folder: Path) -> Results:
    """Measure everything; `folder` holds the database, the evidence and the processes' own words."""
    cores = sorted(os.sched_getaffinity(0))
    pinned = plan.pin and len(cores) > 1
    if pinned:
        os.sched_setaffinity(0, {cores[1]})
    try:
        async with AsyncExitStack() as stack:
            subjects = {}
            for name in (ECHO, CONCURRENT, BOT, MEMORY):
                running = await serve()
                stack.push_async_callback(running.close)
                process = _start(name, running, folder, plan, cores[0] if pinned else None)
                subjects[name] = subject = Subject(name, running, process)
                stack.callback(subject.end)
            results: dict[tuple[str, int, str], Measured] = {}
            for name in (BOT, MEMORY):
                await _begin_visits(subjects[name], plan)
            for _ in range(plan.rounds):
                await _round(subjects, plan, results)
            return results
    finally:
        if pinned:
            os.sched_setaffinity(0, set(cores))


def _start(name: str, running: Running, folder: Path, plan: Plan, core: int | None) -> subprocess.Popen[str]:
    kind = {ECHO: "echo", CONCURRENT: "echo-concurrent"}.get(name, "bot")
    command = [sys.executable, "-m", "benchmarks.subject", kind, running.url]
    if core is not None:
        command += ["--core", str(core)]
    if plan.profile and name == BOT:
        command += ["--profile", str(folder)]
    database, evidence = f"sqlite:///{folder / 'kycuong.db'}", str(folder / "evidence")
    if name == BOT:
        _fill(database, evidence, plan)
    elif name == MEMORY:
        database, evidence = IN_MEMORY, ":memory:"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KYCUONG_DATABASE_URL": database,
        "KYCUONG_EVIDENCE_URL": evidence,
        "KYCUONG_TELEGRAM_TOKEN": DEFAULT_TOKEN,
        "KYCUONG_TELEGRAM_API_URL": running.url,
        "KYCUONG_SENDS_PER_SECOND": "0",
        "KYCUONG_BENCH_INSPECTORS": str(plan.inspectors),
        "KYCUONG_BENCH_SAMPLE": "1" if plan.sample else "",
    }
    with (folder / f"{kind}-{name[-3:]}.log").open("w") as log:
        return subprocess.Popen(
            command, cwd=folder, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )


def _fill(database_url: str, evidence_url: str, plan: Plan) -> None:
    database = Database(database_url)
    try:
        province.prepare(database, EvidenceStore.from_url(evidence_url), plan.inspectors, sample=plan.sample)
    finally:
        database.stop()


async def _begin_visits(subject: Subject, plan: Plan) -> None:
    """Every inspector walks into their commune."""
    people = []
    for number in range(plan.inspectors):
        person = subject.person(number)
        taps = plan.most <= number < 2 * plan.most
        person.act = load.lines(load.beginning(number, one_by_one=taps))
        people.append(person)
    subject.crowd.begin(people)
    await subject.crowd.finished()


async def _round(subjects: Mapping[str, Subject], plan: Plan, results: dict[tuple[str, int, str], Measured]) -> None:
    taken = len(next(iter(results.values())).slices) if results else 0
    for people in plan.crowds:
        for name, subject in subjects.items():
            if name != MEMORY or people == plan.most:
                crowd = _typing(subject, range(people), taken)
                results.setdefault((TEXT, people, name), Measured()).slices.append(await _window(subject, crowd, plan))
        crowd = [_tapping(subjects[BOT], plan.most + n) for n in range(people)]
        results.setdefault((TAP, people, BOT), Measured()).slices.append(await _window(subjects[BOT], crowd, plan))
    pictures = load.pictures()
    for name in (ECHO, BOT, MEMORY):
        person = subjects[name].person(2 * plan.most + taken)
        person.act = load.with_photos(load.corrections(0), pictures, plan.photo_steps)
        results.setdefault((PHOTO, 1, name), Measured()).slices.append(await _counted(subjects[name], person))


def _typing(subject: Subject, numbers: Sequence[int], start: int) -> list[Person]:
    people = [subject.person(number) for number in numbers]
    for number, person in enumerate(people):
        person.act = load.lines(load.corrections(number + start))
    return people


def _tapping(subject: Subject, number: int) -> Person:
    person = subject.person(number)
    person.act = load.tapping
    return person


async def _window(subject: Subject, people: Sequence[Person], plan: Plan) -> Slice:
    """Everybody acts; after the warm-up, what happens within the window counts."""
    subject.forget_peak()
    subject.crowd.begin(people)
    await asyncio.sleep(plan.warm_up)
    profiled = plan.profile and subject.name == BOT
    if profiled:
        subject.toggle_profile()
    subject.crowd.forget()
    before = _before(subject)
    await asyncio.sleep(plan.window)
    if profiled:
        subject.toggle_profile()
    if not subject.crowd.steps:
        await subject.crowd.end()  # says who is stuck
    measured = _since(subject, before)
    await subject.crowd.end()
    return measured


async def _counted(subject: Subject, person: Person) -> Slice:
    """A fixed number of steps of one person."""
    subject.forget_peak()
    before = _before(subject)
    subject.crowd.begin([person])
    await subject.crowd.finished()
    return _since(subject, before)


def _before(subject: Subject) -> Before:
    return Before(time.perf_counter(), subject.cpu(), subject.commits())


def _since(subject: Subject, before: Before) -> Slice:
    seconds, crowd = time.perf_counter() - before.at, subject.crowd
    if not crowd.steps:
        raise load.StepLostError(f"{subject.name} did nothing for {seconds:.1f} s")
    return Slice(
        crowd.steps,
        seconds,
        subject.cpu() - before.cpu,
        subject.commits() - before.commits,
        crowd.latencies,
        subject.memory(),
    )


def synced(folder: Path, times: int = 30) -> float:
    """Seconds one durable write of a page takes here, the median: what the disk costs."""

    def once(file: Any) -> float:
        start = time.perf_counter()
        file.write(b"x" * 4096)
        file.flush()
        os.fsync(file.fileno())
        return time.perf_counter() - start

    with tempfile.TemporaryFile(dir=folder) as file:
        return statistics.median(once(file) for _ in _times(times))


def _times(count: int) -> Iterator[int]:
    return iter(range(count))
