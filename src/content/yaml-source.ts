import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node } from "yaml";
import type { Place, Report } from "./report.ts";
import { adviseOn, SPECIAL_SIGN } from "./yaml-errors.ts";

/** A YAML text that could be read, and where each of its parts stands. */
export type YamlSource = {
  file: string;
  value: unknown;
  /** The key or list item at a path; where the path ends early, the nearest part around it. */
  placeOf: (...path: PropertyKey[]) => Place;
  /** The first line of the text at a path: under the key for `|` and `>`, else where the text begins. */
  textPlaceOf: (...path: PropertyKey[]) => Place;
  /** A value exactly as it was typed. */
  typedAt: (path: PropertyKey[]) => string | undefined;
};

type YamlText = {
  path: string;
  text: string;
  /** Line of the file that the text begins on. */ firstLine: number;
};

/** Reads YAML, or reports why it cannot be read. Only the first error is told: those after it mostly follow from it. */
export function parseYaml(
  { path: file, text, firstLine }: YamlText,
  report: Report,
): YamlSource | null {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1;

  const [duplicates, others] = partition(
    document.errors,
    (error) => error.code === "DUPLICATE_KEY",
  );
  for (const error of [...duplicates, ...others.slice(0, 1)]) {
    const { wrong, instead } = adviseOn(error, document, text, lineAt);
    // The end of a text that was never closed is past its last line.
    const offset = Math.min(error.pos[0], text.trimEnd().length);
    report.blocks({ file, line: lineAt(offset) }, wrong, instead);
  }
  if (others.length > 0) return null;

  const special = firstSpecial(document.contents);
  if (special !== undefined) {
    const place = { file, line: lineAt(special) };
    report.blocks(place, SPECIAL_SIGN.wrong, SPECIAL_SIGN.instead);
    return null;
  }

  const find = (path: readonly PropertyKey[]): Found => findNode(document.contents, path);
  return {
    file,
    value: document.toJS() as unknown,
    placeOf: (...path) => ({ file, line: lineAt(find(path).keyStart) }),
    textPlaceOf: (...path) => {
      const { node, keyStart } = find(path);
      const start = node?.range?.[0] ?? keyStart;
      const isBlock = isScalar(node) && node.type?.startsWith("BLOCK") === true;
      return { file, line: lineAt(start) + (isBlock ? 1 : 0) };
    },
    typedAt: (path) => {
      const { node } = find(path);
      return isScalar(node) && node.range ? text.slice(node.range[0], node.range[1]) : undefined;
    },
  };
}

type Found = { node: Node | null; keyStart: number };

function findNode(root: Node | null, path: readonly PropertyKey[]): Found {
  let node = root;
  let keyStart = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(part),
      );
      if (pair === undefined) break;
      keyStart = pair.key.range?.[0] ?? keyStart;
      node = pair.value;
    } else if (isSeq<Node>(node)) {
      const item = node.items[Number(part)];
      if (item === undefined) break;
      keyStart = item.range?.[0] ?? keyStart;
      node = item;
    } else break;
  }
  return { node, keyStart };
}

/** Where the first alias, anchor or tag stands. */
function firstSpecial(root: Node | null): number | undefined {
  let offset: number | undefined;
  visit(root, {
    Alias: (_key, node) => {
      offset ??= node.range?.[0];
      return visit.BREAK;
    },
    Node: (_key, node) => {
      if (node.anchor === undefined && node.tag?.startsWith("!") !== true) return undefined;
      offset ??= node.range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
}

function partition<T>(items: T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
