// Which language to answer in. Short chat messages fool language detectors, so the tenant's own language is the answer
// unless another one is clear, and the languages are limited to those we can write.
import { detect } from 'tinyld';

export const languages = ['pt', 'en', 'es'] as const;
export type Language = (typeof languages)[number];

const clearEnglish =
  /\b(hi|hello|thanks|what|how|when|where|which|the|is|are|do|does|can|could|would|my|your|you|please|have)\b/gi;
const clearSpanish =
  /\b(hola|gracias|cuál|cual|cuánto|cuanto|dónde|donde|cuándo|cuando|tienen|puedo|usted|ustedes|quiero|buenos|los|las|el|una|hacen)\b|[¿¡ñ]/gi;
const clearPortuguese =
  /\b(oi|olá|ola|não|nao|vc|vcs|você|vocês|voces|qual|quanto|quando|onde|tem|têm|quero|obrigad[oa]|meu|minha|posso|é|uma?|prazo|pra|para|com|eu)\b|[ãõç]/gi;

/** `tenantLanguage` in the form `pt_BR`; it wins every tie. */
export function languageOf(text: string, tenantLanguage: string): Language {
  const own = languages.find((language) => tenantLanguage.startsWith(language)) ?? 'pt';
  const scores: Record<Language, number> = {
    pt: count(text, clearPortuguese),
    en: count(text, clearEnglish),
    es: count(text, clearSpanish),
  };
  const best = languages.reduce((a, b) => (scores[b] > scores[a] ? b : a), own);
  if (scores[best] >= scores[own] + 2) return best;
  if (scores[own] > 0 || text.trim().split(/\s+/).length < 4) return own;
  return languages.find((language) => language === detect(text, { only: [...languages] })) ?? own;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
