/**
 * A colour for each person who marks the picture, the same on every screen. Pure.
 *
 * None is an alarm's. A test holds them apart for eyes that lack the red, green or blue cones; a name stands
 * beside every mark all the same.
 */
import type { Role } from "../api/types";

export interface Marking {
  id: string;
  person: { role: Role };
}

/** On ultrasound; the first two are tokens of the style sheet: the specialist's, and who asked. */
export const PERSON_COLOURS = { specialist: "#ffa063", asker: "#5fe6be", others: ["#9db4ff", "#ffffff"] } as const;

/** Whoever is neither the specialist nor who asked has a colour by the own id: the same wherever it is seen. */
export function colourOf(one: Marking): string {
  if (one.person.role === "specialist") return PERSON_COLOURS.specialist;
  if (one.person.role === "community_doctor" || one.person.role === "nurse") return PERSON_COLOURS.asker;
  const sum = [...one.id].reduce((so_far, letter) => so_far + letter.charCodeAt(0), 0);
  return PERSON_COLOURS.others[sum % PERSON_COLOURS.others.length]!;
}
