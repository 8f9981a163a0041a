import type { StoreHealth } from "../domain/store.ts";
import type { Put, Row, RowOf } from "./rows.ts";

/** What is kept together with what is about to be, so that the second of two equal messages in a batch is seen as a repetition. */
export type View = {
  row(key: string): Row | undefined;
  messages(): Iterable<[string, RowOf<"message">]>;
};

/** Looks at what is kept and says what to change; runs when its turn has come. */
export type Decide<T> = (view: View) => { puts: Put[]; result: T };

/** Where changes go. `commit` resolves when they are as safe as this log makes them, and not before they can be seen. */
export type ChangeLog = {
  commit<T>(decide: Decide<T>): Promise<T>;
  health(): StoreHealth;
  close(): Promise<void>;
};
