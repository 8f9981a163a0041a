import { describe, expect, test } from "vitest";
import { clientOf } from "../src/channels/web-client.ts";
import { createKeptReplies } from "../src/channels/web-kept.ts";
import { createRateLimit } from "../src/channels/rate.ts";

describe("whose request it is", () => {
  function address(forwarded: string | undefined, hops: number, remoteAddress = "10.0.0.1") {
    const header = (name: string) => (name === "x-forwarded-for" ? forwarded : undefined);
    return clientOf({ remoteAddress, header }, hops).address;
  }

  test("without trusted proxies what the request claims is not believed", () => {
    expect(address("1.2.3.4", 0)).toBe("10.0.0.1");
  });

  test("each trusted proxy counts one step from the right", () => {
    expect(address("9.9.9.9, 1.2.3.4", 1)).toBe("1.2.3.4");
    expect(address("9.9.9.9, 1.2.3.4, 10.0.0.2", 2)).toBe("1.2.3.4");
  });

  test("a shorter way than expected ends at the first caller known", () => {
    expect(address(undefined, 1)).toBe("10.0.0.1");
    expect(address("1.2.3.4", 3)).toBe("1.2.3.4");
  });

  test("what is no address is not one", () => {
    expect(address("<script>", 1)).toBe("10.0.0.1");
  });

  test("IPv6 callers count by their network, IPv4 inside IPv6 as IPv4", () => {
    expect(address(undefined, 0, "2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(address(undefined, 0, "2001:db8::9")).toBe("2001:db8:0:0::/64");
    expect(address(undefined, 0, "::ffff:1.2.3.4")).toBe("1.2.3.4");
  });
});

describe("how often", () => {
  test("a burst is allowed, then so many a minute, and never more than the burst", () => {
    let at = 0;
    const limit = createRateLimit({ burst: 2, perMinute: 60 }, () => new Date(at));
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1_000]);
    at += 1_000;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 1_000]);
    at += 3_600_000;
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1_000]);
  });

  test("asking while refused does not make the wait longer", () => {
    let at = 0;
    const limit = createRateLimit({ burst: 1, perMinute: 60 }, () => new Date(at));
    limit.take("a");
    for (let tries = 0; tries < 9; tries++) {
      at += 100;
      limit.take("a");
    }
    at += 100;
    expect(limit.take("a")).toBe(0);
  });

  test("a clock set back locks nobody out", () => {
    let at = 3_600_000;
    const limit = createRateLimit({ burst: 1, perMinute: 60 }, () => new Date(at));
    limit.take("a");
    at = 0;
    expect(limit.take("a")).toBe(1_000);
    at = 1_000;
    expect(limit.take("a")).toBe(0);
  });
});

describe("replies kept for a retry", () => {
  test("only the last few of a person and only for ten minutes", async () => {
    let at = 0;
    let made = 0;
    const kept = createKeptReplies<number>(() => new Date(at));
    const ask = (id: string) => kept.once("an", id, () => Promise.resolve((made += 1)));
    expect([await ask("1"), await ask("1")]).toEqual([1, 1]);
    for (const id of ["2", "3", "4", "5", "6", "7"]) await ask(id);
    expect(await ask("7")).toBe(7);
    expect(await ask("1")).toBe(8);
    at += 600_000;
    expect(await ask("7")).toBe(9);
  });

  test("of somebody who had everything erased are dropped, those of others are not", async () => {
    let made = 0;
    const kept = createKeptReplies<number>(() => new Date(0));
    const ask = (person: string, id: string) =>
      kept.once(person, id, () => Promise.resolve((made += 1)));
    for (const person of ["an", "bình"]) for (const id of ["1", "2"]) await ask(person, id);
    kept.forget("an");
    kept.forget("chi");
    expect([await ask("an", "1"), await ask("an", "2")]).toEqual([5, 6]);
    expect([await ask("bình", "1"), await ask("bình", "2")]).toEqual([3, 4]);
  });

  test("one that failed is made again", async () => {
    const kept = createKeptReplies<string>(() => new Date(0));
    const failure = kept.once("an", "1", () => Promise.reject(new Error("hỏng")));
    await expect(failure).rejects.toThrow("hỏng");
    expect(await kept.once("an", "1", () => Promise.resolve("được"))).toBe("được");
  });
});
