// `scripts/tenant check`: every finding of tenant and knowledge files in one line each, `file: path: what`. Stricter than
// the start of the bridge: an unknown key is an error here, because here somebody looks.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { KnowledgeFiles } from '../../../bridge/adapters/files/knowledge-files.ts';
import { credentialRefs } from '../../../bridge/core/rpc/tenant-warnings.ts';
import type { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { TenantVerdict } from '../../../bridge/core/tenants/check-files.ts';
import type { FileFinding } from '../../../bridge/core/tenants/compose-tenant.ts';
import { CommandError } from '../run-command.ts';
import { readTenants, type TenantsRead } from './read-tenants.ts';

interface Findings {
  errors: FileFinding[];
  warnings: FileFinding[];
}

/** @param wanted account ids or files; none = all */
export async function checkTenants({ root, wanted }: { root: string; wanted: string[] }): Promise<void> {
  const read = await readTenants(root);
  const chosen = wanted.length === 0 ? read.verdicts : wanted.flatMap((one) => chosenBy(one, root, read));
  if (chosen.length === 0) throw new CommandError(`there is no tenant in ${root}`);
  const found = await Promise.all(chosen.map((verdict) => findings(verdict, root, read)));
  const errors = distinct(found.flatMap((each) => each.errors));
  const warnings = distinct(found.flatMap((each) => each.warnings));
  for (const finding of errors) console.log(`error    ${line(finding)}`);
  for (const finding of warnings) console.log(`warning  ${line(finding)}`);
  console.log(
    `${counted(chosen.length, 'tenant')}, ${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}`,
  );
  if (errors.length > 0) process.exitCode = 1;
}

function chosenBy(wanted: string, root: string, { verdicts }: TenantsRead): TenantVerdict[] {
  const file = path.relative(realpath(root), realpath(wanted)).split(path.sep).join('/');
  const chosen = verdicts.filter(({ accountId, layer }) => accountId === wanted || isBelow(layer.file, file));
  if (chosen.length === 0) throw new CommandError(`no tenant in ${root} has the account id or file ${wanted}`);
  return chosen;
}

/** A tenant's file is meant by itself, its folder, its knowledge files, its domain's file or folder. */
function isBelow(tenantFile: string, given: string): boolean {
  const folder = path.posix.dirname(tenantFile);
  const domain = path.posix.dirname(folder);
  return (
    given === tenantFile ||
    given === folder ||
    given.startsWith(`${folder}/`) ||
    given === domain ||
    given === `${domain}/domain.yaml`
  );
}

async function findings(verdict: TenantVerdict, root: string, { files }: TenantsRead): Promise<Findings> {
  const knowledge = await new KnowledgeFiles(path.join(root, verdict.domain, verdict.accountId)).read();
  return {
    errors: [...verdict.problems, ...verdict.unknownKeys, ...knowledge.problems],
    warnings: [
      ...(files.domains.has(verdict.domain) ? [] : [noDomain(verdict)]),
      ...(verdict.config === null ? [] : missing(verdict.layer.file, verdict.config)),
    ],
  };
}

function noDomain({ domain, layer }: TenantVerdict): FileFinding {
  return { file: layer.file, path: '', message: `the domain ${domain} has no domain.yaml: only _base is inherited` };
}

/** What is not wrong in the file and still keeps something from working. */
function missing(file: string, config: TenantConfig): FileFinding[] {
  const { chatwoot, odoo } = config.integrations;
  const needs = [
    ...(chatwoot !== undefined && chatwoot.credential_ref === undefined
      ? ['integrations.chatwoot.credential_ref']
      : []),
    ...(odoo.api !== 'none' && odoo.credential_ref === undefined ? ['integrations.odoo.credential_ref'] : []),
  ];
  const silent = chatwoot !== undefined && chatwoot.inboxes.length === 0;
  return [
    ...needs.map((place) => ({
      file,
      path: place,
      message: 'is missing: without a credential this integration cannot work',
    })),
    ...credentialRefs(config).map(({ path: place, ref }) => ({
      file,
      path: place,
      message: `${ref} must be saved in the bridge: scripts/credentials set ${config.account_id} ${ref}`,
    })),
    ...(silent
      ? [{ file, path: 'integrations.chatwoot.inboxes', message: 'is empty: no conversation is answered' }]
      : []),
  ];
}

function line({ file, path: place, message }: FileFinding): string {
  return place === '' ? `${file}: ${message}` : `${file}: ${place}: ${message}`;
}

function distinct(found: FileFinding[]): FileFinding[] {
  return [...new Map(found.map((finding) => [line(finding), finding])).values()];
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function realpath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
