// A shop with many products and rules, as code for Odoo's shell: a company of its own, paired without a bridge to talk to.
// The last line it prints is the API key of its technical user.

export function bigShop(accountId: string, products: number, rules: number): string {
  return `
from datetime import timedelta
from odoo import fields
company = env['res.company'].create({'name': 'Loja grande'})
env['stock.warehouse'].create({'name': 'Loja grande', 'code': 'LG', 'company_id': company.id})
categories = env['product.category'].create([{'name': 'Categoria %s' % n} for n in range(40)])
places = ['casa', 'escritório', 'jardim', 'viagem']
finishes = ['fosco', 'brilhante', 'acetinado']
text = 'Produto %s para uso diário em %s, acabamento %s, com garantia de %s meses contra defeitos de fabricação.'
for at in range(0, ${products}, 1000):
    env['product.template'].create([{
        'name': 'Produto %s da linha %s' % (n, n % 97),
        'default_code': 'SKU-%05d' % n,
        'description_sale': text % (n, places[n % 4], finishes[n % 3], n % 36 + 1),
        'categ_id': categories[n % 40].id,
        'list_price': n % 500 + 1,
        'company_id': company.id,
    } for n in range(at, min(at + 1000, ${products}))])
    env.flush_all()
    env.invalidate_all()
env['integrator.rule'].create([{
    'name': 'Regra %s' % n, 'kind': 'rule', 'company_id': company.id,
    'body': 'A regra número %s trata de prazos, trocas e entregas da loja.' % n,
} for n in range(${rules})])
# What the demo data brings belongs to every company; here only the company's own counts.
env['product.template'].search([('company_id', '=', False)]).integrator_published = False
env['integrator.rule'].search([('company_id', '=', False)]).active = False
bridge = env['integrator.bridge'].create({'name': 'Bridge', 'url': 'http://127.0.0.1:9'})
tenant = env['integrator.tenant'].create({
    'name': 'Loja grande', 'account_id': '${accountId}', 'domain': 'retail',
    'bridge_id': bridge.id, 'company_id': company.id})
tenant._pair('a-token-nobody-checks-here')
env['integrator.outbox'].search([]).unlink()
keys = env['res.users.apikeys'].with_user(tenant.technical_user_id).sudo()
print(keys._generate('rpc', 'sync', fields.Datetime.now() + timedelta(hours=20)))
env.cr.commit()
`;
}
