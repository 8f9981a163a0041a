import { beforeAll, describe, expect, test } from "vitest";
import { createAnswer } from "../src/answer/answer.ts";
import type { Brain } from "../src/answer/brain.ts";
import type { Action } from "../src/domain/action.ts";
import { noonOf } from "../src/domain/day.ts";
import type { Incoming, Reply } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { storeUnavailable } from "../src/store/unavailable.ts";
import { realBrain, talkTo, textOf, TODAY } from "./brain.ts";

let brain: Brain;
beforeAll(async () => {
  brain = await realBrain();
});

const LOST_CARD = "mất thẻ bảo hiểm y tế thì làm lại ở đâu";
const PENSION = "me toi 76 tuoi khong co luong huu thi duoc gi";
const DECLINED: Action = { do: "declined" };

/** One person, and what was kept of their questions. */
function meet(store: Store = createMemoryStore(() => noonOf(TODAY))) {
  const answer = createAnswer(() => brain, store);
  const from = { channel: "test", person: "an" };
  let count = 0;
  const send = (content: Incoming["content"]): Promise<Reply> => {
    count += 1;
    return answer({ id: String(count), from, at: noonOf(TODAY), content });
  };
  return {
    says: (text: string) => send({ type: "text", text }),
    presses: (action: Action | undefined) => {
      if (action === undefined) throw new Error("there is no such button");
      return send({ type: "action", action });
    },
    kept: () => store.unanswered(),
  };
}

const no = (reply: Reply): Action | undefined => reply.feedback?.no.action;
const yes = (reply: Reply): Action | undefined => reply.feedback?.yes.action;

/** A question that is answered with a choice. */
async function choiceOf(says: (text: string) => Promise<Reply>): Promise<[string, Reply]> {
  for (const text of ["tiền hỗ trợ cho người nghèo", "vay vốn", "hỗ trợ nhà ở", "trợ cấp"]) {
    const reply = await says(text);
    if (reply.buttons.some(({ action }) => action.do === "declined")) return [text, reply];
  }
  throw new Error("no question was answered with a choice");
}

describe("“Đúng ý không?”", () => {
  test.each([
    ["a page", PENSION, "huu-tri-xa-hoi"],
    ["an office", "sở nội vụ", "so-noi-vu"],
    ["a value", "lương cơ sở bao nhiêu", "luong-co-so"],
  ])("is asked under %s, and names what it is about", async (_, question, subject) => {
    const reply = await talkTo(brain)(question);
    expect(reply.feedback).toEqual({
      question: "Đúng ý không?",
      yes: { label: "Đúng ý", action: { do: "feedback", helpful: true, about: subject } },
      no: { label: "Chưa đúng ý", action: { do: "feedback", helpful: false, about: subject } },
    });
  });

  test("is asked under a life situation, a target and what is not ours to answer", async () => {
    const talk = talkTo(brain);
    const { situations, plan } = brain.content;
    const clause = plan.targets[0]?.clause ?? "";
    expect(await talk.press({ do: "situation", id: situations[0]?.id ?? "" })).toMatchObject({
      feedback: { no: { action: { about: situations[0]?.id } } },
    });
    expect(await talk.press({ do: "clause", id: clause })).toMatchObject({
      feedback: { no: { action: { about: clause } } },
    });
    const outside = await talk("xin giấy phép lái xe ở đâu");
    expect(outside.about.kind).toBe("out-of-scope");
    expect(outside.feedback).not.toBeNull();
  });

  test.each([
    "xin chào",
    "cảm ơn",
    "danh mục",
    "tôi muốn chết",
    "có người gọi xưng công an kêu chuyển tiền",
    "khủng long ăn gì",
    "xã Sơn Kiên",
    "nhận thông báo",
    "dữ liệu của tôi",
    "99",
  ])("is not asked after “%s”", async (message) => {
    expect((await talkTo(brain)(message)).feedback).toBeNull();
  });

  test("is not among the numbered choices", async () => {
    const reply = await talkTo(brain)(PENSION);
    expect(reply.buttons.map(({ action }) => action.do)).not.toContain("feedback");
    expect(textOf(reply)).not.toContain("úng ý");
  });
});

