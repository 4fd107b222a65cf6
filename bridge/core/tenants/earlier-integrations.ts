// The form in which the first tenant files named their Odoo, read as today's.
import { z } from 'zod';

/** The owner's earlier form named the Odoo link as an MCP entry: `mcp: {type: odoo-mcp, config: {url, db, credential_ref}}`. */
const earlierMcp = z.object({
  type: z.literal('odoo-mcp'),
  config: z.object({ url: z.string(), db: z.string().optional(), credential_ref: z.string().optional() }),
});

export function fromEarlierIntegrations(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const given: Record<string, unknown> = { ...value };
  const earlier = earlierMcp.safeParse(given['mcp']);
  if (earlier.success) {
    given['mcp'] = [];
    given['odoo'] ??= { api: 'auto', ...earlier.data.config };
  }
  const link = given['odoo'];
  if (typeof link === 'object' && link !== null && !('api' in link)) given['odoo'] = { api: 'auto', ...link };
  return given;
}
