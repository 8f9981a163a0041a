import { createMetrics, measured } from "../src/channels/metrics.ts";
import { createServer, type Server, type ServerOptions } from "../src/channels/server.ts";
import { createWebChannel, type WebChannelOptions } from "../src/channels/web.ts";
import type { Incoming, Reply } from "../src/domain/reply.ts";

/** A bot of ten lines: it says what it heard and offers two choices. */
export function echo(incoming: Incoming): Promise<Reply> {
  const { content } = incoming;
  const heard = content.type === "text" ? content.text : `nút ${content.action.do}`;
  return Promise.resolve({
    blocks: [
      { type: "heading", text: "Lương hưu" },
      { type: "text", spans: [{ text: `Đã nghe: ${heard}` }] },
      { type: "list", ordered: false, items: [[{ text: "Tờ khai", strong: true }]] },
      { type: "source", text: "Căn cứ: Luật 41/2024/QH15." },
    ],
    buttons: [
      { label: "Mức hưởng", action: { do: "entitlement", id: "luong-huu", facet: "benefit" } },
      { label: "Danh mục", action: { do: "menu" } },
    ],
    feedback: null,
    about: {
      outcome: "answer",
      kind: "entitlement",
      facet: null,
      faq: null,
      entitlements: [],
      also: [],
      agency: null,
      confidence: 1,
    },
  });
}

export type Started = Server & {
  /** Everything that reached the bot. */
  heard: Incoming[];
  log: string[];
  clock: { at: Date };
};

/** The real server on a free loopback port, with a clock that only moves when a test moves it. */
export async function startServer(
  web: Partial<WebChannelOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<Started> {
  const heard: Incoming[] = [];
  const log: string[] = [];
  const clock = { at: new Date("2026-11-24T03:00:00Z") };
  const metrics = createMetrics();
  const answer = web.receive ?? echo;
  const receive = measured(
    (incoming) => {
      heard.push(incoming);
      return answer(incoming);
    },
    metrics,
    () => clock.at.getTime(),
  );
  const started = createServer({
    host: "127.0.0.1",
    port: 0,
    trustProxyHops: 0,
    web: createWebChannel({
      now: () => clock.at,
      secureCookies: false,
      onError: (error) => log.push(String(error)),
      ...web,
      receive,
    }),
    webhooks: [],
    ready: () => true,
    metrics: { port: 0, read: () => metrics.read() },
    log: (event) => log.push(event),
    ...server,
  });
  await started.start();
  return Object.defineProperties(
    { heard, log, clock },
    Object.getOwnPropertyDescriptors(started),
  ) as Started;
}
