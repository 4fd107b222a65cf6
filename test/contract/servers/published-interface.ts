// Holds recorded requests and answers against Qdrant's published interface: the types that ship with the pinned client are
// generated from it, so each recording is written as a literal of its type and given to the compiler.
import path from 'node:path';
import ts from 'typescript';
import type { SeenRequest } from './qdrant-simulator.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const published = path.join(root, 'node_modules/@qdrant/js-client-rest/dist/types/openapi/generated_schema.d.ts');
const recordings = path.join(root, 'test/contract/servers/recordings.ts');
const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

const helpers = [
  `import type { paths } from '${published.replace(/\.d\.ts$/, '.js')}';`,
  "type Json<Part> = Part extends { content: { 'application/json': infer Body } } ? Body : undefined;",
  'type Query<Call> = Call extends { parameters: { query?: infer Given } } ? NonNullable<Given> : Record<string, never>;',
  'type Body<Call> = Call extends { requestBody?: infer Given } ? Json<NonNullable<Given>> : undefined;',
  'type Answer<Call> = Call extends { responses: { 200: infer Given } } ? Json<Given> : undefined;',
];

/** What the interface has against each of these recordings; nothing when it is as published. */
export function objectionsTo(seen: readonly SeenRequest[]): string[][] {
  const literals = [...new Set(seen.flatMap(literalsOf))];
  const source = [...helpers, ...literals.map((literal, at) => `export const r${at}: ${literal};`)].join('\n');
  const program = ts.createProgram([recordings], options, hostWith(source));
  const file = program.getSourceFile(recordings);
  const objections = new Map<string, string[]>();
  for (const found of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
    const line = source.slice(0, found.start).split('\n').length - 1;
    const literal = literals[line - helpers.length] ?? 'the types themselves';
    const text = ts.flattenDiagnosticMessageText(found.messageText, ' ');
    objections.set(literal, [...(objections.get(literal) ?? []), `${text} in ${literal.slice(0, 300)}`]);
  }
  return seen.map((request) =>
    ['the types themselves', ...literalsOf(request)].flatMap((one) => objections.get(one) ?? []),
  );
}

/** `METHOD /published/{path}` of a recorded request. */
export function routeOf({ method, path: asked }: Pick<SeenRequest, 'method' | 'path'>): string {
  const template = asked.replace(/^\/collections\/(?!aliases$)[^/]+/, '/collections/{collection_name}');
  return `${method} ${template}`;
}

function literalsOf(request: SeenRequest): string[] {
  const [method = '', template = ''] = routeOf(request).split(' ');
  const call = `paths['${template}']['${method.toLowerCase()}']`;
  const query = Object.entries(request.query).map(([name, value]) => `${name}: ${value}`);
  const literals = [`Query<${call}> = { ${query.join(', ')} }`];
  if (request.body !== null) literals.push(`Body<${call}> = ${JSON.stringify(request.body)}`);
  if (request.answer?.status === 200) literals.push(`Answer<${call}> = ${JSON.stringify(request.answer.body)}`);
  return literals;
}

/** "Or anything at all", which the generator writes where the interface says "or null", would let everything through. */
function hostWith(source: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (name) => name === recordings || host.fileExists(name),
    readFile: (name) => host.readFile(name),
    getSourceFile: (name, version, ...more) => {
      if (name === recordings) return ts.createSourceFile(name, source, version, true);
      if (name !== published) return host.getSourceFile(name, version, ...more);
      const text = host.readFile(name) ?? '';
      return ts.createSourceFile(name, text.replaceAll('(Record<string, unknown> | null)', 'null'), version, true);
    },
  };
}
