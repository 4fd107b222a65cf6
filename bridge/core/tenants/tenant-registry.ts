// All tenants, whatever way they came: files of the operator and tenants saved by RPC, which win over a file with the
// same id. Files are composed when they change; stored tenants are compared with the store at every `find`, because a
// notification from another instance can be lost and a turn must never run on an old tenant.
import { BridgeError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { TenantFiles, TenantSource } from '../ports/tenant-source.ts';
import type { StoredTenant, TenantStore } from '../ports/tenant-store.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import { checkFiles, type TenantVerdict } from './check-files.ts';
import type { ComposedTenant, FileFinding } from './compose-tenant.ts';
import { composeStored } from './compose-stored.ts';
import { readyTenant } from './ready-tenant.ts';

interface Known {
  stored: StoredTenant;
  /** The files it was composed over. */
  files: TenantFiles;
  composed: ComposedTenant;
  tenant: Tenant | null;
}

export class LayeredTenantRegistry implements TenantRegistry {
  readonly #source: TenantSource;
  readonly #store: TenantStore;
  readonly #log: Logger;
  readonly #listeners: (() => void)[] = [];
  #files: TenantFiles = { base: [], domains: new Map(), tenants: [] };
  #verdicts: TenantVerdict[] = [];
  #fromFiles = new Map<string, Tenant>();
  readonly #stored = new Map<string, Known>();

  constructor(parts: { source: TenantSource; store: TenantStore; log: Logger }) {
    this.#source = parts.source;
    this.#store = parts.store;
    this.#log = parts.log;
  }

  /**
   * Reads everything once and follows the files from then on. Call before the first `find`. A store that is away is no
   * reason not to start: what is saved there is found as soon as it is back.
   */
  async load(): Promise<void> {
    this.#source.onChange((files) => this.#take(files));
    this.#take(await this.#source.read());
    for (const stored of await this.#listStored()) this.#keep(stored);
  }

  async find(accountId: string): Promise<Tenant | null> {
    const stored = await this.#lookUp(accountId);
    if (stored !== null) return this.#keep(stored).tenant;
    this.#stored.delete(accountId);
    return this.#fromFiles.get(accountId) ?? null;
  }

  async list(): Promise<Tenant[]> {
    const stored = await this.#listStored();
    const ids = new Set(stored.map((tenant) => tenant.accountId));
    for (const accountId of this.#stored.keys()) if (!ids.has(accountId)) this.#stored.delete(accountId);
    const saved = stored.map((tenant) => this.#keep(tenant).tenant);
    const given = [...this.#fromFiles.values()].filter((tenant) => !ids.has(tenant.accountId));
    return [...saved, ...given].filter((tenant) => tenant !== null);
  }

  disabled(): { account_id: string; file: string; path: string; message: string }[] {
    const given = this.#verdicts.filter(({ accountId }) => !this.#stored.has(accountId));
    const saved = [...this.#stored].map(([accountId, { composed }]) => ({ accountId, problems: composed.problems }));
    return [...given, ...saved].flatMap(({ accountId, problems }) => {
      const [first] = problems;
      return first === undefined ? [] : [{ account_id: accountId, ...withCount(first, problems.length - 1) }];
    });
  }

  /** True for every account id in use, also of a tenant that is disabled. */
  async isTaken(accountId: string): Promise<boolean> {
    if (this.#verdicts.some((verdict) => verdict.accountId === accountId)) return true;
    return (await this.#store.get(accountId)) !== null;
  }

  /** What saving this would amount to; nothing is stored. Unknown keys are named with paths of what was given. */
  preview(tenant: Pick<StoredTenant, 'accountId' | 'domain' | 'config'>): ComposedTenant {
    return composeStored(this.#files, tenant);
  }

  /** Domains that have a `domain.yaml`; another name is allowed and inherits from the base alone. */
  domains(): string[] {
    return [...this.#files.domains.keys()].sort();
  }

  /** Calls back after the files changed any tenant; findings are then new as well. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** With the store away, what was known last goes on; an id nobody has seen cannot be told from an unknown one. */
  async #lookUp(accountId: string): Promise<StoredTenant | null> {
    try {
      return await this.#store.get(accountId);
    } catch (error) {
      const known = this.#stored.get(accountId)?.stored;
      if (!(error instanceof BridgeError) || error.code !== 'upstream_unavailable') throw error;
      if (known === undefined && !this.#fromFiles.has(accountId)) throw error;
      return known ?? null;
    }
  }

  async #listStored(): Promise<StoredTenant[]> {
    try {
      return await this.#store.list();
    } catch (error) {
      if (!(error instanceof BridgeError) || error.code !== 'upstream_unavailable') throw error;
      this.#log.warn({ error }, 'saved tenants cannot be read now; the ones known before stay');
      return [...this.#stored.values()].map((known) => known.stored);
    }
  }

  #keep(stored: StoredTenant): Known {
    const known = this.#stored.get(stored.accountId);
    if (known !== undefined && known.files === this.#files && isSame(known.stored, stored)) return known;
    const composed = composeStored(this.#files, stored);
    const { config } = composed;
    const tenant = config === null ? null : readyTenant(config, { ...stored, managedBy: 'rpc' });
    const kept = { stored, files: this.#files, composed, tenant };
    this.#stored.set(stored.accountId, kept);
    if (tenant === null) this.#report(composed.problems, 'a saved tenant is disabled');
    return kept;
  }

  #take(files: TenantFiles): void {
    const before = new Map(this.#verdicts.map((verdict) => [verdict.layer.file, verdict]));
    const tenants = this.#fromFiles;
    this.#files = files;
    this.#verdicts = checkFiles(files, [...before.values()]);
    const changed = this.#verdicts.filter((verdict) => before.get(verdict.layer.file) !== verdict);
    this.#fromFiles = new Map(
      this.#verdicts.flatMap((verdict) => {
        const { accountId, domain, config } = verdict;
        if (config === null) return [];
        const same = changed.includes(verdict) ? undefined : tenants.get(accountId);
        return [[accountId, same ?? readyTenant(config, { accountId, domain, revision: 0, managedBy: 'file' })]];
      }),
    );
    this.#report(
      distinct(changed.flatMap(({ problems }) => problems)),
      'a tenant file is wrong, the tenant is disabled',
    );
    this.#report(
      distinct(changed.flatMap(({ unknownKeys }) => unknownKeys)),
      'a tenant file has an unknown key, left out',
    );
    for (const listener of this.#listeners) listener();
  }

  #report(findings: FileFinding[], message: string): void {
    for (const { file, path, message: problem } of findings) this.#log.warn({ file, path, problem }, message);
  }
}

/** Revisions restart when a tenant is removed and made again, so equal numbers are not enough. */
function isSame(one: StoredTenant, other: StoredTenant): boolean {
  if (one.revision !== other.revision || one.domain !== other.domain) return false;
  return one.config === other.config || JSON.stringify(one.config) === JSON.stringify(other.config);
}

function withCount(finding: FileFinding, more: number): FileFinding {
  return more === 0 ? finding : { ...finding, message: `${finding.message} (and ${more} more in this tenant)` };
}

/** A base file's finding belongs to every tenant above it, but is said once. */
function distinct(findings: FileFinding[]): FileFinding[] {
  return [
    ...new Map(findings.map((finding) => [`${finding.file} ${finding.path} ${finding.message}`, finding])).values(),
  ];
}
