# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class IntegratorTenantInbox(models.Model):
    _name = "integrator.tenant.inbox"
    _description = "Chatwoot inbox of a company"
    _order = "number"
    _rec_name = "name"

    tenant_id = fields.Many2one("integrator.tenant", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    number = fields.Integer(string="Inbox number", required=True, help="The number after /inbox/ in Chatwoot.")
    name = fields.Char(help="For your own orientation.")
    mode = fields.Selection(
        [
            ("live", "Live: answers customers"),
            ("test", "Test: silent until #teste"),
            ("observe", "Observe: private drafts"),
        ],
        required=True,
        default="live",
    )

    _number_unique = models.Constraint("UNIQUE (tenant_id, number)", "This inbox is already listed.")
    _number_positive = models.Constraint("CHECK (number > 0)", "The inbox number is greater than zero.")

    @api.model_create_multi
    def create(self, vals_list):
        inboxes = super().create(vals_list)
        inboxes.tenant_id._enqueue_config()
        return inboxes

    def write(self, vals):
        result = super().write(vals)
        if {"number", "mode", "tenant_id"} & vals.keys():
            self.tenant_id._enqueue_config()
        return result

    def unlink(self):
        tenants = self.tenant_id
        result = super().unlink()
        tenants._enqueue_config()
        return result
