# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

PRODUCTS_MAX = 50


class IntegratorGateway(models.AbstractModel):
    _inherit = "integrator.gateway"

    @api.model
    def _tools(self):
        reference = {
            "type": "object",
            "properties": {"kind": {"type": "string", "enum": ["product", "service"]}, "id": {"type": "string"}},
            "required": ["kind", "id"],
            "additionalProperties": False,
        }
        facts = {
            "name": "product_facts",
            "description": "Price in the company's pricelist and free stock of products, as they are at this moment.",
            "schema": {
                "type": "object",
                "properties": {"products": {"type": "array", "items": reference, "maxItems": PRODUCTS_MAX}},
                "required": ["products"],
                "additionalProperties": False,
            },
            "access": "read",
            "identity": "none",
        }
        return [*super()._tools(), facts]

    @api.model
    def _tool_product_facts(self, tenant, arguments, caller):
        wanted = self._check_refs(arguments.get("products"))
        if len(wanted) > PRODUCTS_MAX:
            raise UserError(self.env._("products: at most %(max)s can be asked for at once.", max=PRODUCTS_MAX))
        model = self.env["product.template"]
        ids = [record_id for name, record_id in wanted.values() if name == model._name]
        products = model._integrator_for(tenant).browse(ids).exists().filtered_domain(model._integrator_domain(tenant))
        return {"facts": [fact for fact in products._integrator_facts(tenant) if (fact["kind"], fact["id"]) in wanted]}
