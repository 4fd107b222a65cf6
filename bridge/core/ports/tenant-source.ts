// Tenants that people give as files.
import type { FieldProblem } from '../errors.ts';

/** One configuration file as it was read: its content before any check, or why it cannot be read. */
export interface ConfigLayer {
  /** The file as people name it, relative to the tenants folder. */
  readonly file: string;
  readonly content: unknown;
  /** Not readable or not YAML; the content is then null. */
  readonly problem: FieldProblem | null;
}

export interface TenantLayer extends ConfigLayer {
  readonly domain: string;
  /** The folder's name, which must be the account id. */
  readonly folder: string;
}

export interface TenantFiles {
  /** Lowest first. */
  readonly base: readonly ConfigLayer[];
  /** By domain name. */
  readonly domains: ReadonlyMap<string, ConfigLayer>;
  readonly tenants: readonly TenantLayer[];
}

/**
 * Tenants that people give as files; never written by us. A file that did not change keeps its layer object from one
 * read to the next, so that readers work only on what changed. A wrong file is a layer with a problem, never a rejection.
 */
export interface TenantSource {
  read(): Promise<TenantFiles>;
  /** Calls back after files changed, with all of them. */
  onChange(listener: (files: TenantFiles) => void): void;
}
