// The agent's way to a person. It ends the turn: what the customer reads is fixed, so that nobody is handed over in
// silence and nobody gets two farewells.
import { z } from 'zod';
import type { Tool } from './tool.ts';

const Input = z.strictObject({
  summary: z
    .string()
    .min(1)
    .max(600)
    .describe('For the team: what the customer wants and what was tried, in two sentences'),
});

export const requestPerson: Tool<z.infer<typeof Input>> = {
  name: 'request_person',
  description:
    'Hands the conversation to a person of the team. Only when the customer asks for a person or accepts the offer of one.',
  input: Input,
  access: 'write',
  async run(_turn, input) {
    return { text: 'A person was called.', sources: [], handoff: { reason: 'customer_asked', note: input.summary } };
  },
};
