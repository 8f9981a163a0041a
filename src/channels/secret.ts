import { createHash, timingSafeEqual } from "node:crypto";

/** Takes as long for a wrong secret as for the right one, whatever their lengths. An empty secret is never right. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret)) && secret !== "";
}
