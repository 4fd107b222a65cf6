// What a turn ends with before it is sent.
import type { EvidenceSearch } from './knowledge/evidence.ts';

/** Which step of the ladder gave the answer, cheapest first. */
export const rungs = ['cached', 'deterministic', 'grounded', 'model', 'person'] as const;
export type Rung = (typeof rungs)[number];

/** Why a conversation goes to people. A closed list: reports count by it. */
export const handoffReasons = [
  'customer_asked',
  'customer_accepted',
  'model_misbehaved',
  'run_limit',
  'guard_blocked',
  'send_undecided',
  'turn_failed',
  'media_unread',
  'complaint',
  'sensitive',
  'out_of_scope',
  /** Nobody of the team answered in the time the tenant set. */
  'nobody_came',
] as const;
export type HandoffReason = (typeof handoffReasons)[number];

export interface Source {
  kind: string;
  id: string;
  title: string;
}

export interface Handoff {
  reason: HandoffReason;
  /** For people only; goes out as a private note. */
  note: string;
}

export interface Answer {
  text: string;
  rung: Rung;
  sources: Source[];
  handoff: Handoff | null;
  /** The text offers a person: a "yes" next is a request for one. */
  offersPerson: boolean;
  /** What the customer may press instead of writing; the text asks for it, so that nothing is lost without buttons. */
  choices?: string[];
  /** Said after the text, once, with the last part of the reply. */
  closing?: string;
  /** The searches it was given from, when there was nothing else: it may be given again while they find the same. */
  searches?: EvidenceSearch[];
}
