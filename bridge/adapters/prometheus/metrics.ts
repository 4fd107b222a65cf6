// The Metrics port on prom-client with its own registry. Names and labels are made when first used; a metric must never
// fail a turn, so labels that were not there the first time are dropped instead of thrown about.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../core/ports/metrics.ts';

const prefix = 'ui_';
/** Seconds: from a webhook's acknowledgement (a millisecond) to a turn with slow model calls. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Labels = Record<string, string>;
interface Known<T> {
  metric: T;
  labelNames: string[];
}

export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Known<Counter>>();
  readonly #histograms = new Map<string, Known<Histogram>>();

  constructor(options: { processMetrics?: boolean } = {}) {
    if (options.processMetrics !== false) collectDefaultMetrics({ register: this.#registry, prefix });
  }

  /** Appears as `ui_<name>_total`. */
  count(name: string, labels: Labels = {}, by = 1): void {
    const known = this.#known(this.#counters, `${plain(name)}_total`, labels, (settings) => new Counter(settings));
    if (by >= 0) known.metric.inc(fitting(known, labels), by);
  }

  /** Appears as `ui_<name>_seconds`. */
  time(name: string, ms: number, labels: Labels = {}): void {
    const make = (settings: MetricSettings) => new Histogram({ ...settings, buckets });
    const known = this.#known(this.#histograms, `${plain(name)}_seconds`, labels, make);
    if (Number.isFinite(ms)) known.metric.observe(fitting(known, labels), ms / 1000);
  }

  /** A number that is read when somebody looks (queue depth, tenants loaded). A failing reading leaves the metric out. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const collect = async function (this: Gauge): Promise<void> {
      this.reset();
      try {
        this.set(await read());
      } catch {
        this.remove();
      }
    };
    new Gauge({ name: `${prefix}${plain(name)}`, help, registers: [this.#registry], collect });
  }

  /** The text for `GET /metrics` and its content type. */
  async render(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #known<T>(
    kept: Map<string, Known<T>>,
    name: string,
    labels: Labels,
    make: (settings: MetricSettings) => T,
  ): Known<T> {
    const before = kept.get(name);
    if (before !== undefined) return before;
    const labelNames = Object.keys(labels);
    const help = name.replaceAll('_', ' ');
    const known = {
      labelNames,
      metric: make({ name: `${prefix}${name}`, help, labelNames, registers: [this.#registry] }),
    };
    kept.set(name, known);
    return known;
  }
}

interface MetricSettings {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}

function fitting({ labelNames }: { labelNames: string[] }, labels: Labels): Labels {
  return Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? '']));
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
