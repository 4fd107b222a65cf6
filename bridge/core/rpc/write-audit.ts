// One audit entry for each call that changed something. The change is done when this runs: an audit log that is away is
// an operator's alarm, not a reason to tell the caller that his change failed.
import type { AuditEntry, AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import { actorOf } from './caller.ts';
import { toText } from './instant.ts';
import type { CallContext } from './method.ts';

export async function writeAudit(
  deps: { audit: AuditLog; clock: Clock },
  context: CallContext,
  accountId: string,
  action: string,
  detail: AuditEntry['detail'],
): Promise<void> {
  const at = toText(deps.clock.now());
  const entry = { at, account_id: accountId, actor: actorOf(context.caller), action, detail };
  await deps.audit.add(entry).catch((error: unknown) => {
    context.logger.error({ err: error, audit: entry }, 'audit.lost');
  });
}
