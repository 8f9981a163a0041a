import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import fc from "fast-check";
import { timestampOf } from "../src/channels/zalo-oa-events.ts";
import { judgeSignature } from "../src/channels/zalo-oa-signature.ts";
import { type FakeZaloOa, signatureOf, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { PHRASES, replyOf } from "./telegram-bot.ts";
import { createOa, serveOa, toOa } from "./zalo-oa-bot.ts";

let fake: FakeZaloOa;
let bot: Awaited<ReturnType<typeof createOa>>;
let server: Awaited<ReturnType<typeof serveOa>>;

beforeEach(async () => {
  fake = await startFakeZaloOa();
  await use(await createOa(fake));
});
afterEach(async () => {
  void bot.channel.stop();
  server.close();
  await fake.close();
});

async function use(other: typeof bot): Promise<void> {
  server?.close();
  bot = other;
  server = await serveOa(bot);
  fake.webhook = server.url;
}

const ago = (ms: number) => String(Date.now() - ms);
const HOUR = 3_600_000;
const asked = (person = "an", more: Record<string, unknown> = {}) =>
  fake.event("user_send_text", person, { message: { msg_id: "m1", text: "hỏi" }, ...more });
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return fetch(server.url, { method: "POST", headers, body }).then(({ status }) => status);
}

test("the signature is what the vendor's own SDK computes: openssl comes to the same", () => {
  const body =
    '{"event_name":"user_send_text","message":{"text":"Tiền tuổi già"},"timestamp":"1764032400000"}';
  const account = { appId: "4321098765432109876", oaId: "5", appSecret: "s", webhookKey: "khóa" };
  const input = `${account.appId}${body}1764032400000${account.webhookKey}`;
  const said = execFileSync("openssl", ["dgst", "-sha256", "-r"], { input }).toString();
  const [signature = ""] = said.split(" ");
  expect(signature).toHaveLength(64);
  expect(signatureOf(account, body, "1764032400000")).toBe(`mac=${signature}`);
  const verdict = judgeSignature(
    {
      body: Buffer.from(body),
      signature,
      timestamps: { body: "1764032400000", header: null },
    },
    { account, first: "app_id" },
  );
  expect(verdict).toMatchObject({ type: "right" });
});

test("a signature written down by hand is taken, with and without mac=, in either case", () => {
  // printf '1{}2k' | sha256sum
  const hex = "de8e4e4cd3996baf4a4549475ad3ebf35118b2bcef3fbe9dc44903244f01e17e";
  expect(sha256("1{}2k")).toBe(hex);
  for (const signature of [hex, `mac=${hex}`, `MAC=${hex.toUpperCase()}`]) {
    const verdict = judgeSignature(
      { body: Buffer.from("{}"), signature, timestamps: { body: null, header: "2" } },
      { account: { appId: "1", oaId: "9", appSecret: "x", webhookKey: "k" }, first: "app_id" },
    );
    expect(verdict).toMatchObject({ type: "right", timestamp: "2" });
  }
});

test("the 200 comes before the answer, also while the platform and the bot are slow", async () => {
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await use(await createOa(fake, { bot: () => slow.then(() => replyOf("đây")) }));
  fake.fault("cs", { type: "hold", until: slow });
  fake.fault("token", { type: "hold", until: slow });
  expect(await fake.says("an", "hỏi")).toEqual([200]);
  expect(await fake.says("binh", "hỏi")).toEqual([200]);
  expect(bot.accepted.size).toBe(2);
  expect(fake.sent).toEqual([]);
  answer();
  await fake.until(() => bot.answered.length === 2);
  expect(fake.sent).toHaveLength(2);
});

test("an event that Zalo sends again is answered once, also after a restart", async () => {
  const event = asked();
  fake.person("an", new Date());
  expect(await fake.deliver(event, { copies: 3 })).toEqual([200, 200, 200]);
  await fake.until(() => fake.sent.length === 1);
  const { accepted } = bot;
  await use(await createOa(fake, { accept: ({ id }) => Promise.resolve(!accepted.has(id)) }));
  expect(await fake.deliver(event)).toEqual([200]);
  expect(bot.heard).toEqual([]);
  expect([...accepted]).toEqual(["m1"]);
});

