// What a customer reads when a person takes over: always something, and what happens next by the company's own hours.
import type { Language } from '../language.ts';
import type { Tenant } from '../tenant.ts';
import { describeMoment, isOpen, nextOpening } from '../tenants/business-hours.ts';
import { phrases } from './phrases.ts';

export interface HandoffMoment {
  tenant: Tenant;
  atMs: number;
  language: Language;
}

export function handoffText({ tenant: { config }, atMs, language }: HandoffMoment): string {
  const words = phrases[language];
  if (isOpen(config, atMs)) return words.handoffOpen;
  const opening = nextOpening(config, atMs);
  return words.handoffClosed(opening === null ? null : describeMoment(config, opening, atMs, language));
}
