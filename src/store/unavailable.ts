import type { StoreUnavailable } from "../domain/store.ts";
import { errorCode } from "./disk.ts";

export function storeUnavailable(message: string, cause?: unknown): StoreUnavailable {
  return Object.assign(new Error(message, { cause }), { code: "STORE_UNAVAILABLE" as const });
}

/** Code of the error when another process holds the lock that was ours. */
export const TAKEN_OVER = "TAKEN_OVER";

const REASONS: Record<string, string> = {
  ENOSPC: "đĩa đã đầy",
  EDQUOT: "đã dùng hết hạn mức đĩa",
  EROFS: "ổ đĩa đang ở chế độ chỉ đọc",
  EACCES: "không có quyền đọc hoặc ghi",
  EPERM: "không có quyền đọc hoặc ghi",
  EIO: "ổ đĩa báo lỗi đọc ghi",
  [TAKEN_OVER]: "một tiến trình khác đã nhận lấy thư mục dữ liệu",
};

/** Why nothing can be written, in a few words for staff. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error) ?? String(error);
  return REASONS[code] ?? `lỗi ${code}`;
}