test("one person's questions are answered in the order they came, others do not wait for them", async () => {
  fake.fault("cs", { type: "code", code: -32 });
  await fake.says("an", "một");
  await fake.until(() => bot.waits.asked().length > 0);
  await fake.says("an", "hai");
  await fake.says("binh", "ba");
  await fake.until(() => fake.sent.length === 1);
  await bot.waits.pass(20_000);
  await fake.until(() => fake.sent.length === 3);
  expect(fake.sent.map(({ text }) => text.split("\n")[0])).toEqual([
    "nghe: ba",
    "nghe: một",
    "nghe: hai",
  ]);
});

test("a forged, changed, unsigned or empty signature is refused and nothing happens", async () => {
  const event = asked();
  const body = JSON.stringify(event);
  const right = signatureOf(fake.account, body, String(event["timestamp"]));
  for (const signature of ["", "mac=", "0".repeat(64), right.slice(0, -1), `${right}0`, "é"]) {
    const headers = { "x-zevent-signature": encodeURI(signature) };
    expect(await post(body, headers)).toBe(401);
  }
  expect(await post(body)).toBe(401);
  expect(
    await fake.deliver(event, { body: body.replace("hỏi", "hỏi!"), signature: right }),
  ).toEqual([401]);
  // The same JSON, written otherwise: what is signed are the bytes.
  expect(
    await fake.deliver(event, { body: JSON.stringify(event, null, 1), signature: right }),
  ).toEqual([401]);
  expect(
    await fake.deliver(event, {
      signature: signatureOf(
        { ...fake.account, webhookKey: fake.account.appSecret },
        body,
        String(event["timestamp"]),
      ),
    }),
  ).toEqual([401]);
  expect(bot.heard).toEqual([]);
  expect(bot.accepted.size).toBe(0);
});

test("an HMAC, as some code on the web has it, is not the signature", async () => {
  const event = asked();
  const { appId, webhookKey } = fake.account;
  const text = `${appId}${JSON.stringify(event)}${String(event["timestamp"])}`;
  const signature = createHmac("sha256", webhookKey).update(text).digest("hex");
  expect(await fake.deliver(event, { signature })).toEqual([401]);
});

test("a replay after hours is refused; Zalo's own last try after two hours is taken", async () => {
  expect(await fake.deliver(asked("an", { timestamp: ago(2 * HOUR) }))).toEqual([200]);
  expect(await fake.deliver(asked("an", { timestamp: ago(3.1 * HOUR) }))).toEqual([401]);
  expect(await fake.deliver(asked("an", { timestamp: ago(-3.1 * HOUR) }))).toEqual([401]);
  expect(await fake.deliver(asked("an", { timestamp: "hôm qua" }))).toEqual([401]);
});

test("an OA that signs with its own id, or the timestamp of the header, is set up by what the log says", async () => {
  const event = asked();
  const body = JSON.stringify(event);
  const { oaId, webhookKey, appId } = fake.account;
  const byOa = sha256(`${oaId}${body}${String(event["timestamp"])}${webhookKey}`);
  expect(await fake.deliver(event, { signature: byOa })).toEqual([401]);
  expect(bot.logged.join()).toContain('"wouldMatch":"oa_id, ZALO_OA_WEBHOOK_KEY"');
  expect(await fake.deliver(event, { signature: byOa })).toEqual([401]);
  expect(bot.told).toHaveLength(1);
  expect(bot.told[0]).toContain("sửa ZALO_OA_SIGN_FIRST");
  await use(await createOa(fake, { signFirst: "oa_id" }));
  expect(await fake.deliver(event, { signature: byOa })).toEqual([200]);
  expect(bot.logged.join()).toContain('"variant":"oa_id, timestamp of the body"');
  await use(await createOa(fake));
  const timestamp = ago(1_000);
  const headers = {
    "x-zevent-signature": sha256(`${appId}${body}${timestamp}${webhookKey}`),
    "x-zevent-timestamp": timestamp,
  };
  expect(await post(body, headers)).toBe(200);
  expect(bot.logged.join()).toContain('"variant":"app_id, timestamp of the header"');
});

