import { expect, test } from "vitest";
import { type Agency, agencyOn } from "../src/domain/agency.ts";
import type { Day } from "../src/domain/day.ts";

function agency(
  id: string,
  from: Day,
  to: Day | null,
  successors: Agency["successors"] = [],
): Agency {
  return {
    id,
    name: id,
    shortName: id,
    aliases: [],
    about: "",
    fields: ["nguoi-co-cong", "tro-giup-xa-hoi"],
    from,
    to,
    successors,
    address: null,
    phone: null,
    website: null,
    confirmed: true,
    generic: false,
    note: null,
    legal: null,
    reviewedOn: "2026-11-24",
  };
}

const agencies = Object.fromEntries(
  [
    agency("so-ldtbxh", "2020-01-01", "2025-02-28", [
      { fields: ["nguoi-co-cong"], agency: "so-noi-vu-cu" },
      { fields: ["*"], agency: "so-y-te" },
    ]),
    agency("so-noi-vu-cu", "2025-03-01", "2025-06-30", [{ fields: ["*"], agency: "so-noi-vu" }]),
    agency("so-noi-vu", "2025-07-01", null),
    agency("so-y-te", "2025-03-01", null),
    agency("vong-1", "2020-01-01", "2021-01-01", [{ fields: ["*"], agency: "vong-2" }]),
    agency("vong-2", "2020-01-01", "2021-01-01", [{ fields: ["*"], agency: "vong-1" }]),
  ].map((row) => [row.id, row]),
);

test("an old department leads to the body that handles the field today, over two reorganisations", () => {
  expect(agencyOn(agencies, "so-ldtbxh", "nguoi-co-cong", "2026-11-24")?.id).toBe("so-noi-vu");
  expect(agencyOn(agencies, "so-ldtbxh", "tro-giup-xa-hoi", "2026-11-24")?.id).toBe("so-y-te");
});

test("on a day in between it leads to the body of that day", () => {
  expect(agencyOn(agencies, "so-ldtbxh", "nguoi-co-cong", "2024-07-08")?.id).toBe("so-ldtbxh");
  expect(agencyOn(agencies, "so-ldtbxh", "nguoi-co-cong", "2025-04-01")?.id).toBe("so-noi-vu-cu");
});

test("before a body existed, the one it took over from is named", () => {
  expect(agencyOn(agencies, "so-noi-vu", "nguoi-co-cong", "2025-04-01")?.id).toBe("so-noi-vu-cu");
  expect(agencyOn(agencies, "so-noi-vu", "nguoi-co-cong", "2024-12-31")?.id).toBe("so-ldtbxh");
  expect(agencyOn(agencies, "so-noi-vu", "nguoi-co-cong", "2019-01-01")).toBeUndefined();
});

test("a circle of successors ends without an answer", () => {
  expect(agencyOn(agencies, "vong-1", "nguoi-co-cong", "2026-01-01")).toBeUndefined();
  expect(agencyOn(agencies, "không có", "nguoi-co-cong", "2026-01-01")).toBeUndefined();
});
