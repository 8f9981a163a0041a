import type { Knowledge } from "./knowledge.ts";

const LOOKS_EVERY_MS = 5_000;

/** Looks every few seconds whether content files changed, and tells what became of it; returns how to end that. */
export function watchContent(
  knowledge: Extract<Knowledge, { status: "ready" }>,
  now: () => Date,
  tell: (sentence: string) => void,
): () => void {
  const look = async () => {
    const refreshed = await knowledge.refresh(now());
    if (refreshed.status === "swapped") {
      tell("Đã dùng nội dung mới.");
      tellOfNotices(refreshed.brokenNotices, tell);
    }
    if (refreshed.status === "kept") {
      tell(`Nội dung mới có lỗi, vẫn dùng bản cũ:\n${refreshed.report}`);
    }
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      tell(`Không đọc lại được nội dung: ${String(error)}`);
    });
  }, LOOKS_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

export function tellOfNotices(broken: string | null, tell: (sentence: string) => void): void {
  if (broken !== null) tell(`Thông báo có lỗi nên chưa gửi được:\n${broken}`);
}
