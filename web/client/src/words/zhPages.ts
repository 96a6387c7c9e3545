/** What all other pages say: loaded with the first of them. */

export { admin } from "./zh/admin";
export { opinion } from "./zh/opinion";
export { request } from "./zh/request";
export { resident } from "./zh/resident";
export { room } from "./zh/room";
export { tools } from "./zh/roomTools";
export { settings } from "./zh/settings";
export { tape } from "./zh/tape";
