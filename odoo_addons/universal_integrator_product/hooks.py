# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def post_init_hook(env):
    """Companies that are paired already get their products at once, not at the bridge's next comparison."""
    env["product.template"]._integrator_enqueue_all(env["integrator.tenant"].search([("is_paired", "=", True)]))
