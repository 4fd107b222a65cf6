// A tenant's effective configuration from its layers: base ← domain ← own. Every finding names the file it is in, since
// the person who must mend it may have written only one of them.
import type { ConfigLayer } from '../ports/tenant-source.ts';
import type { TenantConfig } from '../tenant.ts';
import { modernForm, type ModernLayer } from './earlier-forms.ts';
import { dotted, type FieldPath, type FoundIssue } from './field-problems.ts';
import { isMap, mergeLayers, own } from './merge-layers.ts';
import { parseTenant } from './parse-tenant.ts';

/** Something about one place of one file. */
export interface FileFinding {
  file: string;
  /** Dotted path inside the file, '' for the whole file. */
  path: string;
  message: string;
}

export interface ComposedTenant {
  /** Null when there are problems. */
  config: TenantConfig | null;
  problems: FileFinding[];
  /** Unknown keys: left out of `config`. */
  unknownKeys: FileFinding[];
}

/** @param layers lowest first; the last one is the tenant's own. */
export function composeTenant(layers: readonly ConfigLayer[]): ComposedTenant {
  const unreadable = layers.flatMap(({ file, content, problem }) => {
    if (problem !== null) return [{ file, ...problem }];
    return isMap(content) || content === null ? [] : [{ file, path: '', message: 'must be a map of keys and values' }];
  });
  if (unreadable.length > 0) return { config: null, problems: unreadable, unknownKeys: [] };
  const modern = layers.map((layer) => modernForm(layer.content));
  const parsed = parseTenant(withoutUnusedLink(mergeLayers(modern.map((layer) => layer.content))));
  const locate = (issue: FoundIssue): FileFinding => ({ file: fileOf(layers, modern, issue.path), ...said(issue) });
  const inLayers = (kind: 'unknown' | 'wrong') =>
    modern.flatMap((layer, index) => layer[kind].map((issue) => ({ file: layers[index]?.file ?? '', ...said(issue) })));
  const problems = [...inLayers('wrong'), ...parsed.wrong.map(locate)];
  const unknownKeys = [...inLayers('unknown'), ...parsed.unknown.map(locate)];
  return { config: problems.length > 0 ? null : parsed.config, problems, unknownKeys };
}

/** `api: none` in a higher layer switches off a link described below it; its other keys then mean nothing. */
function withoutUnusedLink(merged: unknown): unknown {
  const integrations = isMap(merged) ? own(merged, 'integrations') : undefined;
  const odoo = isMap(integrations) ? own(integrations, 'odoo') : undefined;
  if (!isMap(merged) || !isMap(integrations) || !isMap(odoo) || odoo['api'] !== 'none') return merged;
  return { ...merged, integrations: { ...integrations, odoo: { api: 'none' } } };
}

/** The highest layer that says something about this path; what no layer says is missing in the tenant's own. */
function fileOf(layers: readonly ConfigLayer[], modern: readonly ModernLayer[], path: FieldPath): string {
  for (let length = path.length; length > 0; length -= 1) {
    const index = modern.findLastIndex((layer) => says(layer.content, path.slice(0, length)));
    if (index >= 0) return layers[index]?.file ?? '';
  }
  return layers.at(-1)?.file ?? '';
}

function says(content: unknown, path: FieldPath): boolean {
  let value = content;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Record<string, unknown>)[String(step)];
  }
  return true;
}

function said(issue: FoundIssue): { path: string; message: string } {
  return { path: dotted(issue.path), message: issue.message };
}
