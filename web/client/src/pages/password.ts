/** What a browser can tell of a new password before the server looks at it. */

const SHORTEST = 12;

export type PasswordFault = "short" | "differ" | null;

export function passwordFault(password: string, repeated: string): PasswordFault {
  if (password.length < SHORTEST) return "short";
  return password === repeated ? null : "differ";
}
