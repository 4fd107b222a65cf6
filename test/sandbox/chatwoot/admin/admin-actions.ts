// The test API by name over HTTP: `POST /sandbox/<action>` with a JSON body, for tests in other processes, scripts and the page.
// Every body is checked; an unknown action or key is a 400 with the reason.
import { z } from 'zod';
import { sandboxConfig } from '../config.ts';
import { postDelivery } from '../helpers/forge-delivery.ts';
import { restFault } from '../faults/rest-fault.ts';
import type { SandboxApi } from '../sandbox-api.ts';

type Action = (api: SandboxApi, body: unknown) => unknown;

const ref = { account: z.number().int(), conversation: z.number().int() };
const person = z.union([z.number(), z.string()]).optional();
const contact = z.union([
  z.number(),
  z.string(),
  z.strictObject({
    name: z.string(),
    phone_number: z.string().exactOptional(),
    email: z.string().exactOptional(),
    identifier: z.string().exactOptional(),
    custom_attributes: z.record(z.string(), z.unknown()).exactOptional(),
    additional_attributes: z.record(z.string(), z.unknown()).exactOptional(),
    blocked: z.boolean().exactOptional(),
  }),
]);
const file = z.strictObject({
  type: z.enum(['image', 'audio', 'video', 'file', 'location', 'contact', 'fallback']),
  fileName: z.string().exactOptional(),
  contentType: z.string().exactOptional(),
  text: z.string().exactOptional(),
  base64: z.string().exactOptional(),
  extra: z.record(z.string(), z.unknown()).exactOptional(),
  missingFor: z.number().int().exactOptional(),
  transcribedText: z.string().exactOptional(),
});
const writes = z.strictObject({
  account: z.number().int(),
  inbox: z.number().int(),
  contact,
  text: z.string().nullable(),
  attachments: z.array(file).exactOptional(),
  sourceId: z.string().nullable().exactOptional(),
  contactSourceId: z.string().exactOptional(),
  contentType: z.string().exactOptional(),
  contentAttributes: z.record(z.string(), z.unknown()).exactOptional(),
  conversation: z.number().int().exactOptional(),
  createdAtMs: z.number().exactOptional(),
});
const personText = z.strictObject({ ...ref, text: z.string(), user: person });
const byPerson = z.strictObject({ ...ref, user: person });
const timeoutMs = z.number().int().positive().max(600_000).default(10_000);
const surface = z.enum(['account_webhook', 'api_inbox', 'agent_bot']);

function action<S extends z.ZodType>(schema: S, run: (api: SandboxApi, body: z.output<S>) => unknown): Action {
  return (api, body) => run(api, schema.parse(body));
}

const reset = z.strictObject({ config: z.unknown().optional() });

