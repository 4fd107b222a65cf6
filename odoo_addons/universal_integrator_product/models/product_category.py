# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "integrator.product.source.mixin"]

    def _integrator_product_fields(self):
        return {"name", "parent_id"}

    def _integrator_products(self):
        """A category is named with those above it."""
        return self.env["product.template"].sudo().search([("categ_id", "child_of", self.ids)])
