// What a customer reads when a person takes over: always something, and what happens next by the company's own hours.
import { describeMoment, isOpen, nextOpening } from '../tenants/business-hours.ts';
import type { Turn } from '../turn.ts';
import { phrases } from './phrases.ts';

export function handoffText(turn: Turn): string {
  const words = phrases[turn.language];
  const hours = turn.tenant.config.company_metadata.business_hours;
  if (!hours || hours.weekly.length === 0 || isOpen(turn.tenant.config, turn.atMs)) return words.handoffOpen;
  const opening = nextOpening(turn.tenant.config, turn.atMs);
  return words.handoffClosed(
    opening === null ? null : describeMoment(turn.tenant.config, opening, turn.atMs, turn.language),
  );
}
