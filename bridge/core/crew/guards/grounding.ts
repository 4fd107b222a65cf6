// Facts never come from the model: every number in a draft must stand in what the tools returned, in the tenant's own
// configuration or in the customer's words. Dates, prices, deadlines, percentages and hours are all numbers here.

/** Numbers of the draft that no evidence holds, as they are written in the draft. */
export function ungroundedNumbers(draft: string, evidence: readonly string[]): string[] {
  const known = new Set(evidence.flatMap((text) => numbersIn(text).map(({ value }) => value)));
  return numbersIn(draft.replace(/^\s*\d{1,2}[.)]\s/gm, ''))
    .filter(({ value }) => !known.has(value))
    .map(({ written }) => written);
}

interface WrittenNumber {
  written: string;
  value: string;
}

/** Normal form: no thousands separators, a dot before decimals, no trailing zeros: `R$ 1.299,90` and `1299.9` are equal. */
export function numbersIn(text: string): WrittenNumber[] {
  const found: WrittenNumber[] = [];
  for (const { 0: written } of text.matchAll(/\d+(?:[.,:/-]\d+)*/g)) found.push(...normalForms(written));
  for (const { 0: written } of text.toLowerCase().matchAll(spelledOut)) {
    found.push({ written, value: spelledNumbers[written] ?? written });
  }
  return found;
}

function normalForms(written: string): WrittenNumber[] {
  // Hours, dates and phone numbers are compared piece by piece: 09:00, 9h and 9 are one.
  if (/[:/-]/.test(written)) {
    return written.split(/[:/-]/).flatMap((piece) => normalForms(piece).map(({ value }) => ({ written, value })));
  }
  const thousands = /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(written) ? written.replace(/\./g, '').replace(',', '.') : written;
  const english = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(thousands)
    ? thousands.replace(/,/g, '')
    : thousands.replace(',', '.');
  const number = Number(english);
  return [{ written, value: Number.isFinite(number) ? String(number) : written }];
}

const spelledNumbers: Record<string, string> = {
  dois: '2',
  duas: '2',
  três: '3',
  quatro: '4',
  cinco: '5',
  seis: '6',
  sete: '7',
  oito: '8',
  nove: '9',
  dez: '10',
  quinze: '15',
  vinte: '20',
  trinta: '30',
  sessenta: '60',
  noventa: '90',
  cem: '100',
};
const spelledOut = new RegExp(`(?<!\\p{L})(${Object.keys(spelledNumbers).join('|')})(?!\\p{L})`, 'gu');