describe("“chưa đúng ý”", () => {
  test("keeps that question with the page that was shown, and says so", async () => {
    const an = meet();
    const reply = await an.says(LOST_CARD);
    expect(textOf(await an.presses(yes(reply)))).toContain("cảm ơn");
    expect(an.kept()).toEqual([]);
    const sorry = textOf(await an.presses(no(reply)));
    expect(sorry).toContain("đã ghi lại câu hỏi");
    expect(sorry).toContain("xin lỗi");
    expect(an.kept()).toEqual([
      {
        text: LOST_CARD,
        day: TODAY,
        reason: "not-helpful",
        nearest: { entitlement: "the-bhyt-mat-hong", score: 1 },
      },
    ]);
  });

  test("pressed again keeps nothing more, and does not say that it did", async () => {
    const an = meet();
    const reply = await an.says(LOST_CARD);
    await an.presses(no(reply));
    const again = textOf(await an.presses(no(reply)));
    expect(again).toContain("xin lỗi");
    expect(again).not.toContain("ghi lại");
    expect(an.kept()).toHaveLength(1);
  });

  test.each(["chưa đúng ý", "CHUA DUNG Y", "dạ không đúng ý em", "trả lời sai rồi"])(
    "may be typed: “%s”",
    async (words) => {
      const an = meet();
      await an.says(LOST_CARD);
      await an.says(words);
      expect(an.kept()).toMatchObject([{ text: LOST_CARD, reason: "not-helpful" }]);
    },
  );

  test.each(["đúng ý", "dung y", "đúng ý rồi nha"])(
    "“%s” is thanked for, ends no subscription and keeps nothing",
    async (words) => {
      const store = createMemoryStore(() => noonOf(TODAY));
      const an = meet(store);
      await an.presses({ do: "subscribe", topic: { type: "all" } });
      await an.says(LOST_CARD);
      expect(textOf(await an.says(words))).toBe("An Sinh cảm ơn quý vị.");
      expect(store.unanswered()).toEqual([]);
      expect(Object.keys(store.subscriberCounts())).toHaveLength(1);
    },
  );

  test("under an older answer does not file the newer question there", async () => {
    const an = meet();
    const older = await an.says(LOST_CARD);
    await an.says(PENSION);
    expect(textOf(await an.presses(no(older)))).toContain("xin lỗi");
    expect(an.kept()).toEqual([]);
  });

  test("goes on being about the question while its headings are read, a place is given or thanks are said", async () => {
    const an = meet();
    const reply = await an.says(LOST_CARD);
    await an.presses(reply.buttons[0]?.action);
    await an.says("2");
    await an.says("xã Sơn Kiên");
    await an.says("cảm ơn");
    await an.presses(no(reply));
    expect(an.kept()).toMatchObject([{ text: LOST_CARD }]);
  });

  test("after a choice is about the question that was asked, not about the number typed", async () => {
    const an = meet();
    const [question] = await choiceOf(an.says);
    const chosen = await an.says("1");
    await an.presses(no(chosen));
    expect(an.kept()).toMatchObject([{ text: question, reason: "not-helpful" }]);
  });

  test("under a page reached through the menu blames no earlier question on it", async () => {
    const an = meet();
    await an.says(LOST_CARD);
    await an.says("danh mục");
    await an.says("1");
    const page = await an.says("1");
    expect(page.about.kind).toBe("entitlement");
    expect(textOf(await an.presses(no(page)))).not.toContain("ghi lại");
    expect(an.kept()).toEqual([]);
  });

  test("leaves the choices of the answer to be typed", async () => {
    const an = meet();
    const reply = await an.says(LOST_CARD);
    await an.presses(no(reply));
    expect(await an.says("2")).toEqual(
      await talkTo(brain).press(reply.buttons[1]?.action ?? DECLINED),
    );
  });

  test("keeps nothing for a button that does not say what it is about", async () => {
    const an = meet();
    await an.says(LOST_CARD);
    const reply = await an.presses({ do: "feedback", helpful: false, about: null });
    expect(textOf(reply)).toContain("xin lỗi");
    expect(an.kept()).toEqual([]);
  });

  test("is apologised for while nothing can be saved, and kept once it can", async () => {
    const store = createMemoryStore(() => noonOf(TODAY));
    let full = true;
    const an = meet({
      ...store,
      recordUnanswered: (entry) =>
        full ? Promise.reject(storeUnavailable("disk full")) : store.recordUnanswered(entry),
    });
    const reply = await an.says(LOST_CARD);
    expect(textOf(await an.presses(no(reply)))).toMatch(/^An Sinh xin lỗi/);
    full = false;
    await an.presses(no(reply));
    expect(an.kept()).toHaveLength(1);
  });

  test("masks personal numbers in what is kept", async () => {
    const an = meet();
    const reply = await an.says(`${LOST_CARD} 079123456789`);
    await an.presses(no(reply));
    expect(an.kept()).toHaveLength(1);
    expect(JSON.stringify(an.kept())).not.toContain("079123456789");
  });
});

describe("“Không phải các ý này”", () => {
  test("shows the menu and keeps the question, once", async () => {
    const an = meet();
    const [question, choice] = await choiceOf(an.says);
    const menu = await an.presses(DECLINED);
    expect(menu.about.kind).toBe("menu");
    expect(menu.buttons.map(({ action }) => action.do)).toContain("field");
    const [entry] = an.kept();
    expect(entry).toMatchObject({ text: question, reason: "choice-declined" });
    expect(choice.about.entitlements).toContain(entry?.nearest?.entitlement);
    await an.presses(DECLINED);
    expect(an.kept()).toHaveLength(1);
  });

  test("may be typed as the last number", async () => {
    const an = meet();
    const [question, choice] = await choiceOf(an.says);
    await an.says(String(choice.buttons.length));
    expect(an.kept()).toMatchObject([{ text: question, reason: "choice-declined" }]);
  });

  test("of an older choice shows the menu and keeps nothing", async () => {
    const an = meet();
    await choiceOf(an.says);
    await an.says(LOST_CARD);
    expect((await an.presses(DECLINED)).about.kind).toBe("menu");
    expect(an.kept()).toEqual([]);
  });
});
