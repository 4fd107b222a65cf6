# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the outbox's cron does between two transactions: claim, read, post, mark.

Plain functions, since no record and no cursor may be at hand while the network answers.
"""

import logging
import time
from collections import defaultdict

from odoo.exceptions import UserError

from .bridge_client import CODE_CONFLICT, CODE_INTERNAL_ERROR, BridgeError
from .own_transaction import run_apart

_logger = logging.getLogger(__name__)

RUN_SECONDS = 50


def send_due(registry):
    """Send what is due until nothing is or the time is over; return whether something may be left."""
    deadline = time.monotonic() + RUN_SECONDS
    while claim := _claim(registry):
        send_claimed(registry, *claim)
        if time.monotonic() > deadline:
            return True
    return False


def _claim(registry):
    """Claim and commit; return ``(lease, row ids)``, or None when nothing is due."""

    def claim(env):
        rows = env["integrator.outbox"]._claim_rows()
        return (rows[:1].lease, rows.ids) if rows else None

    return run_apart(registry, claim)


def send_claimed(registry, lease, ids):
    """Send the rows of one claim and mark each with what became of it."""

    def mark(outcome):
        run_apart(registry, lambda env: env["integrator.outbox"]._mark(lease, outcome))

    try:
        connection, unsure, jobs = run_apart(
            registry, lambda env: env["integrator.outbox"].browse(ids).exists()._prepare_jobs()
        )
        if unsure:
            _check_identity(registry, connection, unsure)
    except Exception as caught:
        # One record that cannot be read must neither stop the other companies nor be retried for ever.
        mark({"rows": ids, "error": _reading_error(caught)})
        return
    while jobs:
        job = jobs.pop(0)
        try:
            outcome = _run(connection, job)
        except BridgeError as error:
            halves = _halves(job) if error.concerns_content else []
            if halves:
                jobs[:0] = halves
                continue
            lost = [job, *jobs] if error.concerns_connection else [job]
            jobs = [] if error.concerns_connection else jobs
            outcome = {"rows": [row for one in lost for row in _rows_of(one)], "error": error}
        mark(outcome)


def _reading_error(caught):
    if isinstance(caught, BridgeError):
        return caught
    if isinstance(caught, UserError):
        return BridgeError("refused", str(caught))
    _logger.error("the content of outbox entries could not be read", exc_info=caught)
    return BridgeError("rpc", type(caught).__name__, code=CODE_INTERNAL_ERROR)


def _check_identity(registry, connection, bridge_id):
    """After a silence the bridge may be another version; refuse to feed one that does not fit."""
    identity = connection.call("system.ping")
    problem = run_apart(registry, lambda env: env["integrator.bridge"].browse(bridge_id)._version_problem(identity))
    if problem:
        raise BridgeError("mismatch", problem)


def _rows_of(job):
    return job["rows"] if "rows" in job else [row for item in job["items"] for row in item["rows"]]


def _halves(job):
    """Split a refused batch, to find the document it was refused for."""
    items = job.get("items", [])
    if len(items) < 2:
        return []
    middle = len(items) // 2
    return [{"kind": job["kind"], "items": items[:middle]}, {"kind": job["kind"], "items": items[middle:]}]


def _run(connection, job):
    """Make the call of one job; return its outcome."""
    kind, rows = job["kind"], _rows_of(job)
    outcome = {"kind": kind, "rows": rows, "rejected": {}, "done": dict.fromkeys(rows, job.get("hash", ""))}
    if kind == "tenant":
        answer = push_config(connection, job["config"], job["known"], job["sent"])
        return outcome | {"config": job["config"], "answer": answer}
    if kind == "upsert":
        return outcome | _run_upsert(connection, job["items"])
    if kind == "remove":
        connection.call("knowledge.remove", {"documents": [item["ref"] for item in job["items"]]})
    else:
        connection.call("credentials.set" if kind == "credential" else "credentials.remove", job["params"])
    return outcome


def _run_upsert(connection, items):
    answer = connection.call("knowledge.upsert", {"source": "odoo", "documents": [item["document"] for item in items]})
    refused = answer.get("rejected") if isinstance(answer, dict) else None
    reasons = {
        one.get("index"): ": ".join(filter(None, (str(one.get("path") or ""), str(one.get("message") or "")))) or "?"
        for one in refused or []
        if isinstance(one, dict)
    }
    done, rejected = {}, defaultdict(list)
    for index, item in enumerate(items):
        if index in reasons:
            rejected[reasons[index]] += item["rows"]
        else:
            done |= dict.fromkeys(item["rows"], item["document"]["hash"])
    return {"done": done, "rejected": rejected}


def push_config(connection, config, known_version, sent):
    """Send a tenant's settings; return the bridge's answer. Needs no transaction.

    The expected version protects what somebody changed on the bridge. The version also rises for reasons that are none of
    ours, so after a conflict we look: when everything we sent last time is still there, nobody's work can be lost.

    :param known_version: the version the bridge answered last time, None when there was none
    :param sent: the settings sent last time
    """
    if known_version is None:
        return connection.call("tenant.upsert", config)
    try:
        return connection.call("tenant.upsert", config | {"expected_version": known_version})
    except BridgeError as error:
        if error.code != CODE_CONFLICT:
            raise
        current = connection.call("tenant.get")
        if not isinstance(current, dict) or not contains(current.get("config"), sent):
            raise
        return connection.call("tenant.upsert", config | {"expected_version": current.get("version")})


def contains(whole, part):
    """True when every value of ``part`` is in ``whole``, which may hold more keys."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and contains(whole[key], part[key]) for key in part)
    return whole == part
