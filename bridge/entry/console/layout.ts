// The frame of every page of the console.
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Words } from './words.ts';

export interface Page {
  title: string;
  /** False on the sign-in page, which has nowhere to go to. */
  isSignedIn: boolean;
  content: Html;
}

export function layout(words: Words, { title, isSignedIn, content }: Page): string {
  const page = html`<!doctype html>
    <html lang="${words.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${words.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/console/style.css" />
      </head>
      <body>
        <a class="skip" href="#content">${words.skip}</a>
        <header>
          <span class="brand">${words.title}</span>
          ${isSignedIn ? navigation(words) : null}
        </header>
        <main id="content">${content}</main>
      </body>
    </html>`;
  return page.text;
}

function navigation(words: Words): Html {
  return html`<nav><a href="/console">${words.overview}</a></nav>
    <form method="post" action="/console/logout"><button class="quiet">${words.logout}</button></form>`;
}
