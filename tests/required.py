"""Where a kind of test is required, a skip of it is a failure, and so is a whole run in which none of it ran.

Loaded by `make test`; without KYCUONG_REQUIRE_POSTGRES, _BROWSER or _OFFICE it changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

KINDS = {
    "postgres": "KYCUONG_REQUIRE_POSTGRES",
    "browser": "KYCUONG_REQUIRE_BROWSER",
    "office": "KYCUONG_REQUIRE_OFFICE",
}


class Required:
    """Follows one run; `kinds` are the markers that must not be skipped."""

    def __init__(self, kinds: set[str]) -> None:
        self.kinds = kinds
        self.ran: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A skip of a required test is reported as a failure that repeats the reason of the skip."""
        report = yield
        kinds = self.kinds & {mark.name for mark in item.iter_markers()}
        if kinds and report.skipped and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"required ({', '.join(sorted(kinds))}), but skipped: {report.longrepr}"
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what ran; where tests run in several processes, this is heard by the one that leads them."""
        if report.when == "call" and report.passed:
            self.ran |= self.kinds & set(report.keywords)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """A module skipped as a whole shows no markers, so it counts as required."""
        report = yield
        if report.skipped:
            report.outcome = "failed"
            report.longrepr = f"required, but skipped: {report.longrepr}"
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """A whole run without a single passed test of a required kind is a failed run."""
        yield
        if hasattr(session.config, "workerinput"):
            return  # one of several processes sees only its share
        absent = self.kinds - self.ran
        whole = session.config.args_source is not pytest.Config.ArgsSource.ARGS
        if absent and whole and not session.config.option.collectonly:
            print(f"\nrequired, but none ran: {', '.join(sorted(absent))}")  # noqa: T201 (the run's own output)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    """Stand guard only where something is required."""
    kinds = {kind for kind, variable in KINDS.items() if os.environ.get(variable) == "1"}
    if kinds:
        config.pluginmanager.register(Required(kinds))