export const adminActions: Record<string, Action> = {
  reset: action(reset, (api, { config }) => {
    api.reset(config === undefined ? undefined : sandboxConfig.parse(config));
    return api.seed();
  }),
  seed: (api) => api.seed(),
  'set-bot-url': action(z.strictObject({ account: z.number().int(), url: z.string() }), (api, body) =>
    api.setBotUrl(body.account, body.url),
  ),

  'customer-writes': action(writes, (api, body) => api.customerWrites(body)),
  'customer-types': action(z.strictObject({ ...ref, on: z.boolean() }), (api, body) =>
    api.customerTypes(body, body.on),
  ),
  'customer-submits': action(z.strictObject({ ...ref, message: z.number().int(), values: z.unknown() }), (api, body) =>
    api.customerSubmits(body, body.values),
  ),
  'customer-opens-widget': action(
    z.strictObject({ account: z.number().int(), inbox: z.number().int(), contact }),
    (api, body) => api.customerOpensWidget(body),
  ),

  'person-replies': action(personText, (api, body) => api.personReplies(body)),
  'person-notes': action(personText, (api, body) => api.personNotes(body)),
  'phone-echo': action(personText, (api, body) => api.phoneEcho(body)),
  assign: action(
    z.strictObject({
      ...ref,
      by: person,
      user: z.union([z.number(), z.string()]).nullable().exactOptional(),
      bot: z.number().exactOptional(),
      team: z.number().nullable().exactOptional(),
    }),
    (api, body) => api.assign(body),
  ),
  resolve: action(byPerson, (api, body) => api.resolve(body)),
  'mark-pending': action(byPerson, (api, body) => api.markPending(body)),
  open: action(byPerson, (api, body) => api.open(body)),
  snooze: action(z.strictObject({ ...ref, user: person, untilMs: z.number().exactOptional() }), (api, body) =>
    api.snooze(body),
  ),
  mute: action(byPerson, (api, body) => api.mute(body)),
  'set-labels': action(z.strictObject({ ...ref, labels: z.array(z.string()) }), (api, body) => api.setLabels(body)),

  'automation-sends': action(
    z.strictObject({ ...ref, text: z.string(), ruleId: z.number().int().exactOptional() }),
    (api, body) => api.automationSends(body),
  ),
  'campaign-sends': action(
    z.strictObject({ ...ref, text: z.string(), user: person, campaignId: z.number().int().exactOptional() }),
    (api, body) => api.campaignSends(body),
  ),
  'auto-resolve': action(z.strictObject(ref), (api, body) => api.autoResolve(body)),
  'end-snooze': action(z.strictObject(ref), (api, body) => api.endSnooze(body)),
  transcribe: action(z.strictObject({ ...ref, message: z.number().int(), text: z.string() }), (api, body) =>
    api.transcribe(body),
  ),
  edit: action(z.strictObject({ ...ref, message: z.number().int(), text: z.string() }), (api, body) => api.edit(body)),
  'take-back': action(z.strictObject({ ...ref, message: z.number().int() }), (api, body) => api.takeBack(body)),
  'fail-message': action(z.strictObject({ ...ref, message: z.number().int(), error: z.string() }), (api, body) =>
    api.failMessage(body),
  ),
  backdate: action(z.strictObject({ ...ref, ms: z.number() }), (api, body) => api.backdate(body)),

  fault: action(restFault, (api, body) => api.fault(body)),
  misbehave: action(
    z.strictObject({
      action: z.enum(['duplicate', 'republish', 'delay', 'drop', 'reorder']),
      surface: surface.optional(),
      event: z.string().optional(),
      account: z.number().int().optional(),
      count: z.number().int().positive().optional(),
      times: z.number().int().positive().optional(),
      ms: z.number().nonnegative().optional(),
      size: z.number().int().positive().optional(),
    }),
    (api, body) => api.misbehave(body),
  ),
  'clear-faults': (api) => api.clearFaults(),
  hold: action(
    z.strictObject({
      path: z.string().exactOptional(),
      method: z.string().exactOptional(),
      when: z.enum(['before-store', 'after-store']).default('before-store'),
    }),
    (api, body) => ({ id: api.holdNext(body).id }),
  ),
  'hold-reached': action(z.strictObject({ id: z.string(), timeout_ms: timeoutMs }), (api, body) =>
    api.waitFor(`hold ${body.id}`, () => api.world.faults.hold(body.id)?.held ?? null, body.timeout_ms),
  ),
  'hold-release': action(z.strictObject({ id: z.string(), store: z.boolean().optional() }), (api, { id, store }) => {
    const hold = api.world.faults.hold(id);
    if (hold === undefined) throw new Error(`no hold ${id}`);
    hold.release({ store });
  }),

  messages: action(z.strictObject(ref), (api, body) => api.messagesOf(body)),
  conversation: action(z.strictObject(ref), (api, body) => api.conversation(body)),
  conversations: action(z.strictObject({ account: z.number().int() }), (api, body) =>
    api.conversationsOf(body.account),
  ),
  requests: (api) => api.requests,
  violations: (api) => api.violations,
  deliveries: action(
    z.strictObject({
      surface: surface,
      event: z.string().exactOptional(),
      account: z.number().int().exactOptional(),
      messageId: z.number().int().exactOptional(),
    }),
    (api, { surface: wanted, ...filter }) => api.deliveriesTo(wanted, filter),
  ),
  'post-delivery': action(
    z.strictObject({
      url: z.string(),
      body: z.union([z.string(), z.record(z.string(), z.unknown())]),
      secret: z.string().nullable().exactOptional(),
      timestamp: z.union([z.number(), z.string()]).exactOptional(),
      deliveryId: z.string().nullable().exactOptional(),
      signature: z.string().exactOptional(),
      headers: z.record(z.string(), z.string()).exactOptional(),
    }),
    (_api, body) => postDelivery(body),
  ),

  'wait-for-reply': action(
    z.strictObject({
      ...ref,
      after: z.number().int().exactOptional(),
      contains: z.string().optional(),
      timeout_ms: timeoutMs,
    }),
    (api, body) =>
      api.waitForReply(
        body,
        (message) => body.contains === undefined || message.content?.includes(body.contains) === true,
        body.timeout_ms,
      ),
  ),
  'wait-for-status': action(z.strictObject({ ...ref, status: z.string(), timeout_ms: timeoutMs }), (api, body) =>
    api.waitForConversation(body, (conversation) => conversation.status === body.status, body.timeout_ms),
  ),
  idle: action(z.strictObject({ timeout_ms: timeoutMs }), (api, body) => api.idle(body.timeout_ms)),
};
