# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a company tells its assistant. Whether a rule is valid is asked when somebody needs to know, and never stored."""

from collections import defaultdict
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

TITLE_MAX = 500
BODY_MAX = 100_000
PRIORITY_MAX = 1000


class IntegratorRule(models.Model):
    _name = "integrator.rule"
    _description = "Rule for the assistant"
    _inherit = ["mail.thread", "integrator.document.mixin"]
    _order = "priority desc, name, id"

    name = fields.Char(string="Title", required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(
        [
            ("rule", "Rule"),
            ("faq", "Question and answer"),
            ("policy", "Policy"),
            ("scheduling", "Scheduling rule"),
            ("document", "Support document"),
        ],
        required=True,
        default="rule",
        tracking=True,
    )
    question = fields.Char(tracking=True, help="As a customer would ask it. Empty: the title is the question.")
    body = fields.Text(string="Text", required=True, tracking=True, help="What the assistant knows and may say.")
    valid_from = fields.Date(
        string="Valid from", tracking=True, help="First day, in the company's time zone. Empty: no start date."
    )
    valid_to = fields.Date(string="Valid until", tracking=True, help="Last day, included. Empty: no end date.")
    validity = fields.Selection(
        [("valid", "Valid"), ("future", "Not yet"), ("expired", "Expired")],
        compute="_compute_validity",
        search="_search_validity",
        help="On today's date in the company's time zone.",
    )
    priority = fields.Integer(
        default=0, aggregator=None, tracking=True, help="Between rules on one subject, the higher number wins."
    )
    channel_ids = fields.Many2many(
        "integrator.channel", string="Channels", ondelete="restrict", help="Empty: every channel."
    )
    service_ids = fields.Many2many(
        "integrator.service", string="Services", ondelete="restrict", help="Empty: every service of the assistant."
    )
    tag_ids = fields.Many2many("integrator.rule.tag", string="Tags")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, help="Empty: valid for every company."
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="The language of the text. Empty: the company's language on the bridge.",
    )

    _priority_range = models.Constraint(
        f"CHECK (priority BETWEEN -{PRIORITY_MAX} AND {PRIORITY_MAX})", "The priority is between -1000 and 1000."
    )
    _dates_order = models.Constraint(
        "CHECK (valid_from <= valid_to)", "A rule cannot end before it begins: check the validity dates."
    )

    @api.constrains("name", "question", "body")
    def _check_lengths(self):
        for rule in self:
            if not rule.name.strip() or not rule.body.strip():
                raise ValidationError(self.env._("Title and text must not be empty."))
            if max(len(rule.name), len(rule.question or "")) > TITLE_MAX:
                raise ValidationError(self.env._("Title and question have at most %(max)s characters.", max=TITLE_MAX))
            if len(rule.body) > BODY_MAX:
                raise ValidationError(self.env._("The text has at most %(max)s characters.", max=BODY_MAX))

    @api.depends("valid_from", "valid_to", "company_id")
    def _compute_validity(self):
        today_of = self._todays()
        for rule in self:
            today = today_of[rule.company_id.id]
            if rule.valid_to and rule.valid_to < today:
                rule.validity = "expired"
            elif rule.valid_from and rule.valid_from > today:
                rule.validity = "future"
            else:
                rule.validity = "valid"

    @api.model
    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        today_of = self._todays()
        special = [company for company in today_of if company]
        groups = [(Domain("company_id", "=", company), today_of[company]) for company in special]
        groups.append((Domain("company_id", "not in", special), today_of[False]))
        return Domain.OR(
            companies & self._validity_domain(validity, today)
            for companies, today in groups
            for validity in value
            if validity
        )

    @api.model
    def _validity_domain(self, validity, today):
        ended = Domain("valid_to", "!=", False) & Domain("valid_to", "<", today)
        begun = Domain("valid_from", "=", False) | Domain("valid_from", "<=", today)
        if validity == "expired":
            return ended
        return ~ended & begun if validity == "valid" else ~ended & ~begun

    @api.model
    def _todays(self):
        """Today's date by company id, in the time zone of its tenant; the reader's own where there is none."""
        now = pytz.utc.localize(datetime.utcnow())
        own = fields.Date.context_today(self)
        todays = defaultdict(lambda: own, {False: own})
        for tenant in self.env["integrator.tenant"].sudo().search([]):
            todays[tenant.company_id.id] = now.astimezone(pytz.timezone(tenant.tz)).date()
        return todays

    # ---- as a document ---------------------------------------------------------------------------------------------

    @api.model
    def _integrator_kinds(self):
        return ["rule", "faq", "policy", "scheduling", "document"]

    @api.model
    def _integrator_indexed_fields(self):
        return {
            "name",
            "active",
            "kind",
            "question",
            "body",
            "valid_from",
            "valid_to",
            "priority",
            "channel_ids",
            "service_ids",
            "tag_ids",
            "company_id",
            "lang",
        }

    @api.model
    def _integrator_domain(self, tenant):
        return [("active", "=", True), ("company_id", "in", [False, tenant.company_id.id])]

    def _integrator_kind(self):
        return self.kind

    def _integrator_content(self, tenant):
        title = self.question if self.kind == "faq" and self.question else self.name
        content = {
            "title": title.strip(),
            "body": self.body.strip(),
            "lang": (self.lang or tenant.lang)[:10],
            "priority": self.priority,
            "channels": sorted(self.channel_ids.mapped("key")),
            "services": sorted(self.service_ids.mapped("key")),
            "attributes": {"tags": sorted(self.tag_ids.mapped("name"))} if self.tag_ids else {},
        }
        if self.valid_from:
            content["valid_from"] = fields.Date.to_string(self.valid_from)
        if self.valid_to:
            content["valid_to"] = fields.Date.to_string(self.valid_to)
        return content
