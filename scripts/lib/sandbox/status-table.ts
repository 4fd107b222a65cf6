// The table of `scripts/sandbox status`: every step's server with its address, whether it runs, and how to get in.
import { isAlive } from '../../../test/sandbox/servers/process-identity.ts';
import type { ServerRecord } from './state.ts';

/** One line per name, columns aligned. */
export function statusTable(names: string[], servers: ServerRecord[]): string {
  const rows = names.map((name) => {
    const server = servers.find((candidate) => candidate.name === name);
    if (!server) return [name, 'stopped', '', ''];
    return [name, isAlive(server.process) ? 'running' : 'ended', server.address, server.login ?? ''];
  });
  const table = [['name', 'state', 'address', 'login'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
