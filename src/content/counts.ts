import { isAlive } from "../domain/agency.ts";
import type { ContentBase, Plan } from "../domain/content-base.ts";
import type { Day } from "../domain/day.ts";

export type ContentCounts = {
  entitlements: number;
  faqs: number;
  samples: number;
  clauses: number;
  targets: number;
  situations: number;
  misconceptions: number;
  outOfScope: number;
  notices: number;
  communes: number;
  agencies: number;
  parameters: number;
  values: number;
  /** Of the bodies of today that are one body and not a kind of body. */
  agenciesWithoutAddress: number;
  agenciesWithoutPhone: number;
};

type Counted = Omit<ContentBase, "plan" | "phrases" | "lexicon" | "fields"> & { plan: Plan | null };

export function countContent(content: Counted, today: Day): ContentCounts {
  const entitlements = Object.values(content.entitlements);
  const agencies = Object.values(content.agencies);
  const parameters = Object.values(content.parameters);
  const offices = agencies.filter((agency) => !agency.generic && isAlive(agency, today));
  return {
    entitlements: entitlements.length,
    faqs: sum(entitlements.map(({ faqs }) => faqs.length)),
    samples: sum(entitlements.map(({ samples }) => samples.length)),
    clauses: Object.keys(content.plan?.clauses ?? {}).length,
    targets: content.plan?.targets.length ?? 0,
    situations: content.situations.length,
    misconceptions: content.misconceptions.length,
    outOfScope: content.outOfScope.length,
    notices: content.notices.length,
    communes: content.communes.length,
    agencies: agencies.length,
    parameters: parameters.length,
    values: sum(parameters.map(({ values }) => values.length)),
    agenciesWithoutAddress: offices.filter(({ address }) => address === null).length,
    agenciesWithoutPhone: offices.filter(({ phone }) => phone === null).length,
  };
}

/** The counts as a clerk reads them. */
export function describeCounts(counts: ContentCounts): string {
  return [
    `Đã đọc ${counts.entitlements} chế độ với ${counts.faqs} câu Hỏi đáp và ${counts.samples} câu hỏi mẫu,`,
    `${counts.parameters} mức (${counts.values} giá trị), ${counts.agencies} cơ quan, ${counts.communes} xã, phường, đặc khu,`,
    `${counts.clauses} mục và ${counts.targets} chỉ tiêu của kế hoạch, ${counts.situations} tình huống,`,
    `${counts.misconceptions} hiểu lầm, ${counts.outOfScope} chủ đề ngoài phạm vi, ${counts.notices} thông báo.`,
    `Cơ quan chưa có địa chỉ: ${counts.agenciesWithoutAddress}; chưa có số điện thoại: ${counts.agenciesWithoutPhone}.`,
  ].join("\n");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
