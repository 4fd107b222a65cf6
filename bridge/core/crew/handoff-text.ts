// What a customer reads when a person takes over, and while one is waited for: always something, and what happens next by
// the company's own hours. None of it promises a time that the opening hours do not.
import type { Language } from '../language.ts';
import type { Tenant } from '../tenant.ts';
import { describeMoment, isOpen, nextOpening } from '../tenants/business-hours.ts';
import { phrases } from './phrases.ts';

export interface HandoffMoment {
  tenant: Tenant;
  atMs: number;
  language: Language;
}

export function handoffText(moment: HandoffMoment): string {
  const { handoffOpen, handoffClosed } = phrases[moment.language];
  return byHours(moment, handoffOpen, handoffClosed);
}

/** Said once, when nobody of the team has written in the time they had. */
export function nobodyCameText(moment: HandoffMoment): string {
  const { nobodyCameOpen, nobodyCameClosed } = phrases[moment.language];
  return byHours(moment, nobodyCameOpen, nobodyCameClosed);
}

/** Said when the customer writes again meanwhile. */
export function stillWaitingText(moment: HandoffMoment): string {
  const { stillWaitingOpen, stillWaitingClosed } = phrases[moment.language];
  return byHours(moment, stillWaitingOpen, stillWaitingClosed);
}

function byHours(
  { tenant: { config }, atMs, language }: HandoffMoment,
  whileOpen: string,
  whileClosed: (when: string | null) => string,
): string {
  if (isOpen(config, atMs)) return whileOpen;
  const opening = nextOpening(config, atMs);
  return whileClosed(opening === null ? null : describeMoment(config, opening, atMs, language));
}
