# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.universal_integrator.tests.common import IntegratorCase


class RuleCase(IntegratorCase):
    def setUp(self):
        super().setUp()
        # Demo rules of every company would be documents of the test's company as well.
        self.env["integrator.rule"].search([]).active = False
        self.tenant = self.pair_quietly()
        self.rules = self.env["integrator.rule"].with_user(self.manager)

    def create_rule(self, **values):
        defaults = {"name": "Prazo de troca", "body": "Trocas em até 30 dias.", "company_id": self.company.id}
        return self.rules.create(defaults | values)

    def pushed(self):
        """Rules sent so far, oldest first; other addons send documents of their own."""
        sent = [document for call in self.bridge_server.calls("knowledge.upsert") for document in call["documents"]]
        return [document for document in sent if document["id"].startswith("odoo:integrator.rule:")]

    def removed(self):
        return [ref for call in self.bridge_server.calls("knowledge.remove") for ref in call["documents"]]
