/** What all other pages say: loaded with the first of them. */

export { admin } from "./zh/admin";
export { chestPain } from "./zh/chestPain";
export { ecgQuality } from "./zh/ecgQuality";
export { ecgUpload } from "./zh/ecgUpload";
export { ecgCompare } from "./zh/ecgCompare";
export { ecgFindings } from "./zh/ecgFindings";
export { guiding } from "./zh/guiding";
export { opinion } from "./zh/opinion";
export { reading } from "./zh/reading";
export { request } from "./zh/request";
export { resident } from "./zh/resident";
export { room } from "./zh/room";
export { derive } from "./zh/derive";
export { picture } from "./zh/picture";
export { tools } from "./zh/roomTools";
export { scores } from "./zh/scores";
export { settings } from "./zh/settings";
export { setup } from "./zh/setup";
export { tape } from "./zh/tape";
export { checklists } from "./zh/checklists";
export { viewProtocols } from "./zh/viewProtocols";
export { kept } from "./zh/kept";
export { tenSeconds } from "./zh/tenSeconds";
export { wayOut } from "./zh/wayOut";
export { operator } from "./zh/operator";
export { sideBySide } from "./zh/sideBySide";
