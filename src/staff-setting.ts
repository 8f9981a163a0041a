import * as z from "zod";
import type { Staff, StaffRole } from "./domain/staff.ts";

const ROLES: Record<string, StaffRole> = { soan: "author", duyet: "approver" };

const ONE = /^(telegram|zalo-bot|zalo-oa):([0-9A-Za-z]{1,40})=([a-z]+(?:\+[a-z]+)*)$/;

const FORM =
  'phải có dạng "telegram:123456=soan+duyet,telegram:789=duyet": kênh, số tài khoản (số dương của một người, không phải nhóm), vai soan hoặc duyet';

/** `STAFF`: who may submit and release announcements, from which private chat. */
export const staffSetting = z
  .string()
  .max(2_000)
  .transform((text, context) => {
    const staff: Staff[] = [];
    for (const entry of text.split(",").map((part) => part.trim())) {
      if (entry === "") continue;
      const [, channel, person, words] = ONE.exec(entry) ?? [];
      const roles = words?.split("+").map((word) => ROLES[word]);
      if (channel === undefined || person === undefined || roles === undefined) {
        context.addIssue({ code: "custom", message: FORM });
        return z.NEVER;
      }
      const known = roles.filter((role) => role !== undefined);
      if (known.length < roles.length) {
        context.addIssue({ code: "custom", message: FORM });
        return z.NEVER;
      }
      staff.push({ address: { channel, person }, roles: [...new Set(known)] });
    }
    return staff;
  });
