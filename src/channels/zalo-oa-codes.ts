import type { RefusedReason, SendResult, UnreachableReason } from "../domain/send-result.ts";
import { TOO_FAST } from "./zalo-oa-api.ts";

/** What one of Zalo's error codes means to us and, in a sentence, to staff. */
export type CodeMeaning = {
  outcome: RefusedReason | Exclude<UnreachableReason, "network"> | "too-fast" | "night";
  sentence: string;
  /** About the account, not about one person: staff are told. */
  concernsStaff: boolean;
};

/** Of the account being of a kind that the newer address does not serve. */
export const WRONG_TYPE = -235;

/** The access token is not good, or no longer. */
const TOKEN_CODES = new Set([-216, -220]);

const SECONDS_WHEN_TOO_FAST = 20;
const DAY_SECONDS = 24 * 60 * 60;
const SIX_IN_VIETNAM_SECONDS = 23 * 60 * 60;

const ofPerson = (outcome: CodeMeaning["outcome"], sentence: string): CodeMeaning => ({
  outcome,
  sentence,
  concernsStaff: false,
});
const ofAccount = (outcome: CodeMeaning["outcome"], sentence: string): CodeMeaning => ({
  outcome,
  sentence,
  concernsStaff: true,
});

const AT_OA = "Xem lại tại oa.zalo.me.";
const AT_APP = "Xem lại ứng dụng tại developers.zalo.me.";

/** https://docs.zaloplatforms.com, error codes of the OA API. */
const MEANINGS: Record<number, CodeMeaning> = {
  [TOO_FAST]: ofPerson("too-fast", "Zalo yêu cầu gửi chậm lại."),
  [-100]: ofPerson("rejected", "Tệp đính kèm đã hết hạn trên Zalo."),
  [-200]: ofPerson("rejected", "Zalo không gửi được tin này."),
  [-201]: ofPerson("rejected", "Zalo báo tin gửi sai mẫu."),
  [-204]: ofAccount("token", `Zalo báo tài khoản OA không còn hoạt động. ${AT_OA}`),
  [-205]: ofAccount("token", `Zalo báo không có tài khoản OA này. ${AT_OA}`),
  [-209]: ofAccount("token", `Ứng dụng chưa được Zalo cho phép gửi tin qua OA. ${AT_APP}`),
  [-210]: ofPerson("rejected", "Zalo báo tin gửi quá dài."),
  [-211]: ofAccount("quota", `OA đã hết lượt gửi tin trên Zalo. ${AT_OA}`),
  [-212]: ofAccount("token", `Ứng dụng chưa được OA cấp quyền gửi tin. ${AT_APP}`),
  [-213]: ofPerson("gone", "Người nhận không còn quan tâm OA."),
  [-214]: ofPerson("rejected", "Zalo đang xử lý bài viết này."),
  [-216]: ofPerson("token", "Zalo không nhận mã truy cập."),
  [-217]: ofPerson("rejected", "Người nhận đã chặn lời mời quan tâm."),
  [-218]: ofPerson("capped", "Người nhận đã nhận đủ số tin Zalo cho phép."),
  [-219]: ofAccount("token", `Ứng dụng Zalo đã bị khóa hoặc tắt. ${AT_APP}`),
  [-220]: ofPerson("token", "Mã truy cập Zalo đã hết hạn hoặc bị thu hồi."),
  [-221]: ofAccount("token", `OA chưa được Zalo xác thực nên chưa gửi được tin. ${AT_OA}`),
  [-223]: ofAccount("token", `OA chưa được phép làm việc này trên Zalo. ${AT_OA}`),
  [-224]: ofAccount("token", `Gói dịch vụ của OA chưa cho gửi tin này. ${AT_OA}`),
  [-227]: ofPerson("gone", "Tài khoản người nhận bị khóa, hoặc không dùng Zalo hơn 45 ngày."),
  [-230]: ofPerson("out-of-window", "Người nhận không nhắn cho OA trong 7 ngày qua."),
  [-232]: ofPerson("out-of-window", "Người nhận chưa nhắn cho OA, hoặc đã quá hạn trả lời."),
  [-233]: ofPerson("rejected", "Zalo không hỗ trợ loại tin này."),
  [-234]: ofPerson("night", "Zalo không cho gửi loại tin này từ 22:00 đến 06:00."),
  [WRONG_TYPE]: ofAccount(
    "rejected",
    "Zalo không cho loại OA này gửi tin trả lời từng người. Hỏi Zalo cách mở quyền, hoặc đổi ZALO_OA_SEND trong tệp .env.",
  ),
  [-240]: ofAccount(
    "rejected",
    "Zalo đã đóng cách gửi tin cũ (v2). Đổi ZALO_OA_SEND=cs trong tệp .env rồi khởi động lại.",
  ),
  [-242]: ofAccount("token", `Zalo đòi thêm chữ ký appsecret_proof. Tắt yêu cầu này: ${AT_APP}`),
  [-244]: ofPerson("capped", "Người nhận hạn chế loại tin này."),
  [-248]: ofAccount("rejected", "Zalo báo nội dung vi phạm chính sách. Xem lại nội dung tin."),
  [-249]: ofPerson("rejected", "Mẫu tin này không gửi được theo tài khoản Zalo."),
  [-320]: ofAccount("quota", "OA chưa liên kết tài khoản trả phí Zalo Cloud nên chưa gửi được."),
  [-321]: ofAccount("quota", "Tài khoản Zalo Cloud của OA đã hết tiền nên chưa gửi được."),
};

export function meaningOf(code: number): CodeMeaning {
  return (
    MEANINGS[code] ?? {
      outcome: "rejected",
      sentence: `Zalo từ chối tin với mã lỗi ${code}.`,
      concernsStaff: false,
    }
  );
}

export function isTokenCode(code: number): boolean {
  return TOKEN_CODES.has(code);
}

export function resultOf(code: number, now: Date): SendResult {
  const { outcome } = meaningOf(code);
  switch (outcome) {
    case "too-fast":
      return { status: "retry-after", seconds: SECONDS_WHEN_TOO_FAST };
    case "night":
      return { status: "retry-after", seconds: secondsUntilSix(now) };
    case "token":
    case "quota":
      return { status: "unreachable", why: outcome };
    case "blocked":
    case "gone":
    case "rejected":
    case "out-of-window":
    case "capped":
      return { status: "refused", reason: outcome };
  }
}

/** 06:00 in Viet Nam is 23:00 in UTC the day before. */
function secondsUntilSix(now: Date): number {
  const secondOfDay = Math.floor(now.getTime() / 1000) % DAY_SECONDS;
  return (SIX_IN_VIETNAM_SECONDS - secondOfDay + DAY_SECONDS) % DAY_SECONDS || DAY_SECONDS;
}
