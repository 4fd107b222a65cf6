// Chatwoot's deliveries at a set rate, or as many as the server takes. At a rate the time counts from the instant a delivery
// was due, so a server that stalls is not excused from what would have come meanwhile.
import { answerParent } from '../child.ts';
import type { BenchTenant } from '../bench-tenants.ts';
import { DeliveryMoulds } from './delivery-mould.ts';
import { HttpLane } from './http-lane.ts';

export interface Load {
  port: number;
  seconds: number;
  /** Null: as many as it takes. */
  perSecond: number | null;
  lanes: number;
}

export interface Loaded {
  /** Milliseconds of each answered delivery. */
  times: number[];
  /** Answers other than 200. */
  refused: number;
  perSecond: number;
}

let moulds: DeliveryMoulds | null = null;

answerParent({
  prepare: async (tenants: BenchTenant[]) => {
    moulds = await DeliveryMoulds.make(tenants);
  },
  run: async (load: Load): Promise<Loaded> => {
    const lanes = await Promise.all(Array.from({ length: load.lanes }, () => HttpLane.open(load.port)));
    const result = load.perSecond === null ? await flatOut(lanes, load) : await atRate(lanes, load, load.perSecond);
    for (const lane of lanes) lane.close();
    return result;
  },
});

function next(): Buffer {
  if (moulds === null) throw new Error('not prepared');
  return moulds.next();
}

async function flatOut(lanes: HttpLane[], { seconds }: Load): Promise<Loaded> {
  const times: number[] = [];
  let refused = 0;
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1_000;
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() < endMs) {
        const sentMs = performance.now();
        const status = await lane.send(next());
        times.push(performance.now() - sentMs);
        if (status !== 200) refused += 1;
        if (status === 0) return;
      }
    }),
  );
  return { times, refused, perSecond: times.length / ((performance.now() - startedMs) / 1_000) };
}

async function atRate(lanes: HttpLane[], { seconds }: Load, perSecond: number): Promise<Loaded> {
  const times: number[] = [];
  let refused = 0;
  const startedMs = performance.now();
  const waiting: number[] = [];
  const open: Promise<void>[] = [];
  const sendWaiting = (): void => {
    for (const lane of lanes) {
      if (waiting.length === 0) return;
      if (lane.isFree) open.push(send(lane, waiting.shift() ?? 0));
    }
  };
  const send = async (lane: HttpLane, dueMs: number): Promise<void> => {
    const status = await lane.send(next());
    times.push(performance.now() - dueMs);
    if (status !== 200) refused += 1;
    sendWaiting();
  };
  const total = Math.round(seconds * perSecond);
  for (let due = 0; due < total;) {
    for (; due < total && startedMs + (due * 1_000) / perSecond <= performance.now(); due++) {
      waiting.push(startedMs + (due * 1_000) / perSecond);
    }
    sendWaiting();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (times.length < total) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all(open);
  return { times, refused, perSecond: total / ((performance.now() - startedMs) / 1_000) };
}
