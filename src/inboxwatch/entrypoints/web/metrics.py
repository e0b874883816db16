"""Numbers for Prometheus: threads by status, polls, the outbox, and how the page does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inboxwatch import __version__
from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.web.visitor import Visitor

if TYPE_CHECKING:
    from inboxwatch.entrypoints.web.site import Site

_EVERYTHING = Visitor(name="metrics")


def metrics_text(site: Site) -> bytes:
    """Return every number, as Prometheus reads it; no address, subject or name of a case."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(site))
    return generate_latest(registry)


class _Numbers(Collector):
    """Looks when it is asked; holds nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterable[Metric]:
        """Yield every number."""
        build = GaugeMetricFamily(
            "inboxwatch_build", "The version that runs; always 1", labels=["version"]
        )
        build.add_metric([__version__], 1)
        yield build
        try:
            accounts, pending = self._site.known.health()
        except InboxwatchError:
            yield GaugeMetricFamily("inboxwatch_up", "Whether the store can be read", value=0)
            return
        yield GaugeMetricFamily("inboxwatch_up", "Whether the store can be read", value=1)
        yield GaugeMetricFamily(
            "inboxwatch_pending_deliveries", "Reminders and events that wait to be sent", pending
        )
        last = GaugeMetricFamily(
            "inboxwatch_last_complete_poll_timestamp_seconds",
            "When the last complete poll ended",
            labels=["account"],
        )
        stalled = GaugeMetricFamily(
            "inboxwatch_account_stalled",
            "Whether no poll was complete for too long",
            labels=["account"],
        )
        failing = GaugeMetricFamily(
            "inboxwatch_failing_folders",
            "Folders that could not be read for days",
            labels=["account"],
        )
        for account in accounts:
            if account.last_complete_at is not None:
                last.add_metric([account.account], account.last_complete_at.timestamp())
            stalled.add_metric([account.account], float(account.stalled_since is not None))
            failing.add_metric([account.account], len(account.failing_folders))
        yield from (last, stalled, failing)
        yield self._threads()

    def _threads(self) -> Metric:
        threads = GaugeMetricFamily(
            "inboxwatch_threads", "Threads by status", labels=["person", "status"]
        )
        for seen in self._site.seen(_EVERYTHING)[0]:
            for status in Status:
                threads.add_metric([seen.person, status.value], seen.overview.counts.get(status, 0))
        return threads
