// How a tenant stands, and what its turns did and why: service, confidence and reason, rung, sources, tools, timings.
import type { TurnTrace } from '../../core/ports/turn-traces.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';
import { lettersSection } from './letters.ts';
import { comparedText, localTime } from './moments.ts';
import { moneyText } from './money-text.ts';
import { unavailable } from './table.ts';
import { knowledgeSection, usageSection } from './tenant-sections.ts';
import type { TenantView } from './tenant-view.ts';
import { routeReasonWord, rungWord, wordFor } from './turn-words.ts';
import type { Words } from './words.ts';

export function tenantPage(words: Words, view: TenantView): string {
  const { tenant, letters, isAtLimit } = view;
  const { config, accountId, domain } = tenant;
  const { timezone } = config;
  const hasLetters = letters === null || letters.length > 0;
  const content = html`<div class="heading">
      <h1>${config.name}</h1>
      <code>${accountId}</code>
      <span class="hint">${words.domains[domain] ?? domain}</span>
      ${isAtLimit ? html`<span class="state degraded">${words.limitReached}</span>` : null}
    </div>
    <p class="hint">${words.compared}: ${comparedText(view.compared, timezone, words)}</p>
    ${hasLetters ? lettersSection(words, { letters, timezoneOf: () => timezone, accountId }) : null}
    ${turnsSection(words, view)} ${usageSection(words, view)} ${knowledgeSection(words, view.knowledge, timezone)}`;
  return layout(words, { title: config.name, isSignedIn: true, content });
}

function turnsSection(words: Words, { tenant, conversationId, turns }: TenantView): Html {
  const { timezone } = tenant.config;
  return html`<section>
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
    ${turns === null ? unavailable(words) : turns.length === 0 ? html`<p class="hint">${words.noTurns}</p>` : null}
    ${(turns ?? []).map((turn, index) => turnCard(words, turn, { timezone, isOpen: index === 0 }))}
  </section>`;
}

export function unknownTenantPage(words: Words): string {
  const content = html`<p class="problem" role="alert">${words.unknownTenant}</p>`;
  return layout(words, { title: words.tenant, isSignedIn: true, content });
}

function turnCard(words: Words, turn: TurnTrace, { timezone, isOpen }: { timezone: string; isOpen: boolean }): Html {
  const named = namesOf(words, turn);
  const inside = html`<dl class="facts">
      ${fact(words.handoff, named.handoff)} ${fact(words.service, named.service)}
      ${fact(words.confidence, percent(turn.confidence, words))} ${fact(words.reason, named.reason)}
      ${fact(words.rung, named.rung)} ${fact(words.usage, turn.service === null ? null : usage(words, turn))}
    </dl>
    ${turn.service === null ? null : html`${sources(words, turn)} ${tools(words, turn)}`} ${timings(words, turn)}`;
  const summary = html`<summary>
    <time datetime="${turn.at}">${localTime(turn.at, timezone, words)}</time>
    <span>${words.conversation} ${turn.conversation_id}</span>
    <span class="outcome">${named.outcome}</span>
    <span class="hint">${[named.service, named.rung].filter((part) => part !== null).join(' · ')}</span>
    <span class="number">${Math.round(turn.ms)} ms</span>
  </summary>`;
  const id = `turn-${turn.turn_id}`;
  return isOpen
    ? html`<details class="card" id="${id}" open>${summary}${inside}</details>`
    : html`<details class="card" id="${id}">${summary}${inside}</details>`;
}

/** A turn's codes in people's words. */
function namesOf({ turn: words }: Words, turn: TurnTrace) {
  return {
    outcome: wordFor(words.outcomes, turn.outcome),
    service: turn.service === null ? null : wordFor(words.services, turn.service),
    rung: rungWord(words, turn),
    reason: turn.reason === null ? null : routeReasonWord(words, turn.reason),
    handoff: turn.handoff === undefined ? null : wordFor(words.handoffReasons, turn.handoff),
  };
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
    ({ kind, id, title }) =>
      html`<li><span class="kind">${wordFor(words.turn.kinds, kind)}</span> ${title} <code>${id}</code></li>`,
  );
  return list(words.sources, items, words.noSources);
}

function tools(words: Words, { tools: used }: TurnTrace): Html {
  const items = used.map(({ name, ok, ms }) => {
    const state = ok ? 'up' : 'down';
    const word = ok ? words.worked : words.didNotWork;
    return html`<li>
      ${wordFor(words.turn.tools, name)} <span class="state ${state}">${word}</span> ${Math.round(ms)} ms
    </li>`;
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
        <span>${wordFor(words.turn.durations, step)}</span>
        <meter min="0" max="${longest}" value="${took}" aria-label="${wordFor(words.turn.durations, step)}"></meter>
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
  const { model_calls, input_tokens, output_tokens, embedding_tokens, cost } = used;
  if (model_calls + embedding_tokens === 0) return words.noModel;
  const tokens = words.usageOf(
    number(model_calls),
    number(input_tokens),
    number(output_tokens),
    number(embedding_tokens),
  );
  if (cost === undefined) return tokens;
  return `${tokens} · ${cost === null ? words.unpriced : moneyText(cost, words)}`;
}

function percent(value: number | null, words: Words): string | null {
  return value === null ? null : new Intl.NumberFormat(words.lang, { style: 'percent' }).format(value);
}
