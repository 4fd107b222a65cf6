# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class IntegratorService(models.Model):
    _name = "integrator.service"
    _description = "Service of the assistant"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True, help="The word the bridge uses for this service, for example sales.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()

    _key_unique = models.Constraint("UNIQUE (key)", "There is already a service with this key.")
    _key_form = models.Constraint("CHECK (key ~ '^[a-z0-9_-]{1,60}$')", "A key is made of a-z, 0-9, _ and -.")

    def write(self, vals):
        if "key" in vals and any(service.key != vals["key"] for service in self):
            raise UserError(self.env._("The key of a service cannot change: documents already use it."))
        return super().write(vals)
