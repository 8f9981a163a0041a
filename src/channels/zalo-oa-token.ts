import { createHash } from "node:crypto";
import { z } from "zod";
import { unlessStopped } from "./background.ts";
import { fieldsOf, type Post, TOO_FAST, type ZaloFailure } from "./zalo-oa-api.ts";
import { readLatest, reserve, type Slot } from "./zalo-oa-file.ts";

export type TokenResult = { ok: true; token: string } | { ok: false; why: "token" | "network" };

export type TokenKeeper = {
  /** An access token that should be good; refreshed when its end is near. */
  current(): Promise<TokenResult>;
  /** Another one, since Zalo did not take this. One just fetched is not fetched again. */
  renew(refused: string): Promise<TokenResult>;
  /** Refreshes in time until stopped, or until only a person can help. */
  keepFresh(stopped: AbortSignal): Promise<void>;
};

export type TokenOptions = {
  appId: string;
  appSecret: string;
  /** As a person set it. */
  refreshToken: string;
  url: string;
  file: string;
  post: Post;
  tell: (sentence: string) => void;
  log: (event: string, fields: Record<string, string | number>) => void;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
};

const MINUTE_MS = 60_000;
const REFRESH_BEFORE_END_MS = 30 * MINUTE_MS;
/** A token so young that is refused is not the reason. */
const YOUNG_MS = 5 * MINUTE_MS;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10 * MINUTE_MS;
const LOOKS_AT_LEAST_EVERY_MS = 60 * MINUTE_MS;

const SPENT =
  "ZALO_OA_REFRESH_TOKEN: Zalo không nhận mã làm mới này nữa. Lấy mã làm mới (refresh token) khác ở trang ứng dụng trên developers.zalo.me, ghi vào dòng ZALO_OA_REFRESH_TOKEN trong tệp .env rồi khởi động lại.";

const UNKEPT =
  "Không đọc hoặc ghi được tệp mã truy cập Zalo OA trong thư mục dữ liệu: kiểm tra ổ đĩa còn chỗ và quyền đọc, ghi. Hệ thống tự thử lại.";

const kept = z.object({
  /** Which value of the setting these come from, as a hash: another value wins once over what is kept. */
  setting: z.string(),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  since: z.number(),
  expiresAt: z.number(),
});

type Kept = z.infer<typeof kept>;

/** `expires_in` is a string: "90000". */
const refreshed = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
});

/**
 * Keeps the pair of tokens. A refresh token can be used once: one refresh at a time, and the new pair is on disk before it is used. A second
 * process is kept away by the lock of the store.
 */
