import { dayOf, formatDay } from "../domain/day.ts";
import { splitText, toPlainText } from "../domain/fold.ts";
import type { Block, Reply } from "../domain/reply.ts";
import { unansweredGroups } from "../domain/unanswered-groups.ts";
import {
  approveCommand,
  describedBy,
  factsOf,
  label,
  outlookOf,
  reachLines,
  SAMPLE_CODE,
} from "./describe.ts";
import { found, stateOf } from "./desk-find.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import { FILE_GONE, NO_NOTICES, NO_UNANSWERED, USAGE } from "./desk-sentences.ts";
import { foundById, type Found, knownIds, releasedOf } from "./find-notice.ts";
import { listOf, plainReply } from "./plain-reply.ts";

const NOTICES_SHOWN = 10;
const GROUPS_SHOWN = 10;
const SAMPLES_SHOWN = 3;
/** A sample or a title is cut to this, in UTF-16 units. */
const TEXT_SHOWN = 100;

/** `/thongbao` */
export function listNotices(options: StaffDeskOptions): Reply {
  const notices = options.notices();
  const broadcasts = options.store.broadcasts();
  const ids = knownIds(notices, broadcasts);
  if (ids.length === 0) return plainReply(NO_NOTICES);
  const rows = ids.slice(0, NOTICES_SHOWN).map((id) => {
    const one = foundById(id, notices, broadcasts);
    const title = one.broadcast?.title ?? one.notice?.title ?? "";
    const code = one.broadcast === null ? "" : ` (${one.broadcast.id})`;
    const gone = one.notice === null ? ", tệp không còn hoặc có lỗi" : "";
    return `${id}: ${cut(title)}. ${stateOf(options, one)}${gone}${code}`;
  });
  const more = ids.length - rows.length;
  return plainReply(listOf(rows), ...(more > 0 ? [`Còn ${more} thông báo cũ hơn.`] : []));
}

/** `/xem` */
export function viewNotice(options: StaffDeskOptions, asked: Asked): Reply {
  const one = found(options, asked, USAGE.view);
  if ("refused" in one) return one.refused;
  const { notice, broadcast } = one;
  const blocks = textOf(options, one);
  const described = broadcast ?? (notice === null ? null : describedBy(notice));
  if (blocks === null || described === null) return plainReply(FILE_GONE);
  const people = broadcast?.people ?? peopleMeant(options, one);
  const outlook = outlookOf(options.store, broadcast, options.reach(), options.now());
  const version =
    broadcast === null ? "Chưa trình, nội dung như lúc này" : `Bản ${broadcast.version} đã chốt`;
  return plainReply(
    label(`${version}:`),
    ...blocks,
    label(`Hết nội dung. Trạng thái: ${stateOf(options, one)}.`),
    { type: "fields", rows: factsOf(described, people, options.places()) },
    [...reachLines({ ...described, people }, outlook), nextStep(one, options.now())].join("\n"),
  );
}

/** `/thu`: exactly what a citizen would get. */
export function testSend(options: StaffDeskOptions, asked: Asked): Reply {
  const one = found(options, asked, USAGE.test);
  if ("refused" in one) return one.refused;
  const blocks = textOf(options, one);
  return blocks === null ? plainReply(FILE_GONE) : plainReply(...blocks);
}

/** The frozen text, else as it would be frozen now; null without a file. */
function textOf(options: StaffDeskOptions, { notice, broadcast }: Found): Block[] | null {
  if (broadcast !== null) return broadcast.blocks;
  if (notice === null) return null;
  const day = dayOf(options.now());
  return options.compose(
    notice,
    day,
    SAMPLE_CODE,
    releasedOf(notice.corrects, options.store.broadcasts()),
  );
}

function peopleMeant(options: StaffDeskOptions, { notice }: Found): Record<string, number> {
  if (notice === null) return {};
  const corrected = releasedOf(notice.corrects, options.store.broadcasts());
  if (notice.corrects !== null && corrected === null) return {};
  return options.store.countMeant({ audience: notice.audience, corrects: corrected?.id ?? null });
}

function nextStep({ id, broadcast }: Found, now: Date): string {
  if (broadcast === null) return `Tiếp theo: người soạn gõ /trinh ${id}`;
  switch (broadcast.status) {
    case "freezing":
      return "Tiếp theo: chờ chốt xong danh sách.";
    case "submitted":
      return broadcast.expiresAt <= now
        ? `Tiếp theo: sửa het_han trong tệp rồi gõ /trinh ${id}`
        : `Tiếp theo: người duyệt gõ ${approveCommand(broadcast)}`;
    case "replaced":
      return `Tiếp theo: /xem ${id}`;
    case "released":
      return `Tiếp theo: /baocao ${broadcast.id} hoặc /dung ${broadcast.id}`;
    case "stopped":
    case "halted":
      return `Tiếp theo: /baocao ${broadcast.id} hoặc /tiep ${broadcast.id}`;
    case "finished":
      return `Tiếp theo: /baocao ${broadcast.id}`;
  }
}

/** `/chuatraloi` */
export function listUnanswered({ store }: StaffDeskOptions): Reply {
  const entries = store.unanswered();
  if (entries.length === 0) return plainReply(NO_UNANSWERED);
  const groups = unansweredGroups(entries);
  const rows = groups.slice(0, GROUPS_SHOWN).map(({ entries: together }) => {
    const nearest = together[0]?.nearest ?? null;
    const near = nearest === null ? "không trang nào gần" : `gần ${nearest.entitlement}`;
    const samples = [...new Set(together.map(({ text }) => cut(toPlainText(text))))];
    const lastDay = together.at(-1)?.day;
    const last = lastDay === undefined ? "" : `, gần đây ${formatDay(lastDay)}`;
    const quoted = samples.slice(0, SAMPLES_SHOWN).map((sample) => `“${sample}”`);
    return `${together.length} lần${last}, ${near}: ${quoted.join("; ")}`;
  });
  const more = groups.length - rows.length;
  return plainReply(
    `${entries.length} câu chưa trả lời được, ${groups.length} nhóm:`,
    listOf(rows),
    ...(more > 0 ? [`Còn ${more} nhóm nữa: npm run unanswered.`] : []),
  );
}

function cut(text: string): string {
  const [first = ""] = splitText(text, TEXT_SHOWN);
  return first === text ? text : `${first}…`;
}
