// Runs the addons' own tests in a real Odoo: a fresh copy of the base template, the addons installed into it (so a
// warning while installing shows as well), their tests by tag, and the log read for what Odoo does not count.
import path from 'node:path';
import { ensureBaseTemplate } from './odoo-template.ts';
import { listAddons } from './addons.ts';
import { createOdooDatabase } from './odoo-server.ts';
import { prepareOdoo, runOdoo } from './odoo-command.ts';
import { readTestLog } from './odoo-test-log.ts';
import type { OdooTestReport } from './odoo-test-log.ts';
import { startPostgres } from './postgres-server.ts';
import { serverFolder } from './run-folder.ts';

export interface OdooTestOptions {
  /** Instead of `/addon` for each addon, e.g. `/universal_integrator:TestPairing`. */
  tags?: string;
  addonsPath?: string;
  /** Gets each piece of the log as it comes. */
  onLog?: (text: string) => void;
}

/** Installs the addons on a fresh database and runs their tests. */
export async function runOdooTests(
  addons: string[] = listAddons(),
  options: OdooTestOptions = {},
): Promise<OdooTestReport> {
  if (addons.length === 0) throw new Error('there is no addon to test in odoo_addons');
  const template = await ensureBaseTemplate();
  const postgres = await startPostgres({ copyFrom: template.cluster });
  try {
    const setup = await prepareOdoo({
      odoo: template.odoo,
      postgres,
      folder: serverFolder('odoo'),
      ...(options.addonsPath !== undefined && { addonsSource: options.addonsPath }),
    });
    await createOdooDatabase(setup, postgres, template, 'addon_tests');
    const tags = options.tags ?? addons.map((addon) => `/${addon}`).join(',');
    const args = ['-d', 'addon_tests', '-i', addons.join(','), '--with-demo', '--test-tags', tags, '--stop-after-init'];
    const { code, stderr } = await runOdoo(setup, args, { ...(options.onLog && { onOutput: options.onLog }) });
    // Paths as the reader knows them, not those of the copy.
    return readTestLog(stderr.replaceAll(path.join(setup.folder, 'addons'), 'odoo_addons'), code);
  } finally {
    await postgres.stop();
  }
}
