import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";

let fake: FakeZaloBot;

beforeEach(async () => {
  fake = await startFakeZaloBot();
  fake.chat("aa01");
});
afterEach(async () => {
  await fake.close();
});

type Body = { ok: boolean; result: Record<string, unknown> & { message: Record<string, unknown> } };

/** What a client with no code of ours sees. */
async function ask(method: string, params: unknown = {}, token = fake.token) {
  const answer = await fetch(`${fake.apiRoot}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return { status: answer.status, body: await bodyOf(answer) };
}

async function bodyOf(answer: Response): Promise<Body> {
  return JSON.parse(await answer.text());
}

const refused = (code: number) => ({
  status: 200,
  body: { ok: false, error_code: code, description: expect.any(String) },
});

test("every refusal comes under HTTP 200, with its code in the body", async () => {
  expect(await ask("getMe", {}, "1:wrong-token")).toEqual(refused(401));
  expect(await ask("sendDocument", { chat_id: "aa01" })).toEqual(refused(404));
  expect(await ask("getme")).toEqual(refused(404));
  expect(await ask("sendMessage", { text: "a" })).toEqual({
    status: 200,
    body: {
      ok: false,
      error_code: 400,
      description: "Bad request: The chat_id must not be empty",
    },
  });
  expect(await ask("getWebhookInfo")).toEqual(refused(404));
});

test("the account has an id of 19 digits, as a string", async () => {
  const { body } = await ask("getMe");
  expect(body.result).toMatchObject({
    id: expect.stringMatching(/^\d{19}$/),
    account_name: expect.any(String),
    account_type: "BASIC",
    can_join_groups: expect.any(Boolean),
  });
});

test("a call may come with an empty body, with GET, or as a form; multipart is not read", async () => {
  const url = `${fake.apiRoot}/bot${fake.token}`;
  expect((await bodyOf(await fetch(`${url}/getMe`, { method: "POST" }))).ok).toBe(true);
  expect((await bodyOf(await fetch(`${url}/getMe`))).ok).toBe(true);
  const fields = { chat_id: "aa01", text: "chào" };
  const form = await fetch(`${url}/sendMessage`, {
    method: "POST",
    body: new URLSearchParams(fields),
  });
  expect((await bodyOf(form)).ok).toBe(true);
  const parts = new FormData();
  for (const [name, value] of Object.entries(fields)) parts.set(name, value);
  const multipart = await fetch(`${url}/sendMessage`, { method: "POST", body: parts });
  expect(await multipart.json()).toMatchObject({ ok: false, error_code: 400 });
});

test("a poll for nothing ends with code 408 after just the seconds asked, written as a number or a text", async () => {
  for (const timeout of [0.05, "0.05"]) {
    const asked = performance.now();
    expect(await ask("getUpdates", { timeout })).toEqual(refused(408));
    expect(performance.now() - asked).toBeGreaterThanOrEqual(49);
  }
});

test("a poll gets one update, which is gone then; what comes while nobody polls is lost", async () => {
  await fake.says("aa02", "không ai nghe");
  expect(fake.lost).toHaveLength(1);
  const first = ask("getUpdates", { timeout: 5 });
  await fake.until(() => fake.isPolled());
  const before = Date.now();
  const id = await fake.says("aa02", "một");
  await fake.says("aa02", "hai");
  const { body } = await first;
  expect(body).toMatchObject({
    ok: true,
    result: {
      event_name: "message.text.received",
      message: {
        message_id: id,
        from: { id: "aa02", is_bot: false },
        chat: { id: "aa02", chat_type: "PRIVATE" },
        text: "một",
      },
    },
  });
  expect(body.result.message.date).toBeGreaterThanOrEqual(before);
  expect(typeof body.result.message.message_id).toBe("string");
  expect(await ask("getUpdates", { timeout: "0.05" })).toEqual(refused(408));
  expect(fake.lost).toHaveLength(2);
});

test("texts are from 1 to 2,000 characters, photos are addresses, and typing has no result", async () => {
  const send = (text: string) => ask("sendMessage", { chat_id: "aa01", text });
  const { body } = await send("a".repeat(2000));
  expect(body).toMatchObject({ ok: true, result: { message_id: expect.any(String) } });
  expect(body.result.date).toBeGreaterThan(1_700_000_000_000);
  for (const text of ["", "a".repeat(2001)]) expect(await send(text)).toEqual(refused(400));
  const photo = (address: string) => ask("sendPhoto", { chat_id: "aa01", photo: address });
  expect((await photo("https://a.vn/1.jpg")).body.result.message_type).toBe("CHAT_PHOTO");
  expect(await photo("data:image/png;base64,AAAA")).toEqual(refused(400));
  const typing = await ask("sendChatAction", { chat_id: "aa01", action: "typing" });
  expect(typing).toEqual({ status: 200, body: { ok: true } });
  expect(fake.sent).toHaveLength(2);
});

test("a webhook needs a public https address and a secret of 8 to 256 characters", async () => {
  const url = "https://an-sinh.example.org/zalo-bot";
  const set = (address: string, secret: string) =>
    ask("setWebhook", { url: address, secret_token: secret });
  for (const secret of ["", "a".repeat(7), "a".repeat(257)]) {
    expect(await set(url, secret)).toEqual(refused(400));
  }
  for (const address of [
    "",
    "http://an-sinh.example.org/",
    "https://localhost/",
    "https://192.168.1.2/",
    "http://127.0.0.1:9/",
  ]) {
    expect(await set(address, "a".repeat(8))).toEqual(refused(400));
  }
  expect((await set(url, "a".repeat(8))).body.result).toMatchObject({
    url,
    updated_at: expect.any(Number),
    verification: { ok: false },
  });
  expect((await ask("getWebhookInfo")).body.result).toEqual({
    url,
    updated_at: expect.any(Number),
  });
  expect((await ask("getUpdates", { timeout: 1 })).body.ok).toBe(false);
  expect((await ask("deleteWebhook")).body.result).toMatchObject({ url: "" });
  expect(await ask("getWebhookInfo")).toEqual(refused(404));
});

test.each(["wrapped", "bare"] as const)(
  "a webhook gets one %s event a request with the secret beside it, as often and in such order as told",
  async (shape) => {
    const got: { secret: unknown; body: unknown }[] = [];
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        got.push({ secret: request.headers["x-bot-api-secret-token"], body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    fake.allowsLoopback = true;
    const url = `http://127.0.0.1:${port}/`;
    const set = await ask("setWebhook", { url, secret_token: "bi-mat-88" });
    expect(set.body.result.verification).toMatchObject({ ok: true, status_code: 200 });
    got.splice(0);
    fake.mischief.shape = shape;
    fake.mischief.photo = "photo_url";
    await fake.sendsPhoto("aa03");
    const photo = {
      event_name: "message.image.received",
      message: expect.objectContaining({ photo_url: expect.stringMatching(/^https:/) }),
    };
    expect(got).toEqual([
      { secret: "bi-mat-88", body: shape === "bare" ? photo : { ok: true, result: photo } },
    ]);
    got.splice(0);
    fake.mischief.copies = 2;
    const release = fake.holdBack();
    await fake.says("aa03", "một");
    await fake.says("aa03", "hai");
    await release();
    const texts = got.map(({ body }) => /"text":"([^"]*)"/.exec(JSON.stringify(body))?.[1]);
    expect(texts).toEqual(["hai", "hai", "một", "một"]);
    fake.mischief.loses = () => true;
    await fake.says("aa03", "ba");
    expect(got).toHaveLength(4);
    server.close();
  },
);

test("beyond the month's number a send is refused with 429 in the body; in front of it stands a page", async () => {
  fake.world.monthlyLimit = 1;
  const send = () => ask("sendMessage", { chat_id: "aa01", text: "tin" });
  expect((await send()).body.ok).toBe(true);
  expect(await send()).toEqual(refused(429));
  fake.fault("getUpdates", { type: "html", status: 429 });
  const page = await fetch(`${fake.apiRoot}/bot${fake.token}/getUpdates`, { method: "POST" });
  expect([page.status, page.headers.get("content-type")]).toEqual([429, "text/html"]);
  expect(await page.text()).toContain(fake.token);
});

test("cut connections look as they should: nothing done, or done without an answer", async () => {
  for (const type of ["cut-before-reading", "cut-after-doing", "half-answer"] as const) {
    fake.fault("sendMessage", { type });
  }
  const done: number[] = [];
  for (const text of ["a", "b", "c"]) {
    await expect(ask("sendMessage", { chat_id: "aa01", text })).rejects.toThrow(
      /fetch failed|terminated/,
    );
    done.push(fake.sent.length);
  }
  expect(done).toEqual([0, 1, 2]);
});
