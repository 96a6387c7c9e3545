/** Which consults fit what was typed: name, its pinyin initials, record number, question, consult number, asker. */

import type { ConsultCard } from "../../api/types";

export class Finding {
  text = $state("");
  specialty = $state("");
  station = $state("");

  fits(card: ConsultCard): boolean {
    if (this.specialty !== "" && card.specialty !== this.specialty) return false;
    if (this.station !== "" && card.asked_by.institution_id !== this.station) return false;
    const word = this.text.trim().toLowerCase();
    if (word === "") return true;
    const { name, name_initials, record_number } = card.resident;
    const texts = [name, record_number, card.question, card.number, card.asked_by.display_name];
    const written = texts.some((text) => text.toLowerCase().includes(word.replaceAll(" ", "")) || text.toLowerCase().includes(word));
    return written || name_initials.startsWith(word);
  }
}
