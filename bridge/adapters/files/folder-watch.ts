// Notices changes in a set of folders. The system's notifications make it quick, a slow poll makes it certain: network
// drives, containers and exhausted watch limits lose notifications. One watcher per folder, because recursive watching
// differs between systems.
import { watch, type FSWatcher } from 'node:fs';

const settleMs = 150;

export class FolderWatch {
  readonly #pollMs: number;
  readonly #look: (changed: ReadonlySet<string>) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #folders: ReadonlySet<string> = new Set();
  #changed = new Set<string>();
  #poll: NodeJS.Timeout | null = null;
  #settle: NodeJS.Timeout | null = null;

  /** @param look called with the folders that reported a change, none when it is the poll's turn */
  constructor(pollMs: number, look: (changed: ReadonlySet<string>) => void) {
    this.#pollMs = pollMs;
    this.#look = look;
  }

  start(): void {
    if (this.#poll !== null) return;
    this.#poll = setInterval(() => this.#look(new Set()), this.#pollMs).unref();
    this.follow(this.#folders);
  }

  /** Watches exactly these folders from now on; before `start` they are only remembered. */
  follow(folders: ReadonlySet<string>): void {
    this.#folders = folders;
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#forget(folder);
    if (this.#poll === null) return;
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchOne(folder);
  }

  close(): void {
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#poll = null;
    this.follow(new Set());
  }

  #watchOne(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#noteChange(folder));
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // No such folder, or no watch left: the poll sees its changes.
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  /** Editors and copies change several files at once: one look when they are quiet. */
  #noteChange(folder: string): void {
    this.#changed.add(folder);
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#look(changed);
    }, settleMs).unref();
  }
}
