// The smallest value that fits a JSON schema; of an enum, the word that occurs in the question, else the first.

export function fillSchema(schema: Record<string, unknown>, question: string): unknown {
  const options = schema['enum'];
  if (Array.isArray(options)) return pickOption(options as unknown[], question);
  if ('const' in schema) return schema['const'];
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return fillSchema(asSchema(alternatives[0]), question);
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(asSchema(schema['properties'])).map(([key, inner]) => [
          key,
          fillSchema(asSchema(inner), question),
        ]),
      );
    case 'array':
      return [];
    case 'number':
      return 0.9;
    case 'integer':
      return 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return question.slice(0, 80);
  }
}

function pickOption(options: readonly unknown[], question: string): unknown {
  const lower = question.toLowerCase();
  return options.find((option) => typeof option === 'string' && lower.includes(option.toLowerCase())) ?? options[0];
}

function asSchema(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
