// The environment apt runs in: plain, with the proxy settings that lead to the mirror where there are any.
import { plainEnvironment } from './run-command.ts';

const PASSED_ON = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'HOME', 'PATH'];

/** Environment for apt-get and for scripts that call it. */
export function aptEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value) kept[name] = value;
  }
  return plainEnvironment({ ...kept, DEBIAN_FRONTEND: 'noninteractive' });
}
