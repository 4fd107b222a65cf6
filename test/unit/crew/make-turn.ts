// Turns and tenants for tests that name only what they are about.
import type { ChatModel } from '../../../bridge/core/ports/chat-model.ts';
import type { Clock } from '../../../bridge/core/ports/clock.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../bridge/core/tenants/ready-tenant.ts';
import { freshUsage } from '../../../bridge/core/turn.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { FixedKnowledge } from '../hub/world/fixed-knowledge.ts';
import { ScriptedModel } from '../hub/world/scripted-model.ts';
import type { ScriptStep } from '../hub/world/scripted-model.ts';

/** A Wednesday, 10:00 in São Paulo. */
export const wednesdayMs = Date.parse('2026-11-18T13:00:00Z');

export function makeTenant(config: object = {}): Tenant {
  const parsed = TenantConfig.parse({ account_id: 'loja', name: 'Loja da Praça', ...config });
  return readyTenant(parsed, { accountId: 'loja', domain: 'retail', revision: 0, managedBy: 'file' });
}

export function makeTurn(given: Partial<Turn> = {}): Turn {
  const clock: Clock = { now: () => wednesdayMs };
  return {
    id: 'turn-1',
    tenant: makeTenant(),
    conversation: { accountId: 'loja', conversationId: 1 },
    channel: 'whatsapp',
    contact: null,
    question: 'Qual o prazo para trocar?',
    unreadFiles: 0,
    language: 'pt',
    window: [],
    isFirstReply: true,
    personOffered: false,
    lastService: null,
    atMs: wednesdayMs,
    dryRun: false,
    signal: new AbortController().signal,
    logger: quietLog(),
    clock,
    knowledge: new FixedKnowledge({}),
    business: null,
    model: null,
    usage: freshUsage(),
    toolRuns: [],
    ...given,
  };
}

/** The script beside the model it drives. */
export function withScript(...steps: ScriptStep[]): { model: ChatModel & ScriptedModel } {
  return { model: new ScriptedModel(steps) };
}