test("without a key nothing is right, not even what is signed with no key", async () => {
  await use(await createOa(fake, { account: { ...fake.account, webhookKey: "" } }));
  const event = asked();
  const body = JSON.stringify(event);
  const signature = sha256(`${fake.account.appId}${body}${String(event["timestamp"])}`);
  expect(await fake.deliver(event, { signature })).toEqual([401]);
});

test("the unsigned probe of the console gets its 200 and does nothing", async () => {
  expect(await post("{}")).toBe(200);
  expect(await post("{ }")).toBe(401);
  expect(await post("")).toBe(401);
  expect(bot.logged.join()).not.toContain("malformed");
});

test("more than 64 KB is refused, whoever signed it; just below is read", async () => {
  const event = (length: number) =>
    asked("an", { message: { msg_id: "dai", text: "a".repeat(length) } });
  expect(await fake.deliver(event(65 * 1024))).toEqual([413]);
  expect(await fake.deliver(event(63 * 1024))).toEqual([200]);
  const content = (await heardFirst()).content;
  expect(content.type === "text" && content.text.length).toBe(4096);
});

async function heardFirst() {
  await fake.until(() => bot.heard.length > 0);
  const [first] = bot.heard;
  if (first === undefined) throw new Error("nothing was heard");
  return first;
}

test("somebody who follows is greeted as after /start, and once", async () => {
  const event = {
    app_id: fake.account.appId,
    oa_id: fake.account.oaId,
    event_name: "follow",
    follower: { id: "an" },
    source: "oa_profile",
    timestamp: ago(5_000),
  };
  fake.person("an", new Date());
  expect(await fake.deliver(event, { copies: 2 })).toEqual([200, 200]);
  await fake.until(() => fake.sent.length === 1);
  expect((await heardFirst()).content).toEqual({ type: "text", text: "/start" });
  expect(bot.heard).toHaveLength(1);
  expect(bot.contacts.get("an")).toEqual(new Date(Number(event.timestamp)));
});

test("somebody who unfollows is unsubscribed, but not by late news after they came back", async () => {
  const unfollow = (timestamp: string) => ({
    oa_id: fake.account.oaId,
    event_name: "unfollow",
    follower: { id: "an" },
    timestamp,
  });
  expect(await fake.deliver(unfollow(ago(60_000)))).toEqual([200]);
  expect(bot.left).toEqual([toOa("an")]);
  await fake.says("an", "tôi đã quay lại");
  expect(await fake.deliver(unfollow(ago(30_000)))).toEqual([200]);
  expect(bot.left).toHaveLength(1);
});

test("events out of order never bring the last contact back in time", async () => {
  const at = (ms: number, id: string) =>
    asked("an", { timestamp: ago(ms), message: { msg_id: id, text: "hỏi" } });
  await fake.deliver(at(1_000, "moi"));
  const last = bot.contacts.get("an");
  await fake.deliver(at(HOUR, "cu"));
  expect(bot.contacts.get("an")).toEqual(last);
  await fake.deliver(fake.event("user_click_chatnow", "binh", { user_id: "binh" }));
  expect(bot.contacts.has("binh")).toBe(true);
});

test.each([
  ["user_send_image", PHRASES.picture],
  ["user_send_gif", PHRASES.picture],
  ["user_send_video", PHRASES.picture],
  ["user_send_file", PHRASES.picture],
  ["user_send_sticker", PHRASES.sticker],
  ["user_send_audio", PHRASES.voice],
  ["user_send_location", PHRASES.location],
  ["user_send_business_card", PHRASES.contact],
  ["user_send_link", PHRASES.other],
])("%s is answered kindly, without pretending to understand", async (name, sentence) => {
  fake.person("an", new Date());
  const attachments = [{ type: "x", payload: { url: "http://zdn.vn/x" } }];
  const event = fake.event(name, "an", { message: { msg_id: "m1", text: "", attachments } });
  expect(await fake.deliver(event, { copies: 2 })).toEqual([200, 200]);
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]?.text).toBe(sentence);
});

