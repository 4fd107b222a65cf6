# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class IntegratorChannel(models.Model):
    _name = "integrator.channel"
    _description = "Conversation channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True, help="The word the bridge uses for this channel, for example whatsapp.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()

    _key_unique = models.Constraint("UNIQUE (key)", "There is already a channel with this key.")
    _key_form = models.Constraint("CHECK (key ~ '^[a-z0-9_-]{1,60}$')", "A key is made of a-z, 0-9, _ and -.")

    def write(self, vals):
        if "key" in vals and any(channel.key != vals["key"] for channel in self):
            raise UserError(self.env._("The key of a channel cannot change: documents already use it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        delivered = (
            self.env["ir.model.data"]
            .sudo()
            .search_count(
                [("model", "=", self._name), ("res_id", "in", self.ids), ("module", "=", "universal_integrator")]
            )
        )
        if delivered:
            raise UserError(self.env._("The channels that come with Universal Integrator cannot be deleted."))
