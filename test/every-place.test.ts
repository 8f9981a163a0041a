import { beforeAll, describe, expect, test } from "vitest";
import { say } from "../src/answer/compose.ts";
import type { Brain } from "../src/answer/brain.ts";
import type { Commune } from "../src/domain/commune.ts";
import type { ContentBase, PlaceKind } from "../src/domain/content-base.ts";
import type { Day } from "../src/domain/day.ts";
import type { Reply } from "../src/domain/reply.ts";
import { existsOn, filledIn, linesAsOf } from "./as-of.ts";
import { realBrain, talkTo, textOf, TODAY } from "./brain.ts";

let brain: Brain;
let content: ContentBase;
beforeAll(async () => {
  brain = await realBrain();
  content = brain.content;
});

/** “Xã Hòn Đất” inside a sentence. */
const within = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

const deskOf = (commune: Commune) =>
  say(content, "whereCommuneDesk", { ten: within(commune.name) });

/** Somebody who said where they live. */
async function neighbourOf(commune: Commune, day: Day = TODAY) {
  const talk = talkTo(brain, day);
  await talk.press({ do: "commune", code: commune.code });
  return talk;
}

describe("the first door", () => {
  const days: Day[] = ["2025-07-01", TODAY, "2027-01-01"];

  test.each(days)(
    "on %s every page names one door to everybody: the desk of their own commune where the file is taken there, else an office that exists",
    async (day) => {
      const faults: string[] = [];
      for (const commune of content.communes) {
        const talk = await neighbourOf(commune, day);
        for (const page of Object.values(content.entitlements)) {
          const reply = await talk.press({ do: "entitlement", id: page.id, facet: null });
          const text = textOf(reply);
          const desks = filledIn(content, "whereCommuneDesk", text).map((words) => words["ten"]);
          const doors = filledIn(content, "whereToday", text).map((words) => words["ten"]);
          const right =
            page.agency === "ubnd-xa"
              ? doors.length === 0 && desks.length === 1 && desks[0] === within(commune.name)
              : desks.length === 0 && doors.length === 1 && existsOn(content, doors[0], day);
          if (!right) faults.push(`${commune.name}, ${page.id}: ${text}`);
        }
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );

  test("who has not said where they live is asked once, and not again", async () => {
    const pages = Object.values(content.entitlements).filter((page) => page.agency === "ubnd-xa");
    const talk = talkTo(brain);
    const question = say(content, "askCommune");
    const asked: boolean[] = [];
    for (const { id } of pages.slice(0, 3)) {
      const text = textOf(await talk.press({ do: "entitlement", id, facet: null }));
      expect(filledIn(content, "whereToday", text)).toHaveLength(1);
      asked.push(text.includes(question));
    }
    expect(asked).toEqual([true, false, false]);
  });

  test("where the address of the office is not known the reply says who can tell", async () => {
    const unknown = Object.values(content.entitlements).filter(({ agency: id }) => {
      const agency = content.agencies[id];
      const contact = [agency?.address, agency?.phone, agency?.website];
      return agency?.generic === false && contact.every((part) => part === null);
    });
    expect(unknown.length).toBeGreaterThan(0);
    for (const { id } of unknown) {
      const reply = await talkTo(brain).press({ do: "entitlement", id, facet: null });
      expect(textOf(reply)).toContain(say(content, "whereNoContact"));
    }
  });
});

/** The communes a reply is about or offers, each as its heading or its label begins. */
async function placesFoundBy(text: string): Promise<{ reply: Reply; codes: string[] }> {
  const talk = talkTo(brain);
  const reply = await talk(text);
  if (reply.about.kind !== "commune") return { reply, codes: [] };
  if (reply.about.outcome === "choose") {
    const actions = reply.buttons.map((button) => button.action);
    return { reply, codes: actions.flatMap((action) => ("code" in action ? action.code : [])) };
  }
  const heading = reply.blocks[0]?.type === "heading" ? reply.blocks[0].text : "";
  const named = content.communes.filter(({ name }) => heading.startsWith(`${name},`));
  return { reply, codes: named.map(({ code }) => code) };
}

type Former = { name: string; district: string; communes: Commune[]; divided: boolean };

function formerPlaces(): Former[] {
  const places = new Map<string, Former>();
  for (const commune of content.communes) {
    for (const { name, district, divided } of commune.madeFrom) {
      const key = `${name} ${district}`;
      const place = places.get(key) ?? { name, district, communes: [], divided };
      place.communes.push(commune);
      places.set(key, place);
    }
  }
  return [...places.values()];
}

const withoutAccents = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, (letter) => (letter === "đ" ? "d" : "D"));

describe("a place by its name", () => {
  const spellings: [string, (name: string) => string][] = [
    ["as it is written", (name) => name],
    ["without accents and capitals", (name) => withoutAccents(name).toLowerCase()],
  ];

  test.each(spellings)("every commune of today is found by its name, %s", async (_, typed) => {
    const lost: string[] = [];
    for (const { name, code } of content.communes) {
      const { codes } = await placesFoundBy(typed(name));
      if (!codes.includes(code)) lost.push(name);
    }
    expect(lost).toEqual([]);
  });

  test.each(spellings)(
    "every former commune with its district is found where it went, %s",
    async (_, typed) => {
      const lost: string[] = [];
      for (const { name, district, communes } of formerPlaces()) {
        const { codes } = await placesFoundBy(typed(`${name} ${district}`));
        if (communes.some(({ code }) => !codes.includes(code))) lost.push(`${name} ${district}`);
      }
      expect(lost).toEqual([]);
    },
  );

  test("every former commune is found by its name alone, or it is asked which one is meant", async () => {
    const lost: string[] = [];
    for (const { name, communes } of formerPlaces()) {
      const { codes } = await placesFoundBy(name);
      if (communes.some(({ code }) => !codes.includes(code))) lost.push(name);
    }
    expect(lost).toEqual([]);
  });

  test("a former commune by its kind, name and district is taken for no other place", async () => {
    const wrong: string[] = [];
    for (const { name, district, communes } of formerPlaces()) {
      const { codes } = await placesFoundBy(`${name} ${district}`);
      const others = codes.filter((found) => !communes.some(({ code }) => code === found));
      if (others.length > 0) wrong.push(`${name} ${district}: ${others.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  test("a divided one gives both places, and each says that the hamlet decides", async () => {
    const divided = formerPlaces().filter((place) => place.divided);
    expect(divided.length).toBeGreaterThan(0);
    for (const { name, district, communes } of divided) {
      for (const index of communes.keys()) {
        const talk = talkTo(brain);
        const reply = await talk(`${name} ${district}`);
        expect(reply.about).toMatchObject({ outcome: "choose", kind: "commune" });
        const labels = reply.buttons.map((button) => button.label.split(" (")[0] ?? "");
        expect(labels.toSorted()).toEqual(communes.map((commune) => commune.name).toSorted());
        const text = textOf(await talk(String(index + 1)));
        expect(text).toContain(labels[index]?.toUpperCase());
        expect(text).toContain(say(content, "communeDivided"));
      }
    }
  });

  test("a former district alone leads to the communes made from it", async () => {
    const { codes } = await placesFoundBy("huyện Kiên Hải");
    const made = content.communes.filter(({ madeFrom }) =>
      madeFrom.some(({ district }) => district === "huyện Kiên Hải"),
    );
    expect(codes).toEqual(made.map(({ code }) => code));
  });
});

describe("living somewhere", () => {
  const kindsOf = (commune: Commune): PlaceKind[] => {
    if (commune.kind === "đặc khu") return ["specialZone"];
    if (commune.kind === "phường") return ["ward"];
    return commune.island === "unconfirmed" ? ["commune", "island"] : ["commune"];
  };

  test("what follows from living in a special zone, on an island, in a ward or a commune is told there and nowhere else", async () => {
    const pages = Object.values(content.entitlements).filter(
      (page) => Object.keys(page.placeNotes).length > 0,
    );
    const told = new Set<string>();
    const faults: string[] = [];
    for (const commune of content.communes) {
      const talk = await neighbourOf(commune);
      const kinds = kindsOf(commune);
      for (const page of pages) {
        const text = textOf(await talk.press({ do: "entitlement", id: page.id, facet: "benefit" }));
        for (const [kind, note] of Object.entries(page.placeNotes)) {
          const expected = kinds.some((own) => own === kind);
          for (const line of linesAsOf(content, note, TODAY)) {
            if (text.includes(line) !== expected)
              faults.push(`${commune.name}, ${page.id}: ${line}`);
            if (expected) told.add(`${page.id} ${kind}`);
          }
        }
      }
    }
    expect(faults).toEqual([]);
    expect(told.size).toBe(pages.flatMap((page) => Object.keys(page.placeNotes)).length);
  });

  test("who has not said where they live is told nothing that depends on it", async () => {
    for (const page of Object.values(content.entitlements)) {
      const reply = await talkTo(brain).press({ do: "entitlement", id: page.id, facet: null });
      for (const note of Object.values(page.placeNotes))
        for (const line of linesAsOf(content, note, TODAY))
          expect(textOf(reply)).not.toContain(line);
    }
  });

  test("a place said in passing is remembered", async () => {
    const talk = talkTo(brain);
    await talk("nhà tôi ở xã Vĩnh Phú huyện Giồng Riềng, tiền hưu trí xã hội nộp đơn ở đâu");
    const text = textOf(
      await talk.press({ do: "entitlement", id: "huu-tri-xa-hoi", facet: "where" }),
    );
    expect(filledIn(content, "whereCommuneDesk", text)).toEqual([{ ten: "xã Long Thạnh" }]);
  });

  test("a place given when it was asked for keeps the topic", async () => {
    const talk = talkTo(brain);
    const id = "huu-tri-xa-hoi";
    const before = await talk.press({ do: "entitlement", id, facet: null });
    expect(textOf(before)).toContain(say(content, "askCommune"));
    await talk("thị trấn Sóc Sơn");
    const after = await talk("còn hồ sơ thì sao?");
    expect(after.about).toMatchObject({ entitlements: [id], facet: "documents" });
    expect(filledIn(content, "whereCommuneDesk", textOf(after))).toEqual([{ ten: "xã Mỹ Thuận" }]);
  });

  test("who moves names another place, and from then on that one counts", async () => {
    const [first, second] = content.communes;
    if (first === undefined || second === undefined) throw new Error("no communes");
    const talk = await neighbourOf(first);
    await talk(second.name);
    const reply = await talk.press({ do: "entitlement", id: "huu-tri-xa-hoi", facet: "where" });
    expect(textOf(reply)).toContain(deskOf(second));
    expect(textOf(reply)).not.toContain(deskOf(first));
  });

  test.each(["quên xã của tôi", "quen xa cua toi"])(
    "“%s” forgets the place and all that followed from it",
    async (request) => {
      const zone = content.communes.find(({ kind }) => kind === "đặc khu");
      if (zone === undefined) throw new Error("no special zone");
      const talk = await neighbourOf(zone);
      const id = "bhyt-ho-gia-dinh";
      const note = linesAsOf(
        content,
        content.entitlements[id]?.placeNotes.specialZone ?? [],
        TODAY,
      );
      expect(textOf(await talk.press({ do: "entitlement", id, facet: null }))).toContain(note[0]);
      expect(textOf(await talk(request))).toBe(say(content, "communeForgotten"));
      const page = textOf(await talk.press({ do: "entitlement", id, facet: null }));
      expect(page).not.toContain(note[0]);
      const desk = await talk.press({ do: "entitlement", id: "huu-tri-xa-hoi", facet: null });
      expect(textOf(desk)).not.toContain(deskOf(zone));
      expect(textOf(desk)).toContain(say(content, "askCommune"));
    },
  );
});
