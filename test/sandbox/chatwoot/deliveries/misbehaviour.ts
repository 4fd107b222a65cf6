// Deliveries gone wrong on demand: twice, published again under a new id, late, out of order, never. A rule matches by surface,
// event and account, and serves `count` deliveries.
import type { Delivery, Surface } from './delivery.ts';

export interface MisbehaviourRule {
  action: 'duplicate' | 'republish' | 'delay' | 'drop' | 'reorder';
  surface?: Surface | undefined;
  event?: string | undefined;
  account?: number | undefined;
  /** Deliveries this rule serves before it ends. Default 1. */
  count?: number | undefined;
  /** Copies for duplicate and republish (default 1). */
  times?: number | undefined;
  /** Milliseconds for delay, and the longest wait of reorder (default 1000). */
  ms?: number | undefined;
  /** Deliveries collected and released in reverse by reorder (default 2). */
  size?: number | undefined;
}

interface LiveRule extends MisbehaviourRule {
  left: number;
}

export class Misbehaviour {
  private rules: LiveRule[] = [];

  add(rule: MisbehaviourRule): void {
    const count = rule.action === 'reorder' ? (rule.size ?? 2) : (rule.count ?? 1);
    this.rules.push({ ...rule, left: count });
  }

  clear(): void {
    this.rules = [];
  }

  /** Takes one use of the first rule that fits. */
  take(delivery: Delivery): MisbehaviourRule | null {
    const rule = this.rules.find((candidate) => fits(candidate, delivery));
    if (rule === undefined) return null;
    rule.left -= 1;
    if (rule.left <= 0) this.rules = this.rules.filter((other) => other !== rule);
    return rule;
  }
}

function fits(rule: LiveRule, delivery: Delivery): boolean {
  return (
    (rule.surface === undefined || rule.surface === delivery.surface) &&
    (rule.event === undefined || rule.event === delivery.event) &&
    (rule.account === undefined || rule.account === delivery.accountId)
  );
}
