# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the bridge last confirmed about a record.

A table of its own: confirmations neither touch the record (its write date, its locks) nor collide with its editor.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class IntegratorSync(models.Model):
    _name = "integrator.sync"
    _description = "State of a record on the bridge"
    _order = "id desc"
    _rec_name = "ref"

    tenant_id = fields.Many2one("integrator.tenant", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    kind = fields.Char(required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="model", required=True, readonly=True)
    ref = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True, help="Hash of the content that the bridge confirmed.")
    last_sync = fields.Datetime(required=True, readonly=True)

    _record_unique = models.Constraint("UNIQUE (tenant_id, model, res_id)", "A record has one state for each tenant.")
    _record_index = models.Index("(model, res_id)")

    @api.model
    def _confirm(self, hashes):
        """Keep that the bridge has the records of these outbox rows with this content.

        :param hashes: ``{row id: hash of the content}``
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integrator_sync (tenant_id, company_id, kind, model, res_id, ref, hash, last_sync, create_date)
                     SELECT DISTINCT ON (entry.tenant_id, entry.model, entry.res_id)
                            entry.tenant_id, entry.company_id, entry.kind, entry.model, entry.res_id, entry.ref, sent.hash,
                            %(now)s, %(now)s
                       FROM unnest(%(ids)s::int[], %(hashes)s::text[]) AS sent (id, hash)
                       JOIN integrator_outbox AS entry ON entry.id = sent.id
                   ORDER BY entry.tenant_id, entry.model, entry.res_id, entry.id DESC
                ON CONFLICT (tenant_id, model, res_id) DO UPDATE
                        SET kind = EXCLUDED.kind, ref = EXCLUDED.ref, hash = EXCLUDED.hash,
                            last_sync = EXCLUDED.last_sync, write_date = EXCLUDED.last_sync
                """,
                ids=list(hashes),
                hashes=list(hashes.values()),
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, rows):
        """The records of these outbox rows are no longer on the bridge under the kinds the rows name."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM integrator_sync AS known
                      USING integrator_outbox AS entry
                      WHERE entry.id = ANY(%s)
                        AND (known.tenant_id, known.kind, known.ref) = (entry.tenant_id, entry.kind, entry.ref)
                """,
                rows.ids,
            )
        )
        self.invalidate_model()
