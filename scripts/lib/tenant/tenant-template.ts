// The texts `scripts/tenant new` writes. Everything that is not commented out is valid as it stands.

export function configTemplate({ accountId, name }: { accountId: string; name: string }): string {
  return `# Inherits from ../domain.yaml and ../../_base; only what differs needs to stand here.
# Maps merge with what is inherited, lists replace it. No secret belongs in this file: scripts/credentials set.
schema_version: 1
account_id: ${accountId} # equal to the folder's name
name: ${JSON.stringify(name)}
# description: what the company does, in one sentence
# language: pt_BR
# timezone: America/Sao_Paulo

# company_metadata:
#   business_hours:
#     weekly: # 0 = Monday
#       - { days: [0, 1, 2, 3, 4], open: "09:00", close: "18:00", break: ["12:00", "13:00"] }
#       - { days: [5], open: "09:00", close: "13:00" }
#     holidays:
#       - { date: 2026-12-25, name: Natal }
#   address: { street: "Rua Exemplo, 1", city: Campinas, state: SP, zip: "13000-000", share_with_customers: true }
#   customer_service:
#     communication_style: friendly
#     emoji_usage: moderate
#     greeting_message: Olá! Como posso ajudar?
#   online_channels:
#     - { name: website, url: "https://loja.example", mention_at_end: true }

# services: # which crews this tenant has
#   sales: { enabled: true }
#   scheduling: { enabled: true, slot_minutes: 30 }

# handoff:
#   team: atendimento
#   wait_minutes: 20                  # counted while the company is open; then the customer is told and people get a note
#   labels: ["assistente-{category}"] # {category} and {reason} are filled in; [] sets none
# closing:
#   resolve_after_farewell: true      # the customer said goodbye
#   inactivity_minutes: 1440          # silence after our last answer; absent = a conversation is never closed by it
#   inactivity_message: Vou encerrar por aqui. Quando precisar, é só mandar mensagem.

# channels:
#   whatsapp:
#     reopen_template: # an approved message for when the 24 hours are over; without it people get a note
#       { name: retomar_conversa, language: pt_BR, values: ["{name}"], text: "Oi, {name}! Podemos continuar por aqui?" }

# media: { transcribe: true, describe_images: true, max_mb: 16 } # voice notes and pictures, where the model endpoint can

# limits:
#   monthly_budget: { amount: 200, currency: BRL, usd_rate: 5.4, warn_at: 0.8 }

# integrations:
#   chatwoot:
#     base_url: https://chat.example
#     account_id: 1
#     surface: agent_bot # or account_webhook
#     inboxes:
#       - { id: 5, mode: live } # live, test (silent until #teste) or observe (drafts as private notes)
#     credential_ref: ${accountId}-chatwoot
#   odoo: { url: "https://odoo.example", api: auto, credential_ref: ${accountId}-odoo } # without it: knowledge/*.yaml
#   model: { credential_ref: ${accountId}-model } # without it: the installation's own model, or none
`;
}

export const knowledgeTemplate = `# Documents the assistant answers from. Kinds: rule, faq, policy, scheduling, document, product, service, company.
documents: []
#  - kind: rule
#    id: troca-prazo # stable, unique within its kind
#    title: Prazo para trocar um produto
#    body: O prazo para trocar um produto é de 15 dias corridos, com o produto lacrado e a nota fiscal.
#    valid_from: 2026-01-01 # both days included; leave out what is always valid
#    valid_to: 2026-12-31
#    channels: [whatsapp] # leave out for all
#  - kind: product
#    id: produto-1
#    title: Nome do produto
#    body: O que é e para quem serve.
#    attributes: { sku: ABC-1, category: Categoria }
#    live: { price: 49.9, currency: BRL, stock: 12 } # read when a customer asks, never part of the text
`;
