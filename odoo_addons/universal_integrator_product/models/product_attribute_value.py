# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductAttributeValue(models.Model):
    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "integrator.product.source.mixin"]

    def _integrator_product_fields(self):
        return {"name", "active"}

    def _integrator_products(self):
        return self.env["product.template"].sudo().search([("attribute_line_ids.value_ids", "in", self.ids)])
