// Tenants saved through `tenant.upsert`, one YAML file each that a person can read, copy and keep in version control. The
// revision is kept in the journal beside it and outlives a removal, so that no revision ever names two configurations.
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { StoredTenant, TenantStore } from '../../core/ports/tenant-store.ts';
import { domainNames } from '../../core/tenant.ts';
import { writeFileAtomically } from './durable-files.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export interface YamlText {
  stringify(value: unknown): string;
  parse(text: string): unknown;
}

interface KnownTenant {
  revision: number;
  /** Null when it was removed. */
  domain: string | null;
}

export interface EmbeddedTenantStoreOptions {
  /** Folder of `<domain>/<account_id>/config.yaml`. */
  directory: string;
  tables: Tables;
  yaml: YamlText;
  logger: Logger;
  assertOwned: () => void;
}

export class EmbeddedTenantStore implements TenantStore {
  readonly #options: EmbeddedTenantStoreOptions;
  readonly #known: Table<KnownTenant>;
  readonly #tenants = new Map<string, StoredTenant>();
  readonly #listeners: ((accountId: string) => void)[] = [];
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: EmbeddedTenantStoreOptions) {
    this.#options = options;
    this.#known = options.tables.table<KnownTenant>('tenant');
  }

  /** Reads the files; call after the tables are open. */
  async load(): Promise<void> {
    for (const domain of await namesIn(this.#options.directory)) {
      for (const accountId of await namesIn(join(this.#options.directory, domain))) {
        await this.#loadOne(domain, accountId);
      }
    }
  }

  async list(): Promise<StoredTenant[]> {
    return [...this.#tenants.values()];
  }

  async get(accountId: string): Promise<StoredTenant | null> {
    return this.#tenants.get(accountId) ?? null;
  }

  put(tenant: Omit<StoredTenant, 'revision' | 'version'>, expectedRevision: number | null): Promise<StoredTenant> {
    return this.#oneAfterAnother(async () => {
      const { accountId, domain } = tenant;
      if (!domainNames.test(accountId) || !domainNames.test(domain)) {
        throw new BridgeError('bad_request', 'account id and domain use a-z, 0-9, _ and -');
      }
      const before = this.#tenants.get(accountId);
      if (expectedRevision !== null && expectedRevision !== (before?.revision ?? 0)) {
        throw new BridgeError(
          'conflict',
          `${accountId} is at version ${before?.revision ?? 0}, not ${expectedRevision}`,
        );
      }
      const revision = (this.#known.get(accountId)?.revision ?? 0) + 1;
      const text = this.#options.yaml.stringify(tenant.config);
      await this.#onDisk(() => writeFileAtomically(this.#file(domain, accountId), text));
      await this.#options.tables.commit([this.#known.put(accountId, { revision, domain })]);
      const stored: StoredTenant = { version: 1, accountId, domain, revision, config: this.#options.yaml.parse(text) };
      this.#tenants.set(accountId, stored);
      if (before !== undefined && before.domain !== domain) await this.#removeFile(before.domain, accountId);
      this.#tell(accountId);
      return stored;
    });
  }

  remove(accountId: string): Promise<boolean> {
    return this.#oneAfterAnother(async () => {
      const tenant = this.#tenants.get(accountId);
      if (tenant === undefined) return false;
      await this.#options.tables.commit([this.#known.put(accountId, { revision: tenant.revision, domain: null })]);
      this.#tenants.delete(accountId);
      await this.#removeFile(tenant.domain, accountId);
      this.#tell(accountId);
      return true;
    });
  }

  onChange(listener: (accountId: string) => void): void {
    this.#listeners.push(listener);
  }

  async #loadOne(domain: string, accountId: string): Promise<void> {
    const file = this.#file(domain, accountId);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return;
    const known = this.#known.get(accountId);
    if (known !== undefined && known.domain !== domain) {
      // A move or a removal was interrupted after it counted.
      await this.#removeFile(domain, accountId);
      return;
    }
    const revision = known?.revision ?? 1;
    this.#tenants.set(accountId, { version: 1, accountId, domain, revision, config: this.#parse(file, text) });
  }

  /** A file nobody can parse stays listed, with a configuration that no schema accepts, so that it is reported. */
  #parse(file: string, text: string): unknown {
    try {
      return this.#options.yaml.parse(text);
    } catch (error) {
      this.#options.logger.error({ file, err: error }, 'tenant.file_unreadable');
      return null;
    }
  }

  async #removeFile(domain: string, accountId: string): Promise<void> {
    const file = this.#file(domain, accountId);
    await this.#onDisk(() => rm(file, { force: true }));
    await rmdir(dirname(file)).catch(() => undefined);
  }

  async #onDisk<R>(work: () => Promise<R>): Promise<R> {
    this.#options.assertOwned();
    try {
      return await work();
    } catch (cause) {
      throw new BridgeError('upstream_unavailable', `nothing can be written to ${this.#options.directory}`, { cause });
    }
  }

  #oneAfterAnother<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#lastChange.then(work);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }

  #tell(accountId: string): void {
    for (const listener of this.#listeners) listener(accountId);
  }

  #file(domain: string, accountId: string): string {
    return join(this.#options.directory, domain, accountId, 'config.yaml');
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && domainNames.test(entry.name)).map(({ name }) => name);
}
