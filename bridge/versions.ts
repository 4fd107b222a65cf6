// What this bridge is, for those who have to fit to it.
import { readFileSync } from 'node:fs';

/** Version of what addon and bridge say to each other. */
export const protocol = 1;

/** The oldest addon this bridge talks to, in Odoo's form. */
export const minAddon = '19.0.1.0.0';

export const bridgeVersion = readVersion();

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
