// Row 1: how soon a delivery is acknowledged, and how many a second, beside the least any server on this machine could do.
import { BenchInstallation } from '../bench-installation.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { round, spreadOf } from '../figures.ts';
import type { Load, Loaded } from '../processes/load.ts';
import type { BareOptions } from '../processes/bare-server.ts';
import { atLeast, atMost, reported } from '../row.ts';
import type { Figure, Row, RowOptions } from '../row.ts';

const perSecond = 300;
const tenants = 10;
const rateLanes = 64;
const peakLanes = 256;

type Server = 'bare' | 'bridge' | 'bull';

export const webhookAck: Row = {
  number: 1,
  title: `Webhook acknowledgement, Redis mode, ${perSecond}/s`,
  run: async (options) => {
    const installation = await BenchInstallation.start({
      mode: 'redis',
      tenants,
      model: null,
      environment: { ROLES: 'http' },
    });
    const children = [startChild('load'), startChild('bare-server'), startChild('bare-server')] as const;
    try {
      return { figures: await measure(installation, children, options), method: methodOf(options) };
    } finally {
      await Promise.all([...children.map((child) => child.stop()), installation.stop()]);
    }
  },
};

async function measure(
  installation: BenchInstallation,
  [load, list, bull]: readonly [Child, Child, Child],
  { quick }: RowOptions,
): Promise<Figure[]> {
  const secrets = Object.fromEntries(installation.tenants.map(({ accountId, secret }) => [accountId, secret]));
  const redisUrl = installation.redis?.url ?? '';
  const start = (child: Child, into: BareOptions['into']) =>
    child.ask<number>('start', { redisUrl, secrets, into } satisfies BareOptions);
  const ports: Record<Server, number> = {
    bare: await start(list, 'list'),
    bull: await start(bull, 'bull'),
    bridge: Number(new URL(installation.bridge.url).port),
  };
  await load.ask('prepare', installation.tenants);
  const run = async (server: Server, given: Omit<Load, 'port'>): Promise<Loaded> => {
    const loaded = await load.ask<Loaded>('run', { port: ports[server], ...given } satisfies Load);
    if (loaded.refused > 0) throw new Error(`${server} refused ${loaded.refused} of ${loaded.times.length}`);
    return loaded;
  };
  for (const server of ['bare', 'bridge', 'bull'] as const) {
    await run(server, { seconds: 2, perSecond: null, lanes: peakLanes });
  }
  return [...(await atRate(run, quick)), ...(await peak(run, quick))];
}

type Run = (server: Server, given: Omit<Load, 'port'>) => Promise<Loaded>;

/** In turns, so that whatever else this machine does meets all of them. */
async function atRate(run: Run, quick: boolean): Promise<Figure[]> {
  const times: Record<'bare' | 'bridge', number[]> = { bare: [], bridge: [] };
  const slices = quick ? 1 : 6;
  for (let slice = 0; slice < slices; slice++) {
    for (const server of ['bare', 'bridge'] as const) {
      times[server].push(...(await run(server, { seconds: quick ? 3 : 10, perSecond, lanes: rateLanes })).times);
    }
  }
  const [bare, bridge] = [spreadOf(times.bare), spreadOf(times.bridge)];
  return [
    atMost('bridge p99', bridge.p99, 'ms', 25),
    atMost('bridge p99 / bare p99', round(bridge.p99 / bare.p99), '×', 2),
    reported('bridge p50', bridge.p50, 'ms'),
    reported('bare node:http + Redis list: p50', bare.p50, 'ms'),
    reported('bare node:http + Redis list: p99', bare.p99, 'ms'),
    reported('worst, bridge', bridge.max, 'ms'),
    reported('worst, bare', bare.max, 'ms'),
  ];
}

async function peak(run: Run, quick: boolean): Promise<Figure[]> {
  const best: Record<Server, number[]> = { bare: [], bridge: [], bull: [] };
  for (let round_ = 0; round_ < (quick ? 1 : 3); round_++) {
    for (const server of ['bare', 'bridge', 'bull'] as const) {
      best[server].push((await run(server, { seconds: quick ? 2 : 5, perSecond: null, lanes: peakLanes })).perSecond);
    }
  }
  const middle = (values: number[]) => spreadOf(values).p50;
  const [bare, bridge, bull] = [middle(best.bare), middle(best.bridge), middle(best.bull)];
  return [
    atLeast('peak: bridge / bare', round(bridge / bare), '×', 0.5),
    reported('peak: bridge', round(bridge), '/s'),
    reported('peak: bare node:http + Redis list', round(bare), '/s'),
    reported('peak: bare node:http + bull', round(bull), '/s'),
  ];
}

function methodOf({ quick }: RowOptions): string {
  return (
    `An instance with ROLES=http, ${tenants} tenants, Redis with appendfsync always, signed bodies of 2.4 kB in ${rateLanes} kept-alive ` +
    `connections; bare server and bridge in turns on the same Redis, ${quick ? '3' : '6 × 10'} s each at ${perSecond}/s, times counted from the ` +
    `instant a delivery was due. Peak: ${peakLanes} connections, each sends as soon as it is answered, the middle of ${quick ? 1 : 3} runs.`
  );
}
