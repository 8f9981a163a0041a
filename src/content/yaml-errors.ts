import { isScalar, visit, type Document, type ErrorCode, type YAMLParseError } from "yaml";

type Advice = { wrong: string; instead: string };

const COLON = {
  wrong: "có dấu hai chấm giữa dòng hoặc dòng này thụt vào không đúng",
  instead:
    'đặt cả câu trong ngoặc kép, ví dụ ten: "Trợ cấp: mức mới", hoặc cho dòng thẳng cột với các dòng cùng nhóm',
};
const INDENT = {
  wrong: "dòng thụt vào không thẳng hàng với các dòng cùng nhóm",
  instead: "các dòng cùng nhóm phải bắt đầu ở cùng một cột; dùng dấu cách, mỗi bậc 2 dấu",
};
const TOKEN = {
  wrong: "có chữ hoặc dấu thừa không đọc được ở đây",
  instead: "đặt cả câu trong một cặp ngoặc kép; mỗi dòng chỉ một khóa dạng khoa: nội dung",
};
/** Content files use no alias, anchor or tag: it is a sentence that happens to begin with such a sign. */
export const SPECIAL_SIGN = {
  wrong: "nội dung bắt đầu bằng một dấu riêng của YAML (*, & hoặc !)",
  instead: "đặt cả câu trong ngoặc kép",
};
const UNUSUAL = {
  wrong: "tệp dùng một cách viết YAML hiếm mà phần mềm không đọc",
  instead: "viết theo mẫu trong HUONG-DAN.md: khoa: nội dung",
};

/** What each error of the YAML parser most often means to somebody who writes a list of names and amounts. */
const ADVICE = {
  ALIAS_PROPS: SPECIAL_SIGN,
  BAD_ALIAS: SPECIAL_SIGN,
  BAD_COLLECTION_TYPE: UNUSUAL,
  BAD_DIRECTIVE: {
    wrong: "dòng bắt đầu bằng dấu %",
    instead: "bỏ dấu % ở đầu dòng, hoặc đặt cả câu trong ngoặc kép",
  },
  BAD_DQ_ESCAPE: {
    wrong: "có dấu \\ trong ngoặc kép",
    instead: "bỏ dấu \\, hoặc dùng ngoặc đơn '…' thay ngoặc kép",
  },
  BAD_INDENT: INDENT,
  BAD_PROP_ORDER: UNUSUAL,
  BAD_SCALAR_START: {
    wrong: "nội dung bắt đầu bằng một dấu riêng của YAML (@, %, `)",
    instead: "đặt cả câu trong ngoặc kép",
  },
  BLOCK_AS_IMPLICIT_KEY: COLON,
  BLOCK_IN_FLOW: {
    wrong: "có danh sách gạch đầu dòng nằm trong [ ] hoặc { }",
    instead: "chỉ dùng một cách: [a, b] trên một dòng, hoặc mỗi mục một dòng bắt đầu bằng dấu -",
  },
  DUPLICATE_KEY: { wrong: "khóa này đã có ở trên", instead: "giữ một khóa, xóa khóa kia" },
  IMPOSSIBLE: UNUSUAL,
  KEY_OVER_1024_CHARS: COLON,
  MISSING_CHAR: {
    wrong: "thiếu một dấu: thường là dấu hai chấm sau khóa hoặc dấu đóng",
    instead: "viết khoa: nội dung, có dấu cách sau dấu hai chấm",
  },
  MULTILINE_IMPLICIT_KEY: {
    wrong: "dòng này không có dạng khoa: nội dung",
    instead:
      "thêm dấu hai chấm và một dấu cách sau khóa; câu dài nhiều dòng thì đặt trong ngoặc kép",
  },
  MULTIPLE_ANCHORS: SPECIAL_SIGN,
  MULTIPLE_DOCS: {
    wrong: "có dòng --- ở giữa tệp",
    instead: "bỏ dòng ---; một tệp chỉ có một phần",
  },
  MULTIPLE_TAGS: UNUSUAL,
  NON_STRING_KEY: INDENT,
  RESOURCE_EXHAUSTION: UNUSUAL,
  TAB_AS_INDENT: {
    wrong: "thụt dòng bằng phím Tab",
    instead: "thay mỗi Tab bằng 2 dấu cách",
  },
  TAG_RESOLVE_FAILED: {
    wrong: "nội dung bắt đầu bằng dấu !",
    instead: "đặt cả câu trong ngoặc kép",
  },
  UNEXPECTED_TOKEN: TOKEN,
} satisfies Record<ErrorCode, Advice>;

/** A parser's error as what is wrong and what to write, for somebody who has never heard of YAML. */
export function adviseOn(
  error: YAMLParseError,
  document: Document,
  text: string,
  lineOf: (offset: number) => number,
): Advice {
  const [offset] = error.pos;
  const line = lineBefore(text, offset);
  if (error.message.includes("Missing closing")) {
    const start = quoteBefore(document, offset);
    const where = start === undefined ? "" : `, mở ở dòng ${lineOf(start)}`;
    return {
      wrong: `ngoặc kép chưa đóng${where}`,
      instead: 'thêm dấu " ở cuối câu; trong câu có ngoặc kép thì dùng “ ”',
    };
  }
  if (error.message.startsWith("Flow")) {
    return { wrong: "ngoặc [ hoặc { chưa đóng", instead: "thêm ] hoặc } ở cuối dòng" };
  }
  if (/[:-] *\{\{/.test(line)) {
    return {
      wrong: "nội dung bắt đầu bằng {{",
      instead: 'đặt cả câu trong ngoặc kép: "{{…}} mỗi tháng"',
    };
  }
  if (/[:-] +[*&!]/.test(line)) return SPECIAL_SIGN;
  const advice = ADVICE[error.code];
  const quote = quoteBefore(document, offset);
  if (advice === TOKEN && quote !== undefined) {
    return {
      wrong: `có chữ thừa sau ngoặc kép mở ở dòng ${lineOf(quote)}`,
      instead: "đặt cả câu trong một cặp ngoặc kép; trong câu dùng “ ” thay cho ngoặc kép",
    };
  }
  return advice;
}

/** The line that an offset is in, as far as its end. */
function lineBefore(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? undefined : end);
}

/** Where the quoted text that an offset ends or follows on the same line begins. */
function quoteBefore(document: Document, offset: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Scalar: (_key, node) => {
      if (!isScalar(node) || !node.range || !node.type?.startsWith("QUOTE")) return;
      const [from, to] = node.range;
      if (from <= offset && offset <= to + 1) start = from;
    },
  });
  return start;
}
