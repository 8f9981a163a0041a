const TOKEN_LIKE = /\d+:[\w-]{20,}/g;
const ID_LIKE = /\d{5,}|\b(?=[a-f]*\d)[0-9a-f]{16,}\b/gi;

/** What a platform says in its errors, without the token, however a gateway writes it back to us, and without anybody's id. */
export function withoutSecrets(text: string, token: string): string {
  const secret = token.slice(token.indexOf(":") + 1);
  return [token, encodeURIComponent(token), secret]
    .filter((hidden) => hidden !== "")
    .reduce((rest, hidden) => rest.replaceAll(hidden, "…"), text)
    .replace(TOKEN_LIKE, "…")
    .replace(ID_LIKE, "…")
    .slice(0, 200);
}

/** What went wrong and where, without the message: it may hold a person's words. */
export function describeError(error: unknown, token: string): string {
  if (!(error instanceof Error)) return typeof error;
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return withoutSecrets(`${error.name} ${where?.trim() ?? ""}`, token);
}
