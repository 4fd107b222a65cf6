import assert from 'node:assert/strict';
import { DateTime } from 'luxon';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import {
  closesAt,
  describeHours,
  describeMoment,
  isOpen,
  nextOpening,
} from '../../../bridge/core/tenants/business-hours.ts';

const saoPaulo = 'America/Sao_Paulo';
type Weekly = { days: number[]; open: string; close: string; break?: [string, string] }[];

function company(weekly: Weekly, holidays: string[] = [], timezone = saoPaulo): TenantConfig {
  const business_hours = { weekly, holidays: holidays.map((date) => ({ date })) };
  return TenantConfig.parse({ account_id: 'loja', name: 'Loja', timezone, company_metadata: { business_hours } });
}

const at = (local: string, zone = saoPaulo): number => DateTime.fromISO(local, { zone }).toMillis();
const local = (ms: number | null, zone = saoPaulo): string | null =>
  ms === null ? null : DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

const everyDay = [0, 1, 2, 3, 4, 5, 6];
// 18 November 2026 is a Wednesday.
const shop = company(
  [
    { days: [0, 1, 2, 3, 4], open: '09:00', close: '18:00', break: ['12:00', '13:00'] },
    { days: [5], open: '09:00', close: '13:00' },
  ],
  ['2026-11-20', '2026-12-25'],
);