test.each([
  "oa_send_text",
  "user_seen_message",
  "user_received_message",
  "user_reacted_message",
  "user_submit_info",
  "anonymous_send_text",
  "change_oa_daily_quota",
  "constructor",
  "sự kiện mới",
])("the event %s is taken and answered with nothing", async (name) => {
  expect(
    await fake.deliver(fake.event(name, "an", { message: { msg_id: "1", text: "x" } })),
  ).toEqual([200]);
  expect(bot.accepted.size + bot.contacts.size + bot.left.length).toBe(0);
});

test("what the OA itself says, and what people say to another OA, is not answered", async () => {
  const own = asked(fake.account.oaId);
  const other = asked("an", { recipient: { id: "123" } });
  const swapped = asked(fake.account.oaId, { recipient: { id: "an" } });
  for (const event of [own, swapped]) expect(await fake.deliver(event)).toEqual([200]);
  expect(bot.logged.join()).not.toContain("zalo-oa.other-oa");
  expect(await fake.deliver({ ...other, message: { msg_id: "m2", text: "hỏi" } })).toEqual([200]);
  expect(bot.logged.join()).toContain("zalo-oa.other-oa");
  expect(bot.accepted.size).toBe(0);
});

test("an id that is a number is nobody's: its last digits would be lost", async () => {
  expect(await fake.deliver(asked("an", { sender: { id: 6_876_543_210_987_654_000 } }))).toEqual([
    200,
  ]);
  expect(bot.accepted.size).toBe(0);
  expect(bot.logged.join()).toContain("zalo-oa.malformed");
});

test("somebody who asks without end is told once to slow down", async () => {
  await use(await createOa(fake, { rate: { burst: 2, perMinute: 1 } }));
  for (let count = 0; count < 6; count += 1) await fake.says("an", `câu ${count}`);
  await fake.until(() => bot.results.length === 3);
  expect(fake.sent.filter(({ text }) => text === PHRASES.tooFast)).toHaveLength(1);
});

test("an answer that breaks becomes an apology, and a message that cannot be kept does no harm", async () => {
  await use(await createOa(fake, { bot: () => Promise.reject(new Error("hỏng")) }));
  await fake.says("an", "hỏi");
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]?.text).toBe(PHRASES.failed);
  await use(await createOa(fake, { accept: () => Promise.reject(new Error("hỏng")) }));
  expect(await fake.says("an", "hỏi")).toEqual([200]);
});

test("while stopping an event is left with Zalo, and a body that breaks off is refused", async () => {
  const body = () => Promise.reject(new Error("aborted"));
  const request = { signature: "", timestamp: null, body };
  expect(await bot.channel.webhookHandler(request)).toBe(400);
  await bot.channel.stop();
  expect(await fake.says("an", "muộn")).toEqual([503]);
  expect(bot.heard).toEqual([]);
});

test("no event that can be made up, signed or changed on the way, brings the channel down", async () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  const names = fc.constantFrom("user_send_text", "follow", "unfollow", "user_send_image", "x");
  const timestamps = fc.oneof(fc.constant(ago(0)), odd);
  const handle = (body: Uint8Array, signature: string) =>
    bot.channel.webhookHandler({ signature, timestamp: ago(0), body: () => Promise.resolve(body) });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(names, odd),
      odd,
      odd,
      odd,
      timestamps,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      async (name, sender, message, follower, timestamp, at, byte) => {
        const event = { ...asked(), event_name: name, sender, message, follower, timestamp };
        const bytes = Buffer.from(JSON.stringify(event));
        const signature = signatureOf(fake.account, bytes.toString(), timestampOf(event) ?? "");
        expect([200, 401]).toContain(await handle(bytes, signature));
        bytes[at % bytes.length] = byte;
        expect([200, 401, 413]).toContain(await handle(bytes, signature));
      },
    ),
    { numRuns: 300 },
  );
  expect(bot.logged.join()).not.toContain("zalo-oa.failed");
});
