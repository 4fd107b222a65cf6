// Tables and notices that several pages show: a table scrolls by itself, so that a phone never scrolls the whole page.
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Words } from './words.ts';

export function table(head: readonly string[], rows: readonly Html[]): Html {
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

/** What could not be asked is said to be so; it is not empty. */
export function unavailable(words: Words): Html {
  return html`<p class="notice warn">${words.unavailable}</p>`;
}

/** Null = not known now. */
export function numberCards(
  words: Words,
  label: string,
  numbers: readonly (readonly [name: string, value: number | null])[],
): Html {
  return html`<section aria-label="${label}">
    <dl class="numbers">
      ${numbers.map(
        ([name, value]) =>
          html`<div class="card">
            <dt>${name}</dt>
            ${value === null ? html`<dd class="none">${words.unknown}</dd>` : html`<dd>${value}</dd>`}
          </div>`,
      )}
    </dl>
  </section>`;
}
