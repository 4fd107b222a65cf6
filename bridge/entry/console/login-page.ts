// Where the operator signs in.
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { Words } from './words.ts';

export function loginPage(words: Words, problem: string | null): string {
  const content = html`<section class="login card">
    <h1>${words.login}</h1>
    <p class="hint" id="hint">${words.loginHint}</p>
    ${problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`}
    <form method="post" action="/console/login">
      <label for="token">${words.adminToken}</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        aria-describedby="hint"
        required
        autofocus
      />
      <button>${words.login}</button>
    </form>
  </section>`;
  return layout(words, { title: words.login, isSignedIn: false, content });
}
