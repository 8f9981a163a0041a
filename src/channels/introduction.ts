import { type Background, unlessStopped } from "./background.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export type IntroductionOptions = {
  /** False when the platform could not be asked; throws a sentence for staff when it refuses. */
  introduce: () => Promise<boolean>;
  /** It refused when it was asked again; `reason` is that sentence. */
  onRefused: (reason: string) => void;
  background: Background;
  wait: (ms: number) => Promise<void>;
  stopped: AbortSignal;
};

/** Asks a platform once, and goes on asking aside while it cannot be reached. Rejects when it refuses at the first time. */
export async function introduceUntilKnown(options: IntroductionOptions): Promise<void> {
  const { introduce, onRefused, background, wait, stopped } = options;

  async function keepTrying(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      await unlessStopped(stopped, wait(pauseMs));
      if (stopped.aborted || (await introduce())) return;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  if (await introduce()) return;
  background.run(
    keepTrying().catch((error: unknown) => {
      onRefused(error instanceof Error ? error.message : "");
    }),
  );
}
