# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Credentials: Odoo is their home, the bridge gets a copy.

A secret goes in and never comes out again: the input fields always read empty, what is kept is sealed, and the sealed
text is closed to everyone but this code.
"""

import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Input field -> name of the value on the bridge, by kind.
SECRETS = {
    "chatwoot": {
        "input_bot_token": "bot_token",
        "input_user_token": "user_token",
        "input_webhook_secrets": "webhook_secrets",
        "input_url_token": "url_token",
    },
    "odoo": {"input_api_key": "api_key", "input_password": "password"},
    "model": {"input_api_key": "api_key"},
    "mcp": {"input_headers": "headers"},
}
# What is no secret stays readable.
OPEN_VALUES = {
    "odoo": {"login": "login"},
    "model": {"base_url": "base_url", "model_name": "model", "embedding_model": "embedding_model"},
}
INPUTS = sorted({name for names in SECRETS.values() for name in names})
WEBHOOK_SECRETS_MAX = 32
MANAGER_GROUP = "universal_integrator.group_integrator_manager"


def _input(label, **options):
    """A write-only field: what is written is sealed at once, reading gives nothing, export does not offer it."""
    return fields.Char(
        string=label, compute="_compute_inputs", store=False, readonly=False, copy=False, exportable=False, **options
    )


class IntegratorCredential(models.Model):
    _name = "integrator.credential"
    _description = "Credential for another system"
    _inherit = ["integrator.sync.mixin"]
    _order = "tenant_id, kind, ref"
    _rec_name = "ref"

    tenant_id = fields.Many2one(
        "integrator.tenant",
        string="Company on the bridge",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["integrator.tenant"].search([("company_id", "=", self.env.company.id)], limit=1),
    )
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("chatwoot", "Chatwoot"), ("odoo", "Odoo"), ("model", "Language model"), ("mcp", "MCP server")],
        required=True,
        default="chatwoot",
    )
    ref = fields.Char(
        string="Reference",
        compute="_compute_ref",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The name under which the bridge keeps it.",
    )
    is_managed = fields.Boolean(
        string="Managed by Odoo", readonly=True, help="The bridge's own access to this Odoo; renewed automatically."
    )
    key_expires_at = fields.Datetime(string="Key valid until", readonly=True, copy=False)
    sealed = fields.Text(groups=fields.NO_ACCESS, copy=False, exportable=False)
    kept = fields.Char(
        string="Values kept", readonly=True, copy=False, help="Names only; values are never shown again."
    )

    login = fields.Char()
    base_url = fields.Char(string="Address of the model")
    model_name = fields.Char(string="Model")
    embedding_model = fields.Char(string="Embedding model")

    input_bot_token = _input("Bot token")
    input_user_token = _input("User token")
    input_url_token = _input("Address token", help="At least 32 characters; only for a Chatwoot too old to sign.")
    input_api_key = _input("API key")
    input_password = _input("Password")
    input_webhook_secrets = fields.Text(
        string="Webhook secrets",
        compute="_compute_inputs",
        store=False,
        readonly=False,
        copy=False,
        exportable=False,
        help="One secret a line: bot, account webhook and each API inbox have their own. They replace those kept.",
    )
    input_headers = fields.Text(
        string="Headers",
        compute="_compute_inputs",
        store=False,
        readonly=False,
        copy=False,
        exportable=False,
        help="One header a line, for example Authorization: Bearer …",
    )

    _ref_unique = models.Constraint(
        "UNIQUE (tenant_id, ref)", "This company already has a credential with this reference."
    )

    def _compute_inputs(self):
        for name in INPUTS:
            self[name] = False

    @api.depends("tenant_id", "kind")
    def _compute_ref(self):
        for credential in self:
            account = (credential.tenant_id.account_id or "")[:52]
            credential.ref = credential.ref or (f"{account}-{credential.kind}" if account else False)

    @api.constrains("ref")
    def _check_ref(self):
        for credential in self:
            self.env["integrator.tenant"]._check_slug(credential.ref, self.env._("Reference"))

    # ---- create, write, unlink -------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        inputs_list = [self._take_inputs(vals) for vals in vals_list]
        credentials = super().create(vals_list)
        for credential, inputs in zip(credentials, inputs_list, strict=True):
            credential._keep(inputs)
        credentials._enqueue()
        credentials.tenant_id._enqueue_config()
        return credentials

    def write(self, vals):
        vals = dict(vals)
        inputs = self._take_inputs(vals)
        if {"tenant_id", "kind", "ref"} & vals.keys() and any(credential.is_managed for credential in self):
            raise UserError(self.env._("This credential is managed by Odoo; its name cannot change."))
        before = [(credential, credential.tenant_id, credential.ref, credential.kind) for credential in self]
        result = super().write(vals)
        for credential, tenant, ref, kind in before:
            if kind != credential.kind:
                credential._forget_values()
            credential._keep(inputs)
            if (tenant, ref) != (credential.tenant_id, credential.ref):
                credential._enqueue_removal(tenant, ref)
        if inputs or self._sent_fields() & vals.keys():
            self._enqueue()
            self.tenant_id._enqueue_config()
        return result

    def unlink(self):
        tenants = self.tenant_id
        for credential in self:
            credential._enqueue_removal(credential.tenant_id, credential.ref)
        result = super().unlink()
        tenants.exists()._enqueue_config()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_managed(self):
        if any(credential.is_managed and credential.tenant_id.is_paired for credential in self):
            raise UserError(self.env._("The bridge needs this access to Odoo. Unpair the company to take it away."))

    @api.model
    def _sent_fields(self):
        names = {name for values in OPEN_VALUES.values() for name in values}
        return names | {"tenant_id", "kind", "ref"}

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def action_send_again(self):
        self.check_access("write")
        if not all(credential.tenant_id.is_paired for credential in self):
            raise UserError(self.env._("Pair this company with the bridge first."))
        self._enqueue()
        return self.env["integrator.bridge"]._notify(
            self.env._("Sending again"), self.env._("The credential leaves in the background.")
        )

    def action_forget(self):
        """Forget the stored values here; the bridge forgets them too."""
        self.check_access("write")
        if any(credential.is_managed for credential in self):
            raise UserError(self.env._("This credential is managed by Odoo; use “Renew the key” instead."))
        self._forget_values()
        for credential in self:
            credential._enqueue_removal(credential.tenant_id, credential.ref)
        self.tenant_id._enqueue_config()

    def action_renew_key(self):
        self.check_access("write")
        for credential in self.filtered("is_managed"):
            credential.tenant_id._renew_api_key(credential)

    # ---- secrets ---------------------------------------------------------------------------------------------------

    @api.model
    def _take_inputs(self, vals):
        """Take the secrets out of ``vals`` before the ORM sees them, so that no cache, log or trigger does."""
        inputs = {name: vals.pop(name) for name in INPUTS if name in vals}
        return {name: value for name, value in inputs.items() if value}

    def _keep(self, inputs):
        """Seal what was entered, beside what is already kept; an empty input keeps what there is."""
        self.ensure_one()
        names = SECRETS[self.kind]
        entered = {names[name]: self._parse(name, value) for name, value in inputs.items() if name in names and value}
        if entered:
            self._seal_values(self._secrets() | entered)

    @api.model
    def _parse(self, name, value):
        if name == "input_webhook_secrets":
            secrets = [line.strip() for line in value.splitlines() if line.strip()]
            if len(secrets) > WEBHOOK_SECRETS_MAX:
                raise ValidationError(self.env._("At most %(max)s webhook secrets.", max=WEBHOOK_SECRETS_MAX))
            return secrets
        if name == "input_headers":
            return self._parse_headers(value)
        if name == "input_url_token" and len(value.strip()) < 32:
            raise ValidationError(self.env._("The address token needs at least 32 characters."))
        return value.strip()

    @api.model
    def _parse_headers(self, value):
        headers = {}
        for line in filter(None, map(str.strip, value.splitlines())):
            name, colon, content = line.partition(":")
            if not colon or not name.strip() or not content.strip():
                raise ValidationError(self.env._("Write one header a line, in the form Name: value."))
            headers[name.strip()] = content.strip()
        return headers

    def _secrets(self):
        self.ensure_one()
        sealed = self.sudo().sealed
        return json.loads(self.env["integrator.secret"]._unseal(sealed)) if sealed else {}

    def _seal_values(self, values):
        self.ensure_one()
        sealed = self.env["integrator.secret"]._seal(json.dumps(values, sort_keys=True)) if values else False
        super(IntegratorCredential, self.sudo()).write({"sealed": sealed, "kept": ", ".join(sorted(values)) or False})

    def _forget_values(self):
        for credential in self:
            credential._seal_values({})
            super(IntegratorCredential, credential.sudo()).write({"key_expires_at": False})

    def _keep_managed_key(self, login, key, expires_at):
        """Keep the technical user's new API key and send it."""
        self.ensure_one()
        self._seal_values({"api_key": key})
        super(IntegratorCredential, self.sudo()).write({"login": login, "key_expires_at": expires_at})
        self._enqueue()

    # ---- sending ---------------------------------------------------------------------------------------------------

    def _prepare_params(self):
        """Return the parameters of ``credentials.set``: all values, since the bridge replaces what it has."""
        self.ensure_one()
        values = self._secrets()
        for name, key in OPEN_VALUES.get(self.kind, {}).items():
            if self[name]:
                values[key] = self[name]
        return {"ref": self.ref, "kind": self.kind, "fields": values} if values else None

    def _fingerprint(self):
        """Changes with the content. Of the sealed text, not of the secret: nobody can try guesses against it."""
        self.ensure_one()
        parts = [self.ref, self.kind, self.sudo().sealed or ""]
        parts += [self[name] or "" for name in sorted(OPEN_VALUES.get(self.kind, {}))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _enqueue(self):
        self.env["integrator.outbox"]._enqueue(
            [
                {
                    "tenant_id": credential.tenant_id.id,
                    "kind": "credential",
                    "model": self._name,
                    "res_id": credential.id,
                    "ref": credential.ref,
                }
                for credential in self
                if credential.tenant_id.is_paired and credential._has_values()
            ]
        )

    def _enqueue_removal(self, tenant, ref):
        if not tenant.is_paired:
            return
        self.env["integrator.outbox"]._enqueue(
            [
                {
                    "tenant_id": tenant.id,
                    "kind": "credential",
                    "operation": "remove",
                    "model": self._name,
                    "res_id": self.id,
                    "ref": ref,
                }
            ]
        )

    def _has_values(self):
        self.ensure_one()
        return bool(self.sudo().sealed or any(self[name] for name in OPEN_VALUES.get(self.kind, {})))

    def _pushed(self):
        """The bridge has confirmed the present content: an older API key is of no use any more."""
        self.ensure_one()
        if self.is_managed:
            self.tenant_id._revoke_api_keys(keep_newest=True)
