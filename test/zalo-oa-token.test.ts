import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPost } from "../src/channels/zalo-oa-api.ts";
import { createTokenKeeper, type TokenKeeper } from "../src/channels/zalo-oa-token.ts";
import { type FakeZaloOa, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { MORNING } from "./store-people.ts";
import { createWaits } from "./telegram-bot.ts";
import { tokenFile } from "./zalo-oa-bot.ts";

const HOUR = 3_600_000;

let fake: FakeZaloOa;
let file: string;
let nowMs: number;
let told: string[];
let logged: string[];
let waits: ReturnType<typeof createWaits>;

beforeEach(async () => {
  nowMs = MORNING.getTime();
  fake = await startFakeZaloOa(() => new Date(nowMs));
  file = await tokenFile();
  told = [];
  logged = [];
  waits = createWaits();
});
afterEach(() => fake.close());

/** As after a restart: nothing is known but the file and the setting. */
function keeper(refreshToken = fake.account.refreshToken): TokenKeeper {
  return createTokenKeeper({
    ...fake.account,
    refreshToken,
    url: `${fake.url}/v4/oa/access_token`,
    file,
    post: createPost({ timeoutMs: 5_000 }),
    tell: (sentence) => told.push(sentence),
    log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    wait: waits.wait,
    now: () => new Date(nowMs),
  });
}

async function tokenOf(from: TokenKeeper): Promise<string> {
  const result = await from.current();
  if (!result.ok) throw new Error(`expected a token, got ${result.why}`);
  return result.token;
}

const keptPair = async () => JSON.parse(await readFile(file, "utf8"));

test("the first token comes from the setting, asked for as Zalo wants it", async () => {
  const token = await tokenOf(keeper());
  const [call] = fake.calls;
  expect(call?.headers).toMatchObject({
    secret_key: fake.account.appSecret,
    "content-type": "application/x-www-form-urlencoded",
  });
  expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
    app_id: fake.account.appId,
    grant_type: "refresh_token",
    refresh_token: fake.account.refreshToken,
  });
  expect(await keptPair()).toMatchObject({ accessToken: token, expiresAt: nowMs + 25 * HOUR });
});

test("only we may read the file, also in place of one that others could read, and nothing lies beside it", async () => {
  await writeFile(`${file}.new`, "rest of a crash", { mode: 0o644 });
  await tokenOf(keeper());
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(file))).toEqual(["zalo-oa-token.json"]);
});

test("a restart uses the pair in the file and refreshes nothing", async () => {
  const token = await tokenOf(keeper());
  expect(await tokenOf(keeper())).toBe(token);
  expect(fake.refreshes).toHaveLength(1);
});

test("a kill between saving and use loses nothing: the next run refreshes with what was saved", async () => {
  await tokenOf(keeper());
  nowMs += 24.6 * HOUR;
  const { refreshToken } = await keptPair();
  await tokenOf(keeper());
  expect(fake.refreshes).toEqual([fake.account.refreshToken, refreshToken]);
  expect(told).toEqual([]);
});

test("a crash when the new pair was written and had no name yet loses nothing", async () => {
  await tokenOf(keeper());
  nowMs += 24.6 * HOUR;
  const before = await readFile(file);
  const token = await tokenOf(keeper());
  await rename(file, `${file}.new`);
  await appendFile(`${file}.new`, " ".repeat(5_000));
  await writeFile(file, before);
  expect(await tokenOf(keeper())).toBe(token);
  expect((await keptPair()).accessToken).toBe(token);
  expect(fake.refreshes).toHaveLength(2);
});

test("a crash before the new pair was written leaves the old one", async () => {
  const token = await tokenOf(keeper());
  await writeFile(`${file}.new`, `{"setting":"x","accessToken":${" ".repeat(8_000)}`);
  expect(await tokenOf(keeper())).toBe(token);
});

test("while the file cannot be read nothing is refreshed: the setting may be spent long since", async () => {
  await tokenOf(keeper());
  await rename(file, `${file}.away`);
  await mkdir(file);
  const one = keeper();
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  expect(told).toHaveLength(1);
  await rmdir(file);
  await rename(`${file}.away`, file);
  await tokenOf(one);
  expect(fake.refreshes).toHaveLength(1);
});

test("many at once refresh only once, and get the same token", async () => {
  const one = keeper();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf(one)));
  expect(new Set(tokens).size).toBe(1);
  expect(fake.refreshes).toHaveLength(1);
  fake.revoke();
  nowMs += HOUR;
  await Promise.all(tokens.map((token) => one.renew(token)));
  expect(fake.refreshes).toHaveLength(2);
});

test("it is refreshed half an hour before its end, not earlier", async () => {
  const one = keeper();
  const token = await tokenOf(one);
  nowMs += 24.4 * HOUR;
  expect(await tokenOf(one)).toBe(token);
  nowMs += 0.2 * HOUR;
  expect(await tokenOf(one)).not.toBe(token);
});

