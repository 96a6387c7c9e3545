/** What the sign-in page and the worklist say: loaded first. */

export { common } from "./en/general";
export { refusals } from "./en/refusals";
export { signIn } from "./en/signIn";
export { units } from "./en/units";
export { worklist } from "./en/worklist";
