import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inTurn } from "../src/answer/in-turn.ts";
import { createZaloOaChannel } from "../src/channels/zalo-oa.ts";
import type { ZaloOaOptions } from "../src/channels/zalo-oa-options.ts";
import type { Address, Answer, Incoming } from "../src/domain/reply.ts";
import type { FakeZaloOa } from "./fake-zalo-oa.ts";
import { createWaits, echo, PHRASES } from "./telegram-bot.ts";

export const toOa = (person: string): Address => ({ channel: "zalo-oa", person });

/** A folder of this test's own for the tokens. */
export async function tokenFile(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "an-sinh-zalo-oa-")), "zalo-oa-token.json");
}

/** A Zalo OA channel before a fake Zalo, with all it says and asks kept. */
export async function createOa(
  fake: FakeZaloOa,
  more: Partial<ZaloOaOptions> & { bot?: Answer } = {},
) {
  const heard: Incoming[] = [];
  const accepted = new Set<string>();
  const answered: string[] = [];
  const left: Address[] = [];
  const told: string[] = [];
  const logged: string[] = [];
  const results: string[] = [];
  const contacts = new Map<string, Date>();
  const waits = createWaits();
  const { bot = echo, ...options } = more;
  const file = options.tokenFile ?? (await tokenFile());
  const channel = createZaloOaChannel({
    account: fake.account,
    sendWay: "cs-then-v2",
    signFirst: "app_id",
    paidAllowed: false,
    apiRoot: fake.url,
    oauthRoot: fake.url,
    tokenFile: file,
    accept(incoming) {
      const isNew = !accepted.has(incoming.id);
      accepted.add(incoming.id);
      return Promise.resolve(isNew);
    },
    answer: inTurn((incoming) => {
      heard.push(incoming);
      return bot(incoming);
    }),
    onAnswered(incoming) {
      answered.push(incoming.id);
      return Promise.resolve();
    },
    onBlocked(from) {
      left.push(from);
      return Promise.resolve();
    },
    contacts: {
      note: (from, at) => contacts.set(from.person, at),
      lastOf: (from) => contacts.get(from.person) ?? null,
    },
    onSent: (result) => results.push(result),
    tell: (sentence) => told.push(sentence),
    log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    wait: waits.wait,
    now: () => new Date(),
    phrases: PHRASES,
    ...options,
  });
  return { channel, heard, accepted, answered, left, told, logged, results, contacts, waits, file };
}

type Bot = Awaited<ReturnType<typeof createOa>>;

/** The channel behind a server as small as can be. */
export async function serveOa(bot: Pick<Bot, "channel">) {
  const server = createServer((request, response) => {
    const header = (name: string) => request.headers[name]?.toString() ?? null;
    void bot.channel
      .webhookHandler({
        signature: header("x-zevent-signature"),
        timestamp: header("x-zevent-timestamp"),
        body: () => buffer(request),
      })
      .then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/zalo-oa`,
    close: () => server.close(),
  };
}
