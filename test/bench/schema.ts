/** The part of JSON Schema that bench/result.schema.json uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
}

/** What of `value` a schema does not allow, one line each; empty if it is valid. */
export function violations(root: Schema, value: unknown): string[] {
  return within(root, root, value, "result");
}

function within(root: Schema, schema: Schema, value: unknown, at: string): string[] {
  if (schema.$ref) return within(root, root.$defs![schema.$ref.replace("#/$defs/", "")], value, at);
  if (schema.type && typeOf(value, schema.type) !== schema.type) {
    return [`${at} is ${JSON.stringify(value)}, not of type ${schema.type}`];
  }
  const wrong: string[] = [];
  if ("const" in schema && value !== schema.const) wrong.push(`${at} is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) wrong.push(`${at} is none of ${schema.enum}`);
  if (schema.minimum !== undefined && !((value as number) >= schema.minimum)) {
    wrong.push(`${at} is ${value}, below ${schema.minimum}`);
  }
  if (Array.isArray(value)) {
    const items = schema.items ?? {};
    return wrong.concat(value.flatMap((each, i) => within(root, items, each, `${at}[${i}]`)));
  }
  if (typeof value !== "object" || value === null) return wrong;
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${at} lacks ${name}`);
  const inner = Object.entries(value).flatMap(([name, each]) => {
    if (name in properties) return within(root, properties[name], each, `${at}.${name}`);
    return additionalProperties ? [] : [`${at}.${name} is not in the schema`];
  });
  return [...wrong, ...missing, ...inner];
}

/** The schema's name for what a value is; NaN and infinities have none in JSON. */
function typeOf(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  if (typeof value !== "number") return typeof value;
  if (!Number.isFinite(value)) return "no number of JSON";
  return wanted === "integer" && Number.isInteger(value) ? "integer" : "number";
}
