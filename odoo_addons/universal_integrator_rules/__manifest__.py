# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Universal Integrator: business rules",
    "summary": "Rules, FAQs, policies and support documents the assistant answers from, with validity dates",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services",
    "author": "Universal Integrator contributors",
    "license": "LGPL-3",
    "depends": ["universal_integrator"],
    "data": [
        "security/integrator_rule_security.xml",
        "security/ir.model.access.csv",
        "views/integrator_rule_views.xml",
        "views/integrator_rule_tag_views.xml",
        "views/integrator_rule_menus.xml",
    ],
    "demo": ["demo/integrator_rule_demo.xml"],
}
