// Where the bridge of this repository keeps its things, by the same variables as the bridge itself.
import path from 'node:path';
import { readSecretFile } from '../../bridge/config/secret-file.ts';

const root = path.resolve(import.meta.dirname, '../..');

export function tenantsDir(): string {
  return path.resolve(given('TENANTS_DIR') ?? path.join(root, 'tenants'));
}

function dataDir(): string {
  return path.resolve(given('DATA_DIR') ?? path.join(root, '.data'));
}

/** The bridge on this machine, unless somebody says otherwise. */
export function bridgeUrl(): string {
  return `http://127.0.0.1:${given('PORT') ?? '3000'}`;
}

/** The admin token of the environment, else the one the embedded bridge made for itself; null when there is none. */
export function adminToken(): string | null {
  return given('BRIDGE_ADMIN_TOKEN') ?? readSecretFile(path.join(dataDir(), 'admin-token'));
}

/** An empty value counts as not set. */
function given(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}
