import type { Address, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import type { Staff } from "../domain/staff.ts";
import { plainReply } from "./plain-reply.ts";

export type StaffSend = (to: Address, reply: Reply) => Promise<SendResult>;

export type StaffTellerOptions = {
  staff: Staff[];
  send: StaffSend;
  log: (event: string, details: Record<string, string | number>) => void;
};

export type StaffTeller = {
  /** Sends one sentence to everybody of the staff, on one channel where it is named. Resolves to the channels on which nobody got it; never rejects. */
  tell(sentence: string, on?: (channel: string) => boolean): Promise<string[]>;
};

export function createStaffTeller({ staff, send, log }: StaffTellerOptions): StaffTeller {
  async function reaches(to: Address, sentence: string): Promise<boolean> {
    const status = await send(to, plainReply(sentence)).then(
      (result) => result.status,
      () => "failed" as const,
    );
    if (status !== "sent") log("staff.not-told", { channel: to.channel, status });
    return status === "sent";
  }

  return {
    async tell(sentence, on = () => true) {
      const told = new Map<string, boolean>();
      await Promise.all(
        staff
          .filter(({ address }) => on(address.channel))
          .map(async ({ address }) => {
            const isTold = await reaches(address, sentence);
            told.set(address.channel, isTold || told.get(address.channel) === true);
          }),
      );
      return [...told].filter(([, isTold]) => !isTold).map(([channel]) => channel);
    },
  };
}
