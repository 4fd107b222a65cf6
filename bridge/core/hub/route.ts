// Which service answers, with a confidence and a reason that a person can check. Local and cheap: the signals of the
// tenant's crews, then what the conversation was about. The model does not need to be asked to find the right crew.
import type { Tenant } from '../tenant.ts';

/** Why a service answers. A closed list, so that pages can say each in their reader's language. */
export const routeReasons = {
  /** Followed by the words the customer used. */
  signals: 'signals: ',
  goesOn: 'goes on with the last service of this conversation',
  noSignal: 'no signal',
  turnFailed: 'the turn failed',
  personAwaited: 'a person is waited for',
} as const;
type Fixed = (typeof routeReasons)[Exclude<keyof typeof routeReasons, 'signals'>];
export type RouteReason = Fixed | `${typeof routeReasons.signals}${string}`;

export interface Route {
  service: string;
  /** 0 to 1. */
  confidence: number;
  reason: RouteReason;
}

const generalService = 'info';

export function routeTo(tenant: Tenant, question: string, lastService: string | null): Route {
  const scores = scoreServices(tenant, fold(question));
  const [best, second] = scores;
  if (best && best.score > 0) {
    const lead = best.score / (best.score + (second?.score ?? 0));
    return {
      service: best.service,
      confidence: round(lead),
      reason: `${routeReasons.signals}${best.matched.slice(0, 5).join(', ')}`,
    };
  }
  if (lastService && enabledServices(tenant).includes(lastService)) {
    return { service: lastService, confidence: 0.5, reason: routeReasons.goesOn };
  }
  return { service: defaultService(tenant), confidence: 0.3, reason: routeReasons.noSignal };
}

interface ServiceScore {
  service: string;
  score: number;
  matched: string[];
}

/** A phrase weighs more than a word, because it says more. */
function scoreServices(tenant: Tenant, question: string): ServiceScore[] {
  const padded = ` ${question} `;
  return enabledServices(tenant)
    .map((service) => {
      const signals = tenant.config.crews[service]?.signals ?? [];
      const matched = signals.filter((signal) => padded.includes(` ${fold(signal)} `));
      const score = matched.reduce((sum, signal) => sum + signal.trim().split(/\s+/).length, 0);
      return { service, score, matched };
    })
    .sort((a, b) => b.score - a.score);
}

function enabledServices(tenant: Tenant): string[] {
  const named = Object.entries(tenant.config.services).filter(([, service]) => service.enabled);
  return named.length > 0 ? named.map(([name]) => name) : Object.keys(tenant.config.crews);
}

function defaultService(tenant: Tenant): string {
  const enabled = enabledServices(tenant);
  return enabled.includes(generalService) ? generalService : (enabled[0] ?? generalService);
}

function fold(text: string): string {
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return plain.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
