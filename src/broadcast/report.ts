import {
  type Act,
  type ActKind,
  type Broadcast,
  type Broadcasts,
  type Delivery,
  type DeliveryStatus,
  EMPTY_TALLY,
  type HaltReason,
  type Tally,
  totalOf,
} from "../domain/broadcast.ts";
import { formatMoment } from "../domain/day.ts";
import { REFUSED_REASONS, type RefusedReason } from "../domain/send-result.ts";
import type { Found } from "./find-notice.ts";
import { channelName, sumOf } from "./reach.ts";
import { PAGE } from "./schedule.ts";

export type Tallies = Record<string, Tally>;

const REFUSED: Record<RefusedReason, string> = {
  blocked: "đã chặn",
  gone: "tài khoản không còn",
  rejected: "kênh không nhận tin này",
  "out-of-window": "ngoài khung liên hệ",
  capped: "đã nhận đủ số tin cho phép",
};

const HALTED: Record<HaltReason, string> = {
  refusals: "quá nhiều người không nhận được",
  "nobody-found": "không tìm thấy người nhận nào",
  late: "trễ giờ hẹn hơn 30 phút",
  broken: "tin không gửi được",
  sums: "danh sách thiếu người",
};

const STATUSES: Record<DeliveryStatus, string> = {
  waiting: "đang chờ",
  claimed: "đang gửi",
  sent: "đã gửi",
  refused: "bị từ chối",
  doubtful: "chưa rõ đã nhận chưa",
  left: "đã hủy đăng ký",
  expired: "hết hạn trước khi nhận",
  dismissed: "chưa rõ, cho qua",
};

const ACTS: Record<ActKind, string> = {
  submitted: "trình",
  released: "duyệt",
  started: "bắt đầu gửi",
  stopped: "dừng",
  resumed: "gửi tiếp",
  halted: "tự dừng",
  finished: "xong",
  "dismissed-doubtful": "cho qua người chưa rõ",
  "resent-doubtful": "gửi lại người chưa rõ",
};

const DOUBTFUL_SHOWN = 20;
const ACTS_SHOWN = 20;

/** The rows while they are kept, then the sums that were taken at the end. */
export function talliesOf(
  broadcasts: Pick<Broadcasts, "tallies">,
  { id, totals }: Broadcast,
): Tallies {
  const tallies = broadcasts.tallies(id);
  return Object.keys(tallies).length > 0 ? tallies : (totals ?? {});
}

/** All channels together. */
export function sumOfTallies(tallies: Tallies): Tally {
  const sum = structuredClone(EMPTY_TALLY);
  for (const { refused, ...others } of Object.values(tallies)) {
    sum.waiting += others.waiting;
    sum.claimed += others.claimed;
    sum.sent += others.sent;
    sum.doubtful += others.doubtful;
    sum.left += others.left;
    sum.expired += others.expired;
    sum.dismissed += others.dismissed;
    for (const reason of REFUSED_REASONS) sum.refused[reason] += refused[reason];
  }
  return sum;
}

/** How many rows came to an end, and how many there are. */
export function progressOf(tallies: Tallies): { done: number; total: number } {
  const sum = sumOfTallies(tallies);
  const total = totalOf(sum);
  return { done: total - sum.waiting - sum.claimed, total };
}

const BAR_WIDTH = 20;

