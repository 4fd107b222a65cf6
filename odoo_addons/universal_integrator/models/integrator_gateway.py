# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one door through which the bridge comes into Odoo.

Any API key of any user can call a public method over JSON-2, and the caller chooses the context. So every method first
asks who calls, forgets the context, takes tenant and company from the caller's own user, and then works with explicit
filters. Nothing here returns None: XML-RPC could not carry it.
"""

import base64
import binascii
import hashlib
import json
from itertools import islice

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..bridge_client import PROTOCOL
from .integrator_bridge import addon_version
from .integrator_document_mixin import KINDS
from .integrator_tenant_access import GATEWAY_GROUP

PAGE_MAX = 1000
REFS_MAX = 500
READ_BATCH = 200


class IntegratorGateway(models.AbstractModel):
    _name = "integrator.gateway"
    _description = "Gateway for the bridge"

    # ---- called by the bridge --------------------------------------------------------------------------------------

    @api.model
    def describe(self):
        """Return what this Odoo offers: protocol, addon version, installed apps, tools."""
        gateway, _tenant = self._enter()
        apps = gateway.env["ir.module.module"].search(
            [("state", "=", "installed"), ("application", "=", True)], order="name"
        )
        return {
            "protocol": PROTOCOL,
            "addon_version": addon_version(),
            "apps": apps.mapped("name"),
            "tools": gateway._tools(),
        }

    @api.model
    def manifest(self, kinds=(), after="", limit=500):
        """Return one page of the tenant's documents as ``{items: [{kind, id, hash}], next, digest}``.

        :param kinds: document kinds; empty means all
        :param after: ``next`` of the page before, empty for the first page
        :param limit: items in a page, 1 to 1000
        :return: ``next`` is empty on the last page; ``digest`` covers the whole manifest of these kinds, not the page,
            as it was when the first page was read
        """
        gateway, tenant = self._enter()
        kinds = gateway._check_kinds(kinds)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= PAGE_MAX:
            raise UserError(self.env._("limit: a whole number from 1 to %(max)s is needed.", max=PAGE_MAX))
        model, last_id, digest = gateway._read_cursor(after)
        if not digest:
            digest = gateway._digest(tenant, kinds)
        entries = list(islice(gateway._walk(tenant, kinds, model, last_id), limit + 1))
        page = entries[:limit]
        more = len(entries) > limit
        return {
            "items": [item for _model, _id, item in page],
            "next": gateway._write_cursor(*page[-1][:2], digest) if more else "",
            "digest": digest,
        }

    @api.model
    def documents(self, refs=()):
        """Return ``{documents, gone}`` for a list of ``{kind, id}``; what is not (or no longer) the tenant's is gone."""
        gateway, tenant = self._enter()
        wanted = gateway._check_refs(refs)
        found = {}
        for model in sorted({model for model, _id in wanted.values()}):
            ids = [record_id for name, record_id in wanted.values() if name == model]
            for document in gateway.env[model].browse(ids)._integrator_documents(tenant).values():
                found[document["kind"], document["id"]] = document
        keys = list(dict.fromkeys((ref["kind"], ref["id"]) for ref in refs))
        return {
            "documents": [found[key] for key in keys if key in found],
            "gone": [{"kind": kind, "id": ref} for kind, ref in keys if (kind, ref) not in found],
        }

    @api.model
    def call_tool(self, name, arguments=None, caller=None, key=""):
        """Run one of the tools that ``describe`` lists, in this one transaction.

        :param arguments: as the tool's schema says
        :param caller: conversation, channel and verified identity of the person who asks
        :param key: makes a write idempotent; reading tools take no notice of it
        :return: ``{ok: True, result}`` or ``{ok: False, code, message}``; a refused tool leaves nothing behind
        """
        gateway, tenant = self._enter()
        if name not in {tool["name"] for tool in gateway._tools()}:
            return {"ok": False, "code": "unknown_tool", "message": gateway.env._("There is no such tool here.")}
        if not all(isinstance(value or {}, dict) for value in (arguments, caller)):
            return {"ok": False, "code": "bad_arguments", "message": gateway.env._("Arguments have names.")}
        try:
            with self.env.cr.savepoint():
                result = getattr(gateway, f"_tool_{name}")(tenant, arguments or {}, caller or {})
        except UserError as refusal:
            return {"ok": False, "code": "refused", "message": str(refusal)}
        return {"ok": True, "result": result}

    # ---- who calls -------------------------------------------------------------------------------------------------

    def _enter(self):
        """Let only a tenant's technical user in; return a gateway with all rights and no context, and the tenant.

        :raises AccessError: for everyone else, administrators included
        """
        user = self.env.user
        if not user._has_group(GATEWAY_GROUP):
            raise AccessError(self.env._("Only the technical user of a bridge may use the gateway."))
        # with_context({}) would keep allowed_company_ids of the caller; only a new environment forgets everything.
        gateway = self.with_env(self.env(context={}, su=True))
        tenant = gateway.env["integrator.tenant"].search([("technical_user_id", "=", user.id)])
        if len(tenant) != 1 or not tenant.is_paired:
            raise AccessError(self.env._("This user belongs to no company on a bridge."))
        own = gateway.env["res.users"].browse(user.id)
        if own.company_ids != tenant.company_id or own.company_id != tenant.company_id:
            raise AccessError(self.env._("The technical user has to belong to its own company alone."))
        return gateway, tenant

    # ---- what there is ---------------------------------------------------------------------------------------------

    @api.model
    def _tools(self):
        """Return the tools this Odoo offers to the assistant. Addons that bring tools extend this."""
        return []

    @api.model
    def _walk(self, tenant, kinds, model="", last_id=0):
        """Give ``(model, record id, item)`` for each document after a position, by model and record id."""
        for source in tenant._document_sources():
            if source._name < model or (kinds and not kinds & set(source._integrator_kinds())):
                continue
            position = last_id if source._name == model else 0
            domain = Domain(source._integrator_domain(tenant))
            records = source._integrator_for(tenant)
            while batch := records.search(domain & Domain("id", ">", position), order="id", limit=READ_BATCH):
                position = batch[-1].id
                for record in batch:
                    if not kinds or record._integrator_kind() in kinds:
                        document = record._integrator_document(tenant)
                        yield source._name, record.id, {name: document[name] for name in ("kind", "id", "hash")}

    @api.model
    def _digest(self, tenant, kinds):
        digest = hashlib.sha256()
        for _model, _id, item in self._walk(tenant, kinds):
            digest.update(f"{item['kind']} {item['id']} {item['hash']}\n".encode())
        return digest.hexdigest()

    # ---- parameters ------------------------------------------------------------------------------------------------

    @api.model
    def _check_kinds(self, kinds):
        if not isinstance(kinds, (list, tuple)) or not all(kind in KINDS for kind in kinds):
            raise UserError(self.env._("kinds: a list of %(kinds)s is needed.", kinds=", ".join(KINDS)))
        return set(kinds)

    @api.model
    def _check_refs(self, refs):
        """Return ``{(kind, id): (model, record id)}`` of the references that can be ours."""
        if not isinstance(refs, (list, tuple)) or len(refs) > REFS_MAX:
            raise UserError(self.env._("refs: a list of at most %(max)s references is needed.", max=REFS_MAX))
        names = {source._name for source in self.env["integrator.tenant"]._document_sources()}
        wanted = {}
        for ref in refs:
            if not isinstance(ref, dict) or not all(isinstance(ref.get(name), str) for name in ("kind", "id")):
                raise UserError(self.env._("refs: each reference needs a kind and an id, both text."))
            origin, _colon, rest = ref["id"].partition(":")
            model, _colon, number = rest.partition(":")
            if origin == "odoo" and model in names and number.isdecimal() and len(number) <= 9:
                wanted[ref["kind"], ref["id"]] = (model, int(number))
        return wanted

    @api.model
    def _write_cursor(self, model, record_id, digest):
        return base64.urlsafe_b64encode(json.dumps([model, record_id, digest]).encode()).decode()

    @api.model
    def _read_cursor(self, text):
        """Return model, record id and digest of a cursor; the digest travels in it, so that it is computed once."""
        if text == "":
            return "", 0, ""
        try:
            model, record_id, digest = json.loads(base64.urlsafe_b64decode(text.encode()))
        except (AttributeError, ValueError, TypeError, binascii.Error) as caught:
            raise UserError(self.env._("after: this is no cursor of this manifest.")) from caught
        if not isinstance(model, str) or not isinstance(record_id, int) or not isinstance(digest, str):
            raise UserError(self.env._("after: this is no cursor of this manifest."))
        return model, record_id, digest
