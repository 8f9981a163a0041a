import { readFileSync } from "node:fs";
import { readLexicon } from "../src/content/lexicon.ts";
import { createReport } from "../src/content/report.ts";
import { parseYaml } from "../src/content/yaml-source.ts";
import type { Lexicon } from "../src/domain/content-base.ts";

const FILE = new URL("../content/tu-ngu.yaml", import.meta.url);

/** The project's own words, content/tu-ngu.yaml. */
export function ownLexicon(): Lexicon {
  const report = createReport();
  const text = readFileSync(FILE, "utf8").normalize("NFC");
  const source = parseYaml({ path: "tu-ngu.yaml", text, firstLine: 1 }, report);
  const lexicon = source && readLexicon(source, report);
  if (!lexicon)
    throw new Error(`content/tu-ngu.yaml must be readable: ${JSON.stringify(report.problems)}`);
  return lexicon;
}

/** Sentences of the kind the content is made of, so that these tests do not change with it. */
export const SENTENCES = [
  "Người từ đủ 75 tuổi không có lương hưu được hưởng trợ cấp hưu trí xã hội.",
  "Hồ sơ hưởng trợ cấp thất nghiệp gồm những giấy tờ gì?",
  "Tôi bị mất thẻ bảo hiểm y tế thì xin cấp lại ở đâu?",
  "Bảo hiểm xã hội tự nguyện đóng bao nhiêu tiền một tháng?",
  "Rút bảo hiểm xã hội một lần cần điều kiện gì?",
  "Chế độ thai sản khi vợ sinh con, chồng được nghỉ mấy ngày?",
  "Mức hưởng bảo hiểm y tế hộ gia đình, người cận nghèo được hỗ trợ đóng.",
  "Học sinh có hoàn cảnh gia đình khó khăn có được miễn học phí không?",
  "Công ty không trả sổ bảo hiểm xã hội cho người lao động.",
  "Muốn mua nhà ở xã hội thì nộp hồ sơ ở đâu, lãi suất vay bao nhiêu?",
  "Thương binh, bệnh binh và thân nhân liệt sĩ được hưởng chế độ gì?",
  "Bộ đội xuất ngũ được cấp thẻ học nghề không?",
  "Khám chữa bệnh tại bệnh viện tỉnh được thanh toán 80% chi phí.",
  "Trợ cấp xã hội hằng tháng cho người khuyết tật nặng là bao nhiêu?",
  "Hộ nghèo được vay vốn của ngân hàng chính sách xã hội.",
  "Sinh năm 2016 đã đủ điều kiện nhận tiền mai táng chưa?",
];
