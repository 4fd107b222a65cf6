// The admin token and the master keys. In embedded mode they are made once and kept in DATA_DIR, readable by the owner
// only, so that trying the product needs no set-up; with servers they must be given, because every instance needs the
// same ones and a key that appears by itself on one machine would lock the others out.
import { isSet } from './environment.ts';
import { keepSecretFile } from './secret-file.ts';

const adminTokenMinLength = 16;
const masterKeyBytes = 32;

export interface Secrets {
  adminToken: string;
  masterKey: Buffer;
  masterKeyPrevious: Buffer | null;
}

interface SecretsRequest {
  variables: NodeJS.ProcessEnv;
  mode: 'embedded' | 'redis';
  dataDir: string;
  /** False when the start fails anyway: then nothing is written. */
  generate: boolean;
}

export function readSecrets(request: SecretsRequest): { found: Secrets | null; problems: string[] } {
  const problems: string[] = [];
  // People pass it on a command line, where what begins with a hyphen is taken for a flag: so no base64.
  const adminToken = oneSecret(request, 'BRIDGE_ADMIN_TOKEN', 'admin-token', () => randomText('hex'), problems);
  const masterKey = oneSecret(request, 'BRIDGE_MASTER_KEY', 'master-key', () => randomText('base64'), problems);
  const previous = request.variables['BRIDGE_MASTER_KEY_PREVIOUS'];
  if (adminToken !== null && adminToken.length < adminTokenMinLength) {
    problems.push(`BRIDGE_ADMIN_TOKEN: use at least ${adminTokenMinLength} characters`);
  }
  const key = masterKey === null ? null : readKey('BRIDGE_MASTER_KEY', masterKey, problems);
  const previousKey = isSet(previous) ? readKey('BRIDGE_MASTER_KEY_PREVIOUS', previous, problems) : null;
  if (problems.length > 0 || adminToken === null || key === null) return { found: null, problems };
  return { found: { adminToken, masterKey: key, masterKeyPrevious: previousKey }, problems };
}

function oneSecret(
  request: SecretsRequest,
  variable: string,
  fileName: string,
  make: () => string,
  problems: string[],
): string | null {
  const given = request.variables[variable];
  if (isSet(given)) return given.trim();
  if (request.mode === 'redis') {
    problems.push(`${variable}: must be set when REDIS_URL is set; every instance needs the same one`);
    return null;
  }
  if (!request.generate) return null;
  try {
    return keepSecretFile(request.dataDir, fileName, make);
  } catch (error) {
    problems.push(`${variable}: not set, and ${fileName} cannot be kept in DATA_DIR (${messageOf(error)})`);
    return null;
  }
}

function readKey(variable: string, text: string, problems: string[]): Buffer | null {
  const canonical = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim());
  const key = Buffer.from(text.trim(), 'base64');
  if (canonical && key.length === masterKeyBytes) return key;
  problems.push(
    `${variable}: use the base64 form of ${masterKeyBytes} random bytes, for example from: openssl rand -base64 32`,
  );
  return null;
}

/** 32 bytes of the system's randomness. */
function randomText(form: 'base64' | 'hex'): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(masterKeyBytes))).toString(form);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
