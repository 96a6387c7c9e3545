/** What a station finds wrong with the live signal, as far as the room shows it. Pure. */

/** As the station tells it: codes, which `words` has sentences for. */
export interface Note {
  code: string;
  weight: string;
  leads: readonly string[];
  electrodes: readonly string[];
}

export function isSameQuality(one: readonly Note[], other: readonly Note[]): boolean {
  return one.length === other.length && one.every((note, at) => keyOf(note) === keyOf(other[at]!));
}

function keyOf({ code, weight, leads, electrodes }: Note): string {
  return [code, weight, leads.join(), electrodes.join()].join(" ");
}

/** The clipped leads that the device names and the station's judgement does not: the others are said with what to do. */
export function clippedBeside(clipped: readonly string[], notes: readonly Note[]): string[] {
  const told = notes.flatMap((note) => (note.code === "clipped" ? note.leads : []));
  return clipped.filter((lead) => !told.includes(lead));
}
