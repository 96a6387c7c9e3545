/** What the sign-in page and the worklist say: loaded first. */

export { common } from "./zh/general";
export { refusals } from "./zh/refusals";
export { signIn } from "./zh/signIn";
export { units } from "./zh/units";
export { worklist } from "./zh/worklist";
