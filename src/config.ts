import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ZaloOaOptions } from "./channels/zalo-oa-options.ts";
import type { Staff } from "./domain/staff.ts";
import { staffSetting } from "./staff-setting.ts";

/** Settings of a run. Paths are absolute. */
export type Config = {
  contentFolder: string;
  dataFolder: string;
  host: string;
  port: number;
  /** Where Prometheus reads, on this machine only; null: nowhere. */
  metricsPort: number | null;
  /** How many proxies of ours stand in front of the server. */
  trustProxyHops: number;
  /** Null: no Telegram. `apiRoot` is where its Bot API is. */
  telegram: { token: string; apiRoot: string | undefined } | null;
  /** Null: no Zalo Official Account. */
  zaloOa: Pick<
    ZaloOaOptions,
    "account" | "sendWay" | "signFirst" | "paidAllowed" | "apiRoot" | "oauthRoot"
  > | null;
  /** Null: no Zalo Bot. `secret` is what Zalo shows at the webhook, null: none; `monthlyLimit` 0: none. */
  zaloBot: { token: string; secret: string | null; apiRoot: string; monthlyLimit: number } | null;
  /** Where the outside world reaches the server; with it platforms send messages here instead of being asked for them. */
  publicUrl: string | null;
  staff: Staff[];
  /** How announcements go out. */
  sending: {
    /** How many may be under way at once on a channel: as many can be doubtful after a crash. */
    inFlight: number;
    telegramPerSecond: number;
  };
};

const root = fileURLToPath(new URL("..", import.meta.url));

const folder = z.string().max(1000).optional();
const port = (value: number) =>
  z.coerce
    .number(`phải là một số từ 1 đến 65535`)
    .int("phải là số nguyên")
    .min(1, "phải từ 1 trở lên")
    .max(65535, "không quá 65535")
    .default(value);

const count = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number("phải là một số")
    .int("phải là số nguyên")
    .min(least, `phải từ ${least} trở lên`)
    .max(most, `không quá ${most}`)
    .default(otherwise);

const zaloId = z.string().regex(/^\d{1,40}$/, "phải là một dãy số");
const secret = z.string().trim().max(2_000, "quá dài");

const ZALO_OA = {
  ZALO_OA_APP_ID: zaloId.optional(),
  ZALO_OA_SECRET: secret.optional(),
  ZALO_OA_ID: zaloId.optional(),
  ZALO_OA_WEBHOOK_KEY: secret.optional(),
  ZALO_OA_REFRESH_TOKEN: secret.optional(),
  ZALO_OA_SEND: z
    .enum(["cs", "v2", "cs-then-v2"], "phải là cs, v2 hoặc cs-then-v2")
    .default("cs-then-v2"),
  ZALO_OA_PAID: z.enum(["0", "1"], "phải là 0 hoặc 1").default("0"),
  ZALO_OA_SIGN_FIRST: z.enum(["app_id", "oa_id"], "phải là app_id hoặc oa_id").default("app_id"),
  ZALO_OA_API: z.url("phải là một địa chỉ").optional(),
  ZALO_OA_OAUTH: z.url("phải là một địa chỉ").optional(),
};

const schema = z.object({
  ...ZALO_OA,
  CONTENT_DIR: folder,
  DATA_DIR: folder,
  HOST: z.string().max(253).default("127.0.0.1"),
  PORT: port(8080),
  METRICS_PORT: port(9464).or(z.literal("off")),
  TRUST_PROXY: z.coerce
    .number("phải là số máy chủ trung gian, ví dụ 1")
    .int("phải là số nguyên")
    .min(0, "không được âm")
    .max(5, "không quá 5")
    .default(0),
  TELEGRAM_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, "phải có dạng 123456:ABC… như @BotFather đưa")
    .optional(),
  TELEGRAM_API: z.url("phải là một địa chỉ").optional(),
  ZALO_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[^\s/?#]{8,}$/, "phải có dạng 123456:abc… như Zalo Bot Manager đưa")
    .optional(),
  ZALO_BOT_SECRET: z
    .string()
    .regex(
      /^[!-~]{8,256}$/,
      "phải có từ 8 đến 256 chữ không dấu, số hoặc dấu, không có khoảng trắng",
    )
    .optional(),
  ZALO_BOT_API: z.url("phải là một địa chỉ").default("https://bot-api.zaloplatforms.com"),
  // The Basic plan: 3,000 messages a month.
  ZALO_BOT_MONTHLY_LIMIT: count(0, 100_000_000, 3_000),
  PUBLIC_URL: z
    .url("phải là một địa chỉ")
    .startsWith("https://", "phải bắt đầu bằng https://")
    .optional(),
  STAFF: staffSetting.default([]),
  SENDS_IN_FLIGHT: count(1, 200, 4),
  // Free bots may send about 30 a second to all people together: https://core.telegram.org/bots/faq#broadcasting-to-users. At 29 the jitter of a busy machine already draws a 429.
  TELEGRAM_PER_SECOND: count(1, 1_000, 28),
});

