# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductAttribute(models.Model):
    _name = "product.attribute"
    _inherit = ["product.attribute", "integrator.product.source.mixin"]

    def _integrator_products(self):
        return self.env["product.template"].sudo().search([("attribute_line_ids.attribute_id", "in", self.ids)])
