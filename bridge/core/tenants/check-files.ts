// Tenants given as files → what each one amounts to: ready or disabled, with every finding. One wrong file disables the
// tenants it stands under and no other. `scripts/tenant check` and the registry read the same verdicts.
import type { ConfigLayer, TenantFiles, TenantLayer } from '../ports/tenant-source.ts';
import { composeTenant, type ComposedTenant, type FileFinding } from './compose-tenant.ts';

export interface TenantVerdict extends ComposedTenant {
  /** The folder's name: right even when the file cannot be read. */
  accountId: string;
  domain: string;
  layer: TenantLayer;
  /** What `config` was made from, to see whether it must be made again. */
  inputs: readonly ConfigLayer[];
}

/** @param before verdicts of an earlier reading: kept for tenants none of whose layers changed. */
export function checkFiles(files: TenantFiles, before: readonly TenantVerdict[] = []): TenantVerdict[] {
  const known = new Map(before.map((verdict) => [verdict.layer.file, verdict]));
  const twice = sameIds(files.tenants);
  return files.tenants.map((layer) => {
    const rivals = twice.get(layer.folder) ?? [];
    const inputs = [...layersUnder(files, layer.domain), layer];
    const earlier = known.get(layer.file);
    if (rivals.length === 0 && earlier !== undefined && sameItems(earlier.inputs, inputs)) return earlier;
    const composed = composeTenant(inputs);
    const problems = [...composed.problems, ...placeProblems(layer, composed), ...rivalProblems(layer, rivals)];
    const config =
      problems.length > 0 || composed.config === null ? null : { ...composed.config, domain: layer.domain };
    // A verdict about a rival is not reusable: the other file may go without this one changing.
    const reusable = rivals.length === 0 ? inputs : [];
    return { ...composed, config, problems, accountId: layer.folder, domain: layer.domain, layer, inputs: reusable };
  });
}

/** The layers a tenant of this domain inherits, lowest first. */
export function layersUnder(files: TenantFiles, domain: string): ConfigLayer[] {
  const domainLayer = files.domains.get(domain);
  return domainLayer === undefined ? [...files.base] : [...files.base, domainLayer];
}

/** A file's place says who it is; a file that says otherwise was copied and not finished. */
function placeProblems(layer: TenantLayer, { config }: ComposedTenant): FileFinding[] {
  if (config === null) return [];
  const { file } = layer;
  const id = `is ${config.account_id}, but the folder is ${layer.folder}: make them equal`;
  const domain = `is ${config.domain ?? ''}, but the file is in the folder ${layer.domain}: move it or leave domain out`;
  return [
    ...(config.account_id === layer.folder ? [] : [{ file, path: 'account_id', message: id }]),
    ...(config.domain === undefined || config.domain === layer.domain
      ? []
      : [{ file, path: 'domain', message: domain }]),
  ];
}

/** Nobody can tell which of two is meant, so neither is served. */
function rivalProblems(layer: TenantLayer, rivals: TenantLayer[]): FileFinding[] {
  return rivals
    .filter((rival) => rival.file !== layer.file)
    .map((rival) => ({
      file: layer.file,
      path: 'account_id',
      message: `${layer.folder} is also the account of ${rival.file}; both are disabled until one is renamed or removed`,
    }));
}

function sameIds(tenants: readonly TenantLayer[]): Map<string, TenantLayer[]> {
  const byId = new Map<string, TenantLayer[]>();
  for (const layer of tenants) byId.set(layer.folder, [...(byId.get(layer.folder) ?? []), layer]);
  return new Map([...byId].filter(([, layers]) => layers.length > 1));
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
