# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A record whose name stands in the documents of products: renaming it sends those products, and nothing else does."""

from odoo import models


class IntegratorProductSourceMixin(models.AbstractModel):
    _name = "integrator.product.source.mixin"
    _description = "Record that is named in product documents"

    def _integrator_product_fields(self):
        """Return the fields of this model that stand in the documents of products."""
        return {"name"}

    def _integrator_products(self):
        """Return the products in whose documents these records stand."""
        raise NotImplementedError

    def write(self, vals):
        if not self._integrator_product_fields() & vals.keys():
            return super().write(vals)
        before = self._integrator_products()
        result = super().write(vals)
        (before | self._integrator_products())._integrator_text_changed()
        return result

    def unlink(self):
        products = self._integrator_products()
        result = super().unlink()
        products.exists()._integrator_text_changed()
        return result
