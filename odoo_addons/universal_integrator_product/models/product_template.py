# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Products and services as documents: one for each product with all its variants, and only what is text.

What changes by the minute (price, stock) and what nobody can search (pictures) is in no document, so changing it sends
nothing. The hash is taken from the text when somebody asks: a text exists once for each company's language, and no
stored hash could notice a translation, a renamed category and a changed attribute alike.
"""

from odoo import api, fields, models
from odoo.tools import html2plaintext

TITLE_MAX = 500
BODY_MAX = 100_000
SKUS_MAX = 100


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "integrator.document.mixin"]

    integrator_published = fields.Boolean(
        string="Known to the assistant",
        default=True,
        help="The assistant knows every active product that can be sold, unless this is switched off.",
        groups="universal_integrator.group_integrator_manager",
    )
    integrator_text = fields.Text(
        string="What the assistant reads",
        compute="_compute_integrator_text",
        groups="universal_integrator.group_integrator_user",
    )
    sync_state = fields.Selection(groups="universal_integrator.group_integrator_user")
    last_sync = fields.Datetime(groups="universal_integrator.group_integrator_user")
    sync_error = fields.Text(groups="universal_integrator.group_integrator_user")

    def _compute_integrator_text(self):
        tenant = self.env["integrator.tenant"].sudo().search([("company_id", "=", self.env.company.id)], limit=1)
        for product in self:
            document = product._integrator_documents(tenant).get(product.id) if tenant else None
            product.integrator_text = "\n".join([document["title"], document["body"]]) if document else False

    # ---- as a document ---------------------------------------------------------------------------------------------

    @api.model
    def _integrator_kinds(self):
        return ["product", "service"]

    @api.model
    def _integrator_indexed_fields(self):
        return {
            "name",
            "active",
            "sale_ok",
            "type",
            "integrator_published",
            "description_sale",
            "description_ecommerce",
            "categ_id",
            "default_code",
            "attribute_line_ids",
            "product_tag_ids",
            "company_id",
        }

    @api.model
    def _integrator_domain(self, tenant):
        return [
            ("active", "=", True),
            ("sale_ok", "=", True),
            ("integrator_published", "=", True),
            ("company_id", "in", [False, tenant.company_id.id]),
        ]

    def _integrator_kind(self):
        return "service" if self.type == "service" else "product"

    def _integrator_content(self, tenant):
        return {
            "title": self.name.strip()[:TITLE_MAX],
            "body": self._integrator_body()[:BODY_MAX],
            "lang": tenant.lang[:10],
            "attributes": self._integrator_attributes(),
        }

    def _integrator_body(self):
        """What is written for customers: never the internal notes, nor what is written for buying."""
        texts = [self.description_sale or ""]
        if "description_ecommerce" in self._fields:
            texts.append(html2plaintext(self.description_ecommerce or "", include_references=False))
        texts += [f"{name}: {', '.join(values)}" for name, values in self._integrator_choices()]
        return "\n".join(filter(None, (text.strip() for text in texts)))

    def _integrator_choices(self):
        """Return attribute and values for each line that offers any: ``[("Cor", ["azul", "verde"])]``."""
        choices = [
            (line.attribute_id.name, line.value_ids.filtered("active").mapped("name"))
            for line in self.attribute_line_ids
            if line.active
        ]
        return [(name, values) for name, values in choices if values]

    def _integrator_attributes(self):
        variants = self.product_variant_ids.filtered(lambda variant: variant.active and variant.default_code)
        skus = sorted(set(variants.mapped("default_code")))
        tags = sorted(self.product_tag_ids.filtered("visible_to_customers").mapped("name"))
        attributes = {
            "category": self.categ_id.complete_name or "",
            "sku": skus[0] if len(skus) == 1 else skus[:SKUS_MAX],
            "tags": tags,
        }
        return {name: value for name, value in attributes.items() if value}

    def _integrator_text_changed(self):
        """Something these products only point at was changed: their new text has to go out."""
        self._integrator_enqueue(self._integrator_refs())

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def action_integrator_publish(self):
        """Let the assistant know these products."""
        self.integrator_published = True

    def action_integrator_unpublish(self):
        """Take these products away from the assistant."""
        self.integrator_published = False

    # ---- live facts ------------------------------------------------------------------------------------------------

    def _integrator_facts(self, tenant):
        """Return ``{kind, id, currency, price?, stock?}`` of these products as they are at this moment.

        A price is told when every variant has the same one; otherwise none is right. Stock is what is free to sell in
        the company's warehouses, over all variants, of products that are counted.
        """
        company = tenant.company_id
        products = self._integrator_for(tenant).with_company(company)
        pricelist = company.partner_id.with_company(company).property_product_pricelist
        currency = pricelist.currency_id or company.currency_id
        return [product._integrator_fact(pricelist, currency) for product in products]

    def _integrator_fact(self, pricelist, currency):
        variants = self.product_variant_ids.filtered("active") or self
        prices = pricelist._get_products_price(variants, 1.0, currency=currency)
        told = {currency.round(price) for price in prices.values()}
        fact = {"kind": self._integrator_kind(), "id": self._integrator_ref(), "currency": currency.name}
        if len(told) == 1:
            fact["price"] = told.pop()
        if "free_qty" in variants._fields and self.is_storable:
            fact["stock"] = sum(variants.mapped("free_qty"))
        return fact
