import { beforeAll, describe, expect, test } from "vitest";
import { rehearse } from "../src/answer/rehearse.ts";
import type { ContentBase } from "../src/domain/content-base.ts";
import { realContent, TODAY } from "./brain.ts";

let content: ContentBase;
beforeAll(async () => {
  content = await realContent();
});

describe("rehearsing a day", () => {
  test("the new poverty line of 2027 is listed with both values and its decree", () => {
    const changes = rehearse(content, TODAY, "2027-01-01");
    const line = changes.find(({ where }) => where === "mức chuan-ngheo-nong-thon");
    expect(line?.why.join()).toContain("1.500.000 đồng → 2.200.000 đồng");
    expect(line?.why.join()).toContain("351/2025");
    expect(changes.some(({ where }) => where.startsWith("cong-nhan-ho-ngheo"))).toBe(true);
  });

  test("nothing differs from itself", () => {
    expect(rehearse(content, TODAY, TODAY)).toEqual([]);
  });

  test("a page that is not yet true on an earlier day is listed as lost", () => {
    const lost = rehearse(content, TODAY, "2025-08-01").filter((change) => change.lost);
    expect(lost.some(({ where }) => where === "thuong-binh: cả trang")).toBe(true);
  });
});
