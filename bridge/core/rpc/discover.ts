// `rpc.discover`: the OpenRPC document of this very bridge, made from the schemas the methods check with, so that it
// cannot say anything else than what is true.
import { z } from 'zod';
import type { RpcMethod } from './method.ts';
import { plainMethod } from './method.ts';

const JsonSchema = z.record(z.string(), z.unknown());

const OpenRpc = z.strictObject({
  openrpc: z.literal('1.3.2'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  methods: z.array(
    z.strictObject({
      name: z.string(),
      summary: z.string(),
      paramStructure: z.literal('by-name'),
      params: z.array(z.strictObject({ name: z.string(), required: z.boolean(), schema: JsonSchema })),
      result: z.strictObject({ name: z.string(), schema: JsonSchema }),
      'x-access': z.string(),
    }),
  ),
});
type OpenRpc = z.infer<typeof OpenRpc>;

export function discoverMethod(version: string, others: readonly RpcMethod[]): RpcMethod {
  const self: RpcMethod = plainMethod({
    name: 'rpc.discover',
    summary: 'Describes every method of this bridge.',
    access: 'token',
    scope: null,
    params: z.strictObject({}),
    result: OpenRpc,
    run: async () => documentOf(version, [self, ...others]),
  });
  return self;
}

function documentOf(version: string, methods: readonly RpcMethod[]): OpenRpc {
  const description = 'Parameters are named. A tenant token implies account_id; the admin token must name it.';
  return {
    openrpc: '1.3.2',
    info: { title: 'Universal Integrator bridge', version, description },
    methods: methods.map(describe),
  };
}

function describe(method: RpcMethod): OpenRpc['methods'][number] {
  return {
    name: method.name,
    summary: method.summary,
    paramStructure: 'by-name',
    params: paramsOf(method),
    result: { name: 'result', schema: schemaOf(method.result, 'output') },
    'x-access': method.scope === null ? method.access : `${method.access}, scope ${method.scope}`,
  };
}

function paramsOf(method: RpcMethod): OpenRpc['methods'][number]['params'] {
  const schema = schemaOf(method.params, 'input');
  const required = z.array(z.string()).catch([]).parse(schema['required']);
  const properties = z.record(z.string(), JsonSchema).catch({}).parse(schema['properties']);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property,
  }));
}

/** What JSON Schema cannot say (a value read from an earlier form) is left open rather than left out. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const json: Record<string, unknown> = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete json['$schema'];
  return json;
}
