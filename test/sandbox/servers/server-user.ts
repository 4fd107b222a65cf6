// Who the servers run as. PostgreSQL and Odoo refuse root, so root hands them to a system user of their own that
// owns nothing else; anybody else runs them as oneself.
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isRoot } from './cache-folder.ts';

const SYSTEM_USER = 'ui-sandbox';

/** `switchTo` is set when a child has to change to this user; its numbers are what the kernel takes. */
export interface ServerUser {
  name: string;
  switchTo?: { uid: number; gid: number };
}

/** The user for PostgreSQL and Odoo; creates the system user when root runs this for the first time. */
export function serverUser(): ServerUser {
  if (!isRoot()) return { name: userInfo().username };
  const ids = lookUp() ?? create();
  return { name: SYSTEM_USER, switchTo: ids };
}

/** Creates a folder that only the server's user can enter (mode 0700), or one that all may read (`0o755`). */
export function makeFolderFor(user: ServerUser, folder: string, mode: 0o700 | 0o755 = 0o700): void {
  mkdirSync(folder, { recursive: true, mode });
  if (!user.switchTo) return;
  chownSync(folder, user.switchTo.uid, user.switchTo.gid);
  // A folder above may be closed, as root's home is.
  if (spawnSync('test', ['-x', folder], user.switchTo).status === 0) return;
  throw new Error(
    `user ${user.name} cannot enter ${folder}: set UI_CACHE_DIR or UI_SANDBOX_DIR to a folder outside root's home`,
  );
}

function lookUp(): { uid: number; gid: number } | undefined {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined;
  }
}

function create(): { uid: number; gid: number } {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  execFileSync('useradd', [...flags, '--shell', '/usr/sbin/nologin', SYSTEM_USER], { stdio: 'pipe' });
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, SYSTEM_USER], { stdio: 'pipe', encoding: 'utf8' }));
}
