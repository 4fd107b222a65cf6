// The agent's way to what the business knows: rules, answers, policies, products and services that are valid now.
import { z } from 'zod';
import { documentKinds } from '../knowledge/document.ts';
import { fingerprintOf } from '../knowledge/evidence.ts';
import { toSource } from '../sources.ts';
import { searchForTurn } from './search-for-turn.ts';
import type { Tool } from './tool.ts';

const Input = z.strictObject({
  query: z.string().min(1).max(300).describe('What to look for, in the words of the customer'),
  kinds: z.array(z.enum(documentKinds)).max(8).optional().describe('Only these kinds; leave out to search everything'),
});

export const searchKnowledge: Tool<z.infer<typeof Input>> = {
  name: 'search_knowledge',
  description:
    'Searches the company rules, answers, policies, products and services that are valid today. Use it before any statement about the company. Returns the documents found, or says that nothing was found.',
  input: Input,
  access: 'read',
  async run(turn, input) {
    const result = await searchForTurn(turn, input.query, input.kinds);
    const search = { text: input.query, kinds: input.kinds ?? [], fingerprint: fingerprintOf(result.hits) };
    if (result.hits.length === 0) return { text: 'Nothing was found. Say so and offer a person.', sources: [], search };
    const text = result.hits
      .map(({ document }) => `[${document.kind} ${document.id}] ${document.title}\n${document.body}`)
      .join('\n\n');
    return { text, sources: result.hits.map((hit) => toSource(hit.document)), search };
  },
};
