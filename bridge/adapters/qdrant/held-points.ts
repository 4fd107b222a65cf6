// What a page of points says about which documents the index holds. A point whose id is not the one its document would
// have was not written by this adapter: it is given a reference no document has, so that it counts as foreign, and its real
// id is remembered, so that removing the reference removes the point.
import type { DocumentRef } from '../../core/knowledge/document.ts';
import { pointId, toRef } from './points.ts';

type PointId = string | number;

export class HeldPoints {
  readonly #strays = new Map<string, PointId>();

  refOf(accountId: string, { id, payload }: { id: PointId; payload?: unknown }): DocumentRef {
    const ref = toRef(payload);
    if (ref && id === pointId(accountId, ref)) return ref;
    const stray: DocumentRef = { kind: ref?.kind ?? 'document', id: `point ${id}` };
    this.#strays.set(keyOf(accountId, stray), id);
    return stray;
  }

  /** Only ids this tenant's own points were seen under, besides the one that the reference itself gives. */
  idsOf(accountId: string, ref: DocumentRef): PointId[] {
    const key = keyOf(accountId, ref);
    const stray = this.#strays.get(key);
    this.#strays.delete(key);
    return [pointId(accountId, ref), ...(stray === undefined ? [] : [stray])];
  }
}

function keyOf(accountId: string, { kind, id }: DocumentRef): string {
  return JSON.stringify([accountId, kind, id]);
}
