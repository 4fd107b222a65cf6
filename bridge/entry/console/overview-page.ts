// How the bridge is, at a glance.
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';
import type { Overview } from './overview.ts';
import type { Words } from './words.ts';

export function overviewPage(words: Words, overview: Overview): string {
  const { status, mode } = overview;
  const content = html`<div class="heading">
      <h1>${words.overview}</h1>
      <span class="state ${status}">${words.state[status]}</span>
      <span class="hint">${words.mode}: ${mode}</span>
    </div>
    ${counts(words, overview)} ${tenants(words, overview)} ${disabled(words, overview)} ${dependencies(words, overview)}`;
  return layout(words, { title: words.overview, isSignedIn: true, content });
}

function counts(words: Words, { queue, mailbox, dead_letters: deadLetters }: Overview): Html {
  const numbers = [
    [words.waiting, queue?.waiting],
    [words.delayed, queue?.delayed],
    [words.active, queue?.active],
    [words.failed, queue?.failed],
    [words.mailbox, mailbox],
    [words.deadLetters, deadLetters],
  ] as const;
  return html`<section aria-label="${words.queue}">
    <dl class="numbers">
      ${numbers.map(
        ([name, value]) =>
          html`<div class="card">
            <dt>${name}</dt>
            <dd>${value ?? words.unknown}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function tenants(words: Words, overview: Overview): Html {
  const head = [words.tenant, words.domain, words.version, words.managedBy];
  const rows = overview.tenants.map(
    (tenant) =>
      html`<tr>
        <td>
          <a href="/console/tenants/${tenant.account_id}">${tenant.name}</a>
          <code>${tenant.account_id}</code>
        </td>
        <td>${tenant.domain}</td>
        <td class="number">${tenant.version}</td>
        <td>${tenant.managed_by}</td>
      </tr>`,
  );
  return html`<section>
    <h2>${words.tenants}</h2>
    ${rows.length === 0 ? html`<p class="hint">${words.noTenants}</p>` : table(head, rows)}
  </section>`;
}

function disabled(words: Words, overview: Overview): Html | null {
  if (overview.disabled.length === 0) return null;
  const rows = overview.disabled.map(
    ({ account_id, file, path, message }) =>
      html`<tr>
        <td><code>${account_id}</code></td>
        <td><code>${file}</code></td>
        <td><code>${path}</code></td>
        <td>${message}</td>
      </tr>`,
  );
  return html`<section>
    <h2>${words.disabledTenants}</h2>
    ${table([words.tenant, words.file, words.field, words.problem], rows)}
  </section>`;
}

function dependencies(words: Words, overview: Overview): Html {
  const rows = Object.entries(overview.dependencies).map(
    ([name, { state, ms, message, fix }]) =>
      html`<tr>
        <td>${name}</td>
        <td><span class="state ${state}">${state}</span></td>
        <td class="number">${ms === undefined ? null : `${ms} ms`}</td>
        <td>${message ?? null} ${fix === undefined ? null : html`<strong>${fix}</strong>`}</td>
      </tr>`,
  );
  return html`<section>
    <h2>${words.dependencies}</h2>
    ${table([words.dependency, words.stateColumn, words.answeredIn, words.remark], rows)}
  </section>`;
}

function table(head: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${head.join(', ')}">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
