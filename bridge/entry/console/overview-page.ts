// How the bridge is, at a glance.
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';
import { lettersSection } from './letters.ts';
import { agoText, comparedText } from './moments.ts';
import type { Overview, TenantLine } from './overview.ts';
import { remarkWords } from './remark-words.ts';
import { numberCards, table, unavailable } from './table.ts';
import type { Words } from './words.ts';

/** Of letters whose tenant is gone. */
const standardTimezone = 'America/Sao_Paulo';

export function overviewPage(words: Words, overview: Overview): string {
  const { status, mode } = overview;
  const zones = new Map((overview.tenants ?? []).map(({ account_id, timezone }) => [account_id, timezone]));
  const timezoneOf = (accountId: string) => zones.get(accountId) ?? standardTimezone;
  const hasLetters = overview.latest_dead_letters === null || overview.latest_dead_letters.length > 0;
  const content = html`<div class="heading">
      <h1>${words.overview}</h1>
      <span class="state ${status}">${words.state[status]}</span>
      <span class="hint">${words.mode}: ${words.modes[mode] ?? mode}</span>
    </div>
    ${counts(words, overview)} ${spilled(words, overview)} ${resting(words, overview)}
    ${hasLetters ? lettersSection(words, { letters: overview.latest_dead_letters, timezoneOf, accountId: null }) : null}
    ${tenants(words, overview)} ${disabled(words, overview)} ${dependencies(words, overview)}`;
  return layout(words, { title: words.overview, isSignedIn: true, content });
}

function counts(words: Words, { queue, mailbox, dead_letters: deadLetters, at_limit: atLimit }: Overview): Html {
  return numberCards(words, words.queue, [
    [words.waiting, queue?.waiting ?? null],
    [words.delayed, queue?.delayed ?? null],
    [words.active, queue?.active ?? null],
    [words.failed, queue?.failed ?? null],
    [words.mailbox, mailbox],
    [words.atLimit, atLimit?.length ?? null],
    [words.deadLetters, deadLetters],
  ]);
}

/** Shown only while there is something to say. */
function spilled(words: Words, { spilled: kept }: Overview): Html | null {
  if (kept === undefined || kept === 0) return null;
  if (kept === null) return html`<p class="notice warn">${words.spilledUnknown}</p>`;
  return html`<p class="notice warn">${words.spilled(String(kept))}</p>`;
}

function resting(words: Words, overview: Overview): Html | null {
  if (overview.resting.length === 0) return null;
  const rows = overview.resting.map(
    ({ dependency, count, since }) =>
      html`<tr>
        <td>${words.dependencyNames[dependency] ?? dependency}</td>
        <td class="number">${count}</td>
        <td class="number"><time datetime="${since}">${agoText(since, overview.at, words)}</time></td>
        <td>${words.restingFixes[dependency]}</td>
      </tr>`,
  );
  return html`<section>
    <h2>${words.resting}</h2>
    ${table([words.dependency, words.endpoints, words.since, words.remark], rows)}
  </section>`;
}

function tenants(words: Words, overview: Overview): Html {
  const head = [words.tenant, words.domain, words.compared, words.version, words.managedBy];
  const rows = (overview.tenants ?? []).map((tenant) => tenantRow(words, tenant, overview.at_limit ?? []));
  return html`<section>
    <h2>${words.tenants}</h2>
    ${overview.tenants === null ? unavailable(words) : rows.length === 0 ? html`<p class="hint">${words.noTenants}</p>` : table(head, rows)}
  </section>`;
}

function tenantRow(words: Words, tenant: TenantLine, atLimit: readonly string[]): Html {
  return html`<tr>
    <td>
      <a href="/console/tenants/${tenant.account_id}">${tenant.name}</a>
      <code>${tenant.account_id}</code>
      ${atLimit.includes(tenant.account_id) ? html`<span class="state degraded">${words.limitReached}</span>` : null}
    </td>
    <td>${words.domains[tenant.domain] ?? tenant.domain}</td>
    <td class="number">${comparedText(tenant.compared, tenant.timezone, words)}</td>
    <td class="number">${tenant.version}</td>
    <td>${words.managers[tenant.managed_by]}</td>
  </tr>`;
}

function disabled(words: Words, overview: Overview): Html | null {
  if (overview.disabled.length === 0) return null;
  const rows = overview.disabled.map(
    ({ account_id, file, path, message }) =>
      html`<tr>
        <td><code>${account_id}</code></td>
        <td><code>${file}</code></td>
        <td><code>${path}</code></td>
        <td lang="en">${message}</td>
      </tr>`,
  );
  return html`<section>
    <h2>${words.disabledTenants}</h2>
    ${table([words.tenant, words.file, words.field, words.problem], rows)}
  </section>`;
}

/** Endpoints at rest have a table of their own. */
function dependencies(words: Words, overview: Overview): Html {
  const own = new Set<string>(overview.resting.map(({ dependency }) => dependency));
  const rows = Object.entries(overview.dependencies)
    .filter(([name]) => !own.has(name))
    .map(
      ([name, { state, ms, message, fix }]) =>
        html`<tr>
          <td>${words.dependencyNames[name] ?? name}</td>
          <td><span class="state ${state}">${words.dependencyStates[state]}</span></td>
          <td class="number">${ms === undefined ? null : `${ms} ms`}</td>
          <td>
            ${message === undefined ? null : remarkWords(words.lang, message)}
            ${fix === undefined ? null : html`<strong>${remarkWords(words.lang, fix)}</strong>`}
          </td>
        </tr>`,
    );
  return html`<section>
    <h2>${words.dependencies}</h2>
    ${table([words.dependency, words.stateColumn, words.answeredIn, words.remark], rows)}
  </section>`;
}
