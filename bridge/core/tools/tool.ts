// What an agent can do. A tool is a name, a schema and a function of the Turn; it keeps no state. The catalogue is checked
// at start: two tools of one name or a crew that names a missing one stop the process, not a customer's turn.
import { z } from 'zod';
import type { Turn } from '../turn.ts';
import type { Handoff, Source } from '../answer.ts';
import type { EvidenceSearch } from '../knowledge/evidence.ts';
import type { ToolSpec } from '../ports/chat-model.ts';

export interface ToolResult {
  /** What the model reads. Also evidence: numbers in an answer must be found in it. */
  text: string;
  sources: Source[];
  /** Set when the result is nothing but what a search found, which can be made again. */
  search?: EvidenceSearch;
  /** A tool may end the turn by asking for a person. */
  handoff?: Handoff;
}

export interface Tool<Input = unknown> {
  name: string;
  /** For the model: when to use it and what comes back. */
  description: string;
  input: z.ZodType<Input>;
  access: 'read' | 'write';
  run(turn: Turn, input: Input): Promise<ToolResult>;
}

/** A tool whose input type was checked where it was made, so that different tools fit in one catalogue. */
export interface CatalogueTool {
  spec: ToolSpec;
  access: 'read' | 'write';
  /** The problems of these arguments, or the call that is ready to run. */
  prepare(argumentsJson: string): { problems: string } | { run: (turn: Turn) => Promise<ToolResult> };
}

export function toCatalogueTool<Input>(tool: Tool<Input>): CatalogueTool {
  const parameters = { ...z.toJSONSchema(tool.input, { io: 'input' }), $schema: undefined };
  return {
    spec: { name: tool.name, description: tool.description, parameters },
    access: tool.access,
    prepare(argumentsJson) {
      const parsed = tool.input.safeParse(parseArguments(argumentsJson));
      if (!parsed.success) return { problems: z.prettifyError(parsed.error) };
      return { run: (turn) => tool.run(turn, parsed.data) };
    },
  };
}

export type ToolCatalogue = ReadonlyMap<string, CatalogueTool>;

export function createCatalogue(tools: CatalogueTool[]): ToolCatalogue {
  const catalogue = new Map<string, CatalogueTool>();
  for (const tool of tools) {
    if (catalogue.has(tool.spec.name)) throw new Error(`Two tools are called ${tool.spec.name}`);
    catalogue.set(tool.spec.name, tool);
  }
  return catalogue;
}

/** Models send '' for "no arguments"; anything else that is not JSON fails the schema and is told so. */
function parseArguments(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
