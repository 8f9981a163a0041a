import type { IncomingMessage } from "node:http";

/** A call's parameters as they came: nested ones may be objects (JSON) or JSON in a string (form, multipart, query). */
export type Params = Record<string, unknown>;

/** The parameters of a call, from its address and from a JSON, form or multipart body. */
export async function readParams(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<Params> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  return { ...Object.fromEntries(query), ...(await parseBody(body, type)) };
}

async function parseBody(body: Buffer, type: string): Promise<Params> {
  if (body.length === 0) return {};
  if (type.startsWith("application/json")) return JSON.parse(body.toString("utf8"));
  // The platform's own parser: ours might share a mistake with the fake.
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": type },
  }).formData();
  return Object.fromEntries(form);
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

export function isTrue(value: unknown): boolean {
  return value === true || textOf(value).toLowerCase() === "true" || textOf(value) === "1";
}

/** A nested parameter; `null` when it is not JSON. */
export function objectOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === "") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
