# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bridge's own access to this Odoo: a technical user for each tenant, and its API key."""

from datetime import timedelta

from odoo import api, fields, models

GATEWAY_GROUP = "universal_integrator.group_integrator_gateway"
API_KEY_NAME = "Universal Integrator"
API_KEY_DAYS = 90
# Twice the fortnight that must remain at the very least: one failed week of the daily job changes nothing.
API_KEY_RENEW_DAYS = 30


class IntegratorTenant(models.Model):
    _inherit = "integrator.tenant"

    def _ensure_technical_user(self):
        """Return the tenant's technical user, making it when there is none.

        It is no internal, portal or public user: the gateway group is all it has, so every business model is closed to it.
        """
        self.ensure_one()
        tenant = self.sudo()
        if not tenant.technical_user_id:
            tenant.technical_user_id = (
                self.env["res.users"]
                .sudo()
                .with_context(
                    no_reset_password=True, mail_create_nosubscribe=True, mail_create_nolog=True, tracking_disable=True
                )
                .create(
                    {
                        "name": self.env._("Universal Integrator (%(company)s)", company=tenant.company_id.name),
                        "login": f"universal-integrator.{tenant.account_id}",
                        "company_id": tenant.company_id.id,
                        "company_ids": [(6, 0, tenant.company_id.ids)],
                        "group_ids": [(6, 0, self.env.ref(GATEWAY_GROUP).ids)],
                        "lang": tenant.lang,
                        "tz": tenant.tz,
                    }
                )
            )
        return tenant.technical_user_id

    def _ensure_odoo_credential(self):
        """Return the credential that holds the technical user's API key, making both when missing."""
        self.ensure_one()
        credential = self.sudo().credential_ids.filtered("is_managed")[:1]
        if not credential:
            credential = (
                self.env["integrator.credential"]
                .sudo()
                .create(
                    {"tenant_id": self.id, "kind": "odoo", "ref": f"{self.account_id[:58]}-odoo", "is_managed": True}
                )
            )
        return credential

    def _renew_api_key(self, credential):
        """Make a new API key. The old one keeps working until the bridge has confirmed the new one."""
        self.ensure_one()
        user = self._ensure_technical_user()
        expires_at = fields.Datetime.now() + timedelta(days=API_KEY_DAYS)
        key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", API_KEY_NAME, expires_at)
        credential.sudo()._keep_managed_key(user.login, key, expires_at)

    def _revoke_api_keys(self, keep_newest=False):
        self.ensure_one()
        keys = (
            self.env["res.users.apikeys"]
            .sudo()
            .search([("user_id", "=", self.sudo().technical_user_id.id)], order="id desc")
        )
        keys = keys[1:] if keep_newest else keys
        if keys:
            keys.unlink()
            # XML-RPC remembers passwords it has seen; a revoked key has to be unknown at once.
            self.env.registry.clear_cache()
        if not keep_newest:
            self.sudo().credential_ids.filtered("is_managed")._forget_values()

    @api.model
    def _cron_renew_api_keys(self):
        soon = fields.Datetime.now() + timedelta(days=API_KEY_RENEW_DAYS)
        credentials = (
            self.env["integrator.credential"].sudo().search([("is_managed", "=", True), ("key_expires_at", "<", soon)])
        )
        for credential in credentials.filtered("tenant_id.is_paired"):
            if not credential.tenant_id._refusal():
                credential.tenant_id._renew_api_key(credential)
