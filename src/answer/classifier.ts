import type { Features } from "./features.ts";

/**
 * A multinomial linear classifier (softmax) over named features. Weights are stored feature after feature, each with one number per class,
 * so that a question costs (its features × classes) multiplications. They are kept as bytes with one scale per feature: a tenth of a per cent
 * of precision does not change an answer, and a fourth of the memory does.
 */
export type Classifier = {
  classes: string[];
  /** Feature name → its row. */
  rows: Map<string, number>;
  /** How rare each feature is in the training texts, by row. */
  rarity: Float32Array;
  weights: Int8Array;
  /** What one step of a weight's byte is worth, by row. */
  scales: Float32Array;
  bias: Float32Array;
};

/** A classifier while it learns. */
type Draft = Omit<Classifier, "weights" | "scales"> & { weights: Float32Array };

export type Example = { features: Features; label: string };

export type TrainingOptions = {
  epochs: number;
  rate: number;
  /** An error below this moves nothing that matters and is skipped: most classes are hopeless for most examples. */
  negligible: number;
  seed: number;
};

const DEFAULTS: TrainingOptions = { epochs: 3, rate: 1, negligible: 2e-3, seed: 1 };

type Row = { rows: Int32Array; values: Float32Array };

/** Learns from examples by stochastic gradient descent with AdaGrad steps. The same examples and seed give the same weights. */
export function train(examples: Example[], options: Partial<TrainingOptions> = {}): Classifier {
  const settings = { ...DEFAULTS, ...options };
  const classes = [...new Set(examples.map((example) => example.label))].sort();
  const classIndex = new Map(classes.map((label, index) => [label, index]));
  const { rows, rarity } = featureTable(examples);
  const width = classes.length;
  const draft: Draft = {
    classes,
    rows,
    rarity,
    weights: new Float32Array(rows.size * width),
    bias: new Float32Array(width),
  };
  const vectors = examples.map((example) => vectorOf(draft, example.features));
  const squares = new Float32Array(rows.size * width).fill(1e-3);
  const order = examples.map((_, index) => index);
  const random = seededRandom(settings.seed);
  const scores = new Float64Array(width);
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      const vector = vectors[index];
      if (example === undefined || vector === undefined) continue;
      const target = classIndex.get(example.label) ?? 0;
      draftScores(draft, vector, scores);
      softmax(scores);
      step(draft, squares, vector, scores, target, settings);
    }
  }
  return { ...draft, ...asBytes(draft) };
}

function asBytes({ weights, rarity, bias }: Draft): Pick<Classifier, "weights" | "scales"> {
  const width = bias.length;
  const bytes = new Int8Array(weights.length);
  const scales = new Float32Array(rarity.length);
  for (let row = 0; row < scales.length; row++) {
    let largest = 0;
    for (let at = row * width; at < (row + 1) * width; at++) {
      largest = Math.max(largest, Math.abs(weights[at] as number));
    }
    const scale = largest / 127;
    scales[row] = scale;
    if (scale === 0) continue;
    for (let at = row * width; at < (row + 1) * width; at++) {
      bytes[at] = Math.round((weights[at] as number) / scale);
    }
  }
  return { weights: bytes, scales };
}

function featureTable(examples: Example[]): { rows: Map<string, number>; rarity: Float32Array } {
  const counts = new Map<string, number>();
  for (const example of examples) {
    for (const name of example.features.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const rows = new Map<string, number>();
  const rarity: number[] = [];
  for (const [name, count] of counts) {
    // A pair seen once only learns its own sentence by heart.
    if (count < 2 && !name.startsWith("f ") && !name.startsWith("a ")) continue;
    rows.set(name, rows.size);
    rarity.push(Math.log(1 + examples.length / count));
  }
  return { rows, rarity: Float32Array.from(rarity) };
}

function vectorOf(classifier: Pick<Classifier, "rows" | "rarity">, features: Features): Row {
  const rows: number[] = [];
  const values: number[] = [];
  let square = 0;
  for (const [name, weight] of features) {
    const row = classifier.rows.get(name);
    if (row === undefined) continue;
    const value = Math.sqrt(weight) * (classifier.rarity[row] ?? 0);
    rows.push(row);
    values.push(value);
    square += value * value;
  }
  const length = Math.sqrt(square) || 1;
  return {
    rows: Int32Array.from(rows),
    values: Float32Array.from(values, (value) => value / length),
  };
}

function draftScores({ weights, bias }: Draft, vector: Row, scores: Float64Array): void {
  const width = bias.length;
  scores.set(bias);
  for (let index = 0; index < vector.rows.length; index++) {
    const value = vector.values[index] as number;
    const start = (vector.rows[index] as number) * width;
    for (let label = 0; label < width; label++) {
      scores[label] = (scores[label] as number) + value * (weights[start + label] as number);
    }
  }
}

function scoresOf(classifier: Classifier, vector: Row): Float64Array {
  const { weights, scales, bias } = classifier;
  const width = bias.length;
  const scores = Float64Array.from(bias);
  for (let index = 0; index < vector.rows.length; index++) {
    const row = vector.rows[index] as number;
    const value = (vector.values[index] as number) * (scales[row] as number);
    const start = row * width;
    for (let label = 0; label < width; label++) {
      scores[label] = (scores[label] as number) + value * (weights[start + label] as number);
    }
  }
  return scores;
}

function softmax(scores: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let label = 0; label < scores.length; label++) {
    const power = Math.exp((scores[label] as number) - highest);
    scores[label] = power;
    sum += power;
  }
  for (let label = 0; label < scores.length; label++)
    scores[label] = (scores[label] as number) / sum;
}

function step(
  draft: Draft,
  squares: Float32Array,
  vector: Row,
  probabilities: Float64Array,
  target: number,
  settings: TrainingOptions,
): void {
  const { weights, bias } = draft;
  const width = bias.length;
  const moved: number[] = [];
  for (let label = 0; label < width; label++) {
    const error = (probabilities[label] as number) - (label === target ? 1 : 0);
    if (Math.abs(error) < settings.negligible) continue;
    moved.push(label, error);
    bias[label] = (bias[label] as number) - 0.02 * settings.rate * error;
  }
  for (let index = 0; index < vector.rows.length; index++) {
    const start = (vector.rows[index] as number) * width;
    const value = vector.values[index] as number;
    for (let pair = 0; pair < moved.length; pair += 2) {
      const at = start + (moved[pair] as number);
      const gradient = (moved[pair + 1] as number) * value;
      const square = (squares[at] as number) + gradient * gradient;
      squares[at] = square;
      weights[at] = (weights[at] as number) - (settings.rate * gradient) / Math.sqrt(square);
    }
  }
}

/** The probability of each class, in the order of `classifier.classes`. */
export function predict(classifier: Classifier, features: Features): Float64Array {
  const scores = scoresOf(classifier, vectorOf(classifier, features));
  softmax(scores);
  return scores;
}

/** The share of a question's weight that lies on features the training texts have: low for gibberish and foreign words. */
export function coverageOf(classifier: Classifier, features: Features): number {
  let known = 0;
  let all = 0;
  for (const [name, weight] of features) {
    if (!name.startsWith("f ") && !name.startsWith("b ")) continue;
    all += weight;
    if (classifier.rows.has(name)) known += weight;
  }
  return all === 0 ? 0 : known / all;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}
