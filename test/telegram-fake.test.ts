import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Api, Bot, InputFile, TelegramApiError } from "node-telegram-bot-api";
import { Telegraf, Telegram, TelegramError } from "telegraf";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseTelegramHtml } from "./fake-telegram-html.ts";
import { type FakeTelegram, startFakeTelegram, tooMany } from "./fake-telegram.ts";

/** The fake is judged by two clients that nobody here wrote; one sends JSON, the other forms. */

let fake: FakeTelegram;
const servers: Server[] = [];

beforeEach(async () => {
  fake = await startFakeTelegram();
});

afterEach(async () => {
  await fake.close();
  for (const server of servers.splice(0)) server.close();
});

function telegraf(token = fake.token): Telegram {
  return new Telegram(token, { apiRoot: fake.apiRoot });
}

function formClient(token = fake.token): Api {
  return new Api(token, { apiRoot: fake.apiRoot, maxRetries: 0 });
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const mine = <T extends object>(error: unknown, kind: abstract new (...args: never[]) => T): T => {
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}`, { cause: error });
};

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("expected to fail");
    },
    (error: unknown) => error,
  );
}

test("telegraf polls, replies with a keyboard, and answers the press", async () => {
  const bot = new Telegraf(fake.token, { telegram: { apiRoot: fake.apiRoot } });
  bot.on("message", async (context) => {
    await context.reply("<b>Chào</b> &amp; mời hỏi", {
      parse_mode: "HTML",
      reply_markup: { inline_keyboard: [[{ text: "Danh mục", callback_data: "m" }]] },
    });
  });
  bot.on("callback_query", (context) => context.answerCbQuery("đã nhận"));
  const running = bot.launch();
  fake.says(11, "xin chào");
  await fake.until(() => fake.sent.length === 1);
  const { press } = fake.presses(11, "m");
  await fake.until(() => fake.pressAnswer(press) !== null);
  bot.stop();
  await running;
  expect(fake.sent[0]).toMatchObject({
    chat: 11,
    text: "Chào & mời hỏi",
    entities: [{ type: "bold", offset: 0, length: 4 }],
  });
  expect(fake.pressAnswer(press)).toEqual({ text: "đã nhận", alert: false });
  expect(fake.waiting()).toBe(0);
});

test("node-telegram-bot-api polls, replies in form bodies, and answers the press", async () => {
  const bot = new Bot(fake.token, { apiRoot: fake.apiRoot });
  bot.on("message", (context) =>
    context.reply("Chọn:", {
      reply_markup: { inline_keyboard: [[{ text: "Danh mục", callback_data: "m" }]] },
    }),
  );
  bot.on("callback_query", (context) => context.answerCallbackQuery({ text: "đã nhận" }));
  const running = bot.startPolling(undefined, { timeout: 1 });
  fake.says(12, "xin chào");
  await fake.until(() => fake.sent.length === 1);
  const { press } = fake.presses(12, "m");
  await fake.until(() => fake.pressAnswer(press) !== null);
  bot.stop();
  await running;
  expect(fake.sent[0]?.keyboard).toEqual([[{ text: "Danh mục", callback_data: "m" }]]);
  expect(fake.pressAnswer(press)).toEqual({ text: "đã nhận", alert: false });
  const types = fake.calls.map((call) => call.contentType);
  expect(types.some((type) => type.startsWith("application/x-www-form-urlencoded"))).toBe(true);
});

test("multipart bodies are read as well", async () => {
  fake.chat(13);
  const form = new FormData();
  form.set("chat_id", "13");
  form.set("text", "chữ có dấu");
  const response = await fetch(`${fake.apiRoot}/bot${fake.token}/SendMessage`, {
    method: "POST",
    body: form,
  });
  expect(await response.json()).toMatchObject({ ok: true, result: { text: "chữ có dấu" } });
  const refused = await failureOf(
    formClient().sendDocument({ chat_id: 13, document: new InputFile(new Uint8Array(3)) }),
  );
  expect(mine(refused, TelegramApiError).errorCode).toBe(404);
  expect(fake.calls.at(-1)?.contentType).toMatch(/^multipart\/form-data/);
});

test("both clients wait out or report a 429 with its retry_after", async () => {
  fake.chat(14);
  fake.fault("sendMessage", tooMany(7));
  const first = mine(await failureOf(telegraf().sendMessage(14, "một")), TelegramError);
  expect([first.code, first.parameters?.retry_after]).toEqual([429, 7]);
  fake.fault("sendMessage", tooMany(7));
  const second = await failureOf(formClient().sendMessage({ chat_id: 14, text: "một" }));
  expect(mine(second, TelegramApiError).retryAfter).toBe(7);
  fake.fault("sendMessage", tooMany(0));
  await new Api(fake.token, { apiRoot: fake.apiRoot }).sendMessage({ chat_id: 14, text: "hai" });
  expect(fake.sent.map((message) => message.text)).toEqual(["hai"]);
});

test("both clients see errors by code and in Telegram's words", async () => {
  for (const id of [15, 16, 17, 18]) fake.chat(id);
  fake.setChat(15, "blocked");
  fake.setChat(16, "deactivated");
  fake.setChat(17, "kicked");
  fake.setChat(18, { movedTo: -1001234567890 });
  const words = async (chat: number) => {
    const json = mine(await failureOf(telegraf().sendMessage(chat, "chào")), TelegramError);
    const form = mine(
      await failureOf(formClient().sendMessage({ chat_id: chat, text: "chào" })),
      TelegramApiError,
    );
    expect(form.errorCode).toBe(json.code);
    expect(form.description).toBe(json.description);
    return [json.code, json.description, form.migrateToChatId];
  };
  expect(await words(15)).toEqual([403, "Forbidden: bot was blocked by the user", undefined]);
  expect(await words(16)).toEqual([403, "Forbidden: user is deactivated", undefined]);
  expect((await words(17))[0]).toBe(403);
  expect(await words(18)).toEqual([
    400,
    "Bad Request: group chat was upgraded to a supergroup chat",
    -1001234567890,
  ]);
  expect(await words(19)).toEqual([400, "Bad Request: chat not found", undefined]);
  const wrong = await failureOf(telegraf("123456789:wrong").getMe());
  expect(mine(wrong, TelegramError).code).toBe(401);
});

test("limits are counted as Telegram counts them: text after the tags, callback data in bytes", async () => {
  fake.chat(20);
  const send = async (text: string, data = "m") =>
    telegraf()
      .sendMessage(20, text, {
        parse_mode: "HTML",
        reply_markup: { inline_keyboard: [[{ text: "nút", callback_data: data }]] },
      })
      .then(
        () => "ok",
        (error: unknown) => mine(error, TelegramError).description,
      );
  expect(await send(`<b>${"ă".repeat(4096)}</b>`)).toBe("ok");
  expect(await send("a".repeat(4097))).toBe("Bad Request: message is too long");
  expect(await send("<b> </b>")).toBe("Bad Request: message text is empty");
  expect(await send("a", "x".repeat(64))).toBe("ok");
  expect(await send("a", "ệ".repeat(22))).toBe("Bad Request: BUTTON_DATA_INVALID");
  expect(await send("a", "")).toMatch("Text buttons are unallowed in the inline keyboard");
});

test.each([
  ["<b>a", `Can't find end tag corresponding to start tag "b"`],
  ["é<x>", `Unsupported start tag "x" at byte offset 2`],
  ["a < b", "Unclosed start tag at byte offset 2"],
  ["a</b>", "Unexpected end tag at byte offset 1"],
  ["<b><i>a</b></i>", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`],
])("the HTML %s is refused in Telegram's words", (html, problem) => {
  expect(parseTelegramHtml(html)).toEqual({ problem });
});

test("an edit changes the message, and one that changes nothing is refused", async () => {
  fake.chat(21);
  const { message_id: id } = await telegraf().sendMessage(21, "cũ");
  await formClient().editMessageText({ chat_id: 21, message_id: id, text: "mới" });
  expect(fake.sent.map((message) => message.text)).toEqual(["mới"]);
  const same = await failureOf(telegraf().editMessageText(21, id, undefined, "mới"));
  expect(mine(same, TelegramError).description).toMatch("message is not modified");
  const none = await failureOf(telegraf().editMessageText(21, 5, undefined, "mới"));
  expect(mine(none, TelegramError).description).toBe("Bad Request: message to edit not found");
});

test("commands are kept, and names with accents refused", async () => {
  await telegraf().setMyCommands([{ command: "danhmuc", description: "Xem danh mục" }]);
  expect(await formClient().getMyCommands()).toEqual([
    { command: "danhmuc", description: "Xem danh mục" },
  ]);
  const refused = await failureOf(
    formClient().setMyCommands({ commands: [{ command: "danhmục", description: "a" }] }),
  );
  expect(mine(refused, TelegramApiError).description).toBe("Bad Request: BOT_COMMAND_INVALID");
});

test("updates come again until a later offset confirms them", async () => {
  const api = formClient();
  const first = fake.says(22, "một");
  const second = fake.says(22, "hai");
  const ids = async (offset: number) =>
    (await api.getUpdates({ offset, timeout: 0 })).map((update) => update.update_id);
  expect(await ids(0)).toEqual([first, second]);
  expect(await ids(first + 1)).toEqual([second]);
  expect(await ids(0)).toEqual([second]);
  expect(await ids(second + 1)).toEqual([]);
  fake.mischief.copies = 2;
  fake.mischief.reversed = true;
  const third = fake.says(22, "ba");
  const fourth = fake.says(22, "bốn");
  expect(await ids(third)).toEqual([fourth, fourth, third, third]);
  fake.mischief.loses = (update) => update.update_id === third;
  fake.mischief.copies = 1;
  expect(await ids(third)).toEqual([fourth]);
});

test("a second poller ends the first, and a webhook forbids polling", async () => {
  const api = formClient();
  const first = failureOf(api.getUpdates({ timeout: 20 }));
  await fake.until(() => fake.calls.length === 1);
  const second = api.getUpdates({ timeout: 20 });
  expect(mine(await first, TelegramApiError).errorCode).toBe(409);
  fake.says(23, "chào");
  expect(await second).toHaveLength(1);
  await telegraf().setWebhook("https://example.org/hook");
  const refused = mine(await failureOf(api.getUpdates({ timeout: 0 })), TelegramApiError);
  expect([refused.errorCode, refused.description]).toEqual([
    409,
    expect.stringMatching(/webhook is active/),
  ]);
});

test("telegraf gets its webhook with the secret, and its reply in the answer counts", async () => {
  const bot = new Telegraf(fake.token, { telegram: { apiRoot: fake.apiRoot, webhookReply: true } });
  bot.on("message", async (context) => {
    await context.sendChatAction("typing");
    await context.reply("đã nghe");
  });
  bot.botInfo = await bot.telegram.getMe();
  const secret = "bi-mat_1";
  const hook = bot.webhookCallback("/hook", { secretToken: secret });
  const url = await listen((request, response) => void hook(request, response));
  await telegraf().setWebhook(url, { secret_token: secret });
  fake.says(24, "chào");
  const asReply = () => fake.calls.find((call) => call.contentType === "webhook-reply");
  await fake.until(() => fake.sent.length === 1 && asReply() !== undefined);
  expect(asReply()).toMatchObject({ method: "sendChatAction", params: { chat_id: 24 } });
  expect(await formClient().getWebhookInfo()).toMatchObject({ url });
  await telegraf().deleteWebhook();
  expect(await formClient().getWebhookInfo()).toMatchObject({ url: "" });
});

test("a webhook that fails is tried again, in order, without holding up other people", async () => {
  const got: string[] = [];
  let healthy = false;
  const url = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { message } = JSON.parse(Buffer.concat(chunks).toString());
      const fails = message.chat.id === 25 && !healthy;
      if (!fails) got.push(message.text);
      healthy ||= message.chat.id === 26;
      response.writeHead(fails ? 500 : 200).end();
    });
  });
  await formClient().setWebhook({ url });
  fake.says(25, "một");
  fake.says(25, "hai");
  fake.says(26, "khác");
  await new Promise<void>((resolve) => {
    servers.at(-1)?.on("request", (_, response) => {
      response.on("finish", () => {
        if (got.length === 3) resolve();
      });
    });
  });
  expect(got).toEqual(["khác", "một", "hai"]);
  expect(await telegraf().getWebhookInfo()).toMatchObject({
    last_error_message: "Wrong response from the webhook: 500 Internal Server Error",
  });
});

test("cut connections look to clients as they should: nothing done, or done without an answer", async () => {
  fake.chat(27);
  fake.fault("sendMessage", { type: "cut-before-reading" });
  fake.fault("sendMessage", { type: "cut-after-doing" });
  fake.fault("sendMessage", { type: "half-answer" });
  fake.fault("sendMessage", { type: "html", status: 502 });
  const outcomes: number[] = [];
  for (const text of ["a", "b", "c", "d"]) {
    await failureOf(formClient().sendMessage({ chat_id: 27, text }));
    outcomes.push(fake.sent.length);
  }
  expect(outcomes).toEqual([0, 1, 2, 3]);
});
