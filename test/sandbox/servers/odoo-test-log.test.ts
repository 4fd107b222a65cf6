import assert from 'node:assert/strict';
import { readTestLog } from './odoo-test-log.ts';

let second = 10;
function record(level: string, logger: string, text: string): string {
  second += 1;
  return `2026-11-21 03:38:${second},101 13146 ${level} addon_tests ${logger}: ${text}`;
}

const PASSED = record('INFO', 'odoo.tests.result', "0 failed, 0 error(s) of 3 tests when loading database 'x'");

describe('reading the log of an Odoo test run', () => {
  it('a run whose tests all passed and that complained of nothing is good', () => {
    const report = readTestLog([record('INFO', 'odoo', 'Odoo version 19.0'), PASSED].join('\n'), 0);
    assert.deepEqual([report.ok, report.tests, report.passed], [true, 3, 3]);
  });

  it('a warning fails a run that Odoo calls passed', () => {
    const warning = record('WARNING', 'odoo.addons.base.models.ir_model', 'Missing label\nsecond line');
    const report = readTestLog([warning, PASSED].join('\n'), 0);
    assert.equal(report.ok, false);
    assert.deepEqual(report.problems, ['WARNING odoo.addons.base.models.ir_model: Missing label\nsecond line']);
  });

  it('a failed test is counted once, with its traceback, and skipped ones are not counted as passed', () => {
    const log = [
      record('INFO', 'odoo.addons.a.tests.test_a', 'skipped TestA.test_skip : why'),
      record('ERROR', 'odoo.addons.a.tests.test_a', 'FAIL: TestA.test_bad\nTraceback\nAssertionError: 1 != 2'),
      record('ERROR', 'odoo.modules.loading', 'Module a: 1 failures, 0 errors of 4 tests'),
      record('ERROR', 'odoo.modules.loading', 'At least one test failed when loading the modules.'),
      record('ERROR', 'odoo.tests.result', "1 failed, 0 error(s) of 4 tests when loading database 'x'"),
    ];
    const report = readTestLog(log.join('\n'), 1);
    assert.deepEqual([report.tests, report.passed, report.failed, report.skipped], [4, 2, 1, 1]);
    assert.deepEqual(report.failures, ['FAIL: TestA.test_bad\nTraceback\nAssertionError: 1 != 2']);
    assert.deepEqual(report.problems, []);
  });

  it('a run without tests, or one that broke off, is not good', () => {
    const none = record('INFO', 'odoo.tests.result', "0 failed, 0 error(s) of 0 tests when loading database 'x'");
    assert.deepEqual(readTestLog(none, 0).problems, ['no test ran']);
    assert.deepEqual(readTestLog('', 255).problems, ['Odoo ended with 255 before its tests were done']);
  });
});
