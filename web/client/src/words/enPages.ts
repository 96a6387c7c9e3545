/** What all other pages say: loaded with the first of them. */

export { admin } from "./en/admin";
export { chestPain } from "./en/chestPain";
export { ecgQuality } from "./en/ecgQuality";
export { ecgUpload } from "./en/ecgUpload";
export { ecgCompare } from "./en/ecgCompare";
export { ecgFindings } from "./en/ecgFindings";
export { guiding } from "./en/guiding";
export { opinion } from "./en/opinion";
export { reading } from "./en/reading";
export { request } from "./en/request";
export { resident } from "./en/resident";
export { room } from "./en/room";
export { derive } from "./en/derive";
export { picture } from "./en/picture";
export { tools } from "./en/roomTools";
export { scores } from "./en/scores";
export { settings } from "./en/settings";
export { setup } from "./en/setup";
export { tape } from "./en/tape";
export { checklists } from "./en/checklists";
export { viewProtocols } from "./en/viewProtocols";
export { kept } from "./en/kept";
export { tenSeconds } from "./en/tenSeconds";
export { wayOut } from "./en/wayOut";
export { operator } from "./en/operator";
export { sideBySide } from "./en/sideBySide";
