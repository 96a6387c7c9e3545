/** Held by the compiler only: the English dictionary has every sentence of the Chinese one, of the same kind. */

import type * as en from "./en";
import type * as zh from "./zh";

type Complete<Other extends typeof zh> = Other;
export type English = Complete<typeof en>;
