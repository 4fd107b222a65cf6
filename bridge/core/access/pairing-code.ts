// A code that a person reads from one screen and types into another: ten characters that cannot be confused (50 random
// bits), in two groups. What is typed may have other case, other dashes and the usual slips (O for 0, I or L for 1).
import { createHash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 10;

/** @param random cryptographically strong bytes */
export function makePairingCode(random: (bytes: number) => Uint8Array): string {
  const letters = [...random(length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return `${letters.slice(0, length / 2)}-${letters.slice(length / 2)}`;
}

/** Hash of what was meant by what was typed. The label keeps it apart from the hash of any token. */
export function pairingHash(typed: string): string {
  const meant = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return createHash('sha256').update(`pairing-code:${meant}`).digest('hex');
}
