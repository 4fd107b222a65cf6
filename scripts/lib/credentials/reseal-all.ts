// `scripts/credentials reseal`: opens the stores of this environment and seals every credential with the present master
// key. With Redis the bridges may run meanwhile (they hold both keys); embedded, the data folder has one user at a time.
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { YamlTenantFiles } from '../../../bridge/adapters/files/tenant-files.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { masterKeys } from '../../../bridge/adapters/crypto/envelope.ts';
import { SealedVault } from '../../../bridge/adapters/crypto/sealed-vault.ts';
import { createLogger } from '../../../bridge/adapters/pino/logger.ts';
import { openRedisStores } from '../../../bridge/adapters/redis/open-redis-stores.ts';
import { SettingsError } from '../../../bridge/config/settings-error.ts';
import { loadSettings, type Settings } from '../../../bridge/config/settings.ts';
import { codeOf } from '../../../bridge/core/errors.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { CommandError } from '../run-command.ts';

const clock = { now: () => Date.now() };
const logger = createLogger({ level: 'silent' });

export async function resealAll(): Promise<void> {
  const settings = readSettings();
  const stores = await open(settings);
  try {
    const keys = masterKeys(settings.masterKey, settings.masterKeyPrevious);
    const vault = new SealedVault({ store: stores.sealed, keys, clock });
    const total = { resealed: 0, current: 0, unreadable: [] as string[] };
    for (const accountId of await accountIds(settings, stores)) {
      const report = await vault.reseal(accountId);
      total.resealed += report.resealed;
      total.current += report.current;
      total.unreadable.push(...report.unreadable.map((ref) => `${accountId}/${ref}`));
    }
    console.error(`${total.resealed} sealed again, ${total.current} had the present key already`);
    if (total.unreadable.length > 0) {
      throw new CommandError(
        `no key opens ${total.unreadable.sort().join(', ')}: set BRIDGE_MASTER_KEY_PREVIOUS, or save them again`,
      );
    }
  } finally {
    await stores.close();
  }
}

function readSettings(): Readonly<Settings> {
  try {
    return loadSettings();
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.problems.join('; '));
    throw error;
  }
}

async function open(settings: Readonly<Settings>): Promise<Stores> {
  const { redisUrl, dataDir } = settings;
  if (redisUrl !== null) return openRedisStores({ url: redisUrl, clock, logger, instanceId: 'reseal' });
  try {
    return await openEmbeddedStores({ dataDir, clock, logger, yaml: yamlText });
  } catch (error) {
    if (codeOf(error) !== 'conflict') throw error;
    throw new CommandError(`the bridge that uses ${dataDir} is running: stop it, reseal, and start it again`);
  }
}

/** Tenants given as files and tenants saved by RPC; disabled ones have credentials too. */
async function accountIds(settings: Readonly<Settings>, stores: Stores): Promise<string[]> {
  const files = await new YamlTenantFiles({ root: settings.tenantsDir, log: logger }).read();
  const saved = await stores.tenants.list();
  return [
    ...new Set([...files.tenants.map(({ folder }) => folder), ...saved.map(({ accountId }) => accountId)]),
  ].sort();
}
