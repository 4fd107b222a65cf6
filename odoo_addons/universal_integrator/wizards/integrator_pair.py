# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pairing: the code that the bridge's operator hands out becomes this company's token."""

import dataclasses
import re
import unicodedata

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError

from ..bridge_client import BridgeError
from ..models.integrator_bridge import BUTTON_TIMEOUT_SECONDS
from ..own_transaction import run_apart


class IntegratorPair(models.TransientModel):
    _name = "integrator.pair"
    _description = "Pairing of a company with a bridge"

    bridge_id = fields.Many2one("integrator.bridge", string="Connection", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    tenant_id = fields.Many2one("integrator.tenant", compute="_compute_tenant")
    code = fields.Char(string="Pairing code", required=True, exportable=False)
    name = fields.Char(
        required=True,
        compute="_compute_defaults",
        store=True,
        precompute=True,
        readonly=False,
        help="The name customers know.",
    )
    account_id = fields.Char(
        string="Account",
        required=True,
        compute="_compute_defaults",
        store=True,
        precompute=True,
        readonly=False,
        help="The company's identifier on the bridge: a-z, 0-9, _ and -. It cannot change later.",
    )
    domain = fields.Selection(
        selection=lambda self: self.env["integrator.tenant"]._fields["domain"]._description_selection(self.env),
        string="Business",
        required=True,
        compute="_compute_defaults",
        store=True,
        precompute=True,
        readonly=False,
    )
    domain_other = fields.Char(
        string="Other business", compute="_compute_defaults", store=True, precompute=True, readonly=False
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        compute="_compute_defaults",
        store=True,
        precompute=True,
        readonly=False,
        help="The language of the company's texts.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        compute="_compute_defaults",
        store=True,
        precompute=True,
        readonly=False,
        help="Validity dates begin and end in this time zone.",
    )

    @api.depends("company_id")
    def _compute_tenant(self):
        for wizard in self:
            wizard.tenant_id = self.env["integrator.tenant"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )

    @api.depends("company_id")
    def _compute_defaults(self):
        for wizard in self:
            tenant = wizard.tenant_id
            wizard.name = tenant.name or wizard.company_id.name
            wizard.account_id = tenant.account_id or slug_of(wizard.company_id.name)
            wizard.domain = tenant.domain or "retail"
            wizard.domain_other = tenant.domain_other
            partner = wizard.company_id.partner_id
            wizard.lang = tenant.lang or self.env.lang or partner.lang or "en_US"
            wizard.tz = tenant.tz or self.env.user.tz or partner.tz or "America/Sao_Paulo"

    def action_pair(self):
        """Exchange the code for a token and keep it; everything of the company is sent afterwards.

        The code can be used once, so whatever can be checked is checked before it is spent.
        """
        self.ensure_one()
        self.check_access("write")
        self.env["integrator.tenant"].check_access("create")
        account = self.tenant_id.account_id or (self.account_id or "").strip()
        domain = self.domain_other if self.domain == "other" else self.domain
        self._check(account, domain)
        answer = self._exchange_code(account, domain)
        token = answer.get("token") if isinstance(answer, dict) else None
        if not token or not isinstance(token, str):
            raise UserError(self.env._("The bridge answered without a token. Nothing was changed here."))
        identity, problem = self._ask_identity(token)
        # The code is spent. A transaction that had to be begun again would ask with it once more, in vain.
        keep = self._keeper(account, token, identity, problem)
        run_apart(self.env.registry, keep, self.env.uid, self.env.context)
        self.env.invalidate_all()
        if problem:
            action = self.bridge_id._notify(self.env._("Paired, but not ready"), problem, "warning")
        else:
            message = self.env._(
                "“%(name)s” is connected. Its settings and documents leave in the background.", name=self.name
            )
            action = self.bridge_id._notify(self.env._("Paired"), message)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def _exchange_code(self, account, domain):
        params = {
            "code": (self.code or "").strip(),
            "account_id": account,
            "name": self.name,
            "domain": domain,
            "database_uuid": self.env["integrator.tenant"]._database_uuid(),
        }
        try:
            return self.bridge_id._connection().call("system.pair", params, read_timeout=BUTTON_TIMEOUT_SECONDS)
        except BridgeError as error:
            if error.kind != "unauthorized":
                raise UserError(self.bridge_id._explain(error)) from error
            raise UserError(
                self.env._(
                    "The bridge does not accept this pairing code: it is mistyped, already used or expired. "
                    "Ask its operator for a new one."
                )
            ) from error

    def _check(self, account, domain):
        tenants = self.env["integrator.tenant"]
        tenants._check_slug(account, self.env._("Account"))
        tenants._check_slug(domain, self.env._("Business"))
        taken = tenants.sudo().search([("account_id", "=", account), ("company_id", "!=", self.company_id.id)], limit=1)
        if taken:
            raise ValidationError(self.env._("Another company of this database already uses this account."))
        if self.company_id not in self.env.companies:
            raise ValidationError(self.env._("Switch to the company you want to pair first."))
        # A key that cannot be read has to come to light before the code is spent.
        self.env["integrator.secret"]._seal("check")

    def _ask_identity(self, token):
        connection = dataclasses.replace(
            self.bridge_id._connection(), token=token, database_uuid=self.env["integrator.tenant"]._database_uuid()
        )
        try:
            return self.bridge_id._ask_identity(connection), ""
        except UserError as error:
            return {}, str(error)

    def _keeper(self, account, token, identity, problem):
        """Return a function that keeps what pairing gave, with plain values of this wizard."""
        wizard_id, company_id, bridge_id = self.id, self.company_id.id, self.bridge_id.id
        values = {name: self[name] for name in ("name", "domain", "domain_other", "lang", "tz")}

        def keep(env):
            env["integrator.pair"].browse(wizard_id).code = "-"
            tenant = env["integrator.tenant"].search([("company_id", "=", company_id)])
            if tenant:
                tenant.write(values | {"bridge_id": bridge_id})
            else:
                tenant = tenant.create(
                    values | {"bridge_id": bridge_id, "account_id": account, "company_id": company_id}
                )
            tenant._pair(token)
            if problem:
                tenant.bridge_id.sudo().write({"state": "error", "last_error": problem})
            else:
                tenant.bridge_id._remember_identity(identity)

        return keep


def slug_of(text):
    """Make an account identifier out of a name: ``Sandra Cosméticos`` becomes ``sandra_cosmeticos``."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:63]
