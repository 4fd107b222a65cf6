# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audit of every call to a bridge. Parameters and results are never kept: they may hold secrets and customers' words."""

import logging
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.constants import GC_UNLINK_LIMIT

_logger = logging.getLogger(__name__)

RETENTION_DAYS = 30


class IntegratorCall(models.Model):
    _name = "integrator.call"
    _description = "Call to a bridge"
    _order = "id desc"
    _rec_name = "method"

    bridge_id = fields.Many2one("integrator.bridge", string="Connection", ondelete="cascade", index=True, readonly=True)
    tenant_id = fields.Many2one("integrator.tenant", ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    method = fields.Char(required=True, readonly=True)
    state = fields.Selection([("ok", "Answered"), ("error", "Failed")], required=True, readonly=True)
    duration_ms = fields.Integer(string="Duration (ms)", readonly=True, aggregator="avg")
    error_code = fields.Char(string="Error code", readonly=True)
    error_message = fields.Char(string="Error", readonly=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True, ondelete="set null")

    @api.model
    def _recorder(self, bridge_id, tenant_id):
        """Return a function that records one call in a transaction of its own: the record survives a rollback here.

        It holds no cursor, so it may be called long after the transaction that made it is gone.
        """
        registry, user_id = self.env.registry, self.env.uid

        def record(method, error, duration_ms):
            values = {
                "bridge_id": bridge_id,
                "tenant_id": tenant_id,
                "user_id": user_id,
                "method": method,
                "state": "error" if error else "ok",
                "duration_ms": duration_ms,
                "error_code": str(error.code or error.kind) if error else False,
                "error_message": error.message if error else False,
            }
            try:
                with registry.cursor() as cr:
                    # Someone may be deleting the connection right now; the audit is not worth waiting for that.
                    cr.execute("SET LOCAL lock_timeout = '2s'")
                    api.Environment(cr, SUPERUSER_ID, {})[self._name].create(values)
            except psycopg2.Error:
                _logger.info("a call to the bridge could not be recorded", exc_info=True)

        return record

    @api.autovacuum
    def _gc_calls(self):
        before = fields.Datetime.now() - timedelta(days=RETENTION_DAYS)
        calls = self.search([("create_date", "<", before)], limit=GC_UNLINK_LIMIT)
        calls.unlink()
        return len(calls), len(calls) == GC_UNLINK_LIMIT
