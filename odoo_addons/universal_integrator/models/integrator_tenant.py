# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A tenant: one company of this database as the bridge knows it, with its token and its settings."""

import json
import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{1,62}")


class IntegratorTenant(models.Model):
    _name = "integrator.tenant"
    _description = "Company on a bridge"
    _inherit = ["mail.thread", "integrator.sync.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True, help="The name customers know.")
    account_id = fields.Char(
        string="Account",
        required=True,
        readonly=True,
        help="The identifier of this company on the bridge. It cannot change once the company is paired.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    bridge_id = fields.Many2one(
        "integrator.bridge", string="Connection", required=True, ondelete="restrict", index=True
    )
    bridge_state = fields.Selection(related="bridge_id.state", string="Connection state")
    domain = fields.Selection(
        [
            ("cosmetics", "Cosmetics"),
            ("healthcare", "Healthcare"),
            ("retail", "Retail"),
            ("services", "Services"),
            ("other", "Other"),
        ],
        string="Business",
        required=True,
        default="retail",
        tracking=True,
        help="Where the tenant's defaults on the bridge come from.",
    )
    domain_other = fields.Char(string="Other business", help="The name of the domain folder on the bridge.")
    description = fields.Text()
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.lang or self.env.company.partner_id.lang or "en_US",
        tracking=True,
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or self.env.company.partner_id.tz or "America/Sao_Paulo",
        tracking=True,
        help="Validity dates begin and end in this time zone.",
    )
    chatwoot_url = fields.Char(string="Chatwoot address")
    chatwoot_account = fields.Integer(string="Chatwoot account number", help="The number after /accounts/ in Chatwoot.")
    chatwoot_surface = fields.Selection(
        [("agent_bot", "Agent bot (answers pending conversations)"), ("account_webhook", "Account webhook")],
        string="Chatwoot link",
        required=True,
        default="agent_bot",
    )
    inbox_ids = fields.One2many("integrator.tenant.inbox", "tenant_id", string="Inboxes")
    handoff_team = fields.Char(
        string="Handoff team", help="The Chatwoot team that gets conversations a person has to take."
    )
    wait_minutes = fields.Integer(
        string="Wait for a person (minutes)", default=20, help="How long a customer waits before being told again."
    )
    budget_amount = fields.Float(
        string="Model budget a month",
        digits=(12, 2),
        help="What may be spent on language models in a month. When it is spent, replies are made without a model until "
        "the next month. 0: no limit.",
    )
    budget_currency_id = fields.Many2one(
        "res.currency", string="Currency of the budget", default=lambda self: self.env.company.currency_id
    )
    budget_in_usd = fields.Boolean(string="Budget in US dollars", compute="_compute_budget_in_usd")
    budget_usd_rate = fields.Float(
        string="Price of one US dollar",
        digits=(12, 4),
        default=5.4,
        help="In the currency of the budget. Providers of models charge in dollars.",
    )
    odoo_url = fields.Char(
        string="Odoo address",
        default=lambda self: self.env["ir.config_parameter"].sudo().get_param("web.base.url"),
        help="The address at which the bridge reaches this Odoo.",
    )
    odoo_db = fields.Char(string="Odoo database", default=lambda self: self.env.cr.dbname)
    odoo_api = fields.Selection(
        [("auto", "Automatic"), ("json2", "JSON-2"), ("xmlrpc", "XML-RPC"), ("none", "None")],
        string="Odoo interface",
        required=True,
        default="auto",
    )
    credential_ids = fields.One2many("integrator.credential", "tenant_id", string="Credentials")
    technical_user_id = fields.Many2one(
        "res.users",
        string="Technical user",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The user whose API key the bridge holds. It has no rights on any business document.",
    )
    token_sealed = fields.Text(groups=fields.NO_ACCESS, copy=False, exportable=False)
    is_paired = fields.Boolean(compute="_compute_is_paired", search="_search_is_paired", string="Paired")
    paired_uuid = fields.Char(string="Paired database", readonly=True, copy=False)
    paired_at = fields.Datetime(string="Paired on", readonly=True, copy=False)
    config_version = fields.Char(
        string="Version of the settings", readonly=True, copy=False, help="The bridge's version of these settings."
    )
    config_sent = fields.Text(groups=fields.NO_ACCESS, copy=False, exportable=False)
    config_warnings = fields.Text(string="Warnings of the bridge", readonly=True, copy=False)
    check_report = fields.Html(string="Last test", readonly=True, copy=False, sanitize=True)

    _account_unique = models.Constraint("UNIQUE (account_id)", "There is already a company with this account.")
    _company_unique = models.Constraint("UNIQUE (company_id)", "This company is already set up on a bridge.")
    _wait_positive = models.Constraint(
        "CHECK (wait_minutes BETWEEN 1 AND 1440)", "The waiting time is between 1 and 1440 minutes."
    )
    _budget_positive = models.Constraint(
        "CHECK (budget_amount >= 0 AND (budget_amount = 0 OR budget_usd_rate > 0))",
        "A budget is not negative, and needs the price of one US dollar in its currency.",
    )

    @api.depends("budget_currency_id")
    def _compute_budget_in_usd(self):
        for tenant in self:
            tenant.budget_in_usd = tenant.budget_currency_id.name == "USD"

    @api.constrains("account_id", "domain", "domain_other")
    def _check_slugs(self):
        for tenant in self:
            tenant._check_slug(tenant.account_id, self.env._("Account"))
            if tenant.domain == "other":
                tenant._check_slug(tenant.domain_other, self.env._("Other business"))

    @api.model
    def _check_slug(self, text, label):
        if not SLUG.fullmatch(text or ""):
            raise ValidationError(
                self.env._(
                    "%(label)s: use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or a digit.", label=label
                )
            )

    @api.constrains("chatwoot_url", "chatwoot_account", "odoo_url")
    def _check_addresses(self):
        for tenant in self:
            for address in (tenant.chatwoot_url, tenant.odoo_url):
                if address and not re.match(r"https?://[^/\s]+", address):
                    raise ValidationError(self.env._("“%(address)s” is not an http or https address.", address=address))
            if tenant.chatwoot_url and tenant.chatwoot_account <= 0:
                raise ValidationError(self.env._("Enter the Chatwoot account number: it is greater than zero."))

    @api.depends("token_sealed")
    def _compute_is_paired(self):
        for tenant in self:
            tenant.is_paired = bool(tenant.sudo().token_sealed)

    @api.model
    def _search_is_paired(self, operator, value):
        if operator != "in":
            return NotImplemented
        paired = self.sudo().search([("token_sealed", "not in", [False, ""])])
        return [("id", "in" if True in value else "not in", paired.ids)]

    # ---- create, write, unlink -------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tenants = super().create(vals_list)
        tenants._enqueue_config()
        return tenants

    def write(self, vals):
        self._check_fixed_values(vals)
        relang = self.filtered(lambda tenant: "lang" in vals and tenant.lang != vals["lang"])
        result = super().write(vals)
        if self._config_fields() & vals.keys():
            self._enqueue_config()
        if relang:
            relang._enqueue_documents()
        return result

    def _check_fixed_values(self, vals):
        for tenant in self:
            for name in ("account_id", "company_id"):
                current = tenant[name].id if name == "company_id" else tenant[name]
                if name in vals and vals[name] != current and (tenant.is_paired or tenant.technical_user_id):
                    raise UserError(
                        self.env._("Account and company cannot change after pairing. Unpair and start anew.")
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paired(self):
        if any(tenant.is_paired for tenant in self):
            raise UserError(self.env._("Unpair the company before deleting it."))

    def unlink(self):
        users = self.sudo().technical_user_id
        result = super().unlink()
        users.unlink()
        return result

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def action_test(self):
        self.ensure_one()
        return self.bridge_id.action_test()

    def action_pair(self):
        self.ensure_one()
        action = self.bridge_id.action_pair()
        action["context"]["default_company_id"] = self.company_id.id
        return action

    def action_send_everything(self):
        self.check_access("write")
        if not all(tenant.is_paired for tenant in self):
            raise UserError(self.env._("Pair this company with the bridge first."))
        count = self._send_everything()
        return self.env["integrator.bridge"]._notify(
            self.env._("Sending everything again"),
            self.env._("%(count)s entries wait in the outbox; they leave in the background.", count=count),
        )

    def action_overwrite_config(self):
        """Send our settings although somebody changed them on the bridge."""
        self.check_access("write")
        self.sudo().write({"config_version": False})
        self._enqueue_config()

    def action_unpair(self):
        """Forget the token and revoke the bridge's access to this Odoo. What the bridge holds stays there."""
        self.check_access("write")
        for tenant in self.sudo():
            tenant.write({"token_sealed": False, "paired_uuid": False, "paired_at": False, "config_version": False})
            tenant._revoke_api_keys()
            self.env["integrator.outbox"].sudo().search(
                [("tenant_id", "=", tenant.id), ("state", "!=", "done")]
            ).unlink()

    # ---- token -----------------------------------------------------------------------------------------------------

    def _pair(self, token):
        """Keep the token the bridge gave for this database, and send all there is."""
        self.ensure_one()
        self.sudo().write(
            {
                "token_sealed": self.env["integrator.secret"]._seal(token),
                "paired_uuid": self._database_uuid(),
                "paired_at": fields.Datetime.now(),
                "config_version": False,
                "config_sent": False,
            }
        )
        # All of it goes out again below, so what waited for this moment need not.
        self.env["integrator.outbox"].sudo().search(
            [("tenant_id", "=", self.id), ("state", "in", ("pending", "dead"))]
        ).unlink()
        # Always a new key: what a copied database still holds of the old one may have been revoked.
        self._renew_api_key(self._ensure_odoo_credential())
        self._send_everything()

    def _token(self):
        self.ensure_one()
        return self.env["integrator.secret"]._unseal(self.sudo().token_sealed)

    @api.model
    def _database_uuid(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""

    def _refusal(self):
        """Why nothing may be sent for this tenant; empty when it may."""
        self.ensure_one()
        if not self.is_paired:
            return self.env._("“%(name)s” is not paired with the bridge yet.", name=self.name)
        if self.paired_uuid != self._database_uuid():
            return self.env._(
                "This database is a copy: “%(name)s” was paired from another one, and only that one may send. "
                "If this database takes over, pair again with a new code.",
                name=self.name,
            )
        return ""

    # ---- settings sent to the bridge -------------------------------------------------------------------------------

    @api.model
    def _config_fields(self):
        """Names of the fields whose change has to reach the bridge. Addons that add settings extend this."""
        return {
            "name",
            "domain",
            "domain_other",
            "description",
            "lang",
            "tz",
            "chatwoot_url",
            "chatwoot_account",
            "chatwoot_surface",
            "inbox_ids",
            "handoff_team",
            "wait_minutes",
            "budget_amount",
            "budget_currency_id",
            "budget_usd_rate",
            "odoo_url",
            "odoo_db",
            "odoo_api",
        }

    def _prepare_tenant_config(self):
        """Return the parameters of ``tenant.upsert``. Addons that add settings extend this."""
        self.ensure_one()
        handoff = {"wait_minutes": self.wait_minutes}
        if self.handoff_team:
            handoff["team"] = self.handoff_team
        config = {
            "schema_version": 1,
            "account_id": self.account_id,
            "name": self.name,
            "domain": self.domain_other if self.domain == "other" else self.domain,
            "language": self._bridge_lang(),
            "timezone": self.tz,
            "handoff": handoff,
            "integrations": self._prepare_integrations(),
        }
        if self.description:
            config["description"] = self.description
        if self.budget_amount:
            currency = self.budget_currency_id or self.company_id.currency_id
            config["limits"] = {
                "monthly_budget": {
                    "amount": self.budget_amount,
                    "currency": currency.name,
                    "usd_rate": 1.0 if currency.name == "USD" else self.budget_usd_rate,
                }
            }
        return config

    def _prepare_integrations(self):
        """Return the part of the settings that says where the other systems are. No secret is ever in it."""
        self.ensure_one()
        credentials = self.sudo().credential_ids.filtered(lambda one: one.kind != "mcp" and one._has_values())
        refs = {credential.kind: credential.ref for credential in credentials.sorted("is_managed")}
        integrations = {"odoo": self._prepare_odoo(refs.get("odoo"))}
        if self.chatwoot_url:
            integrations["chatwoot"] = {
                "base_url": self.chatwoot_url.rstrip("/"),
                "account_id": self.chatwoot_account,
                "surface": self.chatwoot_surface,
                "inboxes": [{"id": inbox.number, "mode": inbox.mode} for inbox in self.inbox_ids],
            }
            if refs.get("chatwoot"):
                integrations["chatwoot"]["credential_ref"] = refs["chatwoot"]
        if refs.get("model"):
            integrations["model"] = {"credential_ref": refs["model"]}
        return integrations

    def _prepare_odoo(self, credential_ref):
        if self.odoo_api == "none" or not self.odoo_url:
            return {"api": "none"}
        link = {"api": self.odoo_api, "url": self.odoo_url.rstrip("/")}
        if self.odoo_db:
            link["db"] = self.odoo_db
        if credential_ref:
            link["credential_ref"] = credential_ref
        return link

    def _bridge_lang(self):
        """The language in the bridge's form: ``pt_BR`` stays, ``sr@latin`` becomes ``sr``."""
        return re.match(r"[a-z]{2}(_[A-Z]{2})?|", self.lang or "").group() or "en"

    def _document_context(self):
        """The context under which documents are read: the same whoever asks, or hashes would differ."""
        self.ensure_one()
        return {"lang": self.lang, "tz": self.tz, "active_test": False, "allowed_company_ids": self.company_id.ids}

    def _enqueue_config(self):
        self.env["integrator.outbox"]._enqueue(
            [
                {
                    "tenant_id": tenant.id,
                    "kind": "tenant",
                    "model": self._name,
                    "res_id": tenant.id,
                    "ref": tenant.account_id,
                }
                for tenant in self.filtered("is_paired")
            ]
        )

    def _enqueue_documents(self):
        """Send every document of these tenants again; return how many."""
        paired = self.filtered("is_paired")
        return sum(source._integrator_enqueue_all(paired) for source in self._document_sources())

    @api.model
    def _document_sources(self):
        """Every model that gives documents, empty recordsets, in a fixed order."""
        names = self.env.registry.descendants(["integrator.document.mixin"], "_inherit")
        return [self.env[name] for name in sorted(names) if not self.env[name]._abstract]

    def _send_everything(self):
        """Put settings, credentials and all documents into the outbox; return how many entries."""
        self._enqueue_config()
        credentials = self.sudo().credential_ids
        credentials._enqueue()
        return len(self) + len(credentials) + self._enqueue_documents()

    def _config_pushed(self, config, answer):
        """Keep what the bridge answered to ``tenant.upsert``; called with all rights."""
        answer = answer if isinstance(answer, dict) else {}
        if self.config_sent and _addresses(config) != _addresses(json.loads(self.config_sent)):
            # The bridge binds a credential to the address it was saved for.
            self.credential_ids._enqueue()
        warnings = [item for item in answer.get("warnings") or [] if isinstance(item, dict)]
        self.sudo().write(
            {
                "config_version": json.dumps(answer["version"]) if answer.get("version") is not None else False,
                "config_sent": json.dumps(config, sort_keys=True),
                "config_warnings": "\n".join(
                    ": ".join(filter(None, (str(item.get("path") or ""), str(item.get("message") or ""))))
                    for item in warnings
                ),
            }
        )

    # ---- test ------------------------------------------------------------------------------------------------------

    def _ask_check(self):
        self.ensure_one()
        report = self.bridge_id._call("tenant.check", tenant=self)
        return report if isinstance(report, dict) else {}

    def _remember_check(self, report):
        """Keep the bridge's report as a small table; its texts come from outside and are escaped."""
        self.ensure_one()
        works, fails, warns = self.env._("works"), self.env._("does not work"), self.env._("warning")
        rows = [
            _report_row(name, ("success", works) if result.get("ok") else ("danger", fails), result)
            for name, result in (report.get("integrations") or {}).items()
            if isinstance(result, dict)
        ]
        rows += [
            _report_row(warning.get("about") or "", ("warning", warns), warning)
            for warning in report.get("warnings") or []
            if isinstance(warning, dict)
        ]
        table = Markup("<table class='table table-sm'><tbody>%s</tbody></table>") % Markup().join(rows)
        self.sudo().check_report = table if rows else False


def _report_row(name, badge, entry):
    row = (
        "<tr><td>%s</td><td><span class='badge text-bg-%s'>%s</span></td>"
        "<td>%s<br/><span class='text-muted'>%s</span></td></tr>"
    )
    return Markup(row) % (name, *badge, entry.get("message") or "", entry.get("fix") or "")


def _addresses(config):
    integrations = config.get("integrations", {})
    return [integrations.get("chatwoot", {}).get("base_url"), integrations.get("odoo", {}).get("url")]
