// XML-RPC as text, read strictly and written plainly, for the small server of these tests: not the package's own reader,
// which would take back whatever its writer wrote.
const escapes: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#xD;': '\r' };

/** Throws on whatever the specification (and nil) does not know. */
export function readXmlrpcCall(xml: string): { method: string; params: unknown[] } {
  const tokens = xml.replace(/^<\?xml[^>]*\?>/, '').match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const expect = (token: string) => {
    const found = next();
    if (found !== token) throw new Error(`${token} expected, found ${found}`);
  };
  const textUntil = (end: string) => {
    let text = '';
    for (let token = next(); token !== end; token = next()) {
      const isMarkup = token === '' || (token.startsWith('<') && !token.startsWith('<![CDATA['));
      if (isMarkup) throw new Error(`text expected, found ${token}`);
      text += token.startsWith('<')
        ? token.slice(9, -3)
        : token.replace(/&(?:\w+|#xD);/g, (escape) => escapes[escape] ?? 'ILLEGAL');
    }
    return text;
  };
  const number = (end: string, form: RegExp) => {
    const text = textUntil(end);
    if (!form.test(text)) throw new Error(`no number: ${text}`);
    return Number(text);
  };
  const listUntil = <Item>(end: string, item: () => Item) => {
    const items: Item[] = [];
    while (tokens[at] !== end) items.push(item());
    expect(end);
    return items;
  };
  const member = (): [string, unknown] => {
    expect('<member>');
    expect('<name>');
    const name = textUntil('</name>');
    const given = value();
    expect('</member>');
    return [name, given];
  };
  const array = () => {
    const items = next() === '<data/>' ? [] : listUntil('</data>', value);
    expect('</array>');
    return items;
  };
  const readers: Record<string, () => unknown> = {
    '<nil/>': () => null,
    '<string/>': () => '',
    '<struct/>': () => ({}),
    '<string>': () => textUntil('</string>'),
    '<int>': () => number('</int>', /^-?\d+$/),
    '<double>': () => number('</double>', /^-?\d+(\.\d+)?(e-?\d+)?$/),
    '<boolean>': () => number('</boolean>', /^[01]$/) === 1,
    '<array>': array,
    '<struct>': () => Object.fromEntries(listUntil('</struct>', member)),
  };
  function value(): unknown {
    expect('<value>');
    const tag = next();
    const read = readers[tag];
    if (!read) throw new Error(`no value: ${tag}`);
    const given = read();
    expect('</value>');
    return given;
  }
  const param = () => {
    expect('<param>');
    const given = value();
    expect('</param>');
    return given;
  };
  expect('<methodCall>');
  expect('<methodName>');
  const method = textUntil('</methodName>');
  const params = next() === '<params/>' ? [] : listUntil('</params>', param);
  expect('</methodCall>');
  return { method, params };
}

export function writeXmlrpcValue(value: unknown): string {
  return `<?xml version="1.0"?>\n<methodResponse>\n<params><param>${write(value)}</param></params></methodResponse>`;
}

export function writeXmlrpcFault(faultCode: number, faultString: string): string {
  return `<?xml version="1.0"?>\n<methodResponse><fault>${write({ faultCode, faultString })}</fault></methodResponse>`;
}

function write(value: unknown): string {
  return `<value>${content(value)}</value>`;
}

function content(value: unknown): string {
  if (value === null) return '<nil/>';
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'number') return Number.isInteger(value) ? `<int>${value}</int>` : `<double>${value}</double>`;
  if (Array.isArray(value)) return `<array><data>${value.map(write).join('')}</data></array>`;
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([name, item]) => `<member><name>${name}</name>${write(item)}</member>`);
    return `<struct>${members.join('')}</struct>`;
  }
  if (typeof value !== 'string') throw new Error(`no XML-RPC value: ${typeof value}`);
  return `<string>${value.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</string>`;
}
