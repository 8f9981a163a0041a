/** Every sentence of the web channel and its server that a person may read, one place to find them. */
export const SENTENCES = {
  notFound: "Không có trang này. Quý vị mở trang chính của An Sinh để hỏi.",
  wrongMethod: "Địa chỉ này không nhận yêu cầu kiểu đó.",
  tooBig: "Tin nhắn dài quá. Quý vị rút ngắn câu hỏi rồi gửi lại.",
  tooLong: "Câu hỏi dài quá 4.000 chữ cái. Quý vị rút ngắn rồi gửi lại.",
  notJson: "Tin gửi đến không đúng dạng. Quý vị tải lại trang rồi gửi lại.",
  wrongOrigin: "Tin này không gửi từ trang của An Sinh nên không được nhận. Quý vị tải lại trang.",
  noPerson:
    "Trình duyệt chưa cho phép cookie của trang này nên An Sinh không nhận được tin. Quý vị cho phép cookie rồi gửi lại.",
  unknownButton: "Lựa chọn này không còn dùng được. Quý vị gõ câu hỏi.",
  tooOften: "Quý vị gửi hơi nhanh. Xin chờ một lát rồi gửi lại.",
  answerLost: "An Sinh đã nhận câu này nhưng câu trả lời bị thất lạc. Quý vị gửi lại.",
  failed: "An Sinh gặp trục trặc nên chưa trả lời được. Quý vị gửi lại sau ít phút.",
  stopping: "An Sinh đang khởi động lại. Quý vị gửi lại sau một phút.",
  tooSlow: "Tin gửi đến chậm quá nên bị ngắt. Quý vị gửi lại.",
  tooManyPages:
    "Quý vị đang mở trang này ở nhiều chỗ quá. Quý vị đóng bớt trang để nhận thông báo ở trang này.",
  tooManyListeners:
    "Đang có nhiều người chờ thông báo quá. Thông báo sẽ hiện sau ít phút; quý vị vẫn hỏi được.",
  badRequest: "Yêu cầu không đúng dạng.",
  headersTooBig:
    "Yêu cầu mang theo quá nhiều thông tin. Quý vị xóa cookie của trang này rồi mở lại.",
} as const;
