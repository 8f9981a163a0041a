/** A platform on this machine that the real bot is set up to talk to. */
export type BenchPlatform = {
  /** The bot's settings for it. */
  environment: Record<string, string>;
  /** Resolves when a bot next says that it may be written to. */
  nextStart(): Promise<void>;
};

/** How what people write reaches the bot, and how its replies come back. */
export type BenchChat = {
  /** Where updates are posted. */
  path: string;
  /** An update with the words of somebody nobody has heard of yet. */
  says(text: string): { person: string } & Posted;
  /** Called for each message of the bot, at the moment it is here, on the clock of `performance.now()`. One listener at a time. */
  onReply(listener: (reply: { person: string; at: number }) => void): void;
};

/** What is posted to the bot, with the headers by which it knows the platform. */
export type Posted = { body: string | Buffer; headers: Record<string, string> };

/** Where the bot is told that the world reaches it. Nothing is ever sent there. */
export const PUBLIC_URL = "https://an-sinh.invalid";
