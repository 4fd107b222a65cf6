// Whether a point may be found at all. Asked before ranking, so that a filter never leaves fewer hits than there are.
import type { IndexFilter, IndexPoint } from '../../core/ports/search-index.ts';

export function passes(point: IndexPoint, { kinds, atMs, channel, service }: IndexFilter): boolean {
  if (kinds.length > 0 && !kinds.includes(point.ref.kind)) return false;
  if (atMs !== null && !(point.active && atMs >= point.fromMs && atMs < point.toMs)) return false;
  return inScope(point.channels, channel) && inScope(point.services, service);
}

function inScope(scope: readonly string[], asked: string | null): boolean {
  return asked === null || scope.length === 0 || scope.includes(asked);
}
