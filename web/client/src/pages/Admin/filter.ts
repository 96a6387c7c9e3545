/** Which accounts a page shows. */

import type { Account, Role } from "../../api/types";

export interface Filter {
  /** Part of a name, a sign-in name or a title. */
  text: string;
  role: Role | "";
  institution_id: string;
  state: "active" | "disabled" | "";
}

export const EVERY: Filter = { text: "", role: "", institution_id: "", state: "" };

export function fits(account: Account, { text, role, institution_id, state }: Filter): boolean {
  const wanted = text.trim().toLowerCase();
  const texts = [account.display_name, account.sign_in_name, account.title];
  return (
    (role === "" || account.role === role) &&
    (institution_id === "" || account.institution_id === institution_id) &&
    (state === "" || account.disabled === (state === "disabled")) &&
    texts.some((one) => one.toLowerCase().includes(wanted))
  );
}
