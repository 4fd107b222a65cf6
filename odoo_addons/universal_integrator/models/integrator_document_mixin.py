# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Any model that gives knowledge documents to the bridge inherits this.

One builder serves the push (outbox) and the pull (gateway), so the hash of a document is the same on both ways.
"""

import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = ("rule", "faq", "policy", "scheduling", "document", "product", "service", "company")


class IntegratorDocumentMixin(models.AbstractModel):
    _name = "integrator.document.mixin"
    _description = "Record that is a knowledge document"
    _inherit = ["integrator.sync.mixin"]

    # ---- what a model says about itself ----------------------------------------------------------------------------

    @api.model
    def _integrator_kinds(self):
        """Return every document kind this model can give."""
        raise NotImplementedError

    @api.model
    def _integrator_indexed_fields(self):
        """Return the names of the fields on which document, kind or membership depend. Nothing else causes a push."""
        raise NotImplementedError

    @api.model
    def _integrator_domain(self, tenant):
        """Return the domain of the records that are documents of ``tenant``."""
        raise NotImplementedError

    def _integrator_kind(self):
        """Return the document kind of this record."""
        raise NotImplementedError

    def _integrator_content(self, tenant):
        """Return title, body and the optional fields of the document; leave out what is empty, never give None."""
        raise NotImplementedError

    # ---- documents -------------------------------------------------------------------------------------------------

    def _integrator_ref(self):
        self.ensure_one()
        return f"odoo:{self._name}:{self.id}"

    @api.model
    def _integrator_for(self, tenant):
        """This recordset as ``tenant``'s documents are read: without the caller's rights, company and language."""
        return self.sudo().with_context(tenant._document_context())  # pylint: disable=context-overridden

    def _integrator_documents(self, tenant):
        """Return the documents of those of these records that belong to ``tenant``, as ``{record id: document}``."""
        records = self._integrator_for(tenant).exists().filtered_domain(self._integrator_domain(tenant))
        return {record.id: record._integrator_document(tenant) for record in records}

    def _integrator_document(self, tenant):
        """Return this record as a knowledge document. ``hash`` covers the content and not the time of the last write."""
        self.ensure_one()
        content = {"kind": self._integrator_kind(), "id": self._integrator_ref(), "active": True}
        content |= self._integrator_content(tenant)
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return content | {
            "updated_at": f"{fields.Datetime.to_datetime(self.write_date).replace(microsecond=0).isoformat()}Z",
            "hash": hashlib.sha256(canonical.encode()).hexdigest(),
        }

    def _integrator_refs(self):
        """Return ``{(tenant id, kind, record id)}`` of these records over all paired tenants."""
        refs = set()
        for tenant in self.env["integrator.tenant"].sudo().search([("is_paired", "=", True)]):
            records = self._integrator_for(tenant)
            for record in records.filtered_domain(self._integrator_domain(tenant)):
                refs.add((tenant.id, record._integrator_kind(), record.id))
        return refs

    # ---- create, write, unlink -------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._integrator_enqueue(records._integrator_refs())
        return records

    def write(self, vals):
        if not self._integrator_indexed_fields() & vals.keys():
            return super().write(vals)
        before = self._integrator_refs()
        result = super().write(vals)
        after = self._integrator_refs()
        self._integrator_enqueue(before - after, "remove")
        self._integrator_enqueue(after)
        return result

    def unlink(self):
        before = self._integrator_refs()
        result = super().unlink()
        self._integrator_enqueue(before, "remove")
        return result

    # ---- outbox ----------------------------------------------------------------------------------------------------

    @api.model
    def _integrator_enqueue(self, refs, operation="upsert"):
        self.env["integrator.outbox"]._enqueue(
            [
                {
                    "tenant_id": tenant_id,
                    "kind": kind,
                    "operation": operation,
                    "model": self._name,
                    "res_id": record_id,
                    "ref": f"odoo:{self._name}:{record_id}",
                }
                for tenant_id, kind, record_id in sorted(refs)
            ]
        )

    @api.model
    def _integrator_enqueue_all(self, tenants):
        """Send all documents of ``tenants`` again, and remove those the bridge still has of this model; return how many."""
        refs, gone = set(), set()
        for tenant in tenants:
            source = self._integrator_for(tenant)
            records = source.search(self._integrator_domain(tenant), order="id")
            refs |= {(tenant.id, record._integrator_kind(), record.id) for record in records}
            known = (
                self.env["integrator.sync"].sudo().search([("tenant_id", "=", tenant.id), ("model", "=", self._name)])
            )
            gone |= {(tenant.id, state.kind, state.res_id) for state in known} - refs
        self._integrator_enqueue(gone, "remove")
        self._integrator_enqueue(refs)
        return len(refs) + len(gone)

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def action_sync_now(self):
        """Send these records again."""
        self.check_access("write")
        refs = self._integrator_refs()
        self._integrator_enqueue(refs)
        return self._integrator_notify_sync(len(refs))

    @api.model
    def action_sync_all(self):
        """Send every record of the current companies again."""
        self.browse().check_access("write")
        tenants = self.env["integrator.tenant"].search(
            Domain("is_paired", "=", True) & Domain("company_id", "in", self.env.companies.ids)
        )
        return self._integrator_notify_sync(self._integrator_enqueue_all(tenants.sudo()) if tenants else 0)

    def _integrator_notify_sync(self, count):
        if not self.env["integrator.tenant"].sudo().search_count([("is_paired", "=", True)], limit=1):
            raise UserError(
                self.env._(
                    "No company is paired with a bridge yet. See Universal Integrator ▸ Configuration ▸ Connections."
                )
            )
        return self.env["integrator.bridge"]._notify(
            self.env._("Synchronising"),
            self.env._("%(count)s documents are on their way to the bridge.", count=count),
        )
