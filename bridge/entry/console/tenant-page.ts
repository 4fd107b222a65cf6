// What a tenant's turns did and why: service, confidence and reason, rung, sources, tools, timings.
import type { TurnTrace } from '../../core/ports/turn-traces.ts';
import type { Tenant } from '../../core/tenant.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';
import type { Words } from './words.ts';

export interface TenantView {
  tenant: Tenant;
  conversationId: number | null;
  /** Newest first. */
  turns: TurnTrace[];
}

export function tenantPage(words: Words, { tenant, conversationId, turns }: TenantView): string {
  const { config, accountId, domain } = tenant;
  const content = html`<div class="heading">
      <h1>${config.name}</h1>
      <code>${accountId}</code>
      <span class="hint">${domain}</span>
    </div>
    <section>
      <h2>${words.turns}</h2>
      <p class="hint">${words.turnsHint}</p>
      <form class="filter" method="get">
        <label for="conversation">${words.conversation}</label>
        <input
          id="conversation"
          name="conversation_id"
          type="number"
          min="1"
          value="${conversationId}"
          placeholder="${words.allConversations}"
        />
        <button>${words.show}</button>
      </form>
      ${turns.length === 0 ? html`<p class="hint">${words.noTurns}</p>` : null}
      ${turns.map((turn, index) => turnCard(words, turn, { timezone: config.timezone, isOpen: index === 0 }))}
    </section>`;
  return layout(words, { title: config.name, isSignedIn: true, content });
}

export function unknownTenantPage(words: Words): string {
  const content = html`<p class="problem" role="alert">${words.unknownTenant}</p>`;
  return layout(words, { title: words.tenant, isSignedIn: true, content });
}

function turnCard(words: Words, turn: TurnTrace, { timezone, isOpen }: { timezone: string; isOpen: boolean }): Html {
  const inside = html`<dl class="facts">
      ${fact(words.service, turn.service)} ${fact(words.confidence, percent(turn.confidence, words))}
      ${fact(words.reason, turn.reason)} ${fact(words.rung, turn.rung)} ${fact(words.usage, usage(words, turn))}
    </dl>
    ${sources(words, turn)} ${tools(words, turn)} ${timings(words, turn)}`;
  const summary = html`<summary>
    <time datetime="${turn.at}">${localTime(turn.at, timezone, words)}</time>
    <span>${words.conversation} ${turn.conversation_id}</span>
    <span class="outcome">${turn.outcome}</span>
    <span class="hint">${[turn.service, turn.rung].filter((part) => part !== null).join(' · ')}</span>
    <span class="number">${Math.round(turn.ms)} ms</span>
  </summary>`;
  const id = `turn-${turn.turn_id}`;
  return isOpen
    ? html`<details class="card" id="${id}" open>${summary}${inside}</details>`
    : html`<details class="card" id="${id}">${summary}${inside}</details>`;
}

function fact(name: string, value: string | null): Html | null {
  return value === null
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
}

function sources(words: Words, { sources: found }: TurnTrace): Html {
  const items = found.map(
    ({ kind, id, title }) => html`<li><span class="kind">${kind}</span> ${title} <code>${id}</code></li>`,
  );
  return list(words.sources, items, words.noSources);
}

function tools(words: Words, { tools: used }: TurnTrace): Html {
  const items = used.map(({ name, ok, ms }) => {
    const state = ok ? 'up' : 'down';
    const word = ok ? words.worked : words.didNotWork;
    return html`<li><code>${name}</code> <span class="state ${state}">${word}</span> ${Math.round(ms)} ms</li>`;
  });
  return list(words.tools, items, words.noTools);
}

function list(name: string, items: readonly Html[], nothing: string): Html {
  return html`<h3>${name}</h3>
    ${
      items.length === 0
        ? html`<p class="hint">${nothing}</p>`
        : html`<ul>
            ${items}
          </ul>`
    }`;
}

function timings(words: Words, { durations }: TurnTrace): Html | null {
  const steps = Object.entries(durations);
  if (steps.length === 0) return null;
  // A step may be longer than the turn: the quiet time comes before it.
  const longest = Math.max(1, ...steps.map(([, took]) => took));
  const rows = steps.map(
    ([step, took]) =>
      html`<li>
        <span>${step}</span>
        <meter min="0" max="${longest}" value="${took}" aria-label="${step}"></meter>
        <span class="number">${Math.round(took)} ms</span>
      </li>`,
  );
  return html`<h3>${words.timings}</h3>
    <ul class="timings">
      ${rows}
    </ul>`;
}

function usage(words: Words, { usage: used }: TurnTrace): string {
  const number = (value: number) => new Intl.NumberFormat(words.lang).format(value);
  const { model_calls, input_tokens, output_tokens, embedding_tokens } = used;
  return words.usageOf(number(model_calls), number(input_tokens), number(output_tokens), number(embedding_tokens));
}

function percent(value: number | null, words: Words): string | null {
  return value === null ? null : new Intl.NumberFormat(words.lang, { style: 'percent' }).format(value);
}

function localTime(at: string, timezone: string, words: Words): string {
  const format = { dateStyle: 'short', timeStyle: 'medium', timeZone: timezone } as const;
  return new Intl.DateTimeFormat(words.lang, format).format(new Date(at));
}
