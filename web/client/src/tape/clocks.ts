/**
 * By which clock a picture on a tape was stamped, and what may be said of the ECG beside it: the same as the room
 * said when it was live. Pure.
 */

import type { Participant, TapeAct } from "../api/types";
import { type Alignment, alignmentOf } from "../ultrasound/alignment";
import { roomAt } from "./acts";
import { type Reading, readingAt, readingsOf } from "./clock";
import { type Sender, sendersOf } from "./senders";

/** What is shown of a picture: who sent it, and its capture time by the clock of who sent it. */
export interface Stamped {
  participant_id: string;
  capture_us: number | null;
}

export class TapeClocks {
  /** How the station's clock stood: station = server + offset. */
  readonly station: Reading[];
  private readonly senders: Map<string, Sender>;
  private readonly cards = new Map<string, Reading[]>();
  private readonly shared: { at_us: number; one_clock: boolean }[];

  constructor(
    private readonly acts: readonly TapeAct[],
    binding_id: string | null,
  ) {
    this.station = binding_id === null ? [] : readingsOf(acts, binding_id);
    const station_id = acts.find(({ message }) => message["type"] === "binding_began" && message["binding_id"] === binding_id)?.message["station_id"];
    this.senders = sendersOf(acts);
    for (const { at_us, message } of acts) {
      if (message["type"] !== "publisher_clock") continue;
      const readings = getOrMake(this.cards, String(message["participant_id"]));
      readings.push({ at_us, offset_us: Number(message["offset_us"]), uncertainty_us: Number(message["uncertainty_us"]) });
    }
    this.shared = acts
      .map(({ at_us, message }) => ({ at_us, station: message["type"] === "station_changed" ? (message["station"] as { id: string; one_clock: boolean }) : null }))
      .filter(({ station }) => station?.id === station_id)
      .map(({ at_us, station }) => ({ at_us, one_clock: station?.one_clock !== false }));
  }

  /** What may be said of the picture and the ECG at a moment. A sender nobody knows of is not aligned. */
  alignment({ participant_id, capture_us }: Stamped, at_us: number): Alignment {
    const sender = this.senders.get(participant_id);
    return alignmentOf({
      from_card: sender !== "station",
      one_clock: this.oneClockAt(at_us),
      unstamped: capture_us === null,
      publisher: sender === "card" ? readingAt(this.cards.get(participant_id) ?? [], at_us) : null,
      station: readingAt(this.station, at_us),
    });
  }

  /**
   * The instant on the station's clock whose ECG belongs beside a moment of the tape: the picture's own where one
   * clock stamped both, or two clocks were compared; otherwise that of the moment. `null`: the station's is unknown.
   */
  stationTime(picture: Stamped | null, at_us: number): number | null {
    const station = readingAt(this.station, at_us);
    const kind = picture === null ? "not_aligned" : this.alignment(picture, at_us).kind;
    if (picture !== null && picture.capture_us !== null && kind === "one_clock") return picture.capture_us;
    if (station === null) return null;
    const card = picture === null || kind !== "two_clocks" ? null : readingAt(this.cards.get(picture.participant_id) ?? [], at_us);
    if (picture === null || picture.capture_us === null || card === null) return at_us + station.offset_us;
    return picture.capture_us - card.offset_us + station.offset_us;
  }

  /** Where a capture time told at a moment stands on the tape; `null`: by a clock nobody compared. */
  placeOf(capture_us: number, told_us: number): number | null {
    const sender = senderAt(this.acts, told_us);
    const readings = sender === null ? [] : this.readingsOf(sender.id, told_us);
    const told = readingAt(readings, told_us);
    const then = told === null ? null : readingAt(readings, capture_us - told.offset_us);
    return then === null ? null : capture_us - then.offset_us;
  }

  private readingsOf(participant_id: string, at_us: number): readonly Reading[] {
    const sender = this.senders.get(participant_id);
    if (sender === "card") return this.cards.get(participant_id) ?? [];
    return sender === "station" && this.oneClockAt(at_us) ? this.station : [];
  }

  private oneClockAt(at_us: number): boolean {
    return (this.shared.findLast((one) => one.at_us <= at_us) ?? this.shared[0])?.one_clock ?? true;
  }
}

/** Who sent the room's ultrasound at a moment: a capture card or a device where there is one, else the station. */
function senderAt(acts: readonly TapeAct[], at_us: number): Participant | null {
  const sending = (roomAt(acts, at_us)?.participants ?? []).filter((one) => one.publishes?.includes("ultrasound"));
  const instead = sending.find((one) => ((one.door ?? null) === null ? one.person.role !== "station" : one.connected));
  return instead ?? sending.find((one) => one.person.role === "station" && (one.door ?? null) === null) ?? null;
}

function getOrMake(map: Map<string, Reading[]>, key: string): Reading[] {
  const found = map.get(key) ?? [];
  map.set(key, found);
  return found;
}
