# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "integrator.product.source.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        variants.filtered("default_code")._integrator_products()._integrator_text_changed()
        return variants

    def _integrator_product_fields(self):
        return {"default_code", "active"}

    def _integrator_products(self):
        return self.sudo().product_tmpl_id
