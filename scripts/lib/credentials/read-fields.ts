// The fields of a credential: asked for one by one without echo when somebody sits there, else read from standard input.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { credentialKinds } from '../../../bridge/core/rpc/credential-kinds.ts';
import { CommandError } from '../run-command.ts';

type Fields = Record<string, unknown>;

const fieldsByKind: Record<(typeof credentialKinds)[number], string[]> = {
  chatwoot: ['bot_token', 'user_token', 'webhook_secrets', 'url_token'],
  odoo: ['login', 'api_key', 'password'],
  model: ['api_key', 'base_url', 'model', 'embedding_model'],
  mcp: ['headers'],
};

/** @param kind names the fields to ask for; null = all kinds' */
export async function readFields(kind: string | null): Promise<Fields> {
  const fields = process.stdin.isTTY ? await askFields(kind) : parseFields(await text(process.stdin));
  if (Object.keys(fields).length === 0) throw new CommandError('no field was given, nothing is saved');
  return fields;
}

/** A JSON object, or lines `name=value`; a list is a name given several times. */
export function parseFields(given: string): Fields {
  if (given.trim().startsWith('{')) return parseJson(given);
  const fields = new Map<string, string[]>();
  for (const line of given.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals < 1) throw new CommandError('standard input must hold a JSON object or lines name=value');
    const name = line.slice(0, equals).trim();
    fields.set(name, [...(fields.get(name) ?? []), line.slice(equals + 1).trim()]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, shaped(name, values)]));
}

function parseJson(given: string): Fields {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(given));
  } catch {
    // The parser's own message would repeat part of a secret.
    throw new CommandError('standard input starts like JSON and is none');
  }
}

function shaped(name: string, values: string[]): unknown {
  if (name === 'webhook_secrets') return values;
  if (name === 'headers') return Object.fromEntries(values.map((value) => splitHeader(value)));
  return values.at(-1) ?? '';
}

function splitHeader(value: string): [string, string] {
  const colon = value.indexOf(':');
  if (colon < 1) throw new CommandError('a header is given as headers=Name: value');
  return [value.slice(0, colon).trim(), value.slice(colon + 1).trim()];
}

async function askFields(kind: string | null): Promise<Fields> {
  const chosen = credentialKinds.find((each) => each === kind) ?? null;
  if (chosen === null) throw new CommandError(`give --kind: one of ${credentialKinds.join(', ')}`, 2);
  console.error('Type each value (it is not shown); an empty one leaves the field out. Several: separated by spaces.');
  const lines: string[] = [];
  for (const name of fieldsByKind[chosen]) {
    const answer = await askHidden(`${name}: `);
    const values = name === 'webhook_secrets' ? answer.split(/\s+/) : [answer];
    lines.push(...values.filter((value) => value !== '').map((value) => `${name}=${value}`));
  }
  return parseFields(lines.join('\n'));
}

function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.on('SIGINT', () => {
      terminal.close();
      reject(new CommandError('stopped, nothing is saved', 130));
    });
    terminal.question('', (answer) => {
      terminal.close();
      process.stderr.write('\n');
      resolve(answer.trim());
    });
  });
}
