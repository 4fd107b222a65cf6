# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Universal Integrator: products",
    "summary": "Products and services the assistant knows: their texts on the bridge, price and stock read live",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services",
    "author": "Universal Integrator contributors",
    "license": "LGPL-3",
    "depends": ["universal_integrator", "product"],
    "data": [
        "views/product_template_views.xml",
        "views/integrator_product_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
}
