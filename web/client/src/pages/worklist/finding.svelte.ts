/** Which consults fit what was typed: by name, number or question here, by pinyin initials on the server. */

import type { ConsultCard } from "../../api/types";
import { ResidentSearch } from "../../residentSearch.svelte";

const INITIALS = /^[a-z]+$/i;

export class Finding {
  text = $state("");
  specialty = $state("");
  station = $state("");
  private readonly residents = new ResidentSearch();

  typed(): void {
    const word = this.text.trim();
    if (!INITIALS.test(word)) return;
    this.residents.query = word;
    this.residents.soon();
  }

  fits(card: ConsultCard): boolean {
    if (this.specialty !== "" && card.specialty !== this.specialty) return false;
    if (this.station !== "" && card.asked_by.institution_id !== this.station) return false;
    const word = this.text.trim().toLowerCase();
    if (word === "") return true;
    const texts = [card.resident.name, card.resident.record_number, card.question, card.number, card.asked_by.display_name];
    const written = texts.some((text) => text.toLowerCase().includes(word.replaceAll(" ", "")) || text.toLowerCase().includes(word));
    return written || (INITIALS.test(word) && this.residents.found.some((one) => one.id === card.resident.id));
  }
}
