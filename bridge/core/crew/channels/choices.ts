// The buttons under a reply. They repeat what the text asks, so where a channel has none, or they do not fit, they are left
// out and nothing is missing.
import type { Language } from '../../language.ts';
import type { ChannelProfile } from './channel-profile.ts';

/** Answers to our offer of a person; what is pressed comes back as text and must read as a yes or a no (intents.ts). */
export const personChoices: Record<Language, string[]> = {
  pt: ['Sim, por favor', 'Agora não'],
  en: ['Yes, please', 'Not now'],
  es: ['Sí, por favor', 'Ahora no'],
};

/** All of them or none: half a choice is none. */
export function fittingChoices(choices: readonly string[], profile: ChannelProfile, text: string): string[] {
  const { buttons } = profile;
  if (!buttons || choices.length === 0 || choices.length > buttons.max) return [];
  if (text.length > buttons.textCharacters) return [];
  const fits = choices.every((title) => title.trim() !== '' && title.length <= buttons.titleCharacters);
  return fits && new Set(choices).size === choices.length ? [...choices] : [];
}