test("near its end a token is used on while Zalo cannot be asked for another", async () => {
  const one = keeper();
  const token = await tokenOf(one);
  nowMs += 24.6 * HOUR;
  fake.fault("token", { type: "html", status: 502 });
  expect(await tokenOf(one)).toBe(token);
  nowMs += HOUR;
  fake.fault("token", { type: "cut-before-reading" });
  expect(await one.current()).toEqual({ ok: false, why: "network" });
});

test.each([
  ["-32", { type: "code", code: -32 } as const],
  ["404 of a proxy", { type: "html", status: 404 } as const],
  ["a cut before it was read", { type: "cut-before-reading" } as const],
])("%s is tried again later, not at once, and nobody is alarmed", async (_, fault) => {
  const one = keeper();
  fake.fault("token", fault);
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  const before = fake.calls.length;
  nowMs += 1_000;
  await tokenOf(one);
  expect(fake.calls.length - before).toBe(1);
  expect(told).toEqual([]);
});

test("a refresh token that was used already ends it: one sentence says what to do, and Zalo is not asked again", async () => {
  await tokenOf(keeper());
  nowMs += 26 * HOUR;
  fake.newRefreshToken();
  const one = keeper();
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await one.current()).toEqual({ ok: false, why: "token" });
    nowMs += HOUR;
  }
  expect(fake.refreshes).toHaveLength(2);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^ZALO_OA_REFRESH_TOKEN: .*developers\.zalo\.me.*\.env rồi khởi động lại\.$/,
  );
});

test("an answer that is lost is asked for again; when Zalo had given the new pair away, a person must help", async () => {
  const one = keeper();
  fake.fault("token", { type: "half-answer" });
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  nowMs += 1_000;
  expect(await one.current()).toEqual({ ok: false, why: "token" });
  expect(told).toHaveLength(1);
});

test("another value of the setting wins once over the saved pair, and then its own pair is used", async () => {
  await tokenOf(keeper());
  const second = fake.newRefreshToken();
  const token = await tokenOf(keeper(second));
  expect(fake.refreshes.at(-1)).toBe(second);
  expect(await tokenOf(keeper(second))).toBe(token);
  nowMs += 25 * HOUR;
  await tokenOf(keeper(second));
  expect(fake.refreshes).toHaveLength(3);
  expect(fake.refreshes.at(-1)).not.toBe(second);
});

test("a wrong value of the setting does not cost the saved pair: the old value brings it back", async () => {
  const token = await tokenOf(keeper());
  expect(await keeper("nhầm").current()).toEqual({ ok: false, why: "token" });
  expect(await tokenOf(keeper())).toBe(token);
});

test("where there is no room for the new pair the old one is not spent, and staff are told once", async () => {
  await tokenOf(keeper());
  nowMs += 26 * HOUR;
  // A folder in the way of the new file, as an unwritable disk.
  await mkdir(`${file}.new`);
  const one = keeper();
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  nowMs += HOUR;
  expect(await one.current()).toEqual({ ok: false, why: "network" });
  expect(fake.refreshes).toHaveLength(1);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("kiểm tra ổ đĩa");
});

test("a pair that could not be saved is used, and saved as soon as it can be", async () => {
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  fake.fault("token", { type: "hold", until });
  const one = keeper();
  const first = one.current();
  await fake.until(() => fake.calls.length === 1);
  // Another folder takes the name of the file while Zalo answers.
  await mkdir(file);
  letGo();
  expect(await first).toMatchObject({ ok: true });
  expect(told).toHaveLength(1);
  await rmdir(file);
  nowMs += 10_000;
  const token = await tokenOf(one);
  expect((await keptPair()).accessToken).toBe(token);
  expect(fake.refreshes).toHaveLength(1);
});

test("a file that is no pair of tokens is as good as none", async () => {
  await writeFile(file, '{"accessToken":5}');
  await tokenOf(keeper());
  expect(fake.refreshes).toEqual([fake.account.refreshToken]);
});

test("a token just fetched that is refused is not fetched again and again", async () => {
  const one = keeper();
  const token = await tokenOf(one);
  expect(await one.renew(token)).toEqual({ ok: false, why: "token" });
  expect(fake.refreshes).toHaveLength(1);
});

test("an idle bot refreshes in time, too, until it is stopped", async () => {
  const stopping = new AbortController();
  const done = keeper().keepFresh(stopping.signal);
  for (let hour = 0; hour < 25; hour += 1) {
    await fake.until(() => waits.asked().length === hour + 1);
    nowMs += waits.asked().at(-1) ?? 0;
    await waits.pass(waits.asked().at(-1) ?? 0);
  }
  await fake.until(() => fake.refreshes.length === 2);
  stopping.abort();
  await done;
});

test("no token and no secret ever reaches the log or staff", async () => {
  fake.fault("token", { type: "half-answer" });
  const one = keeper();
  await one.current();
  nowMs += HOUR;
  fake.fault("token", { type: "code", code: -14012, message: `bad ${fake.account.refreshToken}` });
  await one.current();
  const everything = [...told, ...logged].join("\n");
  expect(everything).toContain("-14012");
  expect(everything).not.toContain(fake.account.refreshToken);
  expect(everything).not.toContain(fake.account.appSecret);
});
