// What could not be handled, and what a person does about it: nothing here is lost, it waits to be run again.
import { html } from './html.ts';
import type { Html } from './html.ts';
import { localTime } from './moments.ts';
import type { LetterLine } from './overview.ts';
import { table, unavailable } from './table.ts';
import type { Words } from './words.ts';

export interface LettersView {
  letters: LetterLine[] | null;
  /** How each tenant's times are read. */
  timezoneOf: (accountId: string) => string;
  /** For the command; null = of all tenants. */
  accountId: string | null;
}

export function lettersSection(words: Words, { letters, timezoneOf, accountId }: LettersView): Html {
  return html`<section>
    <h2>${words.deadLetters}</h2>
    ${letters === null ? unavailable(words) : letters.length === 0 ? html`<p class="hint">${words.noDeadLetters}</p>` : null}
    ${letters === null || letters.length === 0 ? null : someLetters(words, letters, timezoneOf, accountId)}
  </section>`;
}

function someLetters(
  words: Words,
  letters: LetterLine[],
  timezoneOf: LettersView['timezoneOf'],
  accountId: string | null,
): Html {
  const rows = letters.map(
    (letter) =>
      html`<tr>
        <td class="number">${localTime(letter.at, timezoneOf(letter.account_id), words)}</td>
        <td>
          <a href="/console/tenants/${letter.account_id}?conversation_id=${letter.conversation_id}"
            >${letter.account_id}, ${words.conversation.toLowerCase()} ${letter.conversation_id}</a
          >
        </td>
        <td>${words.letterKinds[letter.kind]} <code>${letter.code}</code></td>
      </tr>`,
  );
  const of = accountId === null ? '' : ` --account ${accountId}`;
  return html`<p class="notice warn">
      ${words.replayHint} <code>scripts/replay --list${of}</code> · <code>scripts/replay --all${of}</code>
    </p>
    ${table([words.when, words.conversation, words.problem], rows)}`;
}
