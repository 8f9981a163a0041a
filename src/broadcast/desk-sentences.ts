import type { StaffRole } from "../domain/staff.ts";

/** Everything the desk says to staff that is a sentence of its own. */

const ROLES: Record<StaffRole, string> = { author: "soạn", approver: "duyệt" };

export const USAGE = {
  view: "Gõ: /xem <mã thông báo>",
  test: "Gõ: /thu <mã thông báo>",
  submit: "Gõ: /trinh <mã thông báo>",
  approve: "Gõ: /duyet <mã thông báo> <số người>, rồi gõ lại kèm mã sáu số.",
  stop: "Gõ: /dung để dừng tất cả, hoặc /dung <mã thông báo>",
  resume: "Gõ: /tiep <mã thông báo>",
  report: "Gõ: /baocao <mã thông báo>. Với người chưa rõ đã nhận chưa: thêm bo qua hoặc gui lai.",
};

export const NOTHING_DONE = "Chưa ghi được vào kho dữ liệu nên chưa làm gì cả. Hãy thử lại sau.";
export const MAYBE_HALF_DONE =
  "Chưa ghi được vào kho dữ liệu: việc này có thể mới làm được một phần. Hãy gõ lại lệnh sau ít phút.";
export const TOO_LONG = "Lệnh dài quá. Chỉ gõ lệnh và mã thông báo.";
export const NO_NOTICES = "Chưa có thông báo nào.";
export const NO_UNANSWERED = "Chưa có câu hỏi nào chưa trả lời được.";
export const NOTHING_SENDING = "Không có thông báo nào đang gửi hay chờ giờ gửi.";

export function unknownId(typed: string): string {
  return `Không có thông báo "${typed}". Gõ /thongbao để xem danh sách.`;
}

export function ambiguousId(typed: string, ids: string[]): string {
  return `"${typed}" có thể là: ${ids.join(", ")}. Hãy gõ rõ hơn.`;
}

export function lacksRole(role: StaffRole): string {
  return `Việc này cần vai ${ROLES[role]}.`;
}

export const FILE_GONE =
  "Tệp của thông báo này không còn hoặc đang có lỗi. Kiểm tra thư mục thong-bao.";
export const EXPIRED = "Thông báo đã hết hạn. Sửa het_han trong tệp rồi trình lại.";
export const EXPIRED_RELEASED = "Thông báo đã hết hạn, không gửi nữa.";
export const NO_RECIPIENTS = "Không có ai đăng ký nhận tin này nên không trình được.";
export const CORRECTS_UNSENT =
  "Thông báo được đính chính chưa gửi lần nào nên không có gì để đính chính.";
export const CORRECTS_FORGOTTEN =
  "Danh sách người đã nhận thông báo cũ không còn giữ (sau 30 ngày). Hãy gửi tin sửa như một thông báo mới.";

export function correctsUnderWay(id: string): string {
  return `Thông báo ${id} còn đang gửi nên chưa đính chính được: gõ /dung ${id} trước, để không ai nhận thêm tin sai, rồi trình lại.`;
}

export function wasCorrected(id: string, correction: string): string {
  return `${id} đã có đính chính ${correction} nên không gửi tiếp cho ai nữa.`;
}

export const NOT_SUBMITTED = "Thông báo chưa được trình. Người soạn gõ /trinh trước.";
export const FREEZING = "Danh sách người nhận đang được chốt. Hãy thử lại sau ít giây.";

export function alreadyReleased(id: string, state: string): string {
  return `Thông báo đã được duyệt với mã ${id}, hiện ${state}. Không duyệt hay trình lại được.`;
}

export const OWN = "Người soạn không duyệt được thông báo của chính mình.";
export const NO_OFFICE =
  "Chưa ghi đơn vị vận hành (don_vi trong cau-noi.yaml) nên chưa gửi thông báo được.";
export const WRONG_COUNT =
  "Số người không khớp danh sách đã chốt. Gõ /xem để xem lại thông báo và số người.";
export const SUBMITTED_FILE_GONE =
  "Tệp của thông báo không còn hoặc đang có lỗi sau khi trình. Người soạn cần trình lại.";
export const SUBMITTED_FILE_CHANGED =
  "Tệp của thông báo đã sửa sau khi trình. Người soạn cần trình lại.";

export function newerVersion(version: number, id: string): string {
  return `Đã có bản ${version} mới hơn, mã ${id}. Gõ /xem ${id} rồi duyệt bản đó.`;
}

export function codeIssued(code: string, command: string): string {
  return `Mã duyệt: ${code}, dùng trong 10 phút. Gõ: ${command} ${code}`;
}

export const NO_CODE = "Chưa có mã duyệt cho bản này. Gõ lệnh không kèm mã để lấy mã mới.";
export const CODE_EXPIRED = "Mã duyệt đã quá 10 phút. Gõ lệnh không kèm mã để lấy mã mới.";
export const CLOCK_SET_BACK =
  "Đồng hồ máy chủ vừa bị chỉnh lùi nên mã duyệt không còn dùng được. Gõ lệnh không kèm mã để lấy mã mới.";
export const TOO_MANY_TRIES =
  "Sai mã duyệt ba lần nên mã đã bị hủy. Gõ lệnh không kèm mã để lấy mã mới.";

export function wrongCode(triesLeft: number): string {
  return `Sai mã duyệt, còn ${triesLeft} lần thử.`;
}

export function released(id: string, when: string): string {
  return `Đã duyệt ${id}: ${when}. Dừng: /dung ${id}. Theo dõi: /baocao ${id}.`;
}

export function stopped(id: string, waiting: number): string {
  return `Đã dừng ${id}, còn ${waiting} người chờ. Gửi tiếp: /tiep ${id}.`;
}

export function notStopped(id: string): string {
  return `CHƯA dừng được ${id}: chưa ghi được vào kho dữ liệu. Hãy gõ lại /dung.`;
}

export function cannotStop(id: string, state: string): string {
  return `${id} không đang gửi (${state}) nên không có gì để dừng.`;
}

export function resumed(id: string, waiting: number): string {
  return `Gửi tiếp ${id}, còn ${waiting} người chờ. Dừng: /dung ${id}.`;
}

export function cannotResume(id: string, state: string): string {
  return `${id} không đang dừng (${state}) nên không có gì để gửi tiếp.`;
}

export function notReleased(state: string): string {
  return `Thông báo chưa gửi (${state}) nên chưa có báo cáo.`;
}

export const NO_DOUBTFUL = "Không có ai ở mức chưa rõ đã nhận chưa.";

export function dismissed(count: number): string {
  return `Đã cho qua ${count} người chưa rõ đã nhận chưa.`;
}

export function resent(count: number): string {
  return `Sẽ gửi lại cho ${count} người chưa rõ đã nhận chưa.`;
}

export function resentWhenResumed(count: number, id: string): string {
  return `${count} người chưa rõ đã vào danh sách chờ. Thông báo đang dừng: gõ /tiep ${id} để gửi.`;
}
