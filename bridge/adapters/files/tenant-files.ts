// TENANTS_DIR as a source of tenants: `_base/*.yaml`, `<domain>/domain.yaml`, `<domain>/<account>/config.yaml`. This file
// knows where things stand; what they mean is decided in core. Never writes.
import path from 'node:path';
import { BridgeError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ConfigLayer, TenantFiles, TenantLayer, TenantSource } from '../../core/ports/tenant-source.ts';
import { messageOf } from './file-errors.ts';
import { FolderWatch } from './folder-watch.ts';
import { knowledgeFolderName } from './knowledge-files.ts';
import { lexiconFileName } from './lexicon-files.ts';
import { subfolders, yamlFiles } from './list-folder.ts';
import { priceFileName } from './price-list.ts';
import { LayerReader } from './read-layer.ts';

/** Files of `_base` that are about something else. */
const notTenants = new Set([lexiconFileName, priceFileName]);

interface Place {
  domain: string;
  accountId: string;
}

export class YamlTenantFiles implements TenantSource {
  readonly #root: string;
  readonly #log: Logger;
  readonly #reader: LayerReader;
  readonly #watch: FolderWatch;
  readonly #tenantLayers = new WeakMap<ConfigLayer, TenantLayer>();
  readonly #onFiles: ((files: TenantFiles) => void)[] = [];
  readonly #onKnowledge: ((place: Place) => void)[] = [];
  #latest: TenantFiles | null = null;
  #running: Promise<TenantFiles> | null = null;

  /** @param parts.pollMs how often files are looked at when the system reports no change */
  constructor(parts: { root: string; log: Logger; pollMs?: number }) {
    this.#root = path.resolve(parts.root);
    this.#log = parts.log;
    this.#reader = new LayerReader(this.#root);
    this.#watch = new FolderWatch(parts.pollMs ?? 10_000, (changed) => void this.#look(changed));
  }

  /** Rejects only when the tenants folder itself cannot be listed; a folder that does not exist holds no tenants. */
  async read(): Promise<TenantFiles> {
    this.#running ??= this.#readAll().finally(() => (this.#running = null));
    return this.#running;
  }

  onChange(listener: (files: TenantFiles) => void): void {
    this.#onFiles.push(listener);
    this.#watch.start();
  }

  /** Calls back when a file in a tenant's `knowledge` folder changed. Best effort: a reconcile finds what is missed. */
  onKnowledgeChange(listener: (place: Place) => void): void {
    this.#onKnowledge.push(listener);
    this.#watch.start();
  }

  /** The folder in which this tenant's own files stand, whether or not it exists. */
  folderOf(place: Place): string {
    return path.join(this.#root, place.domain, place.accountId);
  }

  /** Ends watching; files can still be read. */
  close(): void {
    this.#watch.close();
  }

  async #look(changed: ReadonlySet<string>): Promise<void> {
    for (const folder of changed) this.#tellKnowledge(path.relative(this.#root, folder).split(path.sep));
    try {
      // A reading that runs already may have passed the changed file.
      await this.#running;
      const before = this.#latest;
      const files = await this.read();
      if (before !== null && isSame(before, files)) return;
      for (const listener of this.#onFiles) listener(files);
    } catch (error) {
      this.#log.error({ error }, 'the tenants folder cannot be read; the tenants known before stay');
    }
  }

  #tellKnowledge([domain, accountId, name]: string[]): void {
    if (domain === undefined || accountId === undefined || name !== knowledgeFolderName) return;
    for (const listener of this.#onKnowledge) listener({ domain, accountId });
  }

  async #readAll(): Promise<TenantFiles> {
    try {
      const files = await yamlFiles(path.join(this.#root, '_base'));
      const base = await this.#layers(files.filter((file) => !notTenants.has(path.basename(file))));
      const names = await subfolders(this.#root);
      const read = await Promise.all(names.map((domain) => this.#domain(domain)));
      this.#reader.endReading();
      const tenants = read.flatMap((domain) => domain.tenants);
      const domains = new Map(read.flatMap(({ domain, layer }) => (layer === null ? [] : [[domain, layer]])));
      this.#follow(
        names,
        read.flatMap((domain) => domain.folders),
      );
      this.#latest = { base, domains, tenants };
      return this.#latest;
    } catch (error) {
      const message = `TENANTS_DIR ${this.#root} cannot be read: ${messageOf(error)}`;
      throw new BridgeError('upstream_unavailable', message, { cause: error });
    }
  }

  async #domain(domain: string): Promise<DomainFiles> {
    const accounts = await subfolders(path.join(this.#root, domain));
    const layer = await this.#reader.read(path.join(this.#root, domain, 'domain.yaml'));
    const tenants = await Promise.all(accounts.map((accountId) => this.#tenant({ domain, accountId })));
    const folders = accounts.map((accountId) => this.folderOf({ domain, accountId }));
    return { domain, layer, folders, tenants: tenants.filter((tenant) => tenant !== null) };
  }

  /** A folder without a config file is no tenant: one that is saved by RPC may keep its knowledge there. */
  async #tenant(place: Place): Promise<TenantLayer | null> {
    const layer = await this.#reader.read(path.join(this.folderOf(place), 'config.yaml'));
    if (layer === null) return null;
    const tenant = this.#tenantLayers.get(layer) ?? { ...layer, domain: place.domain, folder: place.accountId };
    this.#tenantLayers.set(layer, tenant);
    return tenant;
  }

  async #layers(files: string[]): Promise<ConfigLayer[]> {
    const layers = await Promise.all(files.map((file) => this.#reader.read(file)));
    return layers.filter((layer) => layer !== null);
  }

  #follow(domains: string[], tenantFolders: string[]): void {
    const own = ['_base', ...domains].map((name) => path.join(this.#root, name));
    const knowledge = tenantFolders.map((folder) => path.join(folder, knowledgeFolderName));
    this.#watch.follow(new Set([this.#root, ...own, ...tenantFolders, ...knowledge]));
  }
}

interface DomainFiles {
  domain: string;
  layer: ConfigLayer | null;
  tenants: TenantLayer[];
  folders: string[];
}

function isSame(one: TenantFiles, other: TenantFiles): boolean {
  const parts = (files: TenantFiles): unknown[] => [
    ...files.base,
    0,
    ...[...files.domains].flat(),
    0,
    ...files.tenants,
  ];
  const [before, after] = [parts(one), parts(other)];
  return before.length === after.length && before.every((part, index) => part === after[index]);
}
