import { beforeAll, describe, expect, test } from "vitest";
import { createAnswer } from "../src/answer/answer.ts";
import type { Brain } from "../src/answer/brain.ts";
import { carryCodeIn } from "../src/answer/carry-code.ts";
import type { Action } from "../src/domain/action.ts";
import { noonOf } from "../src/domain/day.ts";
import type { Reply } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { storeUnavailable } from "../src/store/unavailable.ts";
import { realBrain, TODAY, textOf } from "./brain.ts";

let brain: Brain;
beforeAll(async () => {
  brain = await realBrain();
});

const AN = { channel: "test", person: "an" };

function meet(store: Store, from = AN, clock = () => noonOf(TODAY)) {
  const answer = createAnswer(() => brain, store);
  let count = 0;
  const send = (content: { type: "text"; text: string } | { type: "action"; action: Action }) => {
    count += 1;
    return answer({ id: String(count), from, at: clock(), content });
  };
  const talk = (text: string): Promise<Reply> => send({ type: "text", text });
  return Object.assign(talk, { press: (action: Action) => send({ type: "action", action }) });
}

function newStore(): Store {
  return createMemoryStore(() => noonOf(TODAY));
}

describe("announcements", () => {
  test("“nhận thông báo” explains what is kept before anything is, and a pressed topic subscribes", async () => {
    const store = newStore();
    const talk = meet(store);
    const offer = await talk("nhận thông báo");
    expect(textOf(offer)).toContain("đồng ý");
    expect(store.subscriptionOf(AN)).toBeNull();
    const all = offer.buttons[0]?.action;
    expect(all).toEqual({ do: "subscribe", topic: { type: "all" } });
    expect(textOf(await talk("1"))).toContain("Đã đăng ký nhận thông báo");
    expect(store.subscriptionOf(AN)).toMatchObject({ topics: [{ type: "all" }] });
  });

  test("several topics add up, and the person's own commune can be one", async () => {
    const store = newStore();
    const talk = meet(store);
    await talk("xã Sơn Kiên");
    const offer = await talk("/dangky");
    expect(textOf(offer)).toContain("xã Sơn Kiên");
    await talk.press({ do: "subscribe", topic: { type: "field", id: "bao-hiem-y-te" } });
    await talk.press({ do: "subscribe", topic: { type: "field", id: "nha-o-xa-hoi" } });
    await talk.press({ do: "subscribe", topic: { type: "field", id: "bao-hiem-y-te" } });
    expect(store.subscriptionOf(AN)?.topics).toHaveLength(2);
  });

  test.each(["dừng", "hủy", "stop", "STOP", "/huy", "dung"])(
    "“%s” ends it at once",
    async (word) => {
      const store = newStore();
      const talk = meet(store);
      await talk.press({ do: "subscribe", topic: { type: "all" } });
      expect(textOf(await talk(word))).toContain("không gửi thông báo");
      expect(store.subscriptionOf(AN)).toBeNull();
    },
  );

  test("“dừng đóng bảo hiểm có được không” is a question and ends nothing", async () => {
    const store = newStore();
    const talk = meet(store);
    await talk.press({ do: "subscribe", topic: { type: "all" } });
    await talk("dừng đóng bảo hiểm có được không");
    expect(store.subscriptionOf(AN)).not.toBeNull();
  });
});

describe("what is kept about a person", () => {
  test("can be seen, erased, and is then gone", async () => {
    const store = newStore();
    const talk = meet(store);
    await talk("thị trấn Sóc Sơn");
    await talk.press({ do: "subscribe", topic: { type: "all" } });
    const shown = textOf(await talk("dữ liệu của tôi"));
    expect(shown).toContain("đăng ký nhận thông báo");
    expect(shown).toContain("xã Mỹ Thuận");
    expect(textOf(await talk("xóa dữ liệu của tôi"))).toContain("Đã xóa: đăng ký nhận thông báo");
    expect(store.subscriptionOf(AN)).toBeNull();
    expect(textOf(await talk("dữ liệu của tôi"))).not.toContain("Mỹ Thuận");
  });
});

const PAGE = { channel: "web", person: "an trên trang" };

function codeIn(reply: Reply): string {
  const code = /CK[2-9A-Z]{6}/.exec(textOf(reply))?.[0];
  if (code === undefined) throw new Error(`expected a code, got: ${textOf(reply)}`);
  return code;
}

