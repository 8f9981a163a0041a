import { beforeAll, describe, expect, test } from "vitest";
import type { Brain } from "../src/answer/brain.ts";
import { composeEntitlement } from "../src/answer/compose.ts";
import type { Commune } from "../src/domain/commune.ts";
import { realBrain, TODAY, talkTo, textOf } from "./brain.ts";

let brain: Brain;
beforeAll(async () => {
  brain = await realBrain();
});

const DOOR = /^(Nơi giải quyết hiện nay|Nơi nộp của quý vị): /gm;

function answerIn(commune: Commune | null, id: string): string {
  const setting = { content: brain.content, day: TODAY, commune, askForPlace: false };
  return textOf(
    composeEntitlement(setting, {
      id,
      facet: null,
      faq: null,
      particular: false,
      also: [],
      confidence: 1,
    }),
  );
}

test("wherever a person lives, each page names exactly one first door, and it exists today", () => {
  const { communes, entitlements, agencies } = brain.content;
  for (const commune of communes) {
    for (const page of Object.values(entitlements)) {
      const text = answerIn(commune, page.id);
      expect(text.match(DOOR), `${page.id} in ${commune.name}`).toHaveLength(1);
      const ownDesk = text.includes(`Trung tâm Phục vụ hành chính công ${lower(commune.name)}.`);
      expect(ownDesk, `${page.id} in ${commune.name}`).toBe(page.agency === "ubnd-xa");
      const agency = agencies[page.agency];
      expect(agency !== undefined && agency.from <= TODAY && agency.to === null).toBe(true);
    }
  }
});

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

describe("a place by name", () => {
  test("every name of today leads to its commune", async () => {
    const missed: string[] = [];
    for (const commune of brain.content.communes) {
      const { communes } = brain.placesIn(brain.normalise(commune.name).folded);
      if (!communes.some((found) => found.code === commune.code)) missed.push(commune.name);
    }
    expect(missed).toEqual([]);
  });

  test("every former name, said with its district, leads to what became of it", () => {
    const missed: string[] = [];
    for (const commune of brain.content.communes) {
      for (const part of commune.madeFrom) {
        const said = `${part.name} ${part.district}`;
        const { communes, whole } = brain.placesIn(brain.normalise(said).folded);
        if (!whole || !communes.some((found) => found.code === commune.code)) missed.push(said);
      }
    }
    expect(missed).toEqual([]);
  });

  test("typed without accents and in small letters it is found all the same", async () => {
    const reply = await talkTo(brain)("xa binh son huyen hon dat");
    expect(textOf(reply)).toContain("XÃ BÌNH SƠN, TỈNH AN GIANG");
  });

  test("a commune that was divided is offered with all the places it went to", () => {
    const { communes } = brain.placesIn(brain.normalise("xã Phú Hội huyện An Phú").folded);
    expect(communes.map((commune) => commune.name).sort()).toEqual(["Xã An Phú", "Xã Nhơn Hội"]);
  });

  test("a former district is answered with the places it became", async () => {
    const reply = await talkTo(brain)("huyện Hòn Đất");
    expect(reply.about).toMatchObject({ outcome: "choose", kind: "commune" });
    expect(reply.buttons.map((button) => button.label).join()).toContain("Xã Sơn Kiên");
  });

  test("a place said in passing inside a question is used for the door", async () => {
    const reply = await talkTo(brain)(
      "tôi ở xã Sơn Kiên, muốn xin trợ cấp hưu trí xã hội cho mẹ thì nộp ở đâu",
    );
    expect(textOf(reply)).toContain("Trung tâm Phục vụ hành chính công xã Sơn Kiên");
  });

  test("common words that are also names of places are no place", () => {
    for (const text of ["bình an vô sự", "hội an toàn giao thông", "phú quý giàu sang"]) {
      expect(brain.placesIn(brain.normalise(text).folded).communes).toEqual([]);
    }
  });
});

test("the place is asked for once in a conversation, not at every answer", async () => {
  const talk = talkTo(brain);
  expect(textOf(await talk("trợ cấp hưu trí xã hội"))).toContain("cho biết tên xã");
  expect(textOf(await talk("trợ cấp xã hội hằng tháng"))).not.toContain("cho biết tên xã");
});

test("who lives in a special zone is told what follows from it", () => {
  const { communes, entitlements } = brain.content;
  const phuQuoc = communes.find((commune) => commune.name === "Đặc khu Phú Quốc") ?? null;
  const rachGia = communes.find((commune) => commune.name === "Phường Rạch Giá") ?? null;
  expect(answerIn(phuQuoc, "bhxh-tu-nguyen")).toContain("Sống ở đặc khu");
  expect(answerIn(rachGia, "bhxh-tu-nguyen")).not.toContain("đặc khu:");
  expect(answerIn(rachGia, "cong-nhan-ho-ngheo")).toContain("2.000.000 đồng");
  expect(Object.values(entitlements).some((page) => page.placeNotes.ward)).toBe(true);
});
