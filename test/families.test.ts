import { describe, expect, it } from "vitest";
import { createFamilyDetector } from "../src/answer/families.ts";
import { buildVocabulary, createContentReader, createNormaliser } from "../src/domain/normalise.ts";
import type { MessageFamily } from "../src/domain/content-base.ts";
import { fold } from "../src/domain/fold.ts";
import { ownLexicon, SENTENCES } from "./lexicon.ts";

const lexicon = ownLexicon();
const normalise = createNormaliser(
  lexicon,
  buildVocabulary(SENTENCES.map(createContentReader(lexicon)), lexicon),
);
const detect = createFamilyDetector(lexicon);
const familyOf = (text: string) => detect(normalise(text));

const HEARD: Partial<Record<MessageFamily, string[]>> = {
  violence: [
    "chồng tôi đánh tôi hoài tôi phải làm sao",
    "chong em nhau ve hay danh em, em so qua",
    "ck e say rượu về đánh e bầm mình",
    "tôi bị chồng bạo hành nhiều năm nay",
    "bị ông xã đánh đập thì gọi ai",
    "chồng cầm dao rượt tôi",
    "con trai tôi nghiện ma túy đánh cha mẹ",
    "Ba em đánh má em hoài",
    "ba toi danh me toi",
    "tôi là nạn nhân của bạo lực gia đình, chồng đánh gãy tay",
    "em bị hiếp dâm",
    "chị tôi bị lừa bán sang campuchia",
    "người yêu cũ đe dọa giết tôi",
    "CHONG TOI DANH TOI",
    "chồng tôi hăm giết tôi",
    "bị chồng cũ đánh",
    "anh rể đánh chị tôi",
    "mẹ già bị con ruột bỏ đói đánh đập",
    "bị chồng đánh phải làm sao",
    "chồng em say xỉn về đánh con em",
  ],
  childAbuse: [
    "con tôi bị xâm hại",
    "chau gai toi bi xam hai tinh duc",
    "thấy hàng xóm đánh con nhỏ dã man",
    "con em bị cô giáo đánh bầm tay",
    "bé gái nhà bên bị cha dượng sờ mó",
    "ba dượng đánh em hoài",
    "trẻ bị đánh thì gọi số nào",
    "con tui bị bạo hành ở lớp mầm non",
    "mẹ kế bỏ đói cháu tôi",
    "ba em đánh em mỗi ngày",
    "em 13 tuổi bị ba đánh",
    "con gái tôi mất tích 2 ngày nay",
    "trẻ em bị xâm hại gọi số nào",
  ],
  suicide: [
    "tôi muốn chết",
    "toi muon chet",
    "em không muốn sống nữa",
    "e k muốn sống nữa",
    "khổ quá chỉ muốn tự tử",
    "tôi định tự tử",
    "chán đời quá muốn chết cho rồi",
    "hết tiền rồi chắc chết quách cho xong",
    "vợ tôi vừa uống thuốc trừ sâu",
    "con tôi đòi tự tử",
    "song khong noi nua",
    "con tôi rạch tay",
    "em trầm cảm chỉ nghĩ tới cái chết",
    "tooi muoons tuwj tuwr",
    "tui hổng muốn sống nữa",
    "không thiết sống nữa",
    "TÔI MUỐN CHẾT",
  ],
  emergency: [
    "cháy nhà rồi",
    "nhà tôi đang cháy",
    "nha dang chay cuu voi",
    "con tôi bị đuối nước phải làm sao",
    "tai nạn máu chảy nhiều quá",
    "mẹ tôi bị đột quỵ",
    "ba tôi đang lên cơn đột quỵ gọi ai",
    "cần cấp cứu ngay",
    "gọi cấp cứu số mấy",
    "số điện thoại cấp cứu",
    "cứu với",
    "vợ tôi sắp sinh vỡ ối rồi gọi xe ở đâu",
    "bị rắn cắn làm sao",
    "chồng tôi bất tỉnh không thở",
    "có người bị chém trước nhà",
    "ghe chìm có người rớt xuống sông",
    "con tôi uống nhầm thuốc chuột",
    "em bé ngưng thở",
    "nước lũ lên cao nhà tôi bị kẹt trong lũ",
    "chay nha cuu voi",
    "me em bi dot quy roi giup voi",
  ],
  scam: [
    "có người gọi xưng là cán bộ bhxh kêu cài app",
    "họ bảo tôi đọc mã otp",
    "tin nhắn nói tôi được nhận 5 triệu trợ cấp bấm vào link có thật không",
    "đóng phí để nhận trợ cấp có đúng không",
    "phải nộp phí 200k để nhận tiền hỗ trợ đúng không",
    "công an gọi điện kêu tôi chuyển tiền",
    "tin này có thật không",
    "co nguoi goi dien xung la ben bao hiem xin so tai khoan va otp",
    "số lạ gọi nói cập nhật vssid",
    "tôi bị lừa đảo mất tiền",
    "nhân viên bhxh gọi điện hướng dẫn cài đặt vssid qua link",
    "zalo lạ kết bạn xưng bhxh kêu chụp cccd",
    "gọi điện nói hồ sơ hưu của tôi bị lỗi phải chuyển 2 triệu",
  ],
  greeting: [
    "xin chào",
    "chào bạn",
    "dạ chào anh chị ạ",
    "alo ad ơi",
    "Hello",
    "hi shop",
    "có ai không",
    "a lô",
    "cho em hỏi với ạ",
    "chào bot nha",
  ],
  thanks: [
    "cảm ơn nhiều nha",
    "ok cảm ơn bạn",
    "cam on",
    "dạ em cảm ơn ạ",
    "ok",
    "tks ad",
    "hiểu rồi cảm ơn",
  ],
  identity: [
    "bạn là ai vậy",
    "ai đang trả lời tôi vậy",
    "bạn là người hay máy",
    "đây có phải trang chính thức không",
    "bot ha",
  ],
  human: [
    "cho tôi gặp người thật",
    "tôi muốn nói chuyện với cán bộ",
    "cho xin số hotline",
    "gap nhan vien tu van",
    "cho tôi số điện thoại để gọi",
  ],
  help: ["giúp tôi với", "bạn giúp được gì", "hướng dẫn sử dụng", "tôi cần tư vấn"],
  menu: ["menu", "có những chế độ gì", "xem danh mục"],
  rude: ["ngu như chó", "đm", "đồ ngu", "mày ngu quá", "dcm bot ngu vcl", "đồ chó má"],
  forget: ["quên xã của tôi", "quên tôi đi"],
  erase: ["xóa dữ liệu của tôi", "xoa thong tin cua toi di"],
  myData: ["dữ liệu của tôi", "bạn có lưu thông tin của tôi không"],
  carry: ["chuyển kênh", "chuyen kenh", "/chuyenkenh", "em muốn chuyển sang zalo ạ"],
  subscribe: ["đăng ký nhận thông báo", "có tin mới thì báo tôi nha", "/dangky"],
  unsubscribe: ["dừng", "STOP", "hủy", "dừng nhận tin nha", "/huy"],
  helpful: ["đúng ý", "dung y", "dạ đúng ý em rồi ạ", "trả lời đúng rồi", "đúng ý luôn"],
  notHelpful: ["chưa đúng ý", "ko dung y", "sai ý rồi", "không phải ý tôi", "trả lời sai"],
};

