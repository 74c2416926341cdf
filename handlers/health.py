"""Is the house standing?"""

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from handlers.callers import refusals
from handlers.guards import gateway
from handlers.loopback import from_this_machine
from queues import pulse
from smsgw.gateway import Gateway
from smsgw.services.readiness import checks
from smsgw.store import gauges

door = Blueprint("health", __name__)


@door.get("/healthz")
def process() -> Response:
    """This process answers; nothing else is asked."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@door.get("/readyz")
def house() -> tuple[Response, int]:
    """Database, broker, clock, migrations and spool, each with its word; 503 when one of them fails."""
    here = gateway()
    found = checks(
        here.database,
        here.settings.database_url,
        lambda: pulse.answers(here.settings.redis_url),
        here.spool,
        here.now(),
    )
    ready = all(check.ok for check in found)
    told = {check.name: {"ok": check.ok, "why": check.why} for check in found}
    return jsonify(ready=ready, checks=told), 200 if ready else 503


@door.get("/metrics")
def metrics() -> Response:
    """Prometheus text, for this machine or for who knows the token; nobody else learns that it is here."""
    if not (from_this_machine() or _knows_token()):
        abort(404)
    registry = CollectorRegistry()
    registry.register(Standing(gateway()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _knows_token() -> bool:
    token = gateway().settings.env.get("SMSGW_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


class Standing(Collector):
    """The database's gauges and the spool's at the moment of asking, and the webhook calls this process refused."""

    def __init__(self, here: Gateway) -> None:
        self._here = here

    def collect(self) -> Iterator[Metric]:
        for gauge in gauges.read(self._here.database, self._here.now()):
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            for labels, value in gauge.samples:
                family.add_metric(labels, value)
            yield family
        found = self._here.spool.standing()
        files = GaugeMetricFamily("smsgw_spool_files", "Messages in the spool's files", labels=["state"])
        files.add_metric(["waiting"], found.waiting)
        files.add_metric(["bad"], found.bad)
        yield files
        if (budget := self._here.limits.budget) is not None:
            yield GaugeMetricFamily("smsgw_segments_budget", "What a day's texts may cost, in segments", budget)
        refused = CounterMetricFamily(
            "smsgw_refused_webhooks", "Webhook calls that proved nothing", labels=["provider"]
        )
        for provider, count in sorted(refusals.count.items()):
            refused.add_metric([provider], count)
        yield refused
