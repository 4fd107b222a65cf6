// `scripts/tenant new`: a configuration file that works at once and explains what can be added, and a first rule.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { domainNames } from '../../../bridge/core/tenant.ts';
import { CommandError } from '../run-command.ts';
import { readTenants } from './read-tenants.ts';
import { configTemplate, knowledgeTemplate } from './tenant-template.ts';

export interface NewTenantOrder {
  root: string;
  domain: string | undefined;
  accountId: string | undefined;
  name: string | undefined;
}

export async function newTenant({ root, domain, accountId, name }: NewTenantOrder): Promise<void> {
  if (domain === undefined || accountId === undefined || name === undefined || name.trim() === '') {
    throw new CommandError('usage: scripts/tenant new <domain> <account_id> --name NAME', 2);
  }
  for (const word of [domain, accountId]) {
    if (!domainNames.test(word)) {
      throw new CommandError(`${word}: use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit`);
    }
  }
  const { files, verdicts } = await readTenants(root);
  const folder = path.join(root, domain, accountId);
  const rival = verdicts.find((verdict) => verdict.accountId === accountId);
  if (rival !== undefined) throw new CommandError(`${accountId} exists already: ${path.join(root, rival.layer.file)}`);
  if (existsSync(path.join(folder, 'config.yaml'))) throw new CommandError(`${folder} exists already`);
  write(path.join(folder, 'config.yaml'), configTemplate({ accountId, name: name.trim() }));
  write(path.join(folder, 'knowledge', 'rules.yaml'), knowledgeTemplate);
  if (!files.domains.has(domain)) {
    const known = [...files.domains.keys()].sort().join(', ');
    console.error(`note: there is no ${domain}/domain.yaml, so only _base is inherited (domains: ${known})`);
  }
  console.error(`next: fill it in, then scripts/tenant check ${accountId}`);
}

/** Never over something that is there. */
function write(file: string, text: string): void {
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
  console.log(file);
}
