// The seed of the shop's simulated Chatwoot: one account whose bot delivers to the bridge, and where the page finds the
// trace of a turn.
import { toAccount } from '../../../scripts/lib/demo/start-demo.ts';
import type { SandboxConfigInput } from '../chatwoot/config.ts';
import { shop } from './shop.ts';

export function chatwootSeed(bridge: { url: string; adminToken: string }): SandboxConfigInput {
  return {
    accounts: [toAccount(shop, bridge.url)],
    trace: {
      url: `${bridge.url}/console/api/turns?account_id={account}&conversation_id={conversation}`,
      bearer: bridge.adminToken,
    },
  };
}
