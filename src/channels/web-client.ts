import { isIP } from "node:net";

/** Who is at the other end of a request, as far as the proxies we trust can tell. */
export type Client = {
  /** An IPv4 address, or the /64 network of an IPv6 one: one household or phone has a whole /64. */
  address: string;
  /** The host the browser was asked for, with its port. */
  host: string;
  isHttps: boolean;
};

/** What a request says about where it came from. `header` resolves a header's name to its value. */
export type Arrival = {
  remoteAddress: string | undefined;
  header: (name: string) => string | undefined;
};

/**
 * The client of a request that passed `trustedHops` proxies of ours. Each proxy appends to `X-Forwarded-For` the address it was called from, so
 * only as many entries from the right can be believed as there are proxies; anything further left is what the client claims.
 */
export function clientOf(arrival: Arrival, trustedHops: number): Client {
  const { header } = arrival;
  const direct = arrival.remoteAddress ?? "";
  const host = header("host") ?? "";
  if (trustedHops === 0) return { address: network(direct), host, isHttps: false };
  const path = [...listOf(header("x-forwarded-for")), direct];
  const claimed = path[Math.max(0, path.length - 1 - trustedHops)] ?? direct;
  return {
    address: network(isIP(claimed) === 0 ? direct : claimed),
    host: listOf(header("x-forwarded-host")).at(-1) ?? host,
    isHttps: listOf(header("x-forwarded-proto")).at(-1) === "https",
  };
}

function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [left = "", right] = address.toLowerCase().split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0");
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(":")}::/64`;
}
