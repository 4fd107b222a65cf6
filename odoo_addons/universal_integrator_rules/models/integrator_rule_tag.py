# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class IntegratorRuleTag(models.Model):
    _name = "integrator.rule.tag"
    _description = "Tag of a rule"
    _order = "name"

    name = fields.Char(required=True)
    color = fields.Integer()
    rule_ids = fields.Many2many("integrator.rule", string="Rules")

    _name_unique = models.Constraint("UNIQUE (name)", "There is already a tag with this name.")

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            rules = self.sudo().rule_ids
            rules._integrator_enqueue(rules._integrator_refs())
        return result

    def unlink(self):
        rules = self.sudo().rule_ids
        result = super().unlink()
        rules.invalidate_recordset(["tag_ids"])
        rules._integrator_enqueue(rules._integrator_refs())
        return result
