# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.universal_integrator.outbox_sender import send_claimed
from odoo.addons.universal_integrator.tests.common import RpcFault
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RuleCase


@tagged("post_install", "-at_install")
class TestRuleSync(RuleCase):
    def test_a_rule_is_pending_then_synced(self):
        rule = self.create_rule()
        self.assertEqual(rule.sync_state, "pending")
        self.assertIn(rule, self.rules.search([("sync_state", "=", "pending")]))
        self.send()
        self.assertEqual(rule.sync_state, "synced")
        self.assertTrue(rule.last_sync)
        self.assertIn(rule, self.rules.search([("sync_state", "=", "synced")]))
        self.assertNotIn(rule, self.rules.search([("sync_state", "!=", "synced")]))
        call = self.bridge_server.calls("knowledge.upsert")[0]
        self.assertEqual(call["source"], "odoo")
        self.assertEqual(call["documents"], list(rule._integrator_documents(self.tenant).values()))

    def test_a_rule_written_while_its_old_text_travels_stays_pending_and_follows(self):
        rule = self.create_rule()
        answer = self.bridge_server.answers["knowledge.upsert"]

        def write_meanwhile(params):
            self.bridge_server.answers["knowledge.upsert"] = answer
            self.env.cr.execute("UPDATE integrator_rule SET body = 'Agora 60 dias.' WHERE id = %s", (rule.id,))
            return answer(params)

        self.bridge_server.answers["knowledge.upsert"] = write_meanwhile
        self.env.flush_all()
        outbox = self.env["integrator.outbox"]
        claimed = outbox._claim_rows()
        self.env.flush_all()
        send_claimed(self.registry, claimed.lease, claimed.ids)
        self.env.invalidate_all()
        self.assertEqual(rule.sync_state, "pending")
        self.send()
        self.assertEqual(rule.sync_state, "synced")
        self.assertEqual([document["body"] for document in self.pushed()], ["Trocas em até 30 dias.", "Agora 60 dias."])

    def test_several_edits_leave_as_one_with_the_last_text(self):
        rule = self.create_rule()
        for days in (40, 50, 60):
            rule.body = f"{days} dias."
        self.send()
        self.assertEqual([document["body"] for document in self.pushed()], ["60 dias."])

    def test_what_is_not_in_the_document_is_not_sent(self):
        rule = self.create_rule()
        self.send()
        self.bridge_server.requests.clear()
        rule.message_post(body="nota")
        rule.message_subscribe(self.reader.partner_id.ids)
        self.send()
        self.assertFalse(self.bridge_server.requests)

    def test_an_archived_rule_is_removed_and_comes_back(self):
        rule = self.create_rule()
        self.send()
        rule.active = False
        self.assertEqual(rule.sync_state, "pending")
        self.send()
        ref = {"kind": "rule", "id": f"odoo:integrator.rule:{rule.id}"}
        self.assertEqual(self.removed(), [ref])
        self.assertEqual(rule.sync_state, "none")
        rule.active = True
        self.send()
        self.assertEqual(len(self.pushed()), 2)
        self.assertEqual(rule.sync_state, "synced")

    def test_a_deleted_rule_is_removed(self):
        rule = self.create_rule(kind="policy")
        self.send()
        ref = {"kind": "policy", "id": f"odoo:integrator.rule:{rule.id}"}
        rule.unlink()
        self.send()
        self.assertEqual(self.removed(), [ref])
        self.assertFalse(self.env["integrator.sync"].search([("ref", "=", ref["id"])]))

    def test_a_rule_that_was_made_and_deleted_at_once_is_only_removed(self):
        self.create_rule().unlink()
        self.send()
        self.assertFalse(self.pushed())
        self.assertEqual(len(self.removed()), 1)

    def test_another_kind_removes_the_old_document(self):
        rule = self.create_rule(kind="rule")
        self.send()
        rule.kind = "faq"
        self.send()
        ref = f"odoo:integrator.rule:{rule.id}"
        self.assertEqual(self.removed(), [{"kind": "rule", "id": ref}])
        self.assertEqual([document["kind"] for document in self.pushed()], ["rule", "faq"])
        methods = [r["method"] for r in self.bridge_server.requests if r["method"].startswith("knowledge")]
        self.assertEqual(methods, ["knowledge.upsert", "knowledge.remove", "knowledge.upsert"])
        self.assertEqual(rule.sync_state, "synced")

    def test_another_company_removes_it_here(self):
        rule = self.create_rule()
        self.send()
        rule.sudo().company_id = self.other_company
        self.send()
        self.assertEqual(len(self.removed()), 1)

    def test_a_rule_of_every_company_goes_to_each(self):
        self.manager.company_ids += self.other_company
        self.pair(self.other_company, "outra_empresa")
        self.bridge_server.requests.clear()
        self.create_rule(company_id=False)
        self.send()
        self.assertEqual(len(self.pushed()), 2)

    def test_a_renamed_tag_sends_its_rules(self):
        rule = self.create_rule(tag_ids=[(0, 0, {"name": "antes-test"})])
        self.send()
        rule.tag_ids.name = "depois-test"
        self.send()
        self.assertEqual(
            [document["attributes"]["tags"] for document in self.pushed()], [["antes-test"], ["depois-test"]]
        )
        rule.tag_ids.unlink()
        self.send()
        self.assertEqual(self.pushed()[-1]["attributes"], {})

    def test_another_language_of_the_company_sends_everything(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.env["res.lang"]._activate_lang("en_US")
        rule = self.create_rule()
        self.send()
        self.tenant.lang = "en_US" if self.tenant.lang == "pt_BR" else "pt_BR"
        self.assertEqual(rule.sync_state, "pending")
        self.send()
        self.assertEqual(self.pushed()[-1]["lang"], self.tenant.lang)

    def test_one_rejected_rule_does_not_hold_the_others(self):
        bad, good = self.create_rule(name="bad"), self.create_rule(name="good")

        def reject(params):
            rejected = [
                {"index": index, "kind": one["kind"], "id": one["id"], "path": "title", "message": "is not allowed"}
                for index, one in enumerate(params["documents"])
                if one["title"] == "bad"
            ]
            return {"received": 2, "rejected": rejected}

        answer = self.bridge_server.answers["knowledge.upsert"]
        self.bridge_server.answers["knowledge.upsert"] = reject
        self.send()
        self.assertEqual((bad.sync_state, good.sync_state), ("error", "synced"))
        self.assertEqual(bad.sync_error, "title: is not allowed")
        self.assertEqual(self.rules.search([("sync_state", "=", "error")]), bad)
        self.bridge_server.answers["knowledge.upsert"] = answer
        bad.name = "better"
        self.assertEqual(bad.sync_state, "pending")
        self.send()
        self.assertEqual(bad.sync_state, "synced")
        self.assertFalse(bad.sync_error)

    def test_a_batch_refused_for_one_rule_is_halved_until_it_is_found(self):
        rules = [self.create_rule(name=f"rule {number}") for number in range(7)]

        def refuse(params):
            if any(one["title"] == "rule 4" for one in params["documents"]):
                raise RpcFault(-32602, "Wrong parameters.", {"problems": [{"path": "documents", "message": "bad"}]})
            return {"received": len(params["documents"]), "rejected": []}

        self.bridge_server.answers["knowledge.upsert"] = refuse
        self.send()
        self.assertEqual([rule.sync_state for rule in rules].count("synced"), 6)
        self.assertEqual(rules[4].sync_state, "error")

    def test_sync_now_sends_these_and_the_menu_sends_all(self):
        first, second = self.create_rule(), self.create_rule()
        self.send()
        first.action_sync_now()
        self.assertEqual((first.sync_state, second.sync_state), ("pending", "synced"))
        self.send()
        self.assertEqual(len(self.pushed()), 3)
        self.rules.action_sync_all()
        self.send()
        self.assertEqual(len(self.pushed()), 5)
        self.assertEqual((first.sync_state, second.sync_state), ("synced", "synced"))

    def test_sending_everything_removes_what_is_no_rule_any_more(self):
        rule = self.create_rule()
        self.send()
        self.env.cr.execute("UPDATE integrator_rule SET active = FALSE WHERE id = %s", (rule.id,))
        self.env.invalidate_all()
        self.tenant.with_user(self.manager).action_send_everything()
        self.send()
        self.assertEqual(len(self.removed()), 1)

    def test_without_a_paired_company_sync_now_says_what_to_do(self):
        rule = self.create_rule()
        self.tenant.action_unpair()
        self.assertEqual(rule.sync_state, "none")
        with self.assertRaisesRegex(UserError, "No company is paired"):
            rule.action_sync_now()
        self.env["res.lang"]._activate_lang("pt_BR")
        self.tenant.lang = "en_US" if self.tenant.lang == "pt_BR" else "pt_BR"
        rule.body = "Outro texto."
        self.assertFalse(self.rows(state="pending"))