/** What only sounds like it. */
const NOT_MEANT: Partial<Record<MessageFamily, string[]>> = {
  violence: [
    "nạn nhân bạo lực gia đình được hỗ trợ gì",
    "mức phạt hành vi bạo lực gia đình",
    "chồng tôi đánh bắt cá xa bờ có được vay vốn không",
    "vợ chồng tôi đánh giá dịch vụ",
    "máy lạnh hết bảo hành",
    "may lanh het bao hanh",
    "chính sách dành cho vợ con liệt sĩ",
    "chinh sach danh cho vo con liet si",
    "chong toi danh ca bi tai nan co duoc bao hiem khong",
    "đánh nhau ở công ty có phải tai nạn lao động không",
    "phong chong dich danh cho con",
    "cha tôi bị địch đánh đập trong tù",
    "vợ chồng đánh máy thuê",
    "chong toi khong dam di lam",
    "chong toi da vao bien che",
    "phòng chống bạo lực gia đình",
  ],
  childAbuse: [
    "học sinh bị bạo lực học đường được hỗ trợ gì",
    "trẻ em bị xâm hại được hỗ trợ gì",
    "hỗ trợ trẻ em bị xâm hại",
    "hoc sinh bi bao luc hoc duong duoc ho tro gi",
    "trẻ em bị bỏ rơi được hưởng trợ cấp bao nhiêu",
    "con bị bệnh đánh răng",
    "trợ cấp trẻ mồ côi cha mẹ mất tích",
    "con tôi bị điểm kém đánh giá sai",
    "bo doi con liet si",
  ],
  suicide: [
    "chết thì được mai táng phí bao nhiêu",
    "chồng tôi tự tử thì có được hưởng tiền tuất không",
    "người chết do tự tử có được mai táng phí",
    "tu van ve bhyt",
    "nop tu tu duoc khong",
    "cha tôi chết có được tiền gì",
    "muốn biết chế độ khi chết",
    "cuoc song qua kho khan co duoc ho tro khong",
    "người sống một mình không muốn sống ở trung tâm",
    "uong thuoc sau khi an co duoc bhyt tra khong",
    "quyen sinh con thu 3",
    "that co duoc khong",
    "bệnh nặng chết đi con có được tiền gì",
  ],
  emergency: [
    "cấp cứu trái tuyến có được BHYT trả không",
    "cấp cứu có được BHYT chi trả không",
    "đi cấp cứu không mang thẻ bhyt",
    "khi cần cấp cứu tôi vào bệnh viện nào cũng được phải không",
    "tai nạn lao động",
    "tai nạn lao động được bồi thường bao nhiêu",
    "nhà bị cháy được hỗ trợ bao nhiêu tiền",
    "chau nha co duoc ho tro khong",
    "cháy nhà được hỗ trợ gì",
    "con bị đuối nước chết có được hỗ trợ không",
    "mẹ tôi bị đột quỵ 3 năm nay nằm một chỗ có được trợ cấp không",
    "chồng tôi đột quỵ khi đang làm việc có tính tai nạn lao động không",
    "bị tai biến liệt nửa người làm hồ sơ khuyết tật",
    "mất máu hiến máu được nghỉ mấy ngày",
    "tôi bị tai nạn giao thông trên đường đi làm",
    "trợ giúp khẩn cấp là gì",
    "đẻ con chảy máu nhiều phải nằm viện có được nghỉ thêm không",
    "nghien cuu voi sinh vien",
    "mẹ tôi đang chạy thận có được bhyt trả không",
    "me toi dang chay than nhan tao",
    "xe buyt co chay khong",
    "gia dinh cuu mang tre mo coi",
    "bị tai nạn lao động chảy máu nhiều phải nằm viện",
    "vợ em vừa sinh con",
  ],
  scam: [
    "tôi không nhận được mã otp vssid",
    "75 tuổi được 500 ngàn có thật không",
    "làm sao cài ứng dụng vssid",
    "phí mua thẻ bhyt",
    "đóng bảo hiểm để nhận lương hưu",
    "đóng tiền một lần để nhận lương hưu được không",
    "công ty nợ bảo hiểm",
    "nhận tiền qua tài khoản ngân hàng",
    "công ty lừa không đóng bhxh cho tôi",
    "quên mật khẩu vssid",
    "yêu cầu hoàn tiền chuyển khoản",
    "bảo hiểm xã hội chuyển tiền lương hưu ngày nào",
    "cho em hỏi sao không nhận được otp",
    "vssid yêu cầu nhập mã otp nhưng không có",
    "quét mã qr trên thẻ bhyt",
    "đóng tiền bảo hiểm tự nguyện để nhận lương hưu",
    "tro cap nguoi gia danh cho ai",
  ],
  greeting: ["chào, cho hỏi bhyt", "cho hỏi mức đóng"],
  human: ["số điện thoại bhxh kiên giang"],
  rude: ["cho hỏi", "cho", "con chó nhà tôi bị bệnh", "các"],
  forget: ["tôi quên mật khẩu"],
  unsubscribe: ["dừng đóng bảo hiểm có được không", "hủy hợp đồng lao động thì sao", "dung y"],
  helpful: ["đúng ý nghĩa của luật là gì", "chưa đúng ý", "trợ cấp này đúng không", "dừng"],
  notHelpful: ["sai ý kiến thì khiếu nại ở đâu", "thẻ bhyt ghi sai tên", "chưa đúng tuổi nghỉ hưu"],
  carry: ["chuyển tiền qua kênh nào", "đào kênh", "chuyển sang bảo hiểm tự nguyện được không"],
  subscribe: ["đăng ký nhận trợ cấp thất nghiệp ở đâu"],
};

