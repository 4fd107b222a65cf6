import assert from 'node:assert/strict';
import { afterOpenTime } from '../../../bridge/core/tenants/open-time.ts';
import { makeTenant } from '../crew/make-turn.ts';

const minute = 60_000;
const weekly = [{ days: [0, 1, 2, 3, 4], open: '09:00', close: '18:00', break: ['12:00', '13:00'] }];
const holidays = [{ date: '2026-12-25', name: 'Natal' }];
const { config } = makeTenant({ company_metadata: { business_hours: { weekly, holidays } } });
/** Twenty minutes from then, by the company's clock. */
const from = (local: string) =>
  new Date(afterOpenTime(config, Date.parse(`${local}-03:00`), 20 * minute)).toISOString();
const local = (text: string) => new Date(`${text}-03:00`).toISOString();

describe('time that passes while the company is open', () => {
  it('is as long as the clock says while it is open', () => {
    assert.equal(from('2026-11-20T10:00'), local('2026-11-20T10:20'));
    assert.equal(from('2026-11-20T17:40'), local('2026-11-20T18:00'));
  });

  it('stands still over lunch, over night and over the weekend', () => {
    assert.equal(from('2026-11-20T11:50'), local('2026-11-20T13:10'));
    assert.equal(from('2026-11-20T12:30'), local('2026-11-20T13:20'));
    assert.equal(from('2026-11-19T17:55'), local('2026-11-20T09:15'));
    assert.equal(from('2026-11-20T17:55'), local('2026-11-23T09:15'));
    assert.equal(from('2026-11-21T03:00'), local('2026-11-23T09:20'));
  });

  it('stands still on a holiday', () => {
    assert.equal(from('2026-12-24T17:50'), local('2026-12-28T09:10'));
  });

  it('is that of the clock where no hours are given, and where it never opens', () => {
    assert.equal(afterOpenTime(makeTenant().config, 1_000, 20 * minute), 1_000 + 20 * minute);
    const closed = makeTenant({
      company_metadata: { business_hours: { weekly: [{ days: [0], open: '09:00', close: '09:00' }] } },
    });
    assert.equal(afterOpenTime(closed.config, 1_000, 20 * minute), 1_000 + 20 * minute);
  });
});
