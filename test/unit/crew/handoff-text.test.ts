import assert from 'node:assert/strict';
import { handoffText } from '../../../bridge/core/crew/handoff-text.ts';
import { languages } from '../../../bridge/core/language.ts';
import { makeTenant } from './make-turn.ts';

const business_hours = {
  weekly: [
    { days: [0, 1, 2, 3, 4], open: '09:00', close: '18:00', break: ['12:00', '13:00'] },
    { days: [5], open: '09:00', close: '13:00' },
  ],
  holidays: [{ date: '2026-12-25', name: 'Natal' }],
};
const tenant = makeTenant({ company_metadata: { business_hours } });
const at = (local: string): number => Date.parse(`${local}-03:00`);
const said = (local: string, given = tenant) => handoffText({ tenant: given, atMs: at(local), language: 'pt' });

const open = 'Vou chamar uma pessoa da equipe para continuar com você por aqui.';
const closed = (when: string) =>
  `Deixei sua mensagem com a equipe. Agora estamos fora do horário de atendimento; uma pessoa responde por aqui a partir de ${when}.`;

describe('what a customer reads when a person takes over', () => {
  const table: [string, string, string][] = [
    ['within hours', '2026-11-18T10:00', open],
    ['in the lunch break', '2026-11-18T12:30', closed('hoje às 13h')],
    ['in the evening', '2026-11-18T19:00', closed('amanhã às 9h')],
    ['before opening', '2026-11-18T07:00', closed('hoje às 9h')],
    ['on Saturday afternoon', '2026-11-21T14:00', closed('segunda-feira às 9h')],
    ['on the eve of a holiday on a Friday', '2026-12-24T20:00', closed('sábado às 9h')],
    ['at the minute of closing', '2026-11-18T18:00', closed('amanhã às 9h')],
    ['at the minute of opening', '2026-11-18T09:00', open],
  ];
  for (const [name, local, expected] of table) it(`${name} (${local})`, () => assert.equal(said(local), expected));

  it('never says closed for a company that gave no hours', () => {
    assert.equal(said('2026-11-22T03:00', makeTenant()), open);
    assert.equal(said('2026-11-22T03:00', makeTenant({ company_metadata: { business_hours: { weekly: [] } } })), open);
  });

  it('promises no moment when none is known', () => {
    const days = Array.from({ length: 80 }, (_, index) => ({
      date: new Date(Date.UTC(2026, 10, 18 + index)).toISOString().slice(0, 10),
    }));
    const onHoliday = makeTenant({ company_metadata: { business_hours: { ...business_hours, holidays: days } } });
    assert.match(said('2026-11-18T10:00', onHoliday), /responde por aqui assim que possível\.$/);
  });

  it('is in the customer’s language, on the company’s clock', () => {
    const lisbon = makeTenant({ timezone: 'Europe/Lisbon', company_metadata: { business_hours } });
    assert.match(handoffText({ tenant, atMs: at('2026-11-18T19:00'), language: 'en' }), /from tomorrow at 9 am\.$/);
    assert.match(
      handoffText({ tenant, atMs: at('2026-11-18T19:00'), language: 'es' }),
      /a partir de mañana a las 9 h\.$/,
    );
    assert.match(handoffText({ tenant: lisbon, atMs: at('2026-11-18T15:00'), language: 'pt' }), /amanhã às 9h/);
  });

  it('is never empty', () => {
    for (const language of languages) {
      for (let hour = 0; hour < 24 * 8; hour++) {
        const text = handoffText({ tenant, atMs: at('2026-11-16T00:30') + hour * 3_600_000, language });
        assert.ok(text.length > 30 && !/null|undefined|NaN/.test(text), text);
      }
    }
  });
});