const CRISES: MessageFamily[] = ["violence", "childAbuse", "suicide", "emergency"];

describe("createFamilyDetector", () => {
  for (const [family, messages] of Object.entries(HEARD)) {
    it.each(messages)(`hears ${family} in “%s”`, (message) => {
      expect(familyOf(message)).toBe(family);
      expect(familyOf(message.normalize("NFD"))).toBe(family);
      expect(familyOf(`${message.toUpperCase()} !!!`)).toBe(family);
    });
  }

  for (const [family, messages] of Object.entries(NOT_MEANT)) {
    it.each(messages)(`hears no ${family} in “%s”`, (message) => {
      expect(familyOf(message)).not.toBe(family);
    });
  }

  it("hears most calls for help without their accents too", () => {
    const calls = CRISES.flatMap((family) => HEARD[family] ?? []);
    const heard = calls.filter((call) => CRISES.some((family) => family === familyOf(fold(call))));
    expect(heard.length / calls.length).toBeGreaterThan(0.9);
  });

  it("takes a crisis for more urgent than politeness or a scam", () => {
    expect(familyOf("chào bạn, cảm ơn bạn, tôi muốn chết")).toBe("suicide");
    expect(familyOf("bị lừa đảo hết tiền, tôi không muốn sống nữa")).toBe("suicide");
    expect(familyOf("chồng đánh tôi chảy máu nhiều quá, cứu với")).toBe("emergency");
  });

  it("leaves a question alone that begins with a greeting or an oath", () => {
    expect(familyOf("chào bạn, thẻ bhyt hết hạn làm lại ở đâu")).toBeNull();
    expect(familyOf("đm sao tháng này chưa có trợ cấp thất nghiệp")).toBeNull();
    expect(familyOf("cảm ơn, còn hồ sơ thì sao")).toBeNull();
  });

  it("has nothing to say to an empty message", () => {
    for (const message of ["", " ", "🙂", "???"]) expect(familyOf(message)).toBeNull();
  });
});
