/** Held by the compiler only: the English dictionary has every sentence of the Chinese one, of the same kind. */

import type * as en from "./en";
import type * as enPages from "./enPages";
import type * as zh from "./zh";
import type * as zhPages from "./zhPages";

type Complete<Other extends typeof zh & typeof zhPages> = Other;
export type English = Complete<typeof en & typeof enPages>;
