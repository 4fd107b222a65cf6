// The forms of the first tenant files, read as today's before layers are merged: a base with today's form and a tenant
// with an earlier one would otherwise merge into a mixture of both.
import { fromEarlierIntegrations } from './earlier-integrations.ts';
import type { FoundIssue } from './field-problems.ts';
import { isMap, own } from './merge-layers.ts';
import { earlierHours, fromEarlierHours } from './opening-times.ts';
import { parseKnown } from './parse-tenant.ts';

export interface ModernLayer {
  content: unknown;
  unknown: FoundIssue[];
  wrong: FoundIssue[];
}

/** One layer in today's form, with what was wrong in an earlier form. */
export function modernForm(content: unknown): ModernLayer {
  if (!isMap(content)) return { content, unknown: [], wrong: [] };
  const hours = modernHours(content);
  const integrations = own(content, 'integrations');
  const modern = {
    ...content,
    ...(hours.metadata === undefined ? {} : { company_metadata: hours.metadata }),
    ...(integrations === undefined ? {} : { integrations: fromEarlierIntegrations(integrations) }),
  };
  return { content: modern, unknown: hours.unknown, wrong: hours.wrong };
}

function modernHours(content: Record<string, unknown>): {
  metadata: unknown;
  unknown: FoundIssue[];
  wrong: FoundIssue[];
} {
  const metadata = own(content, 'company_metadata');
  const hours = isMap(metadata) ? own(metadata, 'business_hours') : undefined;
  const isEarlier = isMap(hours) && ('start_time' in hours || 'end_time' in hours);
  if (!isMap(metadata) || !isEarlier) return { metadata, unknown: [], wrong: [] };
  const parsed = parseKnown(earlierHours, hours);
  const place = (issue: FoundIssue): FoundIssue => ({
    ...issue,
    path: ['company_metadata', 'business_hours', ...issue.path],
  });
  return {
    metadata: { ...metadata, business_hours: parsed.config === null ? undefined : fromEarlierHours(parsed.config) },
    unknown: parsed.unknown.map(place),
    wrong: parsed.wrong.map(place),
  };
}
