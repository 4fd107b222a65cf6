# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The transactional outbox: what has to reach the bridge is a row written in the transaction of the change itself.

The cron claims rows with a lease and commits, reads the content as it is then, posts without any transaction, and marks
the rows in another one. A crash leaves a lease that runs out; a row is sent twice at worst, and the bridge does not mind.
"""

import hashlib
import json
import logging
import uuid
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..bridge_client import CODE_CONFLICT
from ..outbox_sender import send_due

_logger = logging.getLogger(__name__)

CLAIM_LIMIT = 500
BATCH_DOCUMENTS = 500
# The bridge takes 4 MB; the difference is room for the envelope.
BATCH_BYTES = 3_800_000
# Longer than the calls of one claim take; a crashed sender keeps its tenant waiting this long.
LEASE_SECONDS = 180
ATTEMPTS_MAX = 8
BACKOFF_FIRST_SECONDS = 30
BACKOFF_MAX_SECONDS = 3600
DONE_RETENTION_DAYS = 7
OPEN_STATES = ("pending", "sending")
# Settings before credentials before documents: a document may need what they say.
SEQUENCES = {"tenant": 0, "credential": 1}


class IntegratorOutbox(models.Model):
    _name = "integrator.outbox"
    _description = "Entry waiting for the bridge"
    _order = "id desc"
    _rec_name = "ref"

    tenant_id = fields.Many2one("integrator.tenant", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    kind = fields.Char(required=True, readonly=True, help="tenant, credential, or the kind of the document.")
    operation = fields.Selection(
        [("upsert", "Send"), ("remove", "Remove")], required=True, default="upsert", readonly=True
    )
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="model", required=True, readonly=True)
    ref = fields.Char(string="Reference", required=True, readonly=True)
    sequence = fields.Integer(default=2, readonly=True)
    state = fields.Selection(
        [("pending", "Waiting"), ("sending", "Sending"), ("done", "Done"), ("dead", "Failed")],
        required=True,
        default="pending",
        readonly=True,
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime(string="Next attempt", required=True, default=fields.Datetime.now, readonly=True)
    last_error = fields.Text(string="Last error", readonly=True)
    lease = fields.Char(readonly=True)
    lease_until = fields.Datetime(string="Lease until", readonly=True)
    done_at = fields.Datetime(string="Done", readonly=True)

    _open_index = models.Index("(tenant_id, sequence, id) WHERE state IN ('pending', 'sending')")
    _busy_index = models.Index("(tenant_id, lease_until) WHERE state = 'sending'")
    _record_index = models.Index("(model, res_id) WHERE state != 'done'")
    _dead_index = models.Index("(ref) WHERE state = 'dead'")

    # ---- writing rows ----------------------------------------------------------------------------------------------

    @api.model
    def _enqueue(self, vals_list):
        """Add rows in the present transaction, and wake the cron when it commits."""
        if not vals_list:
            return self.browse()
        rows = self.sudo().create([{"sequence": SEQUENCES.get(vals["kind"], 2)} | vals for vals in vals_list])
        for model in {vals["model"] for vals in vals_list} & set(self.env):
            # The badge is computed from these rows.
            self.env[model].invalidate_model(["sync_state", "last_sync", "sync_error"], flush=False)
        self._wake()
        return rows

    @api.model
    def _wake(self, at=None):
        """Let the cron run soon after this transaction. Only an accelerator: the cron comes by itself as well."""
        cron = self.env.ref("universal_integrator.ir_cron_outbox", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)

    def action_retry(self):
        """Try failed rows again at once."""
        self.check_access("read")
        if not self.env.user.has_group("universal_integrator.group_integrator_manager"):
            raise UserError(self.env._("Only a Universal Integrator administrator may do this."))
        rows = self.filtered(lambda row: row.state in ("dead", "pending"))
        rows.sudo().write({"state": "pending", "attempts": 0, "next_attempt_at": fields.Datetime.now()})
        self._wake()

    @api.autovacuum
    def _gc_rows(self):
        """Failed rows stay until they are sent or overtaken: they are what shows that a record is not on the bridge."""
        before = fields.Datetime.now() - timedelta(days=DONE_RETENTION_DAYS)
        rows = self.search([("state", "=", "done"), ("done_at", "<", before)], limit=GC_UNLINK_LIMIT)
        rows.unlink()
        return len(rows), len(rows) == GC_UNLINK_LIMIT

    # ---- the cron --------------------------------------------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what is due until nothing is or the time is over. Holds no cursor while the network answers."""
        if send_due(self.env.registry):
            self._wake()

    @api.model
    def _claim_rows(self):
        """Take the due rows of one tenant and give them a lease; return them. The caller commits at once.

        A tenant is served by one sender at a time, so that an older content can never overtake a newer one. Which
        tenant is next is left to chance: one with ten thousand rows must not keep the others waiting.
        """
        now = fields.Datetime.now()
        due = SQL(
            """o.state IN ('pending', 'sending')
               AND CASE o.state WHEN 'pending' THEN o.next_attempt_at ELSE o.lease_until END <= %s""",
            now,
        )
        self.flush_model()
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    WITH served AS (
                        SELECT tenant.id
                          FROM integrator_tenant AS tenant
                         WHERE EXISTS (SELECT FROM integrator_outbox AS o WHERE o.tenant_id = tenant.id AND %(due)s)
                           AND NOT EXISTS (SELECT FROM integrator_outbox AS busy
                                            WHERE busy.tenant_id = tenant.id
                                              AND busy.state = 'sending' AND busy.lease_until > %(now)s)
                      ORDER BY random()
                         LIMIT 1
                    )
                    SELECT o.id
                      FROM integrator_outbox AS o
                     WHERE o.tenant_id = (SELECT id FROM served) AND %(due)s
                  ORDER BY o.sequence, o.id
                     LIMIT %(limit)s
                FOR UPDATE OF o SKIP LOCKED
                    """,
                    due=due,
                    now=now,
                    limit=CLAIM_LIMIT,
                )
            )
        ]
        rows = self.browse(ids)
        rows.write(
            {"state": "sending", "lease": uuid.uuid4().hex, "lease_until": now + timedelta(seconds=LEASE_SECONDS)}
        )
        return rows

    # ---- reading content -------------------------------------------------------------------------------------------

    def _prepare_jobs(self):
        """Read, as it is now, what these rows (of one tenant) stand for.

        :return: plain values: the connection, the id of the bridge if its version has to be asked first, the jobs
        """
        tenant = self.tenant_id
        bridge = tenant.bridge_id
        connection = bridge._connection(tenant)
        unsure = bridge.id if connection.refusal or bridge.state != "connected" else 0
        groups = defaultdict(self.browse)
        for row in self:
            groups[row.kind, row.ref] |= row
        jobs, documents = [], []
        for (kind, _ref), rows in groups.items():
            if kind == "tenant":
                jobs.append(rows._prepare_tenant())
            elif kind == "credential":
                jobs.append(rows._prepare_credential())
            else:
                documents.append(rows)
        return connection, unsure, jobs + self._prepare_documents(documents, tenant)

    def _prepare_tenant(self):
        tenant = self.tenant_id
        config = tenant._prepare_tenant_config()
        return {
            "kind": "tenant",
            "rows": self.ids,
            "config": config,
            "hash": hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest(),
            "known": json.loads(tenant.config_version) if tenant.config_version else None,
            "sent": json.loads(tenant.config_sent) if tenant.config_sent else None,
        }

    def _prepare_credential(self):
        credential = self.env["integrator.credential"].browse(self[:1].res_id).exists()
        params = None
        if credential and credential.ref == self[:1].ref and credential.tenant_id == self.tenant_id:
            params = credential._prepare_params()
        if params is None:
            return {"kind": "credential_remove", "rows": self.ids, "params": {"ref": self[:1].ref}}
        return {"kind": "credential", "rows": self.ids, "params": params, "hash": credential._fingerprint()}

    def _prepare_documents(self, groups, tenant):
        """Sort groups of rows into removals and upserts, by what the records are now, in batches the bridge accepts."""
        by_model = defaultdict(set)
        for rows in groups:
            by_model[rows[:1].model].add(rows[:1].res_id)
        documents = {
            model: self.env[model].browse(sorted(ids))._integrator_documents(tenant) if model in self.env else {}
            for model, ids in by_model.items()
        }
        removals, upserts = [], []
        for rows in groups:
            first = rows[:1]
            document = documents[first.model].get(first.res_id)
            item = {"rows": rows.ids, "ref": {"kind": first.kind, "id": first.ref}, "document": document}
            (upserts if document and document["kind"] == first.kind else removals).append(item)
        jobs = [{"kind": "remove", "items": batch} for batch in batches(removals)]
        return jobs + [{"kind": "upsert", "items": batch} for batch in batches(upserts)]

    # ---- marking ---------------------------------------------------------------------------------------------------

    @api.model
    def _mark(self, lease, outcome):
        """Write down what became of one job. Rows whose lease somebody else took over in the meantime stay untouched."""
        mine = self.search([("id", "in", outcome["rows"]), ("lease", "=", lease), ("state", "=", "sending")])
        if not mine:
            return
        bridge = mine.tenant_id.bridge_id
        if "error" in outcome:
            mine._mark_failed(outcome["error"])
            if not outcome["error"].concerns_connection:
                bridge._remember_outcome()
            return
        for reason, ids in outcome["rejected"].items():
            refused = mine & self.browse(ids)
            refused._mark_dead(reason)
            for row in refused:
                row.attempts += 1
        hashes = {row_id: content_hash for row_id, content_hash in outcome["done"].items() if row_id in set(mine.ids)}
        self.browse(hashes)._mark_done(outcome, hashes)
        bridge._remember_outcome()

    def _mark_done(self, outcome, hashes):
        if not self:
            return
        self.write({"state": "done", "done_at": fields.Datetime.now(), "last_error": False, "lease": False})
        self._close_overtaken()
        if outcome["kind"] in ("remove", "credential_remove"):
            self.env["integrator.sync"]._forget(self)
            return
        self.env["integrator.sync"]._confirm(hashes)
        if outcome["kind"] == "tenant":
            self.tenant_id._config_pushed(outcome["config"], outcome["answer"])
        elif outcome["kind"] == "credential":
            self[:1]._credential_pushed(hashes[self[:1].id])
        else:
            self._documents_pushed(hashes)

    def _close_overtaken(self):
        """What failed earlier for the same documents no longer matters."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integrator_outbox AS older
                   SET state = 'done', done_at = newer.done_at
                  FROM integrator_outbox AS newer
                 WHERE newer.id = ANY(%s) AND older.state = 'dead' AND older.id < newer.id
                   AND (older.tenant_id, older.kind, older.ref) = (newer.tenant_id, newer.kind, newer.ref)
                """,
                self.ids,
            )
        )
        self.invalidate_model(["state", "done_at"])

    def _credential_pushed(self, content_hash):
        credential = self.env["integrator.credential"].browse(self.res_id).exists()
        if credential and credential._fingerprint() == content_hash:
            credential._pushed()
        if self.tenant_id.config_warnings:
            # The bridge may have warned of this very credential, which it had not got yet.
            self.tenant_id._enqueue_config()

    def _documents_pushed(self, hashes):
        """What was confirmed is synced only if it is still the content; what changed meanwhile has to go out again."""
        changed = self.browse()
        for model, rows in self.grouped("model").items():
            documents = self.env[model].browse(rows.mapped("res_id"))._integrator_documents(self.tenant_id)
            changed |= rows.filtered(
                lambda row, documents=documents: documents.get(row.res_id, {}).get("hash") != hashes[row.id]
            )
        waiting = self.search(
            [("tenant_id", "=", self.tenant_id.id), ("ref", "in", changed.mapped("ref")), ("state", "in", OPEN_STATES)]
        )
        again = {row.ref: row for row in changed if row.ref not in set(waiting.mapped("ref"))}
        self._enqueue(
            [
                {
                    "tenant_id": row.tenant_id.id,
                    "kind": row.kind,
                    "model": row.model,
                    "res_id": row.res_id,
                    "ref": row.ref,
                }
                for row in again.values()
            ]
        )

    def _mark_failed(self, error):
        """Try again later; give up when the bridge keeps refusing this content. A bridge that is away is waited for."""
        if error.concerns_content and error.code != CODE_CONFLICT:
            self._mark_dead(error.text)
            return
        if error.code == CODE_CONFLICT:
            self._mark_dead(
                self.env._(
                    "These settings were changed on the bridge by somebody else. Look at both, then press “Overwrite on "
                    "the bridge”."
                )
            )
            return
        bridge = self.tenant_id.bridge_id
        text = bridge._explain(error)
        attempts = max(self.mapped("attempts")) + 1
        retry_at = fields.Datetime.now() + timedelta(seconds=backoff_seconds(attempts, error.retry_after))
        for row in self:
            row.write(
                {
                    "state": "pending",
                    "attempts": row.attempts + 1,
                    "last_error": text,
                    "next_attempt_at": retry_at,
                    "lease": False,
                    "lease_until": False,
                }
            )
        if error.concerns_connection:
            self._postpone_tenant(retry_at)
            bridge._remember_outcome(error)
        else:
            self.filtered(lambda row: row.attempts >= ATTEMPTS_MAX)._mark_dead(text)
        self._wake(retry_at)

    @api.model
    def _hurry(self, bridge):
        """The bridge answers again: what was put off while it did not is due now."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integrator_outbox SET next_attempt_at = %(now)s
                 WHERE id IN (SELECT id FROM integrator_outbox
                               WHERE tenant_id IN (SELECT id FROM integrator_tenant WHERE bridge_id = %(bridge)s)
                                 AND state = 'pending' AND next_attempt_at > %(now)s
                                 FOR UPDATE SKIP LOCKED)
                """,
                now=fields.Datetime.now(),
                bridge=bridge.id,
            )
        )
        self.invalidate_model(["next_attempt_at"])
        self._wake()

    def _postpone_tenant(self, retry_at):
        """Nothing of this tenant gets through now: let the rest wait as well instead of failing row by row."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integrator_outbox SET next_attempt_at = %(at)s
                 WHERE id IN (SELECT id FROM integrator_outbox
                               WHERE tenant_id = %(tenant)s AND state = 'pending' AND next_attempt_at < %(at)s
                                 FOR UPDATE SKIP LOCKED)
                """,
                at=retry_at,
                tenant=self.tenant_id.id,
            )
        )
        self.invalidate_model(["next_attempt_at"])

    def _mark_dead(self, text):
        self.write({"state": "dead", "last_error": text, "lease": False, "lease_until": False})


def batches(items):
    """Split items so that each batch stays below what the bridge takes in one call."""
    batch, size = [], 0
    for item in items:
        weight = len(json.dumps(item["document"] or item["ref"]).encode()) + 2
        if batch and (len(batch) == BATCH_DOCUMENTS or size + weight > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += weight
    if batch:
        yield batch


def backoff_seconds(attempts, retry_after=0):
    """Seconds until the next attempt: doubled each time, never sooner than the bridge asked for."""
    return max(min(BACKOFF_FIRST_SECONDS * 2 ** (attempts - 1), BACKOFF_MAX_SECONDS), retry_after)
