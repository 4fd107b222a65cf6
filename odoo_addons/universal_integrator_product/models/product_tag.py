# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductTag(models.Model):
    _name = "product.tag"
    _inherit = ["product.tag", "integrator.product.source.mixin"]

    def _integrator_product_fields(self):
        return {"name", "visible_to_customers", "product_template_ids"}

    def _integrator_products(self):
        return self.env["product.template"].sudo().search([("product_tag_ids", "in", self.ids)])
