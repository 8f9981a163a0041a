import type { Broadcast, HaltReason, Tally } from "../domain/broadcast.ts";
import type { Happened } from "./oversee.ts";
import { PAGE } from "./schedule.ts";

const HALTED: Record<HaltReason, string> = {
  refusals:
    "từ 10 người trở lên, và ít nhất một phần mười số đã thử, không gửi được. Xem lại nội dung và kênh gửi",
  "nobody-found":
    "mọi người đã thử đều chặn bot hoặc không còn tài khoản, có thể mã truy cập là của một bot khác. Kiểm tra mã trong tệp .env",
  late: "giờ hẹn đã qua hơn 30 phút khi hệ thống chạy lại. Còn muốn gửi thì gửi tiếp",
  broken: "nội dung này làm lỗi bộ gửi. Báo người phụ trách kỹ thuật trước khi gửi tiếp",
  sums: "tổng số người trong sổ không khớp danh sách đã chốt. Báo người phụ trách kỹ thuật",
};

/** What happened to a broadcast, in a sentence or two for staff. */
export function sentenceOf(
  what: Happened,
  broadcast: Broadcast,
  tallies: Record<string, Tally>,
): string {
  const name = `"${broadcast.title}" (${broadcast.id})`;
  const people = sumOf(Object.values(broadcast.people));
  const sent = sumOf(Object.values(tallies).map((tally) => tally.sent));
  switch (what) {
    case "started":
      return `Bắt đầu gửi ${name} cho ${people} người. Muốn dừng: /dung ${broadcast.id}`;
    case "started-quiet":
      return `${name} đã đến lượt nhưng đang giờ yên lặng: 07:00 sẽ gửi cho ${people} người. Muốn dừng: /dung ${broadcast.id}`;
    case "pushed":
      return `Đã gửi xong ${name} trên các kênh nhắn tin, được ${sent} người; còn ${tallies[PAGE]?.waiting ?? 0} người chờ mở trang. Chi tiết: /baocao ${broadcast.id}`;
    case "halted":
      return `${name} tự dừng: ${HALTED[broadcast.halted ?? "broken"]}: /baocao ${broadcast.id}, /tiep ${broadcast.id}`;
    case "finished":
      return `${name} đã xong: ${sent} trên ${people} người nhận được${doubtfulNote(tallies)}. Chi tiết: /baocao ${broadcast.id}`;
  }
}

function doubtfulNote(tallies: Record<string, Tally>): string {
  const doubtful = sumOf(Object.values(tallies).map((tally) => tally.doubtful));
  return doubtful === 0 ? "" : `, ${doubtful} người không rõ đã nhận chưa`;
}

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
