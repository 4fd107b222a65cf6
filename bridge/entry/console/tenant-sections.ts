// What a tenant knows and uses, for its page: documents with their contradictions, and the last days by how answers were made.
import { rungs } from '../../core/answer.ts';
import { documentKinds } from '../../core/knowledge/document.ts';
import type { Spending } from '../../core/cost/budgets.ts';
import type { KnowledgeStatus } from '../../core/knowledge/knowledge.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { localDate, localTime } from './moments.ts';
import { moneyText } from './money-text.ts';
import { table, unavailable } from './table.ts';
import type { TenantView } from './tenant-view.ts';
import type { Words } from './words.ts';

export function knowledgeSection(words: Words, knowledge: KnowledgeStatus | null, timezone: string): Html {
  return html`<section>
    <h2>${words.knowledge}</h2>
    ${knowledge === null ? unavailable(words) : knownKinds(words, knowledge, timezone)}
    ${knowledge === null ? null : troubles(words, knowledge)}
  </section>`;
}

function knownKinds(words: Words, { kinds }: KnowledgeStatus, timezone: string): Html {
  const rows = documentKinds.flatMap((kind) => {
    const counts = kinds[kind];
    if (!counts) return [];
    const { documents, embedded, pending, failed, last_sync: lastSync } = counts;
    return html`<tr>
      <td>${words.turn.kinds[kind]}</td>
      <td class="number">${documents}</td>
      <td class="number">${embedded}</td>
      <td class="number">${pending}</td>
      <td class="number">${failed}</td>
      <td class="number">${lastSync === null ? words.unknown : localTime(lastSync, timezone, words)}</td>
    </tr>`;
  });
  if (rows.length === 0) return html`<p class="hint">${words.noKnowledge}</p>`;
  return table([words.kind, words.documents, words.embedded, words.pending, words.failed, words.lastSync], rows);
}

function troubles(words: Words, { conflicts, reindexing, index }: KnowledgeStatus): Html {
  const changing = reindexing
    ? html`<p class="notice">${words.reindexing(String(reindexing.done), String(reindexing.total), reindexing.to)}</p>`
    : null;
  const missing = index?.missing ?? 0;
  return html`${changing}
  ${missing > 0 ? html`<p class="notice warn">${words.indexMissing(String(missing))}</p>` : null}
  ${conflicts.length > 0 ? conflictList(words, conflicts) : null}`;
}

function conflictList(words: Words, conflicts: KnowledgeStatus['conflicts']): Html {
  const items = conflicts.map(
    ({ ids, about, values }) =>
      html`<li>
        ${about}:
        ${values.map((value, index) => html`“${value}” <code>${ids[index] ?? ''}</code>${index < values.length - 1 ? ' × ' : ''}`)}
      </li>`,
  );
  return html`<h3>${words.conflicts}</h3>
    <p class="notice warn">${words.conflictsHint}</p>
    <ul>
      ${items}
    </ul>`;
}

export function usageSection(words: Words, { usage, spending }: TenantView): Html {
  const days = Object.entries(usage ?? {}).toSorted(([one], [other]) => (one < other ? 1 : -1));
  return html`<section>
    <h2>${words.usageSection}</h2>
    ${spending === null ? null : spendingLines(words, spending)}
    ${usage === null ? unavailable(words) : days.length === 0 ? html`<p class="hint">${words.noUsage}</p>` : usageTable(words, days)}
  </section>`;
}

/** What the month came to, with what nobody could price beside it: a sum without it would look like all. */
function spendingLines(words: Words, { spent, currency, budget, unpricedCalls }: Spending): Html {
  const sum = moneyText({ amount: spent, currency }, words);
  const text = budget ? words.spentOf(sum, moneyText({ amount: budget.amount, currency }, words)) : words.spent(sum);
  const notice = budget?.isSpent ? words.budgetSpent : budget?.isNearlySpent ? words.budgetNearlySpent : null;
  return html`<p class="hint">${text}</p>
    ${unpricedCalls > 0 ? html`<p class="hint">${words.unpricedCalls(String(unpricedCalls))}</p>` : null}
    ${notice === null ? null : html`<p class="notice warn">${notice}</p>`}`;
}

function usageTable(words: Words, days: [day: string, amounts: Record<string, number>][]): Html {
  const names = ['turns', ...rungs.map((rung) => `rung:${rung}`), 'gap', 'model_calls'];
  const head = [
    words.day,
    words.allTurns,
    ...rungs.map((rung) => words.turn.rungs[rung]),
    words.gaps,
    words.modelCalls,
  ];
  const cells = (amounts: Record<string, number>) =>
    names.map((name) => html`<td class="number">${String(amounts[name] ?? 0)}</td>`);
  const rows = days.map(
    ([day, amounts]) =>
      html`<tr>
        <td class="number">${localDate(day, words)}</td>
        ${cells(amounts)}
      </tr>`,
  );
  const all = Object.fromEntries(
    names.map((name) => [name, days.reduce((sum, [, amounts]) => sum + (amounts[name] ?? 0), 0)]),
  );
  const sum = html`<tr class="sum">
    <td>${words.sum}</td>
    ${cells(all)}
  </tr>`;
  return table(head, days.length > 1 ? [...rows, sum] : rows);
}
