// The agent's way to a person. It ends the turn: what the customer reads is fixed, so that nobody is handed over in
// silence and nobody gets two farewells.
import { z } from 'zod';
import type { Tool } from './tool.ts';

const Input = z.strictObject({
  reason: z
    .enum(['customer_asked', 'complaint', 'sensitive', 'out_of_scope'])
    .default('customer_asked')
    .describe(
      'customer_asked: the customer wants a person. complaint: a complaint or conflict. sensitive: health, legal, safety or payment trouble. out_of_scope: something only the team can do',
    ),
  summary: z
    .string()
    .min(1)
    .max(600)
    .describe('For the team: what the customer wants and what was tried, in two sentences'),
});

export const requestPerson: Tool<z.infer<typeof Input>> = {
  name: 'request_person',
  description:
    'Hands the conversation to a person of the team. Only when the customer asks for a person, accepts the offer of one, complains, or brings a sensitive matter or something only the team can do.',
  input: Input,
  access: 'write',
  async run(_turn, input) {
    return { text: 'A person was called.', sources: [], handoff: { reason: input.reason, note: input.summary } };
  },
};
