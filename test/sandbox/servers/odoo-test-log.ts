// Reads the log of an Odoo test run. Odoo counts failed tests; a warning, an error outside a test, a run that broke
// off or one that ran no test at all pass unseen there, and must not here.

export interface OdooTestReport {
  /** True when tests ran, all passed and nothing was complained about. */
  ok: boolean;
  tests: number;
  passed: number;
  failed: number;
  errors: number;
  skipped: number;
  /** Names of failed tests with the text of their failure. */
  failures: string[];
  /** WARNING, ERROR and CRITICAL records that are not the report of a failed test. */
  problems: string[];
}

interface LogRecord {
  level: string;
  logger: string;
  /** Message with the lines that follow it. */
  text: string;
}

const RECORD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ([A-Z]+) \S+ ([^:]+): (.*)$/;
const SUMMARY = /^(\d+) failed, (\d+) error\(s\) of (\d+) tests/;
const TROUBLE = new Set(['WARNING', 'ERROR', 'CRITICAL']);

// Odoo's own words about things that are right here; each with the reason.
const EXPECTED = [
  // XML-RPC is supported on purpose, for older servers; tests call it.
  /endpoints are deprecated in Odoo 19/,
  // Debian's package leaves this asset out; background blur in calls, nothing we touch.
  /selfie_segmentation/,
  // Said once per run with a failed test; the failures themselves are counted.
  /^At least one test failed when loading/,
  /Module \S+: \d+ failures, \d+ errors of \d+ tests/,
];

/** `exitCode` is that of Odoo's process: 0 is needed as well. */
export function readTestLog(log: string, exitCode: number): OdooTestReport {
  const records = readRecords(log);
  const summary = records.map((record) => SUMMARY.exec(record.text)).findLast((match) => match !== null);
  const [failed, errors, tests] = [1, 2, 3].map((index) => Number(summary?.[index] ?? 0)) as [number, number, number];
  const skipped = records.filter((record) => record.text.startsWith('skipped ')).length;
  const trouble = records.filter((record) => TROUBLE.has(record.level));
  const failures = trouble.filter(isTestFailure).map((record) => record.text);
  const problems = trouble.filter((record) => !isTestFailure(record) && !isExpected(record)).map(shorten);
  if (!summary) problems.push(`Odoo ended with ${exitCode} before its tests were done`);
  else if (tests === 0) problems.push('no test ran');
  else if (exitCode !== 0 && failed + errors === 0) problems.push(`Odoo ended with ${exitCode}`);
  const passed = Math.max(0, tests - failed - errors - skipped);
  return {
    ok: failed + errors + problems.length === 0,
    tests,
    passed,
    failed,
    errors,
    skipped,
    failures,
    problems,
  };
}

function readRecords(log: string): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of log.split('\n')) {
    const [, level, logger, text] = RECORD.exec(line) ?? [];
    const last = records.at(-1);
    if (level !== undefined && logger !== undefined) records.push({ level, logger, text: text ?? '' });
    else if (last) last.text += `\n${line}`;
  }
  return records;
}

function isTestFailure(record: LogRecord): boolean {
  return record.level === 'ERROR' && /^(FAIL|ERROR): /.test(record.text);
}

function isExpected(record: LogRecord): boolean {
  return EXPECTED.some((pattern) => pattern.test(record.text)) || SUMMARY.test(record.text);
}

// Of a long text its first line and its end: a traceback names the mistake in its last lines.
function shorten(record: LogRecord): string {
  const [first = '', ...rest] = record.text.trim().split('\n');
  const kept = rest.length > 12 ? ['…', ...rest.slice(-12)] : rest;
  return [`${record.level} ${record.logger}: ${first}`, ...kept].join('\n');
}
