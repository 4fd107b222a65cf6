# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ProductTemplateAttributeLine(models.Model):
    _name = "product.template.attribute.line"
    _inherit = ["product.template.attribute.line", "integrator.product.source.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._integrator_products()._integrator_text_changed()
        return lines

    def _integrator_product_fields(self):
        return {"attribute_id", "value_ids", "active"}

    def _integrator_products(self):
        return self.sudo().product_tmpl_id
