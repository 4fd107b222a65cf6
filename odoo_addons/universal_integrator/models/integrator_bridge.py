# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection to a bridge: where it is, whether it may be called, and the only way to call it."""

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.modules import Manifest
from odoo.tools import parse_version

from ..bridge_client import CODE_FORBIDDEN, PROTOCOL, BridgeError, Connection

MODULE = "universal_integrator"
# A person waits for these answers; the queue may wait longer.
BUTTON_TIMEOUT_SECONDS = 15


class IntegratorBridge(models.Model):
    _name = "integrator.bridge"
    _description = "Connection to a bridge"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, default=lambda self: self.env._("Bridge"), tracking=True)
    active = fields.Boolean(default=True)
    url = fields.Char(string="Address", required=True, tracking=True, help="Where the bridge answers, without /rpc.")
    company_id = fields.Many2one("res.company", help="Empty: every company may pair with this bridge.", tracking=True)
    state = fields.Selection(
        [("draft", "Not connected"), ("connected", "Connected"), ("error", "Problem"), ("off", "Switched off")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    last_error = fields.Text(string="Last error", readonly=True, copy=False)
    version = fields.Char(string="Bridge version", readonly=True, copy=False)
    protocol = fields.Char(readonly=True, copy=False)
    min_addon = fields.Char(string="Oldest addon accepted", readonly=True, copy=False)
    mode = fields.Char(readonly=True, copy=False, help="embedded: one process without servers; otherwise with Redis.")
    last_contact = fields.Datetime(
        string="Last contact", compute="_compute_last_contact", help="When the bridge last answered a call."
    )
    tenant_ids = fields.One2many("integrator.tenant", "bridge_id", string="Companies", readonly=True)
    tenant_count = fields.Integer(compute="_compute_tenant_count")

    @api.constrains("url")
    def _check_url(self):
        for bridge in self:
            parts = urlsplit(bridge.url or "")
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
                raise ValidationError(
                    self.env._("The address has to look like https://bridge.example.com, without user, password or ?.")
                )

    def _compute_last_contact(self):
        groups = (
            self.env["integrator.call"]
            .sudo()
            ._read_group([("bridge_id", "in", self.ids), ("state", "=", "ok")], ["bridge_id"], ["create_date:max"])
        )
        latest = {bridge.id: moment for bridge, moment in groups}
        for bridge in self:
            bridge.last_contact = latest.get(bridge.id, False)

    @api.depends("tenant_ids")
    def _compute_tenant_count(self):
        for bridge in self:
            bridge.tenant_count = len(bridge.tenant_ids)

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def action_test(self):
        """Ask the bridge who it is and, for each paired company, what works."""
        self.ensure_one()
        self.check_access("write")
        tenants = self.tenant_ids.filtered("is_paired")
        if not tenants:
            return self._test_unpaired()
        identity = self._ask_identity(self._connection(tenants[:1]))
        reports = {tenant: tenant._ask_check() for tenant in tenants}
        self._remember_identity(identity)
        for tenant, report in reports.items():
            tenant._remember_check(report)
        return self._notify(
            self.env._("Connection tested"),
            self.env._("The bridge answers (version %(version)s).", version=self.version or "?"),
        )

    def _test_unpaired(self):
        """Without a token the bridge only says that it wants one; that is an answer as well."""
        try:
            self._connection().call("system.ping", read_timeout=BUTTON_TIMEOUT_SECONDS)
        except BridgeError as error:
            if error.kind != "unauthorized":
                raise UserError(self._explain(error)) from error
        self.last_error = False
        return self._notify(
            self.env._("Connection tested"), self.env._("The bridge answers. The next step is to pair a company.")
        )

    def action_pair(self):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pair a company"),
            "res_model": "integrator.pair",
            "view_mode": "form",
            "target": "new",
            "context": {"default_bridge_id": self.id, "default_company_id": (self.company_id or self.env.company).id},
        }

    def action_send_everything(self):
        self.check_access("write")
        tenants = self.tenant_ids.filtered("is_paired")
        if not tenants:
            raise UserError(self.env._("No company is paired with this bridge yet."))
        count = tenants._send_everything()
        return self._notify(
            self.env._("Sending everything again"),
            self.env._("%(count)s entries wait in the outbox; they leave in the background.", count=count),
        )

    def action_switch_off(self):
        self.check_access("write")
        self.state = "off"

    def action_switch_on(self):
        self.check_access("write")
        for bridge in self:
            bridge.write({"state": "draft", "last_error": False})
            self.env["integrator.outbox"]._hurry(bridge)

    def action_view_tenants(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"{MODULE}.integrator_tenant_action")
        if len(self.tenant_ids) == 1:
            return action | {"view_mode": "form", "views": [(False, "form")], "res_id": self.tenant_ids.id}
        return action | {"domain": [("bridge_id", "=", self.id)]}

    def action_view_calls(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"{MODULE}.integrator_call_action")
        return action | {"domain": [("bridge_id", "=", self.id)]}

    # ---- calls -----------------------------------------------------------------------------------------------------

    def _call(self, method, params=None, tenant=None):
        """Call a method of the bridge now and return its result.

        For buttons and wizards, before anything was written in this transaction: a lock must not wait for the network.
        What has to reach the bridge for certain goes through ``integrator.outbox`` instead.

        :param tenant: the ``integrator.tenant`` whose token is used; none for the few methods that need no token
        :raises UserError: with a text for the person who pressed the button
        """
        self.ensure_one()
        try:
            return self._connection(tenant).call(method, params, read_timeout=BUTTON_TIMEOUT_SECONDS)
        except BridgeError as error:
            raise UserError(self._explain(error)) from error

    def _connection(self, tenant=None):
        """Return all a call needs as one plain value, so that the transaction can end before the call begins."""
        self.ensure_one()
        bridge = self.sudo()
        tenant = tenant.sudo() if tenant else self.env["integrator.tenant"].sudo()
        refusal = bridge._refusal() or (tenant._refusal() if tenant else "")
        return Connection(
            url=bridge.url,
            token=tenant._token() if tenant and not refusal else "",
            database_uuid=self.env["integrator.tenant"]._database_uuid(),
            refusal=refusal,
            record=self.env["integrator.call"]._recorder(bridge.id, tenant.id),
        )

    def _refusal(self):
        """Why this bridge must not be called at all; empty when it may."""
        if self.state == "off":
            return self.env._(
                "The connection “%(name)s” is switched off. A copied and neutralised database starts like this; switch it "
                "on only if this database may speak to customers.",
                name=self.name,
            )
        return ""

    def _ask_identity(self, connection):
        """Return the bridge's answer to ``system.ping``; refuse to work with one that does not fit."""
        try:
            identity = connection.call("system.ping", read_timeout=BUTTON_TIMEOUT_SECONDS)
        except BridgeError as error:
            raise UserError(self._explain(error)) from error
        problem = self._version_problem(identity)
        if problem:
            raise UserError(problem)
        return identity

    def _version_problem(self, identity):
        """Say in one sentence why addon and bridge do not fit; empty when they do."""
        identity = identity if isinstance(identity, dict) else {}
        if str(identity.get("protocol", "")) != str(PROTOCOL):
            return self.env._(
                "This addon speaks protocol %(ours)s and the bridge speaks %(theirs)s. Update the older of the two.",
                ours=PROTOCOL,
                theirs=identity.get("protocol", "?"),
            )
        oldest = str(identity.get("min_addon") or "")
        if oldest and parse_version(_own_part(oldest)) > parse_version(_own_part(addon_version())):
            return self.env._(
                "The bridge (version %(bridge)s) needs Universal Integrator %(oldest)s or newer; this is %(ours)s. "
                "Update the addon.",
                bridge=identity.get("version", "?"),
                oldest=oldest,
                ours=addon_version(),
            )
        return ""

    def _remember_identity(self, identity):
        self.sudo().write(
            {"state": "connected", "last_error": False}
            | {name: str(identity.get(name) or "") for name in ("version", "protocol", "min_addon", "mode")}
        )
        self.env["integrator.outbox"]._hurry(self)

    def _remember_outcome(self, error=None):
        """Keep the state in step with what the queue experiences; writes only when something changed."""
        self.ensure_one()
        if self.state == "off":
            return
        values = {
            "state": "error" if error else "connected",
            "last_error": self._explain(error) if error else False,
        }
        if all(self[name] == value for name, value in values.items()):
            return
        self.sudo().write(values)
        if not error:
            self.env["integrator.outbox"]._hurry(self)

    def _explain(self, error):
        """Turn a :class:`BridgeError` into what a person can act on."""
        if error.kind == "rpc":
            return self._explain_answer(error)
        texts = {
            "unreachable": self.env._(
                "The bridge at %(url)s cannot be reached (%(detail)s). Check the address and that the bridge is running.",
                url=self.url,
                detail=error.message,
            ),
            "timeout": self.env._("The bridge at %(url)s did not answer in time. Try again in a moment.", url=self.url),
            "unauthorized": self.env._(
                "The bridge does not accept our token: it is not known there, or no longer. Pair again with a new code."
            ),
            "invalid_answer": self.env._(
                "%(url)s answered, but not like a bridge (%(detail)s). Check the address.",
                url=self.url,
                detail=error.message,
            ),
        }
        return texts.get(error.kind, error.message)

    def _explain_answer(self, error):
        if error.code == CODE_FORBIDDEN:
            return self.env._("The bridge refused this: %(message)s", message=error.message)
        return self.env._("The bridge answered: %(message)s", message=error.text)

    @api.model
    def _notify(self, title, message, kind="success"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def addon_version():
    """Return this addon's version, for example ``19.0.1.0.0``."""
    return Manifest.for_addon(MODULE)["version"]


def _own_part(version):
    """The part of a version that is ours: ``19.0.1.2.3`` and ``1.2.3`` both give ``1.2.3``."""
    parts = version.split(".")
    return ".".join(parts[2:] if len(parts) == 5 else parts)
