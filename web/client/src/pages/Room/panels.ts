/** The panels at the side of the room, in the order of the keys 1 to 4. */
export const PANELS = ["summary", "opinion", "chat", "people"] as const;
/** The specialist has one more, the fifth: the words the hand is guided with, also by the key R. */
export type PanelKey = (typeof PANELS)[number] | "guide";
