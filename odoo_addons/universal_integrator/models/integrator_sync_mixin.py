# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sync badge of any record that the bridge keeps a copy of.

Nothing here is stored: a waiting outbox row means pending, a failed one means error, a confirmation means synced.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = ("none", "pending", "synced", "error")


class IntegratorSyncMixin(models.AbstractModel):
    _name = "integrator.sync.mixin"
    _description = "Record with a copy on the bridge"

    sync_state = fields.Selection(
        [("none", "Not sent"), ("pending", "Pending"), ("synced", "Synced"), ("error", "Error")],
        string="Sync",
        compute="_compute_sync",
        search="_search_sync_state",
    )
    last_sync = fields.Datetime(
        string="Last sync", compute="_compute_sync", help="When the bridge last confirmed the content."
    )
    sync_error = fields.Text(string="Sync error", compute="_compute_sync")

    def _compute_sync(self):
        ids = self._origin.ids
        found = {row[0]: row[1:] for row in self.env.execute_query(self._sync_query(ids))} if ids else {}
        for record in self:
            state, last_sync, error = found.get(record._origin.id, ("none", None, None))
            record.sync_state = state
            record.last_sync = last_sync or False
            record.sync_error = error or False

    @api.model
    def _search_sync_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [state for state in value if state in STATES]
        known = self._sync_query(None)
        domain = Domain("id", "in", SQL("(SELECT res_id FROM (%s) AS s WHERE state = ANY(%s))", known, wanted))
        if "none" in wanted:
            domain |= Domain("id", "not in", SQL("(SELECT res_id FROM (%s) AS s)", known))
        return domain

    @api.model
    def _sync_query(self, ids):
        """One row for each record that was ever sent: ``res_id, state, last_sync, error``, over all its tenants."""
        only = SQL("AND res_id = ANY(%s)", list(ids)) if ids is not None else SQL("")
        self.env["integrator.outbox"].flush_model()
        self.env["integrator.sync"].flush_model()
        # Of several entries for one document only the newest counts: a correction on its way is no error any more.
        return SQL(
            """
            SELECT res_id,
                   CASE WHEN bool_or(failed) THEN 'error' WHEN bool_or(waiting) THEN 'pending' ELSE 'synced' END AS state,
                   max(last_sync) AS last_sync,
                   (array_agg(error ORDER BY failed DESC, waiting DESC) FILTER (WHERE error IS NOT NULL))[1] AS error
              FROM (
                    (SELECT DISTINCT ON (tenant_id, kind, ref)
                            res_id, state = 'dead' AS failed, state != 'dead' AS waiting, NULL::timestamp AS last_sync,
                            last_error AS error
                       FROM integrator_outbox
                      WHERE model = %(model)s AND state != 'done' %(only)s
                   ORDER BY tenant_id, kind, ref, id DESC)
                     UNION ALL
                     SELECT res_id, FALSE, FALSE, last_sync, NULL
                       FROM integrator_sync
                      WHERE model = %(model)s %(only)s
                   ) AS facts
          GROUP BY res_id
            """,
            model=self._name,
            only=only,
        )