/** `[██████████░░░░░░░░░░] 50% 60/120`; full, and 100%, only when all is done. */
export function progressBar(done: number, total: number): string {
  const part = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(part * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `[${bar}] ${Math.floor(part * 100)}% ${done}/${total}`;
}

/** Where a notice stands, in a few words. `tallies`: those of its broadcast. */
export function foundInWords({ notice, broadcast }: Found, tallies: Tallies, now: Date): string {
  if (broadcast !== null) return stateInWords(broadcast, tallies, now);
  const isExpired = notice !== null && new Date(notice.expiresAt) <= now;
  return isExpired ? "hết hạn, chưa gửi" : "chưa trình";
}

/** Where a broadcast stands, in a few words. */
export function stateInWords(broadcast: Broadcast, tallies: Tallies, now: Date): string {
  const { done, total } = progressOf(tallies);
  const isExpired = broadcast.expiresAt <= now;
  switch (broadcast.status) {
    case "freezing":
      return "đang chốt danh sách";
    case "submitted":
      return isExpired ? "hết hạn, chưa gửi" : `đã trình bản ${broadcast.version}, chờ duyệt`;
    case "replaced":
      return isExpired ? "hết hạn, chưa gửi" : "đã thay bằng bản khác";
    case "released":
      return broadcast.startedAt === null && broadcast.sendAt !== null && broadcast.sendAt > now
        ? `hẹn giờ ${formatMoment(broadcast.sendAt)}`
        : `đang gửi ${done}/${total}`;
    case "stopped":
      return `dừng ở ${done}/${total}`;
    case "halted":
      return `tự dừng ở ${done}/${total} vì ${haltInWords(broadcast)}`;
    case "finished":
      return "xong";
  }
}

function haltInWords({ halted }: Broadcast): string {
  return halted === null ? "không rõ lý do" : HALTED[halted];
}

/** A report, line by line. `deliveries` are asked for the doubtful ones. */
export function reportLines(
  broadcast: Broadcast,
  tallies: Tallies,
  deliveries: Delivery[],
  now: Date,
): string[] {
  const rows = totalOf(sumOfTallies(tallies));
  const frozen = sumOf(broadcast.people);
  return [
    `${broadcast.id}, bản ${broadcast.version}: ${broadcast.title}`,
    `Trạng thái: ${stateInWords(broadcast, tallies, now)}`,
    `Danh sách: ${frozen} người`,
    ...Object.entries(tallies).map(
      ([channel, tally]) => `${channelName(channel)}: ${tallyInWords(channel, tally)}`,
    ),
    ...(rows === frozen ? [] : [`Chú ý: danh sách chốt ${frozen} người nhưng có ${rows} dòng.`]),
    ...momentLine("Hẹn giờ", broadcast.sendAt),
    ...momentLine("Bắt đầu", broadcast.startedAt),
    ...momentLine("Kết thúc", broadcast.endedAt),
    ...actLines(broadcast.acts),
    ...doubtfulLines(broadcast, deliveries),
  ];
}

/** "118 đã gửi, 1 bị từ chối (1 đã chặn)"; what is zero is not said. */
function tallyInWords(channel: string, { refused, ...others }: Tally): string {
  const refusals = sumOf(refused);
  const reasons = REFUSED_REASONS.flatMap((reason) => inWords(refused[reason], REFUSED[reason]));
  const parts = [
    inWords(others.sent, STATUSES.sent),
    inWords(refusals, `${STATUSES.refused} (${reasons.join(", ")})`),
    inWords(others.doubtful, STATUSES.doubtful),
    inWords(others.dismissed, STATUSES.dismissed),
    inWords(others.left, STATUSES.left),
    inWords(others.expired, STATUSES.expired),
    inWords(others.claimed, STATUSES.claimed),
    inWords(others.waiting, channel === PAGE ? "chờ người mở trang" : STATUSES.waiting),
  ].flat();
  return parts.length === 0 ? "không có ai" : parts.join(", ");
}

function inWords(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function momentLine(label: string, at: Date | null): string[] {
  return at === null ? [] : [`${label}: ${formatMoment(at)}`];
}

function actLines(acts: Act[]): string[] {
  const shown = acts.slice(-ACTS_SHOWN);
  const more = acts.length - shown.length;
  return [
    "Đã làm:",
    ...(more > 0 ? [`… ${more} việc trước đó`] : []),
    ...shown.map(({ did, by, at }) => `- ${formatMoment(at)} ${ACTS[did]}: ${by ?? "tự động"}`),
  ];
}

function doubtfulLines({ id }: Broadcast, deliveries: Delivery[]): string[] {
  const doubtful = deliveries.filter(({ status }) => status === "doubtful");
  if (doubtful.length === 0) return [];
  const shown = doubtful.slice(0, DOUBTFUL_SHOWN);
  const more = doubtful.length - shown.length;
  return [
    "Chưa rõ đã nhận chưa:",
    ...shown.map(
      ({ person, channel, at }) =>
        `- ${person.slice(0, 6)} ${channelName(channel)} ${formatMoment(at)}`,
    ),
    ...(more > 0 ? [`… và ${more} người nữa`] : []),
    `Cho qua: /baocao ${id} bo qua. Gửi lại: /baocao ${id} gui lai.`,
  ];
}

const CSV_HEADER = ["ma_nguoi", "kenh", "trang_thai", "ly_do", "luc"];

/** The rows for a spreadsheet, by person key (RFC 4180). What a spreadsheet would run as a formula is kept from it by an apostrophe. */
export function deliveriesCsv(deliveries: Delivery[]): string {
  const rows = deliveries.map(({ person, channel, status, reason, at }) => [
    person,
    channel,
    STATUSES[status],
    reason === null ? "" : REFUSED[reason],
    formatMoment(at),
  ]);
  return [CSV_HEADER, ...rows].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
