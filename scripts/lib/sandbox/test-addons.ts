// Runs the Odoo tests of the addons in a real Odoo 19 and prints what came of them; for people and for scripts/test.
// The last line is the plain count, the exit code 0 only when everything passed and the log holds no complaint.
import { parseArgs } from 'node:util';
import { listAddons } from '../../../test/sandbox/servers/addons.ts';
import type { OdooTestReport } from '../../../test/sandbox/servers/odoo-test-log.ts';
import { runOdooTests } from '../../../test/sandbox/servers/odoo-tests.ts';

const HELP = `usage: scripts/sandbox test-addons [--log] [--tags TAGS] [ADDON...]
Installs the addons (default: all of odoo_addons) into a fresh database and runs their tests.
  --tags TAGS  what Odoo's --test-tags takes, e.g. /universal_integrator:TestPairing
  --log        Odoo's whole log, as it comes, on standard error`;

/** The command; returns its exit code. */
export async function testAddons(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { tags: { type: 'string' }, log: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const addons = positionals.length > 0 ? positionals : listAddons();
  const report = await runOdooTests(addons, {
    ...(values.tags !== undefined && { tags: values.tags }),
    ...(values.log && { onLog: (text: string) => process.stderr.write(text) }),
  });
  print(report);
  return report.ok ? 0 : 1;
}

// A complaint of the log is as good as a failed test.
function print(report: OdooTestReport): void {
  for (const text of [...report.failures, ...report.problems]) console.log(`${text}\n`);
  const failed = report.failed + report.errors + report.problems.length;
  console.log(`${report.passed} passed, ${failed} failed, ${report.skipped} skipped`);
}
