/** What all other pages say: loaded with the first of them. */

export { admin } from "./en/admin";
export { opinion } from "./en/opinion";
export { request } from "./en/request";
export { resident } from "./en/resident";
export { room } from "./en/room";
export { tools } from "./en/roomTools";
export { settings } from "./en/settings";
export { tape } from "./en/tape";
