// Derives the source of Debian's unstable suite from the sources this machine has: same mirror, same key, other
// suite. Text in, text out, so that odd source files can be tested without a machine that has them.

export interface AptSource {
  /** The ending tells apt which of its two formats the text has. */
  fileName: 'unstable.sources' | 'unstable.list';
  text: string;
}

const COMPOSE = 'use docker compose up instead';

/** `osRelease` is the text of /etc/os-release; `files` are apt's source files in the order to look at them. */
export function unstableSource(osRelease: string, files: { file: string; text: string }[]): AptSource {
  if (!/^ID="?debian"?$/m.test(osRelease)) {
    throw new Error(`Odoo comes from Debian's mirror and this is not Debian: ${COMPOSE}`);
  }
  for (const { file, text } of files) {
    const source = file.endsWith('.sources') ? fromStanzas(text) : file.endsWith('.list') ? fromLines(text) : undefined;
    if (source) return source;
  }
  throw new Error(`no Debian mirror in apt's sources to take Odoo from: ${COMPOSE}`);
}

function fromStanzas(text: string): AptSource | undefined {
  const stanzas = text.split(/\n\s*\n/).map((stanza) => stanza.replace(/^#.*\n?/gm, '').trim());
  const stanza = stanzas.find(
    (candidate) =>
      /^Types:.*\bdeb\b(?!-)/m.test(candidate) &&
      !/^Enabled:\s*no\b/im.test(candidate) &&
      servesMainSuites(/^Suites:(.*)$/m.exec(candidate)?.[1]),
  );
  if (stanza === undefined) return undefined;
  const changed = stanza.replace(/^Types:.*$/m, 'Types: deb').replace(/^Suites:.*$/m, 'Suites: sid');
  return { fileName: 'unstable.sources', text: `${changed.replace(/^Components:.*$/m, 'Components: main')}\n` };
}

function fromLines(text: string): AptSource | undefined {
  const line = /^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/;
  const parts = text.split('\n').flatMap((row) => {
    const [, options = '', address, suite, components] = line.exec(row.trim()) ?? [];
    return servesMainSuites(suite) && /\bmain\b/.test(components ?? '')
      ? [`deb ${options}${address ?? ''} sid main\n`]
      : [];
  });
  return parts[0] === undefined ? undefined : { fileName: 'unstable.list', text: parts[0] };
}

// The security archive has another tree; other vendors' archives name suites Debian does not have.
function servesMainSuites(suites: string | undefined): boolean {
  const first = suites?.trim().split(/\s+/)[0] ?? '';
  return /^(bullseye|bookworm|trixie|forky|duke|sid|stable|testing|unstable|oldstable)(-updates|-backports)?$/.test(
    first,
  );
}