/** All that a line of `.env` may set. */
export const SETTING_NAMES = Object.keys(schema.shape);

/** Where people and announcements are kept. A demonstration has its own: nobody may be sent for real what was only played through. */
export function storeFolderOf({ dataFolder }: Config, isDemo: boolean): string {
  return join(dataFolder, isDemo ? "store-demo" : "store");
}

/** Adds the lines of `.env`, where there is one, to the environment; what the environment says already stays. */
export function loadEnvironmentFile(file = `${root}.env`): void {
  if (existsSync(file)) process.loadEnvFile(file);
}

/** Reads the settings from the environment, or says in Vietnamese what is wrong with each setting that is. */
export function readConfig(
  environment: Record<string, string | undefined> = process.env,
): Config | { problems: string[] } {
  const settings = schema.safeParse(emptyIsAbsent(environment));
  if (!settings.success) {
    const problems = settings.error.issues.map(
      (issue) => `${issue.path.join(".")} ${issue.message}; sửa trong .env hoặc biến môi trường.`,
    );
    return { problems };
  }
  const zaloOa = zaloOaOf(settings.data);
  if (zaloOa !== null && "missing" in zaloOa) {
    const missing = zaloOa.missing.join(", ");
    return {
      problems: [
        `Zalo OA còn thiếu ${missing}; điền đủ trong .env, hoặc bỏ trống mọi dòng ZALO_OA nếu không dùng.`,
      ],
    };
  }
  const { CONTENT_DIR, DATA_DIR, HOST, PORT, METRICS_PORT, TRUST_PROXY } = settings.data;
  const { TELEGRAM_TOKEN, TELEGRAM_API, PUBLIC_URL, STAFF } = settings.data;
  const { ZALO_BOT_TOKEN, ZALO_BOT_SECRET, ZALO_BOT_API, ZALO_BOT_MONTHLY_LIMIT } = settings.data;
  const { SENDS_IN_FLIGHT, TELEGRAM_PER_SECOND } = settings.data;
  return {
    contentFolder: CONTENT_DIR ?? `${root}content`,
    dataFolder: DATA_DIR ?? `${root}data`,
    host: HOST,
    port: PORT,
    metricsPort: METRICS_PORT === "off" ? null : METRICS_PORT,
    trustProxyHops: TRUST_PROXY,
    telegram:
      TELEGRAM_TOKEN === undefined ? null : { token: TELEGRAM_TOKEN, apiRoot: TELEGRAM_API },
    zaloOa,
    zaloBot:
      ZALO_BOT_TOKEN === undefined
        ? null
        : {
            token: ZALO_BOT_TOKEN,
            secret: ZALO_BOT_SECRET ?? null,
            apiRoot: ZALO_BOT_API,
            monthlyLimit: ZALO_BOT_MONTHLY_LIMIT,
          },
    publicUrl: PUBLIC_URL ?? null,
    staff: STAFF,
    sending: { inFlight: SENDS_IN_FLIGHT, telegramPerSecond: TELEGRAM_PER_SECOND },
  };
}

type ZaloOaSettings = z.infer<z.ZodObject<typeof ZALO_OA>>;

/** All five of the account or none: half of them would leave people unanswered without a word. */
function zaloOaOf(set: ZaloOaSettings): Config["zaloOa"] | { missing: string[] } {
  const { ZALO_OA_APP_ID: appId, ZALO_OA_SECRET: appSecret, ZALO_OA_ID: oaId } = set;
  const { ZALO_OA_WEBHOOK_KEY: webhookKey, ZALO_OA_REFRESH_TOKEN: refreshToken } = set;
  const needed = {
    ZALO_OA_APP_ID: appId,
    ZALO_OA_SECRET: appSecret,
    ZALO_OA_ID: oaId,
    ZALO_OA_WEBHOOK_KEY: webhookKey,
    ZALO_OA_REFRESH_TOKEN: refreshToken,
  };
  const missing = Object.entries(needed).flatMap(([name, value]) =>
    value === undefined ? name : [],
  );
  if (missing.length === Object.keys(needed).length) return null;
  if (
    appId === undefined ||
    appSecret === undefined ||
    oaId === undefined ||
    webhookKey === undefined ||
    refreshToken === undefined
  ) {
    return { missing };
  }
  return {
    account: { appId, appSecret, oaId, webhookKey, refreshToken },
    sendWay: set.ZALO_OA_SEND,
    signFirst: set.ZALO_OA_SIGN_FIRST,
    paidAllowed: set.ZALO_OA_PAID === "1",
    apiRoot: set.ZALO_OA_API,
    oauthRoot: set.ZALO_OA_OAUTH,
  };
}

/** As `readConfig`, for commands: a wrong setting ends them with its sentences. */
export function requireConfig(): Config {
  loadEnvironmentFile();
  const config = readConfig();
  if (!("problems" in config)) return config;
  for (const problem of config.problems) console.error(problem);
  process.exit(2);
}

function emptyIsAbsent(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

/** The environment a child process of ours gets. */
export function environmentWith(changes: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}