describe('business hours', () => {
  it('opening is inside, closing is outside, and a break is closed', () => {
    const expected = {
      '08:59': false,
      '09:00': true,
      '11:59': true,
      '12:00': false,
      '12:59': false,
      '13:00': true,
      '17:59': true,
      '18:00': false,
    };
    for (const [time, open] of Object.entries(expected)) {
      assert.equal(isOpen(shop, at(`2026-11-18T${time}`)), open, time);
    }
  });

  it('a day that is not named is closed, and a holiday is closed all day', () => {
    assert.equal(isOpen(shop, at('2026-11-22T10:00')), false);
    assert.equal(isOpen(shop, at('2026-11-20T10:00')), false);
    assert.equal(local(nextOpening(shop, at('2026-11-19T18:00'))), '2026-11-21T09:00');
  });

  it('while open, closing is the next break or the end of the day', () => {
    assert.equal(local(closesAt(shop, at('2026-11-18T10:00'))), '2026-11-18T12:00');
    assert.equal(local(closesAt(shop, at('2026-11-18T14:00'))), '2026-11-18T18:00');
    assert.equal(closesAt(shop, at('2026-11-18T12:30')), null);
  });

  it('the next opening is after now, also while open', () => {
    assert.equal(local(nextOpening(shop, at('2026-11-18T09:00'))), '2026-11-18T13:00');
    assert.equal(local(nextOpening(shop, at('2026-11-18T12:10'))), '2026-11-18T13:00');
    assert.equal(local(nextOpening(shop, at('2026-11-21T13:00'))), '2026-11-23T09:00');
  });

  it('"24:00" closes at midnight', () => {
    const late = company([{ days: [2], open: '18:00', close: '24:00' }]);
    assert.equal(isOpen(late, at('2026-11-18T23:59')), true);
    assert.equal(isOpen(late, at('2026-11-19T00:00')), false);
    assert.equal(describeHours(late, at('2026-11-18T19:00'), 'pt'), 'hoje até a meia-noite');
  });

  it('days that touch at midnight are one opening, and around the clock never closes', () => {
    const weekend = company([{ days: [5, 6], open: '00:00', close: '24:00' }]);
    assert.equal(local(closesAt(weekend, at('2026-11-21T10:00'))), '2026-11-23T00:00');
    const always = company([{ days: everyDay, open: '00:00', close: '24:00' }]);
    assert.equal(isOpen(always, at('2026-11-22T03:00')), true);
    assert.equal(nextOpening(always, at('2026-11-22T03:00')), null);
    assert.equal(describeHours(always, at('2026-11-22T03:00'), 'pt'), '24 horas por dia, todos os dias');
  });

  it('a closing before the opening is on the next day, also into a holiday', () => {
    const bar = company([{ days: [4], open: '18:00', close: '02:00', break: ['00:00', '00:30'] }], ['2026-11-21']);
    assert.equal(isOpen(bar, at('2026-11-20T23:00')), true);
    assert.equal(isOpen(bar, at('2026-11-21T00:10')), false);
    assert.equal(isOpen(bar, at('2026-11-21T01:59')), true);
    assert.equal(isOpen(bar, at('2026-11-21T02:00')), false);
    assert.equal(
      isOpen(company([{ days: [4], open: '18:00', close: '02:00' }], ['2026-11-20']), at('2026-11-21T01:00')),
      false,
    );
  });

  it('a company without hours counts as open and promises nothing', () => {
    const unknown = company([]);
    assert.equal(isOpen(unknown, at('2026-11-22T03:00')), true);
    assert.equal(nextOpening(unknown, at('2026-11-22T03:00')), null);
    assert.equal(describeHours(unknown, at('2026-11-22T03:00'), 'pt'), null);
  });

  it('holidays for two months end the search instead of searching for ever', () => {
    const start = DateTime.fromISO('2026-11-18', { zone: saoPaulo });
    const gone = Array.from({ length: 90 }, (_, day) => start.plus({ days: day }).toFormat('yyyy-MM-dd'));
    assert.equal(
      nextOpening(company([{ days: everyDay, open: '09:00', close: '18:00' }], gone), at('2026-11-18T10:00')),
      null,
    );
  });

  it('a range of no length, and a break outside the hours, change nothing', () => {
    assert.equal(isOpen(company([{ days: everyDay, open: '09:00', close: '09:00' }]), at('2026-11-18T09:00')), false);
    const odd = company([{ days: everyDay, open: '09:00', close: '12:00', break: ['14:00', '15:00'] }]);
    assert.equal(local(closesAt(odd, at('2026-11-18T10:00'))), '2026-11-18T12:00');
  });

  it('the company decides by its own clock, wherever the bridge runs', () => {
    const manaus = company([{ days: everyDay, open: '09:00', close: '18:00' }], [], 'America/Manaus');
    assert.equal(isOpen(manaus, at('2026-11-18T09:30')), false);
    assert.equal(isOpen(manaus, at('2026-11-18T09:30', 'America/Manaus')), true);
    const kathmandu = company([{ days: [3], open: '09:00', close: '18:00' }], [], 'Asia/Kathmandu');
    assert.equal(
      new Date(nextOpening(kathmandu, at('2026-11-18T10:00')) ?? 0).toISOString(),
      '2026-11-19T03:15:00.000Z',
    );
  });

  describe('when clocks change', () => {
    it('the shop opens at the time on its wall the morning after, and the night is an hour shorter or longer', () => {
      const zone = 'America/New_York';
      const store = company([{ days: everyDay, open: '09:00', close: '18:00' }], [], zone);
      const hoursUntil = (from: string) => ((nextOpening(store, at(from, zone)) ?? 0) - at(from, zone)) / 3_600_000;
      assert.equal(hoursUntil('2026-03-06T18:00'), 15);
      assert.equal(hoursUntil('2026-03-07T18:00'), 14);
      assert.equal(hoursUntil('2026-10-31T18:00'), 16);
      assert.equal(local(nextOpening(store, at('2026-03-07T18:00', zone)), zone), '2026-03-08T09:00');
    });

    it('a night shift over the change is as long as the night really is', () => {
      const zone = 'Europe/Lisbon';
      const bakery = company([{ days: everyDay, open: '22:00', close: '06:00' }], [], zone);
      const length = (evening: string) => {
        const from = at(evening, zone);
        return ((closesAt(bakery, from) ?? 0) - from) / 3_600_000;
      };
      assert.equal(length('2026-03-27T22:00'), 8);
      assert.equal(length('2026-03-28T22:00'), 7);
      assert.equal(length('2026-10-24T22:00'), 9);
    });

    it('a day whose midnight does not exist begins at its first moment', () => {
      // São Paulo, 4 November 2018: clocks went from 24:00 to 01:00.
      const always = company([{ days: everyDay, open: '00:00', close: '24:00' }]);
      assert.equal(isOpen(always, at('2018-11-04T01:00')), true);
      assert.equal(isOpen(always, at('2018-11-03T23:59')), true);
      const sunday = company([{ days: [6], open: '00:00', close: '10:00' }]);
      assert.equal(local(nextOpening(sunday, at('2018-11-03T20:00'))), '2018-11-04T01:00');
      assert.equal(isOpen(sunday, at('2018-11-03T23:59')), false);
    });

    it('tomorrow is tomorrow although the day has 23 hours', () => {
      const zone = 'America/New_York';
      const store = company([{ days: everyDay, open: '09:00', close: '18:00' }], [], zone);
      assert.equal(describeHours(store, at('2026-03-07T19:00', zone), 'en'), 'tomorrow at 9 am');
      assert.equal(describeHours(store, at('2026-03-08T00:30', zone), 'en'), 'today at 9 am');
    });
  });

  describe('in words', () => {
    const said = (when: string): string[] =>
      (['pt', 'en', 'es'] as const).map((language) => String(describeHours(shop, at(when), language)));

    it('tells until when it is open today, or when it opens next', () => {
      assert.deepEqual(said('2026-11-18T14:00'), ['hoje até as 18h', 'today until 6 pm', 'hoy hasta las 18 h']);
      assert.deepEqual(said('2026-11-18T10:00'), ['hoje até as 12h', 'today until noon', 'hoy hasta las 12 h']);
      assert.deepEqual(said('2026-11-18T12:30'), ['hoje às 13h', 'today at 1 pm', 'hoy a las 13 h']);
      assert.deepEqual(said('2026-11-18T20:00'), ['amanhã às 9h', 'tomorrow at 9 am', 'mañana a las 9 h']);
      assert.deepEqual(said('2026-11-21T14:00'), ['segunda-feira às 9h', 'Monday at 9 am', 'este lunes a las 9 h']);
    });

    it('a day a week or more away is a date, not a weekday', () => {
      const seasonal = company([{ days: [2], open: '09:30', close: '18:00' }]);
      const now = at('2026-11-18T19:00');
      assert.equal(describeHours(seasonal, now, 'pt'), '25 de novembro às 9h30');
      assert.equal(describeHours(seasonal, now, 'en'), 'November 25 at 9:30 am');
      assert.equal(describeHours(seasonal, now, 'es'), '25 de noviembre a las 9:30 h');
    });

    it('one o’clock and midnight take their own grammar', () => {
      const moment = (time: string, language: 'pt' | 'en' | 'es') =>
        describeMoment(shop, at(`2026-11-19T${time}`), at('2026-11-18T12:00'), language);
      assert.equal(moment('01:00', 'pt'), 'amanhã à 1h');
      assert.equal(moment('01:15', 'es'), 'mañana a la 1:15 h');
      assert.equal(moment('00:30', 'pt'), 'amanhã à 0h30');
      assert.equal(moment('00:30', 'en'), 'tomorrow at 12:30 am');
      assert.equal(moment('00:00', 'pt'), 'amanhã à meia-noite');
      assert.equal(moment('00:00', 'es'), 'mañana a la medianoche');
      assert.equal(moment('12:00', 'en'), 'tomorrow at noon');
    });

    it('a closing after midnight names the day it is on', () => {
      const bar = company([{ days: [2], open: '18:00', close: '02:00' }]);
      assert.equal(describeHours(bar, at('2026-11-18T19:00'), 'pt'), 'até amanhã às 2h');
      assert.equal(describeHours(bar, at('2026-11-19T01:00'), 'pt'), 'hoje até as 2h');
      assert.equal(describeHours(bar, at('2026-11-19T01:00'), 'en'), 'today until 2 am');
    });
  });
});
