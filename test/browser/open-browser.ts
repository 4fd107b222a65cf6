// A real Chromium for the tests of pages: the system's own, without a window, on a profile of its own that goes with it.
// Complaints of a page are kept, so that a test can say that there were none.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Browser {
  /** A new tab; `width` and `height` in CSS pixels. */
  openPage: (size?: { width: number; height: number }) => Promise<Page>;
  /** Errors of scripts and of requests to the pages' own servers, as they happened. */
  complaints: string[];
  /** Keeps a picture of the page where UI_SCREENSHOTS points to, else in a folder that goes with the browser. */
  picture: (page: Page, name: string) => Promise<void>;
  stop: () => Promise<void>;
}

export async function openBrowser(locale = 'pt-BR'): Promise<Browser> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ui-browser-'));
  const context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath: browserProgram(),
    args,
    headless: true,
    locale,
    timezoneId: 'America/Sao_Paulo',
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  return {
    complaints,
    openPage: async (size = { width: 1280, height: 800 }) => {
      const page = await newPage(context, complaints);
      await page.setViewportSize(size);
      return page;
    },
    picture: async (page, name) => {
      const pictures = process.env['UI_SCREENSHOTS'] || folder;
      mkdirSync(pictures, { recursive: true });
      // What the mouse rests on would look chosen.
      await page.mouse.move(0, 0);
      await page.screenshot({ path: path.join(pictures, `${name}.png`) });
    },
    stop: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function newPage(context: BrowserContext, complaints: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

function browserProgram(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const program of programs) {
    const found = folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
    if (found !== undefined) return found;
  }
  throw new Error(
    'there is no Chromium on this machine: scripts/test browser installs it where apt and root are there',
  );
}
