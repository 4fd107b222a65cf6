// Waits on conditions, never on time: the condition is looked at again whenever something in the sandbox changes.
import type { EventEmitter } from 'node:events';

/** @throws Error naming what was waited for, after `timeoutMs` */
export function waitUntil<T>(
  bus: EventEmitter,
  what: string,
  look: () => T | null | undefined | false,
  timeoutMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const found = look();
      if (found === null || found === undefined || found === false) return;
      finish();
      resolve(found);
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`waited ${timeoutMs} ms in vain for ${what}`));
    }, timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      bus.off('change', check);
    };
    bus.on('change', check);
    check();
  });
}
