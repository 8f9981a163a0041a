import { z } from "zod";
import {
  createZaloBotCall,
  isZaloTokenRejected,
  type ZaloBotCall,
  type ZaloBotFailure,
} from "../channels/zalo-bot-api.ts";
import { monthOf } from "../channels/zalo-bot-quota.ts";
import { ZALO_BOT } from "../channels/zalo-bot-updates.ts";
import { type Config, requireConfig, storeFolderOf } from "../config.ts";
import { withoutControls } from "../domain/terminal.ts";
import { zaloBotWebhook } from "../zalo-bot-settings.ts";
import { readStore } from "./store-copy.ts";

const USAGE = `Cách dùng:
  npm run zalo -- info             bot là ai, Zalo gửi tin về đâu, tháng này đã gửi mấy tin
  npm run zalo -- set-webhook      bảo Zalo gửi tin về PUBLIC_URL
  npm run zalo -- delete-webhook   bảo Zalo thôi gửi; bot chạy không có PUBLIC_URL sẽ tự hỏi tin`;

const TIMEOUT_SECONDS = 45;

const account = z.object({ id: z.string(), account_name: z.string() });
const place = z.object({ url: z.string() });
const verified = z.object({ verification: z.object({ ok: z.boolean() }) });

type Settings = Config & { zaloBot: NonNullable<Config["zaloBot"]> };

async function main(): Promise<number> {
  const [command, ...more] = process.argv.slice(2);
  if (command === undefined || more.length > 0) return fail(USAGE);
  const config = requireConfig();
  const { zaloBot } = config;
  if (zaloBot === null) return fail("ZALO_BOT_TOKEN: chưa có, hãy ghi mã bot vào tệp .env.");
  const call = createZaloBotCall({ ...zaloBot, timeoutSeconds: TIMEOUT_SECONDS });
  switch (command) {
    case "info":
      return showInfo(call, { ...config, zaloBot });
    case "set-webhook":
      return setWebhook(call, { ...config, zaloBot });
    case "delete-webhook":
      return deleteWebhook(call);
    default:
      return fail(USAGE);
  }
}

async function showInfo(call: ZaloBotCall, config: Settings): Promise<number> {
  const known = await call("getMe", {});
  if (!known.ok) return fail(inWords(known.failure));
  const bot = account.safeParse(known.value).data;
  if (bot !== undefined) say(`Bot: ${bot.account_name} (${bot.id})`);
  const set = await call("getWebhookInfo", {});
  const isUnset = !set.ok && set.failure.type === "answered" && set.failure.code === 404;
  if (!set.ok && !isUnset) return fail(inWords(set.failure));
  const url = set.ok ? (place.safeParse(set.value).data?.url ?? "") : "";
  say(url === "" ? "Chưa có webhook: bot phải tự hỏi tin." : `Zalo gửi tin về: ${url}`);
  const month = monthOf(new Date());
  const sent = await readStore(storeFolderOf(config, false), (store) =>
    store.sendsIn(ZALO_BOT, month),
  );
  const { monthlyLimit } = config.zaloBot;
  const limit = monthlyLimit === 0 ? "" : ` trong ${monthlyLimit}`;
  say(`Tháng ${month} đã gửi: ${sent ?? 0}${limit} tin.`);
  return 0;
}

async function setWebhook(call: ZaloBotCall, config: Settings): Promise<number> {
  const webhook = zaloBotWebhook(config);
  if (webhook === null) {
    return fail("PUBLIC_URL: chưa có, hãy ghi địa chỉ https công khai của máy chủ vào tệp .env.");
  }
  if (webhook.secret === null) {
    return fail("ZALO_BOT_SECRET: chưa có, hãy ghi một chuỗi từ 8 đến 256 ký tự vào tệp .env.");
  }
  const set = await call("setWebhook", { url: webhook.url, secret_token: webhook.secret });
  if (!set.ok) return fail(inWords(set.failure));
  say(`Zalo sẽ gửi tin về: ${webhook.url}`);
  if (verified.safeParse(set.value).data?.verification.ok === false) {
    say("Zalo chưa gọi thử được địa chỉ này: hãy xem bot có đang chạy và vào được từ ngoài không.");
  }
  return 0;
}

async function deleteWebhook(call: ZaloBotCall): Promise<number> {
  const deleted = await call("deleteWebhook", {});
  if (!deleted.ok) return fail(inWords(deleted.failure));
  say("Đã bỏ webhook. Muốn bot tự hỏi tin thì để trống PUBLIC_URL rồi chạy lại.");
  return 0;
}

function inWords(failure: ZaloBotFailure): string {
  if (isZaloTokenRejected(failure)) {
    return "ZALO_BOT_TOKEN: Zalo không nhận mã này. Lấy lại mã ở Zalo Bot Manager rồi sửa trong tệp .env.";
  }
  switch (failure.type) {
    case "answered":
      return `Zalo không làm (mã ${failure.code}): ${failure.description}`;
    case "page":
      return `Không phải Zalo trả lời (HTTP ${failure.status}): hãy xem lại ZALO_BOT_API, hoặc thử lại sau.`;
    case "unreachable":
      return `Chưa kết nối được Zalo (${failure.reason}): hãy xem lại mạng và ZALO_BOT_API.`;
    case "lost":
      return `Mất kết nối giữa chừng (${failure.reason}), chưa rõ Zalo đã làm chưa: hãy xem bằng npm run zalo -- info.`;
  }
}

/** What Zalo writes is shown in a terminal. */
function say(sentence: string): void {
  console.log(withoutControls(sentence));
}

function fail(sentence: string): number {
  console.error(sentence === USAGE ? sentence : withoutControls(sentence));
  return 2;
}

process.exitCode = await main();