export function createTokenKeeper(options: TokenOptions): TokenKeeper {
  const { now, tell, log } = options;
  const setting = createHash("sha256").update(options.refreshToken).digest("hex");
  let loaded: Promise<void> | null = null;
  let pair: Kept | null = null;
  let isUnsaved = false;
  let isSpent = false;
  let retryAt = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let tending: Promise<void> | null = null;
  let toldUnkept = false;

  async function load(): Promise<void> {
    const text = await readLatest(options.file, (fresh) => readKept(fresh) !== undefined);
    if (text === null) return;
    const found = readKept(text);
    if (found === undefined) log("zalo-oa.token-file-broken", {});
    else if (found.setting === setting) pair = found;
  }

  /** False while the file cannot be read: the setting must not be taken for the latest then. */
  async function isLoaded(): Promise<boolean> {
    loaded ??= load();
    try {
      await loaded;
      return true;
    } catch (error) {
      loaded = null;
      unkept(error);
      return false;
    }
  }

  function isDue(): boolean {
    return pair === null || dueAt(pair) <= now().getTime();
  }

  /** Never rejects; afterwards `pair` is new or saved, or things are as they were. */
  async function tend(isRefused: boolean): Promise<void> {
    if (now().getTime() < retryAt) return;
    if (!isSpent && (isDue() || isRefused)) await refresh();
    else if (isUnsaved && pair !== null) await saveAgain(pair);
  }

  async function refresh(): Promise<void> {
    const slot = await room();
    if (slot === null) return;
    const since = now().getTime();
    // A crash, or an answer lost, between Zalo's new pair and its file loses the pair, for which nothing can be done here: all that stands in
    // between is one write into room that is already there.
    const got = await options.post({
      url: options.url,
      headers: { secret_key: options.appSecret },
      body: new URLSearchParams({
        app_id: options.appId,
        grant_type: "refresh_token",
        refresh_token: pair?.refreshToken ?? options.refreshToken,
      }),
    });
    const read = refreshed.safeParse(got.ok ? got.body : undefined);
    if (!read.success) {
      await slot.discard();
      const failure: ZaloFailure = got.ok
        ? { type: "lost", reason: "no tokens in the answer" }
        : got.failure;
      notRefreshed(failure);
      return;
    }
    const { access_token: accessToken, refresh_token: refreshToken } = read.data;
    const expiresAt = since + read.data.expires_in * 1000;
    const next = { setting, accessToken, refreshToken, since, expiresAt };
    pauseMs = FIRST_PAUSE_MS;
    retryAt = 0;
    await commit(slot, next);
    pair = next;
    log("zalo-oa.token-refreshed", {});
  }

  function notRefreshed(failure: ZaloFailure): void {
    log("zalo-oa.token-not-refreshed", fieldsOf(failure));
    if (failure.type === "answered" && failure.code !== TOO_FAST) {
      isSpent = true;
      tell(SPENT);
      return;
    }
    later();
  }

  function later(): void {
    retryAt = now().getTime() + pauseMs;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Without room for the new pair the old one is not spent. */
  async function room(): Promise<Slot | null> {
    try {
      return await reserve(options.file);
    } catch (error) {
      unkept(error);
      later();
      return null;
    }
  }

  async function commit(slot: Slot, next: Kept): Promise<void> {
    try {
      await slot.commit(JSON.stringify(next));
      isUnsaved = false;
      toldUnkept = false;
    } catch (error) {
      // The old pair is spent either way: people are answered with the new one while saving is tried again.
      isUnsaved = true;
      unkept(error);
      later();
    }
  }

  function unkept(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    log("zalo-oa.token-unsaved", { code });
    if (!toldUnkept) tell(UNKEPT);
    toldUnkept = true;
  }

  async function saveAgain(unsaved: Kept): Promise<void> {
    const slot = await room();
    if (slot !== null) await commit(slot, unsaved);
  }

  function tendOnce(isRefused: boolean): Promise<void> {
    tending ??= tend(isRefused).finally(() => {
      tending = null;
    });
    return tending;
  }

  function usable(): TokenResult {
    if (pair !== null && pair.expiresAt > now().getTime()) {
      return { ok: true, token: pair.accessToken };
    }
    return { ok: false, why: isSpent ? "token" : "network" };
  }

  async function current(): Promise<TokenResult> {
    if (!(await isLoaded())) return { ok: false, why: "network" };
    if (isDue() || isUnsaved) await tendOnce(false);
    return usable();
  }

  return {
    current,
    async renew(refused) {
      if (pair?.accessToken === refused) {
        if (now().getTime() - pair.since < YOUNG_MS) return { ok: false, why: "token" };
        await tendOnce(true);
      }
      const result = usable();
      return result.ok && result.token === refused
        ? { ok: false, why: isSpent ? "token" : "network" }
        : result;
    },
    async keepFresh(stopped) {
      while (!stopped.aborted) {
        await current();
        if (isSpent && !isUnsaved) return;
        const next = Math.max(pair === null ? 0 : dueAt(pair), retryAt);
        const ms = Math.max(next - now().getTime(), FIRST_PAUSE_MS);
        await unlessStopped(stopped, options.wait(Math.min(ms, LOOKS_AT_LEAST_EVERY_MS)));
      }
    },
  };
}

/** Half an hour before its end; one that lives less than an hour would otherwise be due at once. */
function dueAt({ since, expiresAt }: Kept): number {
  return expiresAt - Math.min(REFRESH_BEFORE_END_MS, (expiresAt - since) / 2);
}

function readKept(text: string): Kept | undefined {
  try {
    return kept.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
