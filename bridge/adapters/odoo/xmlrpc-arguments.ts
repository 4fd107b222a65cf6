// Arguments that XML-RPC can carry as they are meant. The package would send undefined as an empty text (which blanks a
// field in Odoo), a Date in the local time of this machine and NaN as a number, and throws on control characters.
import { BridgeError } from '../../core/errors.ts';

const illegalCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
/** From here on JavaScript writes a number with an exponent, which is no XML-RPC integer. */
const largestNumber = 1e21;

/** As in JSON: a field that is undefined is left out. Rejects (`bad_request`) what JSON has no form for. */
export function xmlrpcArguments(args: Record<string, unknown>): Record<string, unknown> {
  return cleanRecord(args, 'arguments');
}

function clean(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.replace(illegalCharacters, '');
  if (typeof value === 'number' && Math.abs(value) < largestNumber) return value;
  if (Array.isArray(value)) return value.map((item, i) => clean(item, `${path}.${i}`));
  if (isPlain(value)) return cleanRecord(value, path);
  throw new BridgeError('bad_request', `${path}: this value cannot be sent to Odoo.`);
}

function cleanRecord(record: Record<string, unknown>, path: string): Record<string, unknown> {
  const given = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name.replace(illegalCharacters, ''), clean(value, `${path}.${name}`)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