describe("going on in another channel", () => {
  test.each(["chuyển kênh", "/chuyenkenh"])(
    "“%s” gives a code that brings subscription and commune along",
    async (wish) => {
      const store = newStore();
      const here = meet(store);
      const there = meet(store, PAGE);
      await here("thị trấn Sóc Sơn");
      await here.press({ do: "subscribe", topic: { type: "all" } });
      const offer = await here(wish);
      expect(textOf(offer)).toContain("đăng ký nhận thông báo");
      expect(textOf(offer)).toContain("15 phút");
      const code = codeIn(offer);
      expect(textOf(await here("dữ liệu của tôi"))).toContain("mã chuyển kênh còn hạn");
      expect(textOf(await here(code))).toContain("không phải ở đây");
      const moved = textOf(await there(`mã ${code.toLowerCase()}`));
      expect(moved).toContain("Đã chuyển từ kênh cũ sang đây: đăng ký nhận thông báo");
      expect(moved).toContain("xã Mỹ Thuận");
      expect(store.subscriptionOf(AN)).toBeNull();
      expect(store.subscriptionOf(PAGE)?.topics).toEqual([{ type: "all" }]);
      expect(textOf(await there("dữ liệu của tôi"))).toContain("xã Mỹ Thuận");
      expect(textOf(await here("dữ liệu của tôi"))).not.toContain("Mỹ Thuận");
      expect(textOf(await here("dừng"))).toContain("chưa đăng ký");
    },
  );

  test("without anything to bring along there is no code", async () => {
    const talk = meet(newStore());
    expect(textOf(await talk("chuyển kênh"))).toContain("chưa có gì để chuyển");
  });

  test("a wrong, a used and an expired code get the same sentence", async () => {
    const store = newStore();
    const here = meet(store);
    await here.press({ do: "subscribe", topic: { type: "all" } });
    const late = new Date(noonOf(TODAY).getTime() + 15 * 60_000);
    const expired = await meet(store, PAGE, () => late)(codeIn(await here("chuyển kênh")));
    expect(store.subscriptionOf(AN)).not.toBeNull();
    const code = codeIn(await here("chuyển kênh"));
    await meet(store, PAGE)(code);
    const used = await meet(store, { channel: "test", person: "bình" })(code);
    const wrong = await meet(store, PAGE)("CK2AAAAA");
    expect(new Set([expired, used, wrong].map(textOf)).size).toBe(1);
    expect(textOf(wrong)).toContain("không dùng được");
  });

  test("after five codes within an hour even the right one has to wait", async () => {
    const store = newStore();
    const here = meet(store);
    await here.press({ do: "subscribe", topic: { type: "all" } });
    let minutes = 0;
    const there = meet(store, PAGE, () => new Date(noonOf(TODAY).getTime() + minutes * 60_000));
    for (let count = 0; count < 5; count += 1) await there(`CK2AAAA${count + 2}`);
    const code = codeIn(await here("chuyển kênh"));
    expect(textOf(await there(code))).toContain("chờ một giờ");
    expect(store.subscriptionOf(PAGE)).toBeNull();
    minutes = 60;
    expect(textOf(await there("CK2AAAAA"))).toContain("không dùng được");
  });

  test("erasing also takes the code back", async () => {
    const store = newStore();
    const here = meet(store);
    await here.press({ do: "subscribe", topic: { type: "all" } });
    const code = codeIn(await here("chuyển kênh"));
    expect(textOf(await here("xóa dữ liệu"))).toContain("mã chuyển kênh");
    await here.press({ do: "subscribe", topic: { type: "all" } });
    expect(textOf(await meet(store, PAGE)(code))).toContain("không dùng được");
  });

  test("words that run together are never taken for a code", () => {
    for (const text of ["ckdanhme", "CKDANHME", "ck 63 bhyt", "chuyển kênh", "TB7K3FQR"]) {
      expect(carryCodeIn(text), text).toBeNull();
    }
    expect(carryCodeIn("/chuyenkenh ck7k3fqr.")).toBe("CK7K3FQR");
  });
});

describe("questions without an answer", () => {
  test("are kept for staff with personal numbers masked and without who asked", async () => {
    const store = newStore();
    const talk = meet(store);
    const reply = await talk("khủng long ăn gì 079123456789");
    expect(reply.about.outcome).toBe("none");
    const [entry] = store.unanswered();
    expect(entry).toMatchObject({ reason: "unknown", day: TODAY });
    expect(entry?.text).toContain("khủng long");
    expect(JSON.stringify(store.unanswered())).not.toMatch(/079123456789|"an"|test/);
  });
});

test("while nothing can be saved, questions are answered and a wish to subscribe is told so", async () => {
  const full = () => Promise.reject(storeUnavailable("disk full"));
  const store: Store = {
    ...newStore(),
    subscribe: full,
    unsubscribe: full,
    recordUnanswered: full,
  };
  const talk = meet(store);
  expect((await talk("lương cơ sở bao nhiêu")).about.outcome).toBe("answer");
  expect((await talk("khủng long ăn gì")).about.outcome).toBe("none");
  const reply = await talk.press({ do: "subscribe", topic: { type: "all" } });
  expect(textOf(reply)).toContain("đang không lưu được");
});

test("at first contact An Sinh says who it is and what it keeps", async () => {
  const greeting = textOf(await meet(newStore())("/start"));
  expect(greeting).toContain("An Sinh trả lời về");
  expect(greeting).toContain("bản thử nghiệm");
  expect(greeting).toContain("chỉ nhớ cuộc trò chuyện trong 30 phút");
});
