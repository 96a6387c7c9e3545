// Generated from signaling/messages/ and web/routes by scripts/generate.py. Do not edit.
/* eslint-disable */

/** Take a waiting consult. Of two at the same instant exactly one wins; the other is `Refused`. */
export interface AcceptConsult {
  type: "accept_consult";
  id: string;
  consult_id: string;
}

/** Somebody, or a station, that can sign in. */
export interface Account {
  id: string;
  sign_in_name: string;
  display_name: string;
  role: Role;
  institution_id: string;
  department_id: string | null;
  title: string;
  specialties: string[];
  languages: Language[];
  disabled: boolean;
  device_check: DeviceCheck | null;
  presence: Presence;
  encoder: VouchedEncoder | null;
}

/** All accounts and stations. */
export interface AccountList {
  accounts: AccountRow[];
  stations: StationCard[];
}

/** The account, and its one-time password (to be changed at first sign-in). */
export interface AccountMade {
  account: Account;
  password: string;
}

/** An account and when it was last used. */
export interface AccountRow {
  account: Account;
  last_used_at: string | null;
  has_token: boolean;
}

/** The asker has read the signed opinion; the consult is closed. */
export interface AcknowledgeOpinion {
  type: "acknowledge_opinion";
  id: string;
  consult_id: string;
}

/** Bring a second specialist into the room. */
export interface AddSpecialist {
  type: "add_specialist";
  id: string;
  consult_id: string;
  specialist_id: string;
}

/** Something to add to a report that is final; signed with this. What was signed stays as it is. */
export interface AddToEcgReport {
  text: string;
  terms?: ChosenTerm[];
  corrections?: Correction[];
}

/** 处置建议: what the invited specialist advises; the treating doctor decides. */
export type Advice = "more_tests" | "observe" | "outpatient" | "transfer";

/** `NONE_KNOWN` was asked and denied; `NOT_ASKED` says nothing about the resident. */
export type AllergyStatus = "listed" | "none_known" | "not_asked";

/** The operator's side lets the consult's specialist turn the scanner, or takes that back at once.
 *
 * It is off at first, and goes off by itself as well: `records.scanner_controls.RemoteEvent` says when. */
export interface AllowTurning {
  type: "allow_turning";
  id: string;
  consult_id: string;
  on: boolean;
}

/** A place and its 256 bits, as 64 hexadecimal digits. */
export interface Anchor {
  place: Box;
  bits: string;
}

/** The operator says of what was asked: seen, done, or cannot, with a reason.
 *
 * Refused with `changed_meanwhile` when its guide has replaced it or taken it back. */
export interface AnswerGuiding {
  type: "answer_guiding";
  id: string;
  consult_id: string;
  guiding_id: string;
  answer: GuidingEvent;
  reason?: CannotReason | null;
}

/** The SDP answer (RFC 3264) to the `MediaOffer` with this `peer_id`. */
export interface AnswerMedia {
  type: "answer_media";
  id: string;
  peer_id: string;
  sdp: string;
}

/** What an object is. */
export type ArchiveObject = "clip" | "derived" | "ecg" | "marks" | "measurements" | "still";

/** What asking one archive for the resident's exams came to. */
export interface ArchiveSearch {
  archive: string;
  trouble: ArchiveTrouble | null;
  other_patients: number;
  more: boolean;
}

/** Why an archive did not do what was asked of it, or what it gave is not used. */
export type ArchiveTrouble = "broke_off" | "busy" | "changed" | "declined" | "no_such_archive" | "not_writable" | "nothing" | "other_patient" | "refused" | "too_large" | "too_slow" | "unreachable" | "unreadable";

/** Reason and a second sign-in. */
export interface AskEmergencyAccess {
  reason: string;
  password: string;
}

/** Newest first, at most 200. */
export interface AuditList {
  entries: AuditRow[];
  more: boolean;
  chain_ok: boolean;
}

/** One entry of the audit trail. */
export interface AuditRow {
  seq: number;
  at: string;
  actor: string;
  actor_role: string;
  action: string;
  resident_record_number: string;
  object_kind: string;
  object_id: string;
  outcome: string;
  reason: string;
  address: string;
}

/** By person, resident and time; all given ones must agree. */
export interface AuditSearch {
  sign_in_name?: string;
  record_number?: string;
  since?: string | null;
  until?: string | null;
  before_seq?: number | null;
}

/** Both median beats on one time axis, lead by lead: derived beats, no rhythm. Sample 0 is at `first_ms`
 * from R of the earlier one. */
export interface BeatOverlay {
  leads: string[];
  rate_hz: number;
  first_ms: number;
  earlier_uv: number[][];
  later_uv: number[][];
  earlier_beats: number;
  later_beats: number;
  likeness: number;
}

/** What the category stands for, and what contradicts it. */
export interface BiRads {
  category: Category;
  management: Management;
  likelihood: string;
  contradictions: Contradiction[];
}

/** A person confirmed that this station's devices are on this consult's resident.
 *
 * `Done.value` is the binding's id. Ends the station's binding before it. */
export interface BindStation {
  type: "bind_station";
  id: string;
  consult_id: string;
  station_id: string;
}

/** A station's devices bound to one consult and one resident, by a person, for a time.
 *
 * Samples and pictures carry the binding's stream ids, so nothing can cross to the next resident. */
export interface Binding {
  id: string;
  station_id: string;
  consult_id: string;
  resident_id: string;
  ecg_stream_id: number;
  ultrasound_stream_id: number;
  bound_by: string;
  bound_at: string;
  simulated: boolean;
  ended_at: string | null;
  moved_from_resident_id: string | null;
  moved_by: string | null;
  moved_reason: string;
}

/** Whole pixels; `left_px` and `top_px` are the first ones inside. */
export interface Box {
  shape: "rectangle";
  left_px: number;
  top_px: number;
  width_px: number;
  height_px: number;
}

/** What a physician described and decided. */
export interface Breast {
  category: Category;
  mass?: Mass | null;
}

/** What a picture's pixels are worth, and who says so. */
export interface Calibration {
  source: CalibrationSource;
  regions: PictureRegion[];
  scale_uncertainty: number;
  profile: string;
}

/** Where a scale comes from. */
export type CalibrationSource = "file" | "none" | "ruler" | "user";

/** What is read between the two limbs. */
export type CaliperKind = "interval" | "march_out" | "qt";

/** The asker takes the request back. */
export interface CancelConsult {
  type: "cancel_consult";
  id: string;
  consult_id: string;
  reason: string;
}

/** Why something asked for cannot be done. */
export type CannotReason = "device_failed" | "device_refused" | "no_contact" | "not_on_scanner" | "other" | "pain" | "position";

/** A signed profile, to mask by. */
export interface CardProfileGiven {
  id: string;
  version: number;
  profile: DeviceProfile;
}

/** The signed profiles of the caller's institution; one whose digest does not hold is not among them. */
export interface CardProfiles {
  profiles: CardProfileGiven[];
}

/** The assessment. */
export type Category = "0" | "1" | "2" | "3" | "4a" | "4b" | "4c" | "5" | "6";

/** Everything of an account that can change. Disabling it, or giving it another role, ends its sessions,
 * sockets and media within 5 s. A station stays a station, and nobody becomes one. */
export interface ChangeAccount {
  display_name: string;
  institution_id: string;
  department_id: string | null;
  title: string;
  specialties: string[];
  languages: Language[];
  disabled: boolean;
  role?: Role | null;
}

/** A new password, proved by the old one. */
export interface ChangePassword {
  old_password: string;
  new_password: string;
}

/** One line of the consult's chat. */
export interface ChatLine {
  id: string;
  consult_id: string;
  author_id: string;
  said_at: string;
  text: string;
}

/** A new line in a consult's chat. */
export interface ChatSaid {
  type: "chat_said";
  seq: number;
  line: ChatLine;
}

/** How one part of a device check ended. */
export type CheckOutcome = "failed" | "passed" | "skipped";

/** One opened protocol; views without a tick are open. */
export interface ChecklistCard {
  protocol: ViewProtocol;
  ticks: ViewTick[];
}

/** The clock of one consult. It runs on the server's time; intervals are for the client to count. */
export interface ChestPainClock {
  times: ChestPainTime[];
  log: ChestPainLine[];
  targets: TargetTime[];
}

/** One entry of the log, as it was made. */
export interface ChestPainLine {
  moment: ChestPainMoment;
  at: string | null;
  by_name: string;
  entered_at: string;
  reason: string;
}

/** A moment of the patient's way, in order. */
export type ChestPainMoment = "ecg_read" | "first_contact" | "first_ecg" | "onset";

/** A moment as it stood when an opinion was signed; who entered it stays with the consult. */
export interface ChestPainStood {
  moment: ChestPainMoment;
  at: string;
}

/** One moment that is known. */
export interface ChestPainTime {
  moment: ChestPainMoment;
  at: string;
  by_name: string;
  entered_at: string | null;
  study_id: string | null;
}

/** What is examined by the ultrasound: `StationCard.exam_preset` tells everyone; null takes it back.
 *
 * On a weak line the station then keeps motion (cardiac, vascular) or detail (abdomen, small parts). */
export interface ChooseExamPreset {
  type: "choose_exam_preset";
  id: string;
  consult_id: string;
  preset: ExamPreset | null;
}

/** A term a physician chooses, by its code. */
export interface ChosenTerm {
  code: string;
  leads: string[];
  note: string;
}

/** A physician has a study to herself, until then. */
export interface Claim {
  by: string;
  at: string;
  expires_at: string;
}

/** What the caller's own page read. The server reckons it anew; if the two differ, nothing is kept. */
export interface ClaimedMeasurement {
  tool: PictureTool;
  points: ([number, number])[];
  value: number;
  unit: Unit;
  angle_deg: number | null;
  label: string;
}

/** Take all marks of the frozen picture away, for everybody; those of other frames stay. */
export interface ClearMarks {
  type: "clear_marks";
  id: string;
  consult_id: string;
}

/** Where a clip stands. Who enters a room gets every clip of it again. */
export interface ClipChanged {
  type: "clip_changed";
  seq: number;
  consult_id: string;
  clip: ClipView;
}

/** Why a clip was not kept. */
export type ClipFailure = "damaged" | "failed" | "gone_from_ring" | "moved" | "stalled" | "too_large";

/** Where a clip stands. */
export type ClipState = "asked" | "coming" | "failed" | "kept";

/** A clip as everybody who receives the picture sees it. */
export interface ClipView {
  clip_id: string;
  state: ClipState;
  by: string;
  asked_at: string;
  percent: number;
  seconds: number | null;
  failed: ClipFailure | null;
  kept_id: string | null;
  number: string;
}

/** Second and third stamp of a four-stamp exchange. */
export interface ClockProbed {
  type: "clock_probed";
  sent_us: number;
  received_us: number;
  answered_us: number;
}

/** Ten seconds of the bound station's ECG, against an earlier kept one of the resident. */
export interface CompareEcg {
  binding_id: string;
  first: number;
  earlier: string;
}

/** One of the two, as it is named beside the picture. */
export interface ComparedEcg {
  study_id: string | null;
  number: string;
  taken_at: string;
  quality: QualityVerdict;
  simulated: boolean;
}

/** The level of ST of one lead, microvolts. */
export interface ComparedSt {
  lead: string;
  at: string;
  earlier_uv: number;
  later_uv: number;
  difference_uv: number;
  noise_uv: number;
  beyond_noise: boolean;
}

/** A measurement in both; `difference` is later less earlier, of axes the shorter way round. */
export interface ComparedValue {
  measure: string;
  unit: string;
  earlier: number;
  later: number;
  difference: number;
  noise: number;
  beyond_noise: boolean;
}

/** Choose one. Undetermined because of calcification counts as solid. */
export type Composition = "cystic" | "mixed" | "solid" | "spongiform";

/** The overall interpretation: statements 1 to 4 of AHA/ACC/HRS 2007, table 1. */
export type Conclusion = "abnormal" | "normal" | "otherwise_normal" | "uninterpretable";

/** Two different identifiers of the resident were compared and agree. */
export interface ConfirmIdentity {
  type: "confirm_identity";
  id: string;
  consult_id: string;
  identifiers: IdentifierKind[];
}

/** The resident's consent to one remote consult. */
export interface Consent {
  id: string;
  consult_id: string;
  form: ConsentForm;
  text_version: string;
  recorded_by: string;
  recorded_at: string;
  witness: string;
  reason: string;
  signature_svg_path: string;
}

/** How consent was given. */
export type ConsentForm = "deferred" | "not_obtained" | "oral" | "pad";

/** The resident's consent to being recorded: its own, signed or oral with a witness, never deferred. */
export interface ConsentToRecording {
  type: "consent_to_recording";
  id: string;
  consult_id: string;
  form: ConsentForm;
  witness?: string;
  signature_svg_path?: string;
}

/** A consult as the worklist, the ringing card and the room show it to one client. */
export interface ConsultCard {
  id: string;
  number: string;
  state: ConsultState;
  version: number;
  urgency: Urgency;
  specialty: string;
  question: string;
  language: Language;
  resident: ResidentCard;
  asked_by: PersonCard;
  asked_at: string;
  waiting_since: string;
  place: number | null;
  expected_wait_s: number | null;
  target_wait_s: number;
  rings_me: boolean;
  ring_deadline_at: string | null;
  specialist: PersonCard | null;
  added_specialists: PersonCard[];
  accepted_at: string | null;
  call_started_at: string | null;
  ended_at: string | null;
  signed_at: string | null;
  reason: string;
  station: StationCard | null;
  binding: Binding | null;
  readings: Reading[];
  recording_id: string | null;
  prior_recording_id: string | null;
  identity_confirmed: boolean;
  consent: ConsentForm | null;
  recording_consent: ConsentForm | null;
  declined: DeclineCard[];
  nobody_left: boolean;
  handed_to: PersonCard | null;
  opinion_due_at: string | null;
  opinion_free: boolean;
  guests: PersonCard[];
  chest_pain: ChestPainClock | null;
  checklists: ChecklistCard[];
}

/** A consult this client may see is new or has changed; the card replaces the older one. */
export interface ConsultChanged {
  type: "consult_changed";
  seq: number;
  consult: ConsultCard;
}

/** A consult is no longer this client's to see. Who was just about to answer it is told why. */
export interface ConsultGone {
  type: "consult_gone";
  seq: number;
  consult_id: string;
  why: GoneWhy;
}

/** Consults, newest first. */
export interface ConsultList {
  consults: ConsultCard[];
}

/** One consult as a whole. */
export interface ConsultPage {
  consult: ConsultCard;
  people: Record<string, PersonCard>;
  chat: ChatLine[];
  guiding: Guiding[];
  identity_check: IdentityCheck | null;
  consent: Consent | null;
  opinion: Opinion | null;
  recordings: EcgRecording[];
  prior_recordings: EcgRecording[];
}

/** Where a consult stands. */
export type ConsultState = "accepted" | "cancelled" | "closed" | "in_call" | "opinion_due" | "returned" | "signed" | "waiting";

/** Why a category and what was described cannot both be meant. */
export type Contradiction = "mass_in_negative" | "no_mass" | "not_probably_benign" | "suspicious_in_benign";

/** From where to where something can be turned, and by how much at a time. */
export interface ControlRange {
  least: number;
  most: number;
  step: number;
}

/** The physician's measurement beside the machine's, which stays. */
export interface CorrectedValue {
  measure: Measure;
  unit: string;
  value: number | null;
  machine_value: number | null;
}

/** A measurement as the physician measured it. None: it cannot be measured. */
export interface Correction {
  measure: Measure;
  value: number | null;
}

/** Sign the content with this digest a second time; another than the author does. */
export interface CosignEcgReport {
  report_id: string;
  digest: string;
}

/** A second physician signs the same content. */
export interface Cosignature {
  report_id: string;
  study_id: string;
  by: string;
  at: string;
  report_digest: string;
}

/** What became of one rule of the site's list of critical values. */
export type CriticalOutcome = "by_person" | "hit" | "no_hit" | "not_tested";

/** One rule and what became of it. Without a hit it reads "no hit among the rules tested". */
export interface CriticalResult {
  rule: string;
  outcome: CriticalOutcome;
  zh: string;
  en: string;
  why_zh: string;
  why_en: string;
  novelty_unknown: boolean;
  evidence: DraftEvidence[];
}

/** One figure over time; None where there was none. */
export interface Curve {
  name: string;
  values: (number | null)[];
}

/** A session's figures, one column each 2 s. */
export interface Curves {
  at: string[];
  curves: Curve[];
}

/** All an administrator sees at once. No resident's name, no picture. */
export interface Dashboard {
  live: LiveFigures[];
  queues: QueueFigures[];
  stations: StationCard[];
  today: TodayFigures;
  audit_chain_ok: boolean | null;
  certificate_days_left: number | null;
  emergency_accesses_to_review: number;
  media_workers_ready: number;
  media_workers_total: number;
  opinions_due: OpinionDueFigures[];
  ecg_reading: ReadingFigures[];
}

/** The dashboard, every 2 s while watched. */
export interface DashboardFigures {
  type: "dashboard_figures";
  dashboard: Dashboard;
}

/** A specialist who said no, and why, as far as the asker is told. */
export interface DeclineCard {
  person: PersonCard;
  kind: DeclineKind;
  at: string;
}

/** Say no to a ring, or to an opinion that was offered, with a reason; others go on being rung.
 *
 * The asker is told who and `kind`; `reason` is on the audit trail. */
export interface DeclineConsult {
  type: "decline_consult";
  id: string;
  consult_id: string;
  reason: string;
  kind?: DeclineKind;
}

/** Why a specialist said no, as far as the asker is told: what she needs to know to go on. */
export type DeclineKind = "busy" | "conflict" | "off_duty" | "other" | "other_field";

/** An account the demo's sign-in page offers; never sent outside the demo. */
export interface DemoAccount {
  sign_in_name: string;
  password: string;
  display_name: string;
  role: string;
  address: string;
}

/** What the demo's fault panel can do. */
export type DemoFault = "cable_out_10_s" | "v2_off" | "v2_on";

/** A department of a hospital. */
export interface Department {
  id: string;
  institution_id: string;
  name_zh: string;
  name_en: string;
}

/** Millimetres of a pixel at one depth setting, by a person on the depth ruler; in captured pixels.
 *
 * It holds only for a masked picture in which `ruler` and every one of `writings` look as they did; without
 * a writing it never does. */
export interface DepthCalibration {
  depth_mm: number;
  mm_per_px_x: number;
  mm_per_px_y: number;
  place: Box;
  source: CalibrationSource;
  uncertainty: number;
  ruler: Ticks | null;
  writings: Writing[];
}

/** What is made. */
export type Derivation = "area_length" | "biplane" | "ejection_fraction" | "ellipsoid" | "mitral_valve_area";

/** Derive something of kept measurements and keep it. The server reckons it anew; if the two differ,
 * nothing is kept. */
export interface Derive {
  request_id: string;
  derivation: Derivation;
  parts: PartName[];
  value: number;
  unit: Unit;
  label: string;
}

/** A derived measurement as lists and the timeline show it. */
export interface DerivedCard {
  id: string;
  number: string;
  consult_id: string;
  kept_at: string;
  kept_by: PersonCard;
  derivation: Derivation;
  label: string;
  simulated: boolean;
  figure: DerivedFigure | null;
}

/** What was made, and of what. */
export interface DerivedFigure {
  value: number;
  unit: Unit;
  uncertainty: number;
  calibration: CalibrationSource;
  scales_differ: boolean;
  parts: MadeOf[];
  still_ids: string[];
}

/** Derived measurements. */
export interface DerivedList {
  derived: DerivedCard[];
}

/** A derived measurement, as the server reckoned it. It never changes, but for whose its stills were. */
export interface DerivedMeasurement {
  id: string;
  number: string;
  resident_id: string;
  institution_id: string;
  consult_id: string;
  kept_by: string;
  kept_at: string;
  derivation: Derivation;
  parts: MadeOf[];
  still_ids: string[];
  value: number;
  unit: Unit;
  uncertainty: number;
  calibration: CalibrationSource;
  scales_differ: boolean;
  simulated: boolean;
  label: string;
  void: boolean;
}

/** The check of one station, by a person. */
export interface DeviceCheck {
  at: string;
  by: string;
  camera: CheckOutcome;
  microphone: CheckOutcome;
  speaker: CheckOutcome;
  network: CheckOutcome;
  ultrasound: CheckOutcome;
  ecg: CheckOutcome;
}

/** One source in one layout. */
export interface DeviceProfile {
  version: 1;
  source: string;
  layout: string;
  width_px: number;
  height_px: number;
  keep: (Fan | Box | Polygon)[];
  black: Box[];
  allowed: Box[];
  anchors: Anchor[];
  depth_written: Box[];
  known_text: Box[];
  calibrations: DepthCalibration[];
  ecg_offset: EcgOffset | null;
  signed_off: SignOff | null;
}

/** What the device said of its own signal, for some samples. */
export interface DeviceSpan {
  first: number;
  count: number;
  electrodes_off: string[];
  unusable: string[];
  clipped: string[];
  calibration: boolean;
}

/** A device at a station, as the station sees it. */
export type DeviceState = "failed" | "missing" | "ready" | "running";

/** What of a file differs from what it is filed as, each to be confirmed for itself. */
export type Difference = "birth_date" | "filed_already" | "name" | "patient_id" | "patient_unreadable" | "sex" | "time" | "time_unlikely";

/** Names for the codes and ids that other messages carry. */
export interface Directory {
  institutions: Institution[];
  departments: Department[];
  specialties: Specialty[];
  ecg_target_s: Record<string, number>;
}

/** Take an invitation back; who is in the room already leaves it at once. */
export interface DismissGuest {
  type: "dismiss_guest";
  id: string;
  consult_id: string;
  account_id: string;
}

/** The command was carried out. */
export interface Done {
  type: "done";
  re: string;
  value: string;
}

/** A standard way into a room or out of it, for what is neither a browser nor a station's program. */
export type Door = "camera" | "screen" | "ultrasound";

/** A value something stands on, the limit it is beyond, and where in the samples. */
export interface DraftEvidence {
  quantity: string;
  value: number;
  unit: string;
  limit: number | null;
  leads: string[];
  first: number | null;
  count: number | null;
}

/** A sentence on measurements, with what it stands on. It names no disease. */
export interface DraftStatement {
  code: string;
  zh: string;
  en: string;
  evidence: DraftEvidence[];
  withheld: string;
}

/** One measurement: a value in its unit, or why there is none. */
export interface DraftValue {
  measure: string;
  unit: string;
  value: number | null;
  confidence: number | null;
  absent: string;
  lead: string;
}

/** Draw on one frame of the ultrasound. `Done.value` is the mark's id.
 *
 * On the frozen picture it stays with its frame. With `fades` it is made on the moving picture: shown to who
 * is here now for some seconds, and not kept. */
export interface DrawMark {
  type: "draw_mark";
  id: string;
  consult_id: string;
  shape: MarkShape;
  points: ([number, number])[];
  capture_us: number;
  text?: string;
  fades?: boolean;
}

/** One loss of somebody's media path. */
export interface Drop {
  at: string;
  side: DropSide;
  cause: DropCause;
  account_id: string | null;
  back_after_s: number | null;
}

/** Why somebody's media path was lost. */
export type DropCause = "closed_by_peer" | "other" | "path_never_up" | "path_silent" | "refused_keys" | "worker_died";

/** On whose side it was. */
export type DropSide = "answering" | "asking" | "server" | "station";

/** The next ten seconds of the ECG are being taken: whoever is with the patient keeps them still.
 *
 * Also to the one who takes them. Nothing tells that they were given up. */
export interface EcgBeingTaken {
  type: "ecg_being_taken";
  consult_id: string;
  binding_id: string;
  participant_id: string;
  seconds: number;
}

/** Two limbs on one lead: which samples of the binding's stream, and at which heights. */
export interface EcgCalipers {
  binding_id: string;
  kind: CaliperKind;
  lead: Lead;
  first: number;
  second: number;
  first_uv: number;
  second_uv: number;
  rr: number | null;
}

/** One channel of what follows. */
export interface EcgChannelHead {
  name: string;
  lead: string;
  bits: number;
  nv_per_step: number;
  zero: number;
  derived: boolean;
  low_hz: number | null;
  high_hz: number | null;
  notch_hz: number | null;
}

/** What was compared, and for everything that was not, why (`ecg.comparison.Refused`). */
export interface EcgComparison {
  changes: ComparedValue[];
  not_compared: NotComparedValue[];
  st: ComparedSt[];
  st_refused: string;
  overlay: BeatOverlay | null;
  overlay_refused: string;
  left_out: string[];
  notes: string[];
  other_program: boolean;
}

/** Both named, and what differs. Nothing of it is a finding. */
export interface EcgComparisonPage {
  earlier: ComparedEcg;
  later: ComparedEcg;
  comparison: EcgComparison;
}

/** How good ten seconds are; nothing was kept. `first` names them for `TakeEcg`. */
export interface EcgLook {
  first: number;
  taken_at: string;
  rate_hz: number;
  sample_count: number;
  missing_samples: number;
  quality: QualityVerdict;
  quality_score: number | null;
  quality_notes: QualityNote[];
  simulated: boolean;
}

/** Somebody's calipers on the ECG, as they move; None: put away. */
export interface EcgMeasured {
  type: "ecg_measured";
  consult_id: string;
  participant_id: string;
  calipers: EcgCalipers | null;
}

/** How much later a picture is stamped than the ECG of the same instant, measured once for this source. */
export interface EcgOffset {
  picture_late_ms: number;
  uncertainty_ms: number;
}

/** What is wrong with the live ECG now, by the station's judgement, every 2 s; empty: nothing was found.
 *
 * Advice for whoever stands beside the patient, never an alarm. One that is older than 6 s says nothing. */
export interface EcgQuality {
  type: "ecg_quality";
  consult_id: string;
  binding_id: string;
  notes: QualityNote[];
}

/** How many wait in every class, and how the site reads; no resident is named. */
export interface EcgReadingFigures {
  figures: ReadingFigures[];
  two_signatures: boolean;
}

/** What waits to be read, the next one first; and the figures of every class.
 *
 * In it are the studies of the caller's specialties that wait or want a second signature, and her own. What
 * another is reading is counted in the figures and not named. */
export interface EcgReadingList {
  studies: EcgStudyCard[];
  figures: ReadingFigures[];
  two_signatures: boolean;
}

/** A stored 12-lead ECG: the index to its sample segments. */
export interface EcgRecording {
  id: string;
  resident_id: string;
  binding_id: string | null;
  consult_id: string | null;
  stream_id: number;
  started_at: string;
  rate_hz: number;
  nv_per_lsb: number;
  leads: string[];
  sample_count: number;
  missing_samples: number;
  complete: boolean;
  simulated: boolean;
  withheld_samples: number;
}

/** One report on one study. */
export interface EcgReport {
  id: string;
  study_id: string;
  kind: ReportKind;
  author_id: string;
  state: ReportState;
  version: number;
  conclusion: Conclusion | null;
  terms: ReportTerm[];
  text: string;
  corrections: CorrectedValue[];
  critical_value: boolean | null;
  saved_at: string;
  simulated: boolean;
  samples_sha256: string;
  algorithm: string;
  signed_at: string | null;
  digest: string;
}

/** What the samples are. */
export interface EcgSamplesHead {
  study_id: string;
  rate_hz: number;
  first: number;
  count: number;
  sample_count: number;
  simulated: boolean;
  channels: EcgChannelHead[];
  gaps: SampleGap[];
}

/** One ECG kept to be read. Its samples are a sealed file, what a program made of them a draft beside. */
export interface EcgStudy {
  id: string;
  number: string;
  resident_id: string;
  institution_id: string;
  specialty: string;
  source: StudySource;
  filed_by: string;
  received_at: string;
  taken_at: string;
  taken_at_by: TimeSource;
  rate_hz: number;
  leads: string[];
  sample_count: number;
  seal: SampleSeal;
  state: StudyState;
  version: number;
  urgency: StudyUrgency;
  waiting_since: string;
  consult_id: string | null;
  binding_id: string | null;
  station_id: string | null;
  derived: string[];
  gaps: SampleGap[];
  breaks: number[];
  device_states: DeviceSpan[];
  paces: number[];
  missing_samples: number;
  unusable_leads: string[];
  file_kind: string;
  file_sha256: string;
  device: string;
  notes: string[];
  indication: string;
  simulated: boolean;
  quality: QualityVerdict;
  critical_rules: string[];
  confirmed_differences: string[];
  repeats: string | null;
  claim: Claim | null;
  first_signed_at: string | null;
  first_signed_by: string | null;
  final_at: string | null;
  reader_ids: string[];
  returned: ReturnedReading[];
  rejection: Rejection | null;
  moved_from: string | null;
}

/** A study as lists and the timeline show it. */
export interface EcgStudyCard {
  id: string;
  number: string;
  state: StudyState;
  version: number;
  urgency: StudyUrgency;
  resident: ResidentCard;
  taken_at: string;
  received_at: string;
  filed_by: PersonCard;
  specialty: string;
  source: StudySource;
  consult_id: string | null;
  consult_number: string;
  leads: string[];
  duration_s: number;
  missing_samples: number;
  quality: QualityVerdict;
  critical_rules: string[];
  indication: string;
  simulated: boolean;
  waited_s: number;
  target_s: number;
  overdue: boolean;
  claimed_by: PersonCard | null;
  claim_expires_at: string | null;
  first_signed_by: PersonCard | null;
  first_signed_at: string | null;
  final_at: string | null;
  may_cosign: boolean;
  rejection: Rejection | null;
  returned: ReturnedReading[];
  repeats: string | null;
}

/** An ECG came into the reading list, or what became of it. Names nobody: fetch the list, or the study.
 *
 * Sent to those who may read it, to the institution that took it, and to its consult. One that is `reading`
 * is another's from now on, unless it was claimed by this account. */
export interface EcgStudyChanged {
  type: "ecg_study_changed";
  seq: number;
  study_id: string;
  version: number;
  state: StudyState;
  urgency: StudyUrgency;
  consult_id: string | null;
}

/** Studies. */
export interface EcgStudyList {
  studies: EcgStudyCard[];
}

/** One study as a whole. The draft is the machine's: nothing of it is a finding. */
export interface EcgStudyPage {
  study: EcgStudyCard;
  details: EcgStudy;
  draft: MachineDraft;
  prints_whole: boolean;
  reports: EcgReport[];
  cosignatures: Cosignature[];
  own_draft: EcgReport | null;
  people: Record<string, PersonCard>;
  prior: EcgStudyCard | null;
}

/** The coded terms, and the phrases of the caller's institution. */
export interface EcgTermList {
  terms: Term[];
  phrases: PhraseList;
}

/** The study, or what has to be confirmed before it is kept. */
export interface EcgUploaded {
  study: EcgStudyCard | null;
  differences: Difference[];
  stated: StatedPatient | null;
  stated_taken_at: string | null;
  filed_as: string | null;
  quality_score: number | null;
  quality_notes: QualityNote[];
}

/** What was measured; what was not is None. */
export interface Echo {
  sex: Sex;
  end_diastolic_ml?: number | null;
  end_systolic_ml?: number | null;
  ivc_mm?: number | null;
  ivc_collapse_percent?: number | null;
}

/** Compared with fat. */
export type EchoPattern = "anechoic" | "complex" | "heterogeneous" | "hyperechoic" | "hypoechoic" | "isoechoic";

/** What follows of it. */
export interface EchoScore {
  ejection_percent: number | null;
  ejection_grade: EfGrade | null;
  ra_pressure_mmhg: number | null;
}

/** Choose one, of the solid part. Undetermined counts as iso- or hyperechoic. */
export type Echogenicity = "anechoic" | "hyper_or_iso" | "hypo" | "very_hypo";

/** How far the ejection fraction is from the normal range. */
export type EfGrade = "above" | "mild" | "moderate" | "normal" | "severe";

/** A pass to one resident, shown as a banner and listed for review. */
export interface EmergencyAccess {
  id: string;
  resident_id: string;
  account_id: string;
  reason: string;
  granted_at: string;
  expires_at: string;
  reviewed_by: string | null;
  reviewed_at: string | null;
  review_note: string;
}

/** Those not reviewed first. */
export interface EmergencyAccessList {
  accesses: EmergencyAccessRow[];
}

/** An emergency access to be reviewed. */
export interface EmergencyAccessRow {
  access: EmergencyAccess;
  account_name: string;
  resident_record_number: string;
}

/** Which of a station's encodings of the one ultrasound. */
export type Encoding = "main" | "reduced";

/** End the call; the opinion is due. */
export interface EndConsult {
  type: "end_consult";
  id: string;
  consult_id: string;
}

/** Enter, correct or take back one moment of the chest-pain clock; the first one starts it.
 *
 * Everyone who sees the consult is told by `ConsultChanged`. Refused with `changed_meanwhile` when what
 * stands is not `replaces`: nothing is corrected that its corrector did not see. */
export interface EnterChestPainMoment {
  type: "enter_chest_pain_moment";
  id: string;
  consult_id: string;
  moment: ChestPainMoment;
  at: string | null;
  replaces?: string | null;
  reason?: string;
}

/** Several vital signs at once. */
export interface EnterReadings {
  readings: TypedReading[];
}

/** An ECG of an archive's exam, as the cine's own seconds have one. */
export interface ExamEcg {
  id: string;
  rate_hz: number;
  sample_count: number;
  leads: string[];
  taken: string;
}

/** A still or a cine of an exam. Frames are counted from 1, times from the first frame. */
export interface ExamPicture {
  id: string;
  kind: PictureKind;
  number: string;
  taken_at: string | null;
  width: number;
  height: number;
  frames: number;
  frame_times_ms: number[] | null;
  regions: PictureRegion[];
  calibration: CalibrationSource | null;
  scale_uncertainty: number;
  simulated: boolean;
  masked: boolean;
}

/** The kind of examination, as a scanner's presets are called. */
export type ExamPreset = "abdomen" | "cardiac" | "small_parts" | "vascular";

/** Pictures that belong together. */
export interface ExamSeries {
  id: string;
  description: string;
  pictures: ExamPicture[];
}

/** Where an exam's pictures are from. */
export type ExamSource = "archive" | "consult";

/** Where an exam's pictures are. */
export type ExamState = "coming" | "elsewhere" | "failed" | "here";

/** A sector between two arcs around `apex`: of a curved or a phased array.
 *
 * `left` and `right` lie anywhere on its sides, such as the outer corners; `left` as seen on the picture
 * when the fan opens downwards. The sides open by less than 180 degrees, clockwise from right to left. */
export interface Fan {
  shape: "fan";
  apex: Point;
  left: Point;
  right: Point;
  inner_radius_px: number;
  outer_radius_px: number;
}

/** What was seen in each window; one that is missing was not looked at. */
export interface Fast {
  extended: boolean;
  windows: Record<string, WindowResult>;
}

/** The whole examination, and which windows decided it. */
export interface FastResult {
  extended: boolean;
  result: WindowResult;
  positive: Window[];
  indeterminate: Window[];
}

/** The same for a resident of whom only the record number is known; the answer names her id. */
export interface FindEmergencyAccess {
  record_number: string;
  reason: string;
  password: string;
}

/** The first account, by the one-time code that `cloudclinic init` printed. */
export interface FirstAdministrator {
  code: string;
  sign_in_name: string;
  display_name: string;
  password: string;
}

/** Choose all that apply; none, or large comet-tail artefacts, count nothing. */
export type Foci = "macrocalcifications" | "peripheral" | "punctate";

/** An administrator ends a session, with a reason that both sides see. */
export interface ForceEnd {
  type: "force_end";
  id: string;
  consult_id: string;
  reason: string;
}

/** Demo only: make something go wrong on purpose. */
export interface ForceFault {
  type: "force_fault";
  id: string;
  station_id: string;
  fault: DemoFault;
}

/** Freeze the ultrasound at the frame of this capture time, for everybody who receives it. The last one
 * wins. Answered at once; `PictureFrozen` follows, and once more with its exact still. */
export interface FreezePicture {
  type: "freeze_picture";
  id: string;
  consult_id: string;
  capture_us: number;
}

/** The room's frozen picture. Neither `still` nor `absent`: the station is being asked. */
export interface FrozenPicture {
  capture_us: number;
  by: string;
  at: string;
  still: StillCard | null;
  absent: StillAbsence | null;
}

/** What is given up so that a weak line carries what matters more. */
export type GivenUp = "faces" | "ultrasound_coarse" | "ultrasound_cropped" | "ultrasound_frames" | "ultrasound_small";

/** Why a consult left this client's screens. */
export type GoneWhy = "cancelled" | "moved" | "taken";

/** What the sign-in page shows before anybody is signed in. */
export interface Greeting {
  demo: boolean;
  version: string;
  needs_first_administrator: boolean;
  demo_accounts: DemoAccount[];
}

/** An interpreter or observer who can be invited. An interpreter's languages count. */
export interface GuestCard {
  person: PersonCard;
  languages: Language[];
  connected: boolean;
  in_call: boolean;
}

/** Everybody who can be invited, interpreters first. */
export interface GuestList {
  guests: GuestCard[];
}

/** Ask the operator for one movement of the fixed vocabulary. `Done.value` is its id.
 *
 * One is open at a time: what the same guide asked before and is not answered yet is replaced by it. */
export interface GuideProbe {
  type: "guide_probe";
  id: string;
  consult_id: string;
  word: ProbeWord;
}

/** One thing that was asked of the operator, with everything that became of it. Exactly one is asked.
 *
 * `remote` asks nothing, and its state is DONE: it keeps that turning the scanner from afar was allowed, or
 * ended. `guide_id` is then who said so; when nobody did, who had allowed it. */
export interface Guiding {
  id: string;
  consult_id: string;
  guide_id: string;
  asked_at: string;
  probe: ProbeWord | null;
  control: ScannerControl | null;
  remote: RemoteEvent | null;
  at_device: boolean;
  state: GuidingState;
  steps: GuidingStep[];
}

/** What happens to it. */
export type GuidingEvent = "cannot" | "done" | "replace" | "seen" | "take_back" | "time_out";

/** What became of it. */
export type GuidingState = "asked" | "cannot" | "done" | "replaced" | "seen" | "taken_back" | "unanswered";

/** Something that happened to it. */
export interface GuidingStep {
  event: GuidingEvent;
  at: string;
  by: string | null;
  reason: CannotReason | null;
  reported: ScannerSetting | null;
}

/** What a guide asked last, as everyone in the room sees it: either a `word` or a `control`.
 *
 * On a tape also, as `remote`, that turning the scanner was allowed or ended. */
export interface GuidingView {
  id: string;
  participant_id: string;
  guide_name: string;
  word: ProbeWord | null;
  control: ScannerControl | null;
  state: GuidingState;
  asked_at: string;
  changed_at: string;
  answered_by: string;
  reason: CannotReason | null;
  remote: RemoteEvent | null;
  at_device: boolean;
  reported: ScannerSetting | null;
}

/** Give an accepted consult to another specialist, who is rung and may accept or decline.
 *
 * After the call it offers her the opinion: she answers by `TakeOpinion` or `DeclineConsult`. */
export interface HandOver {
  type: "hand_over";
  id: string;
  consult_id: string;
  specialist_id: string;
  reason: string;
}

/** A tape as an administrator sees it: no resident, no content. */
export interface HeldTape {
  id: string;
  consult_id: string;
  number: string;
  institution_id: string;
  started_at: string;
  ended_at: string | null;
  end: TapeEnd | null;
  size_bytes: number;
  due_at: string | null;
  hold: LegalHold | null;
  deleted_at: string | null;
}

/** Tapes, newest first. */
export interface HeldTapes {
  tapes: HeldTape[];
}

/** The first message of a socket: who this is (a tab), and from where to go on.
 *
 * Answered by `Welcome`. A `client_id` is made once for each page load. */
export interface Hello {
  type: "hello";
  client_id: string;
  resume_after?: number | null;
  language?: Language;
}

/** A legal hold needs its reason. */
export interface HoldTape {
  reason: string;
}

/** A relay the browser may take (RTCIceServer), with credentials for this one peer connection. */
export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

/** What was compared when the resident's identity was confirmed; two different ones are needed. */
export type IdentifierKind = "birth_date" | "identity_number" | "name" | "phone" | "record_number";

/** Who confirmed the resident's identity for a consult, by which identifiers. */
export interface IdentityCheck {
  consult_id: string;
  identifiers: IdentifierKind[];
  confirmed_by: string;
  confirmed_at: string;
}

/** Which document says who somebody is. */
export type IdentityKind = "other" | "passport" | "resident_id_card";

/** CSV in UTF-8 with a header line: sign_in_name, display_name, role, institution, department, title,
 * specialties, languages. */
export interface ImportAccounts {
  csv: string;
  dry_run: boolean;
}

/** What is wrong in one line of the file. */
export interface ImportFault {
  line: number;
  message: string;
}

/** With any fault nothing was imported. */
export interface ImportResult {
  made: AccountMade[];
  faults: ImportFault[];
  rows: number;
}

/** A health station or a hospital. */
export interface Institution {
  id: string;
  kind: InstitutionKind;
  name_zh: string;
  name_en: string;
  address: string;
  phone: string;
}

/** Which side of a consult an institution is on. */
export type InstitutionKind = "health_station" | "hospital";

/** Invite an interpreter or an observer to the consult's room; they are rung and named to all.
 *
 * Refused unless the resident was asked and agreed. */
export interface InviteGuest {
  type: "invite_guest";
  id: string;
  consult_id: string;
  account_id: string;
  resident_agreed: boolean;
}

/** Enter a consult's room, or come back to it. Followed by `MediaOffer` once media may open. */
export interface JoinRoom {
  type: "join_room";
  id: string;
  consult_id: string;
  microphone_on: boolean;
  camera_on: boolean;
}

/** Keep an exact still of the room, with the marks that are on its frame. */
export interface KeepStill {
  request_id: string;
  still_id: string;
  measurements: ClaimedMeasurement[];
}

/** Kept clips. */
export interface KeptClipList {
  clips: KeptClipPage[];
}

/** One kept clip. Its parts, one after the other, are a file (`docs/ultrasound-stills.md`). */
export interface KeptClipPage {
  clip: UltrasoundClip;
  asked_by: PersonCard;
}

/** A kept still as lists and the timeline show it. */
export interface KeptStillCard {
  id: string;
  number: string;
  consult_id: string;
  still_id: string;
  taken_at: string;
  frame_number: number;
  kept_at: string;
  kept_by: PersonCard;
  width: number;
  height: number;
  simulated: boolean;
  mark_ids: string[];
  measurements: StillMeasurement[];
}

/** Kept stills. */
export interface KeptStillList {
  stills: KeptStillCard[];
}

/** One kept still as a whole; its picture is fetched beside it. */
export interface KeptStillPage {
  still: KeptStillCard;
  details: UltrasoundStill;
  drawn_by: Record<string, PersonCard>;
  derived: DerivedCard[];
}

/** Languages of the screens and of consults (BCP 47). */
export type Language = "en" | "zh";

/** A standard lead. */
export type Lead = "I" | "II" | "III" | "V1" | "V2" | "V3" | "V4" | "V5" | "V6" | "aVF" | "aVL" | "aVR";

/** Leave the room; the consult goes on. */
export interface LeaveRoom {
  type: "leave_room";
  id: string;
  consult_id: string;
}

/** A tape under it is not deleted, whatever is due. */
export interface LegalHold {
  by: string;
  at: string;
  reason: string;
}

/** Make a link; a person says that the resident was asked. */
export interface LetScreenIn {
  resident_agreed: boolean;
}

/** The level of suspicion. */
export type Level = "tr1" | "tr2" | "tr3" | "tr4" | "tr5";

/** What the demo's fault panel can do to the line between one's browser and the server. */
export type LineFault = "address_changed" | "cut_10_s" | "mended" | "narrow_384";

/** What this viewer's own line makes it do without (empty: nothing any more): what the server leaves out
 * for it, and what is given up in the reduced encoding, when it gets that. */
export interface LineReduced {
  type: "line_reduced";
  consult_id: string;
  given_up: GivenUp[];
}

/** A live consult's figures on the dashboard: of every figure the worst of all who are in the room.
 *
 * None: no such figure, shown as an en dash. */
export interface LiveFigures {
  consult_id: string;
  number: string;
  station_name: string;
  asker_name: string;
  specialist_name: string;
  specialty: string;
  since: string;
  state: ConsultState;
  round_trip_ms: number | null;
  loss_percent: number | null;
  up_mbps: number | null;
  down_mbps: number | null;
  ultrasound_fps: number | null;
  ultrasound_delay_ms: number | null;
  ultrasound_delay_uncertainty_ms: number | null;
  freezes: number | null;
  ecg_missing_samples: number | null;
  alignment_residual_ms: number | null;
  given_up: GivenUp[];
  concerns: SessionConcern[];
}

/** Judge ten seconds of the bound station's ECG before they are kept. */
export interface LookAtEcg {
  binding_id: string;
  first?: number | null;
  next_ten?: boolean;
}

/** How a source compressed its pictures before they were captured. */
export type LossyCodec = "h264" | "hevc" | "mjpeg";

/** Everything a program said of one ECG at one time. */
export interface MachineDraft {
  algorithm: string;
  made_at: string;
  quality: QualityVerdict;
  quality_score: number | null;
  quality_notes: QualityNote[];
  beats: number[];
  values: DraftValue[];
  statements: DraftStatement[];
  critical: CriticalResult[];
  critical_table: string;
  critical_zh: string;
  critical_en: string;
  adult_assumed: boolean;
  fault: string;
}

/** One part as it was when something was made of it. */
export interface MadeOf {
  name: PartName;
  number: string;
  value: number;
  unit: Unit;
  uncertainty: number;
  calibration: CalibrationSource;
  tool: PictureTool | null;
  derivation: Derivation | null;
}

/** What the atlas asks for. */
export type Management = "excision_when_appropriate" | "more_imaging" | "routine" | "short_follow_up" | "tissue_diagnosis";

/** Choose one. Undetermined counts as ill-defined. */
export type Margin = "extrathyroidal" | "ill_defined" | "lobulated_or_irregular" | "smooth";

/** A mark on one frame of the ultrasound, and on no other. */
export interface Mark {
  id: string;
  participant_id: string;
  shape: MarkShape;
  points: ([number, number])[];
  capture_us: number;
  text: string;
}

/** Somebody drew on the frozen picture. Who enters a room gets every mark again, after `MarksCleared`. One
 * of an id that is there already takes its place. */
export interface MarkDrawn {
  type: "mark_drawn";
  seq: number;
  consult_id: string;
  mark: Mark;
}

/** Somebody drew on the moving picture: it fades. */
export interface MarkPassing {
  type: "mark_passing";
  consult_id: string;
  mark: Mark;
}

/** How a mark's points are joined. */
export type MarkShape = "arrow" | "circle" | "freehand" | "target" | "text";

/** Whoever drew a mark took it back. */
export interface MarkUndone {
  type: "mark_undone";
  seq: number;
  consult_id: string;
  mark_id: string;
}

/** There are no marks any more on the frame of this instant; None: on none. */
export interface MarksCleared {
  type: "marks_cleared";
  seq: number;
  consult_id: string;
  capture_us: number | null;
}

/** What was described of one mass. */
export interface Mass {
  shape: MassShape;
  orientation: Orientation;
  margin: MassMargin;
  echo: EchoPattern;
  posterior: PosteriorFeatures;
}

/** Of a mass; all but the first are "not circumscribed". */
export type MassMargin = "angular" | "circumscribed" | "indistinct" | "microlobulated" | "spiculated";

/** Of a mass. */
export type MassShape = "irregular" | "oval" | "round";

/** Of the whole ECG. A QTc always names its formula; `QRS` from the earliest onset to the latest end of
 * all leads (CSE). */
export type Measure = "p" | "p_axis" | "pr" | "qrs" | "qrs_axis" | "qt" | "qtc_bazett" | "qtc_framingham" | "qtc_fridericia" | "qtc_hodges" | "rate" | "rr_max" | "rr_mean" | "rr_min" | "rr_rmssd" | "rr_sd" | "t_axis";

/** The sender's calipers while they move; None: put away. */
export interface MeasureEcg {
  type: "measure_ecg";
  consult_id: string;
  calipers: EcgCalipers | null;
}

/** The sender's calipers on the frozen picture's exact still, while they move; None: put away. */
export interface MeasurePicture {
  type: "measure_picture";
  consult_id: string;
  still_id: string;
  calipers: PictureCalipers | null;
}

/** All that was measured on the kept stills of a consult's resident, and what was derived of it. */
export interface MeasuredOfConsult {
  stills: MeasuredStill[];
  derived: DerivedMeasurement[];
}

/** A kept still with what was measured on it, as something can be derived of it. */
export interface MeasuredStill {
  kept_id: string;
  binding_id: string;
  capture_us: number;
  number: string;
  taken_at: string;
  frame_number: number;
  width: number;
  height: number;
  calibration: Calibration | null;
  measurements: StillMeasurement[];
}

/** Something was derived of measurements on this room's kept stills, and kept with them. */
export interface MeasurementDerived {
  type: "measurement_derived";
  seq: number;
  consult_id: string;
  derived_id: string;
  number: string;
}

/** What a media source carries. */
export type MediaKind = "ecg" | "face" | "ultrasound" | "voice";

/** The peer connection failed on the server's side; a new `MediaOffer` follows `RestartMedia`.
 *
 * `is_full`: none could be made, because every media worker carries as much as it may; it is tried again. */
export interface MediaLost {
  type: "media_lost";
  consult_id: string;
  peer_id: string;
  is_full: boolean;
}

/** The server's SDP offer for this participant's one peer connection. Answer with `AnswerMedia`. */
export interface MediaOffer {
  type: "media_offer";
  consult_id: string;
  peer_id: string;
  sdp: string;
  publish: Record<string, MediaKind>;
  ice_servers: IceServer[];
  relay_only: boolean;
}

/** The study is of another resident: it was filed under the wrong one. */
export interface MoveEcg {
  to_resident_id: string;
  reason: string;
}

/** A physician moves a recording that was taken under the wrong resident, with a reason. */
export interface MoveRecording {
  type: "move_recording";
  id: string;
  recording_id: string;
  to_resident_id: string;
  reason: string;
}

/** What is to be done with the probe, or by the patient. */
export type Movement = "breathe_freely" | "breathe_in" | "breathe_out" | "compress" | "hold_still" | "left_lateral" | "marker" | "more_gel" | "release" | "rock" | "rotate" | "slide" | "sweep" | "tilt";

/** Ask for stored samples of a binding; answered by the stream's META, binary E1 WAVE packets with the
 * backfill flag, then `SamplesSent`. */
export interface NeedSamples {
  type: "need_samples";
  binding_id: string;
  first: number;
  count: number;
}

/** An account to make; its first password is made by the server and shown once. */
export interface NewAccount {
  sign_in_name: string;
  display_name: string;
  role: Role;
  institution_id: string;
  department_id?: string | null;
  title?: string;
  specialties?: string[];
  languages?: Language[];
}

/** A department to make. */
export interface NewDepartment {
  institution_id: string;
  name_zh: string;
  name_en: string;
}

/** An institution to make or to change. */
export interface NewInstitution {
  kind: InstitutionKind;
  name_zh: string;
  name_en: string;
  address?: string;
  phone?: string;
}

/** What was seen of one nodule. */
export interface Nodule {
  composition: Composition;
  echogenicity: Echogenicity;
  shape: Shape;
  margin: Margin;
  foci?: Foci[];
  largest_mm?: number | null;
}

/** A measurement that is not in both, or not surely enough. */
export interface NotComparedValue {
  measure: string;
  why: string;
}

/** Why the station could not step. */
export type NotStepped = "newest" | "no_beats" | "no_ring" | "oldest";

/** Put a protocol's views before both sides. Everyone who sees the consult is told by `ConsultChanged`. */
export interface OpenChecklist {
  type: "open_checklist";
  id: string;
  consult_id: string;
  protocol: ViewProtocol;
}

/** The specialist's answer to one consult. */
export interface Opinion {
  id: string;
  consult_id: string;
  author_id: string;
  state: OpinionState;
  version: number;
  findings: string;
  impression: string;
  advice: Advice | null;
  advice_text: string;
  plan: PlanItem[];
  saved_at: string;
  simulated: boolean;
  signed_at: string | null;
  digest: string;
  chest_pain: ChestPainStood[];
}

/** A consult that has ended and whose opinion is not signed yet. */
export interface OpinionDueFigures {
  consult_id: string;
  number: string;
  specialty: string;
  specialist_name: string;
  offered_to: string;
  opinion_free: boolean;
  ended_at: string | null;
  due_at: string | null;
}

/** A consult's opinion was signed and is in the record. */
export interface OpinionSigned {
  type: "opinion_signed";
  seq: number;
  consult_id: string;
}

/** A signed opinion never changes again; a correction is a new one that names it. */
export type OpinionState = "draft" | "signed";

/** To the skin. */
export type Orientation = "not_parallel" | "parallel";

/** How many stand where, and those that are not there yet or failed, the latest queued first. */
export interface OutboxBoard {
  archives: string[];
  counts: OutboxCount[];
  entries: OutboxCard[];
  misfiled: OutboxCard[];
}

/** One object on its way to one archive. Nothing of it names the resident. */
export interface OutboxCard {
  id: string;
  destination: string;
  kind: ArchiveObject;
  number: string;
  consult_number: string;
  state: SendState;
  queued_at: string;
  due_at: string;
  tries: number;
  tried_at: string | null;
  sent_at: string | null;
  trouble: ArchiveTrouble | null;
  detail: string;
  misfiled: boolean;
}

/** How many entries of one destination stand where; of those that wait, since when the oldest does. */
export interface OutboxCount {
  destination: string;
  waiting: number;
  sending: number;
  sent: number;
  failed: number;
  waiting_since: string | null;
}

/** Entries of one consult, the first queued first. `archives`: where they go by the settings. */
export interface OutboxList {
  entries: OutboxCard[];
  archives: string[];
}

/** One of the account's own sessions. */
export interface OwnSession {
  id: string;
  started_at: string;
  last_used_at: string;
  address: string;
  is_this: boolean;
}

/** Names one part: a measurement of a kept still, or a derived one. Either is told, not both. */
export interface PartName {
  kept_id: string | null;
  index: number | null;
  derived_id: string | null;
}

/** Somebody in a room. Everyone in it is named to all; nobody joins unseen. */
export interface Participant {
  id: string;
  person: PersonCard;
  microphone_on: boolean;
  camera_on: boolean;
  connected: boolean;
  publishes: MediaKind[];
  auscultating: boolean;
  door: Door | null;
}

/** A thing somebody may do. */
export type Permission = "acknowledge_opinion" | "answer_guiding" | "answer_request" | "anyone" | "auscultate" | "bind_station" | "choose_exam_preset" | "edit_phrases" | "emergency_access" | "end_consult" | "enter_readings" | "fault_panel" | "force_end" | "hold_tapes" | "invite_guest" | "join_room" | "keep_chest_pain_clock" | "keep_still" | "let_screen_watch" | "manage_accounts" | "manage_archives" | "manage_institutions" | "mark_picture" | "move_recording" | "prepare_request" | "publish_ultrasound" | "read_ecg" | "reassign_opinion" | "record_consult" | "register_residents" | "review_emergency_access" | "run_station" | "search_audit" | "see_dashboard" | "see_devices" | "see_residents" | "sign_card_profile" | "sign_ecg" | "sign_opinion" | "signed_in" | "take_consent" | "take_ecg" | "upload_ecg" | "watch_by_link" | "write_opinion";

/** What others see of an account. */
export interface PersonCard {
  id: string;
  display_name: string;
  role: Role;
  title: string;
  institution_id: string;
  institution_name_zh: string;
  institution_name_en: string;
}

/** One phrase: what it is called, what it writes, and the terms and conclusion it chooses, if any. */
export interface Phrase {
  name_zh: string;
  name_en: string;
  text_zh: string;
  text_en: string;
  terms: ChosenTerm[];
  conclusion: Conclusion | null;
}

/** An institution's phrases, in its own order. */
export interface PhraseList {
  institution_id: string;
  version: number;
  phrases: Phrase[];
  changed_by: string | null;
  changed_at: string | null;
}

/** Calipers on an exact still. */
export interface PictureCalipers {
  tool: PictureTool;
  points: ([number, number])[];
  angle_deg: number | null;
  done: boolean;
}

/** The room's picture is frozen, stands at another frame, or its exact still is there. None: live again.
 *
 * Sent to everybody who receives the ultrasound, again to who enters, and to who comes back. */
export interface PictureFrozen {
  type: "picture_frozen";
  seq: number;
  consult_id: string;
  frozen: FrozenPicture | null;
}

/** One picture, or many with their times. */
export type PictureKind = "cine" | "still";

/** Somebody's calipers on an exact still, as they move; None: put away. */
export interface PictureMeasured {
  type: "picture_measured";
  consult_id: string;
  participant_id: string;
  still_id: string;
  calipers: PictureCalipers | null;
}

/** To whoever wanted to step: the picture stands where it stood. */
export interface PictureNotStepped {
  type: "picture_not_stepped";
  consult_id: string;
  unit: StepUnit;
  why: NotStepped;
}

/** Which part of a captured picture is sent, in captured pixels, and how large it is sent.
 *
 * The sent picture maps linearly to the part. A part may reach one pixel past an odd side. */
export interface PicturePart {
  captured_width: number;
  captured_height: number;
  left: number;
  top: number;
  width: number;
  height: number;
  sent_width: number;
  sent_height: number;
}

/** A calibrated rectangle of the picture, right and bottom included (DICOM PS3.3 C.8.5.5.1).
 *
 * The numbers of `spatial_format`, `data_type`, `unit_x`, `unit_y` and `flags` are the standard's own. */
export interface PictureRegion {
  left_px: number;
  top_px: number;
  right_px: number;
  bottom_px: number;
  spatial_format: number;
  data_type: number;
  unit_x: number;
  unit_y: number;
  delta_x: number;
  delta_y: number;
  reference_x_px: number | null;
  reference_y_px: number | null;
  reference_x: number;
  reference_y: number;
  flags: number;
  transducer_khz: number | null;
  doppler_angle_deg: number | null;
  corner_x_px: number | null;
  corner_y_px: number | null;
  fault: RegionFault | null;
}

/** To whoever wanted to set the scale: it is as it was. */
export interface PictureScaleRefused {
  type: "picture_scale_refused";
  consult_id: string;
  why: ScaleRefusal;
}

/** Which part of the captured ultrasound picture is shown from the one captured at `since_us` on, and
 * what the station gives up in that encoding (empty: nothing any more). What is given up in the reduced
 * one concerns only who gets it: `LineReduced` tells them. */
export interface PictureShown {
  type: "picture_shown";
  consult_id: string;
  binding_id: string;
  since_us: number;
  part: PicturePart;
  given_up: GivenUp[];
  encoding: Encoding;
}

/** What calipers on a still read; how each is drawn and reckoned: `ultrasound/measuring/`. */
export type PictureTool = "acceleration" | "angle" | "area" | "chamber_area" | "chamber_length" | "circumference" | "depth_difference" | "distance" | "ellipse_area" | "ellipse_circumference" | "gradient" | "heart_rate" | "interval" | "mean_gradient" | "mean_velocity" | "path" | "pressure_half_time" | "pulsatility_index" | "resistive_index" | "slope" | "systolic_diastolic_ratio" | "velocity" | "velocity_time_integral";

/** What is wrong with the captured picture now. */
export type PictureTrouble = "blank" | "frozen" | "layout_changed" | "lost" | "new_text" | "no_profile" | "profile_broken" | "resized" | "scale_void" | "unknown_layout";

/** One line of the follow-up plan. */
export interface PlanItem {
  text: string;
  due_on: string | null;
  owner: string;
}

/** A place on the picture; in JSON [x, y]. */
export type Point = [number, number];

/** The sender's pointer on the ultrasound picture; x and y in 0..1 of the captured picture, whatever part
 * of it is shown; None: taken away. */
export interface PointAt {
  type: "point_at";
  consult_id: string;
  x: number | null;
  y: number | null;
  capture_us?: number | null;
}

/** Somebody's pointer on the ultrasound picture. */
export interface PointerMoved {
  type: "pointer_moved";
  consult_id: string;
  participant_id: string;
  x: number | null;
  y: number | null;
  capture_us: number | null;
}

/** Straight lines around it, the last point joined to the first; where they cross, even-odd. */
export interface Polygon {
  shape: "polygon";
  points: Point[];
}

/** Behind a mass. */
export type PosteriorFeatures = "combined" | "enhancement" | "none" | "shadowing";

/** What a specialist says of herself. */
export type Presence = "available" | "away" | "busy";

/** First stamp of a four-stamp exchange (RFC 5905 section 8). Answered by `ClockProbed`. */
export interface ProbeClock {
  type: "probe_clock";
  sent_us: number;
}

/** One word of the fixed vocabulary. Of slide and rock, `toward` is where the probe or its beam goes. */
export interface ProbeWord {
  movement: Movement;
  toward: Toward | null;
  hour: number | null;
  little: boolean;
}

/** A refusal: a stable code for programs, a sentence for people, and what is wrong field by field. */
export interface Problem {
  code: string;
  sentence: string;
  fields: Record<string, string>;
}

/** Begin or stop sending a capture card of one's own computer as the room's ultrasound.
 *
 * One in a room at a time; meanwhile the station's picture is not forwarded. To begin, a person confirms
 * whose picture it is: the consult's own resident's. */
export interface PublishUltrasound {
  type: "publish_ultrasound";
  id: string;
  consult_id: string;
  on: boolean;
  resident_confirmed?: boolean;
}

/** How the clock of who publishes ultrasound from a browser stands: publisher = server + offset. */
export interface PublisherClock {
  type: "publisher_clock";
  consult_id: string;
  participant_id: string;
  offset_us: number;
  uncertainty_us: number;
}

/** What is wrong with the picture of who publishes ultrasound from a browser; empty: nothing. */
export interface PublisherPicture {
  type: "publisher_picture";
  consult_id: string;
  participant_id: string;
  troubles: PictureTrouble[];
}

/** One thing that is wrong with the signal, where, and what to do about it, as codes. */
export interface QualityNote {
  code: string;
  weight: string;
  advice: string;
  leads: string[];
  electrodes: string[];
  seconds: number;
}

/** Whether the signal can be read. */
export type QualityVerdict = "good" | "limited" | "poor" | "unknown";

/** One specialty's queue on the dashboard. */
export interface QueueFigures {
  specialty: string;
  emergency: number;
  expedited: number;
  routine: number;
  longest_wait_s: number | null;
  available: number;
  connected: number;
  target_wait_s: number | null;
}

/** One measured vital sign. */
export interface Reading {
  id: string;
  resident_id: string;
  kind: ReadingKind;
  value: number;
  source: ReadingSource;
  measured_at: string;
  entered_by: string;
}

/** Of one class of urgency: what waits and how the day went. No resident. */
export interface ReadingFigures {
  urgency: StudyUrgency;
  waiting: number;
  being_read: number;
  awaiting_second: number;
  overdue: number;
  longest_wait_s: number | null;
  target_s: number;
  finished_today: number;
  rejected_today: number;
  median_turnaround_s: number | null;
}

/** A vital sign; its unit is fixed by `UNITS`. */
export type ReadingKind = "blood_glucose" | "body_temperature" | "diastolic_pressure" | "oxygen_saturation" | "pulse_rate" | "respiratory_rate" | "systolic_pressure";

/** Readings as they were stored. */
export interface ReadingList {
  readings: Reading[];
}

/** Where a reading came from; a typed one is always marked as typed. */
export type ReadingSource = "device" | "simulated" | "typed";

/** A new vital sign for a consult in progress, live when `binding_id` is set. */
export interface ReadingTaken {
  type: "reading_taken";
  seq: number;
  consult_id: string;
  reading: Reading;
  binding_id: string | null;
}

/** An administrator offers a due opinion to the others of its specialty, with a reason all of them see.
 *
 * Its specialist and the asker see the reason too; she may still write it until somebody takes it over. */
export interface ReassignOpinion {
  type: "reassign_opinion";
  id: string;
  consult_id: string;
  reason: string;
}

/** The resident's consent; each form needs its own evidence.
 *
 * After the call only a deferred one can still be recorded: made up for, or not obtained with a reason. */
export interface RecordConsent {
  type: "record_consent";
  id: string;
  consult_id: string;
  form: ConsentForm;
  witness?: string;
  reason?: string;
  signature_svg_path?: string;
}

/** The command, or a message that could not be read, was refused. Nothing changed. */
export interface Refused {
  type: "refused";
  re: string;
  code: string;
  sentence: string;
  about: string;
}

/** Why nothing is measured where a scanner wrote a region. */
export type RegionFault = "absurd_scale" | "incomplete" | "not_this_picture";

/** A resident's identity as typed in; the record number is given by the server. */
export interface RegisterResident {
  name: string;
  sex: Sex;
  birth_date: string;
  identity_kind: IdentityKind;
  identity_number: string;
  allergy_status: AllergyStatus;
  allergies?: string[];
  phone?: string;
  preferred_language?: Language;
}

/** It cannot be read: repeat the ECG. */
export interface RejectEcg {
  kind: RejectKind;
  reason?: string;
  critical_value?: boolean | null;
}

/** Why an ECG has to be repeated. */
export type RejectKind = "electrodes_swapped" | "leads_missing" | "other" | "poor_signal" | "too_short" | "wrong_resident";

/** The ECG is to be repeated: who says so, and why. */
export interface Rejection {
  by: string;
  at: string;
  kind: RejectKind;
  reason: string;
  critical_value: boolean | null;
}

/** End a binding; the station stops acquiring. */
export interface ReleaseStation {
  type: "release_station";
  id: string;
  binding_id: string;
}

/** That the scanner may be turned from afar, or why it may not any more. */
export type RemoteEvent = "allowed" | "line_lost" | "no_scanner" | "operator_away" | "other_picture" | "released" | "room_closed" | "specialist_away" | "taken_back" | "touched";

/** Who publishes ultrasound tells how its clock stands: server = client + offset. Sent on as
 * `PublisherClock`. */
export interface ReportClock {
  type: "report_clock";
  consult_id: string;
  offset_us: number;
  uncertainty_us: number;
}

/** A person went through a station's device check; `StationCard.last_test_at` and `.last_test_passed`
 * tell of the last one. What was not tried, and what the station does not have, is `skipped`. */
export interface ReportDeviceCheck {
  type: "report_device_check";
  id: string;
  station_id: string;
  camera: CheckOutcome;
  microphone: CheckOutcome;
  speaker: CheckOutcome;
  network: CheckOutcome;
  ultrasound: CheckOutcome;
  ecg: CheckOutcome;
}

/** The reading itself, or what was added to it. */
export type ReportKind = "addendum" | "reading";

/** Who publishes ultrasound from a browser tells what is wrong with the captured picture now, at every
 * change and again every few seconds. Sent on as `PublisherPicture`. */
export interface ReportPicture {
  type: "report_picture";
  consult_id: string;
  troubles: PictureTrouble[];
}

/** What a viewer's own statistics say, every 2 s. None: no such figure. */
export interface ReportQuality {
  type: "report_quality";
  consult_id: string;
  round_trip_ms?: number | null;
  loss_percent?: number | null;
  down_mbps?: number | null;
  up_mbps?: number | null;
  ultrasound_fps?: number | null;
  ultrasound_delay_ms?: number | null;
  ultrasound_delay_uncertainty_ms?: number | null;
  freezes?: number | null;
  ecg_missing_samples?: number | null;
  alignment_residual_ms?: number | null;
}

/** A signed report never changes again. */
export type ReportState = "draft" | "signed";

/** A coded term as it was chosen. Its texts are kept with it: what was signed reads the same for ever. */
export interface ReportTerm {
  code: string;
  zh: string;
  en: string;
  leads: string[];
  note: string;
}

/** Ask for a consult. `Done.value` is the new consult's id.
 *
 * The latest ECG and readings of the resident go along by themselves. While one to the same specialty is
 * open it is refused with `already_asked`, `about` being that one's number; `beside_open` asks nevertheless. */
export interface RequestConsult {
  type: "request_consult";
  id: string;
  resident_id: string;
  specialty: string;
  urgency: Urgency;
  question: string;
  language?: Language;
  specialist_id?: string | null;
  beside_open?: boolean;
}

/** Ask for something at the scanner's own controls; see `GuideProbe`.
 *
 * The operator's hand does it; the scanner itself, where the station can turn it and the operator's side has
 * allowed that (`RoomView.scanner`). Until that has answered nothing else can be asked (`scanner_turning`). */
export interface RequestControl {
  type: "request_control";
  id: string;
  consult_id: string;
  control: ScannerControl;
}

/** One person's identity and what must be known before anything is done to them. */
export interface Resident {
  id: string;
  record_number: string;
  name: string;
  name_initials: string;
  sex: Sex;
  birth_date: string;
  identity_kind: IdentityKind;
  identity_number: string;
  allergy_status: AllergyStatus;
  allergies: string[];
  phone: string;
  preferred_language: Language;
  institution_id: string;
  registered_at: string;
}

/** What the banner and the lists show of a resident. */
export interface ResidentCard {
  id: string;
  record_number: string;
  name: string;
  sex: Sex;
  birth_date: string;
  allergy_status: AllergyStatus;
  allergies: string[];
  preferred_language: Language;
  phone: string;
  name_initials: string;
}

/** At most 50, best match first. */
export interface ResidentList {
  residents: ResidentCard[];
  more: boolean;
}

/** One resident's page: identity, latest readings, and the timeline, newest first. */
export interface ResidentPage {
  resident: Resident;
  latest_readings: Reading[];
  readings: Reading[];
  consults: ConsultCard[];
  opinions: Opinion[];
  opinion_authors: Record<string, PersonCard>;
  recordings: EcgRecording[];
  ecg_studies: EcgStudyCard[];
  ultrasound_stills: KeptStillCard[];
  derived_measurements: DerivedCard[];
  ultrasound_clips: KeptClipPage[];
  ecg_reports: EcgReport[];
  ecg_report_authors: Record<string, PersonCard>;
  emergency_access: EmergencyAccess | null;
}

/** By name, pinyin initials or record number; "" lists those seen last. */
export interface ResidentSearch {
  query: string;
}

/** The media path is lost: make a new peer connection under the same participant. */
export interface RestartMedia {
  type: "restart_media";
  id: string;
  consult_id: string;
}

/** 退回补充资料: give the request back to its asker, who owes information. */
export interface ReturnConsult {
  type: "return_consult";
  id: string;
  consult_id: string;
  reason: string;
}

/** Do not sign it a second time, or take one's own first signature back: it is to be read again. */
export interface ReturnEcgReport {
  reason: string;
}

/** A second physician did not sign: the study is to be read again; the first report stays on record. */
export interface ReturnedReading {
  by: string;
  at: string;
  reason: string;
}

/** The reviewer's note. */
export interface ReviewEmergencyAccess {
  note: string;
}

/** The asker has everyone rung anew when nobody is left to answer. */
export interface RingAgain {
  type: "ring_again";
  id: string;
  consult_id: string;
}

/** What an account may do; see `records.permissions`. */
export type Role = "administrator" | "community_doctor" | "interpreter" | "nurse" | "observer" | "specialist" | "station";

/** Who is in the room changed, who is muted, or what is asked of the operator. */
export interface RoomChanged {
  type: "room_changed";
  seq: number;
  room: RoomView;
}

/** The room is gone; media is closed. */
export interface RoomClosed {
  type: "room_closed";
  seq: number;
  consult_id: string;
  reason: string;
}

/** A consult's room as everyone in it sees it. */
export interface RoomView {
  consult_id: string;
  participants: Participant[];
  opened_at: string;
  tape: TapeView | null;
  guiding: GuidingView[];
  scanner: ScannerView | null;
}

/** Where no channel has a value. */
export interface SampleGap {
  first: number;
  count: number;
}

/** What the sealed sample file is held to. */
export interface SampleSeal {
  sha256: string;
  size_bytes: number;
  resident_id: string;
}

/** All stored samples of the asked range have been sent. */
export interface SamplesSent {
  type: "samples_sent";
  binding_id: string;
  first: number;
  count: number;
  stored_end: number;
}

/** The opinion as it stands; `version` is the one it was made from, 0 for the first. */
export interface SaveDraft {
  version: number;
  findings: string;
  impression: string;
  advice: Advice | null;
  advice_text: string;
  plan: PlanItem[];
}

/** The report as it stands; `version` is the one it was made from, 0 for the first.
 *
 * Saving keeps the claim. The machine's values stay beside the corrected ones. */
export interface SaveEcgReport {
  version: number;
  conclusion?: Conclusion | null;
  terms?: ChosenTerm[];
  text?: string;
  corrections?: Correction[];
  critical_value?: boolean | null;
}

/** The institution's phrases; `version` is the one they were made from, 0 for the list to start from. */
export interface SavePhrases {
  version: number;
  phrases: Phrase[];
}

/** Write a line to everybody in the consult. */
export interface SayChat {
  type: "say_chat";
  id: string;
  consult_id: string;
  text: string;
}

/** Why the station did not set what a pixel is worth. */
export type ScaleRefusal = "clicks_too_close" | "failed" | "gone_from_ring" | "no_depth_written" | "no_layout" | "nothing_to_watch" | "scale_absurd" | "several_pictures";

/** What may be asked of the scanner: the operator's hand does it, or an adapter that was allowed to. */
export type ScannerControl = "depth_less" | "depth_more" | "focus_deeper" | "focus_shallower" | "freeze" | "gain_down" | "gain_up" | "mode_b" | "mode_colour" | "mode_cw" | "mode_m" | "mode_power" | "mode_pw" | "save_clip" | "save_still" | "unfreeze";

/** What of a scanner can be turned from here: its controls, how far they go, and how it stands now. */
export interface ScannerOffer {
  controls: ScannerControl[];
  setting: ScannerSetting;
  depth_mm: ControlRange | null;
  gain_db: ControlRange | null;
}

/** How a scanner stands, by its own report. None: it does not say. */
export interface ScannerSetting {
  depth_mm: number | null;
  gain_db: number | null;
  frozen: boolean | null;
  mode: ScannerControl | null;
}

/** The scanner of the bound station, which can be turned from here, and whether it may be. */
export interface ScannerView {
  offer: ScannerOffer;
  allowed: TurningAllowed | null;
}

/** What each form comes to; to be checked by a clinician. */
export interface Scored {
  nodule: TiRads | null;
  breast: BiRads | null;
  fast: FastResult | null;
  echo: EchoScore | null;
}

/** A link that was made and not taken back, without its token. */
export interface ScreenLinkGiven {
  id: string;
  opened_by: PersonCard;
  expires_at: string;
  watching: boolean;
}

/** A link by which one teaching screen may watch one consult; the token is shown this once. */
export interface ScreenLinkMade {
  id: string;
  path: string;
  token: string;
  expires_at: string;
}

/** The links of a consult by which a screen watches or may still come, the oldest first. */
export interface ScreenLinks {
  links: ScreenLinkGiven[];
}

/** How much to send at most on an m-line from now on (`RTCRtpSender.setParameters`); 0: nothing. */
export interface SendAtMost {
  type: "send_at_most";
  peer_id: string;
  mid: string;
  kind: MediaKind;
  bits_per_second: number;
}

/** Where an entry stands. */
export type SendState = "failed" | "sending" | "sent" | "waiting";

/** Why a live consult cannot be called good, whatever its figures say. */
export type SessionConcern = "device_failed" | "participant_away" | "station_away" | "unmeasured";

/** Ended sessions, newest first. */
export interface SessionHistory {
  sessions: SessionScore[];
}

/** All sessions of the account. */
export interface SessionList {
  sessions: OwnSession[];
}

/** One ended session. A figure nobody reported is None, never 0. */
export interface SessionScore {
  consult_id: string;
  number: string;
  institution_id: string;
  specialty: string;
  began_at: string;
  ended_at: string;
  score: number | null;
  reports: number;
  round_trip_ms: number | null;
  loss_percent: number | null;
  ultrasound_fps: number | null;
  ultrasound_delay_ms: number | null;
  freezes: number | null;
  ecg_missing_samples: number | null;
  drops: Drop[];
  most_round_trip_ms: number | null;
  most_loss_percent: number | null;
}

/** The signed-in account and its session. */
export interface SessionView {
  account: Account;
  person: PersonCard;
  permissions: Permission[];
  demo: boolean;
  idle_timeout_s: number;
  expires_at: string;
  language: Language;
  password_change_needed: boolean;
}

/** One's own microphone as a stethoscope: unprocessed sound, shown to all. One in a room at a time. */
export interface SetAuscultation {
  type: "set_auscultation";
  id: string;
  consult_id: string;
  on: boolean;
}

/** Microphone and camera as they are now; held through reconnects. */
export interface SetMuted {
  type: "set_muted";
  id: string;
  consult_id: string;
  microphone_on: boolean;
  camera_on: boolean;
}

/** Set what a pixel of a grabbed picture is worth at the depth that is set now, by two places on the ruler
 * of the exact still. Its still is given anew, with the scale; or `PictureScaleRefused` follows. */
export interface SetPictureScale {
  type: "set_picture_scale";
  id: string;
  consult_id: string;
  still_id: string;
  points: [[number, number], [number, number]];
  apart_mm: number;
}

/** A specialist says whether she can be rung. */
export interface SetPresence {
  type: "set_presence";
  id: string;
  presence: Presence;
}

/** As registered. */
export type Sex = "female" | "male" | "unstated";

/** Choose one, in the transverse plane. */
export type Shape = "taller_than_wide" | "wider_than_tall";

/** Sign a profile off, in place of the one of the same card, size and layout. */
export interface SignCardProfile {
  version: number;
  profile: DeviceProfile;
  names_nobody: boolean;
}

/** Sign exactly this version. */
export interface SignEcgReport {
  version: number;
}

/** Name and password. */
export interface SignIn {
  sign_in_name: string;
  password: string;
}

/** Who looked at the masked picture and found nobody named, when, and at what: `digest` of the profile. */
export interface SignOff {
  by: string;
  at: string;
  digest: string;
}

/** Sign exactly this version. */
export interface SignOpinion {
  version: number;
}

/** The session ended (signed out, expired, disabled); the socket closes after this. */
export interface SignedOut {
  type: "signed_out";
  code: string;
}

/** What the thresholds of the white paper say of this size at this level. */
export type SizeAdvice = "fna" | "follow_up" | "none";

/** From now on this m-line carries that source; None: nothing. */
export interface SlotBound {
  type: "slot_bound";
  peer_id: string;
  mid: string;
  participant_id: string | null;
  kind: MediaKind;
}

/** Everything a client needs to start from; the events after it carry on from there. */
export interface Snapshot {
  consults: ConsultCard[];
  specialists: SpecialistCard[];
  stations: StationCard[];
  rooms: RoomView[];
  presence: Presence | null;
  unread_chat: Record<string, number>;
}

/** A specialist in the list of who can be asked. */
export interface SpecialistCard {
  person: PersonCard;
  specialties: string[];
  languages: Language[];
  presence: Presence;
  connected: boolean;
  in_call: boolean;
}

/** A specialist's presence or connection changed. */
export interface SpecialistChanged {
  type: "specialist_changed";
  seq: number;
  specialist: SpecialistCard;
}

/** A specialty a consult can be asked of; each has its own queue. */
export interface Specialty {
  code: string;
  name_zh: string;
  name_en: string;
}

/** Demo only: make something go wrong on one's own line in this consult. */
export interface SpoilLine {
  type: "spoil_line";
  id: string;
  consult_id: string;
  fault: LineFault;
}

/** Record the room. `Done.value` is the tape's id; `RoomView.tape` tells everyone when it runs. */
export interface StartTape {
  type: "start_tape";
  id: string;
  consult_id: string;
}

/** What a file says of its patient; empty: nothing. Shown to who uploads it, kept nowhere. */
export interface StatedPatient {
  patient_id: string;
  name: string;
  birth_date: string | null;
  sex: Sex | null;
  unreadable: boolean;
}

/** A station and its devices. */
export interface StationCard {
  id: string;
  name: string;
  institution_id: string;
  institution_name_zh: string;
  institution_name_en: string;
  connected: boolean;
  last_seen_at: string | null;
  ultrasound: DeviceState;
  ecg: DeviceState;
  device_error: string;
  simulated: boolean;
  bound_consult_id: string | null;
  last_test_at: string | null;
  last_test_passed: boolean | null;
  bearer: string;
  one_clock: boolean;
  picture_troubles: PictureTrouble[];
  picture_offset_bound_ms: number | null;
  exam_preset: ExamPreset | null;
}

/** A station came, went, or one of its devices changed. */
export interface StationChanged {
  type: "station_changed";
  seq: number;
  station: StationCard;
}

/** How the bound station's clock stands to the server's: station = server + offset.
 *
 * `ecg_drift_ppm`: how much slower than it says its ECG device counts samples, by the station's clock. None:
 * not known (yet), or the device has no clock of its own. */
export interface StationClock {
  type: "station_clock";
  binding_id: string;
  offset_us: number;
  uncertainty_us: number;
  ecg_drift_ppm: number | null;
}

/** A station's token, shown once; only its hash is kept. */
export interface StationToken {
  account_id: string;
  token: string;
}

/** Go from the frozen picture to another frame, for everybody: back below 0, on above. Followed by
 * `PictureFrozen`, or by `PictureNotStepped` where there is no such frame. */
export interface StepPicture {
  type: "step_picture";
  id: string;
  consult_id: string;
  by: number;
  unit?: StepUnit;
}

/** How far one step goes. */
export type StepUnit = "beat" | "frame";

/** Why there is no exact still of the frozen picture: it stays what each browser decoded. */
export type StillAbsence = "failed" | "gone_from_ring" | "no_ring" | "station_lost" | "too_large" | "too_slow";

/** An exact still: the frame as it was captured, after the mask. Fetched from
 * `/api/consults/{consult_id}/stills/{still_id}` as a PNG; it is EXACT only when its pixels have this hash.
 *
 * The hash is over the pixels row by row from the upper left, nothing between rows: one byte each when
 * `grey`, else red, green, blue. */
export interface StillCard {
  still_id: string;
  capture_us: number;
  frame_number: number;
  width: number;
  height: number;
  grey: boolean;
  pixels_sha256: string;
  png_bytes: number;
  masked: boolean;
  calibration: Calibration | null;
  simulated: boolean;
  mask_signed: boolean;
  came_in: LossyCodec | null;
}

/** An exact still of this room was kept with the record; told again for each time it is kept. */
export interface StillKept {
  type: "still_kept";
  seq: number;
  consult_id: string;
  still_id: string;
  kept_id: string;
  number: string;
  mark_ids: string[];
}

/** What was measured on a still, as the server reckoned it. */
export interface StillMeasurement {
  tool: PictureTool;
  points: ([number, number])[];
  value: number;
  unit: Unit;
  uncertainty: number;
  calibration: CalibrationSource;
  uncalibrated: Uncalibrated | null;
  angle_deg: number | null;
  label: string;
}

/** Record the room no more; anybody in it may stop it. */
export interface StopTape {
  type: "stop_tape";
  id: string;
  consult_id: string;
}

/** Where the samples came from. */
export type StudySource = "consult" | "file";

/** Where a study stands; `records.ecg_reading` has the table of what leads where. */
export type StudyState = "final" | "reading" | "rejected" | "signed" | "waiting";

/** 危急, 紧急, 常规: the reading list is ordered by it first; each has a target time. */
export type StudyUrgency = "critical" | "routine" | "urgent";

/** Answer a returned request; it takes its old place in the queue. */
export interface SupplyInformation {
  type: "supply_information";
  id: string;
  consult_id: string;
  question: string;
}

/** The guide takes back what is not answered. */
export interface TakeBackGuiding {
  type: "take_back_guiding";
  id: string;
  consult_id: string;
  guiding_id: string;
}

/** Keep the last seconds before the frozen frame, or before now, with the record. `Done.value` is its id.
 * `ClipChanged` tells what becomes of it, also when the binding has ended meanwhile. */
export interface TakeClip {
  type: "take_clip";
  id: string;
  consult_id: string;
  seconds?: number;
}

/** Keep ten seconds of the bound station's ECG. */
export interface TakeEcg {
  request_id: string;
  binding_id: string;
  first?: number | null;
  next_ten?: boolean;
  urgency?: StudyUrgency;
  indication?: string;
  repeats?: string | null;
}

/** Write a due opinion in another specialist's place, with a reason that the asker sees.
 *
 * Possible when it was offered, and for the whole specialty once `ConsultCard.opinion_free`: it is overdue,
 * its specialist's account cannot sign any more, or an administrator reassigned it. Of two at the same
 * instant exactly one gets it. */
export interface TakeOpinion {
  type: "take_opinion";
  id: string;
  consult_id: string;
  reason: string;
}

/** One recording of a consult's room. */
export interface Tape {
  id: string;
  consult_id: string;
  resident_id: string;
  consent_id: string;
  started_by: string;
  started_at: string;
  simulated: boolean;
  ended_at: string | null;
  end: TapeEnd | null;
  seal: TapeSeal | null;
  due_at: string | null;
  hold: LegalHold | null;
  deleted_at: string | null;
}

/** What everybody in the room was sent at a moment: a message with its `type`. */
export interface TapeAct {
  at_us: number;
  message: Record<string, unknown>;
}

/** What is on a tape. */
export interface TapeContents {
  begin_us: number;
  end_us: number;
  tracks: TapeTrack[];
  acts: TapeAct[];
  losses: TapeLoss[];
}

/** The ECG of a binding that ran while the tape did; its samples are stored under the recording. */
export interface TapeEcg {
  binding_id: string;
  recording: EcgRecording;
}

/** Why a tape ended. */
export type TapeEnd = "broke_off" | "failed" | "room_closed" | "stopped" | "withdrawn";

/** The tapes of a consult, oldest first. */
export interface TapeList {
  tapes: Tape[];
}

/** Records that did not get onto the tape before a moment. */
export interface TapeLoss {
  at_us: number;
  records: number;
}

/** One tape as a player needs it. */
export interface TapePage {
  tape: Tape;
  number: string;
  resident: ResidentCard;
  contents: TapeContents;
  ecgs: TapeEcg[];
  whole: boolean;
  chest_pain: ChestPainClock | null;
}

/** What a finished tape is held to. */
export interface TapeSeal {
  fragments: number;
  size_bytes: number;
  digest: string;
  begin_us: number | null;
  end_us: number | null;
}

/** Whether a room is being recorded. */
export type TapeState = "failed" | "interrupted" | "running";

/** One kind of stream of one participant, over all its starts. */
export interface TapeTrack {
  number: number;
  participant_id: string;
  kind: MediaKind;
  begin_us: number;
  end_us: number;
  packets: number;
  keys_us: number[];
}

/** The tape of a room as everyone in it sees it. */
export interface TapeView {
  tape_id: string;
  state: TapeState;
  since: string;
}

/** How long it may take from one moment to another. */
export interface TargetTime {
  since: ChestPainMoment;
  until: ChestPainMoment;
  minutes: number;
  source: string;
}

/** One coded term. */
export interface Term {
  code: string;
  group: TermGroup;
  zh: string;
  en: string;
}

/** Under which heading a term is listed. */
export type TermGroup = "av_conduction" | "axis_voltage" | "hypertrophy" | "infarction" | "intraventricular_conduction" | "paced" | "sinus" | "st_t_u" | "supraventricular" | "technical" | "ventricular";

/** The points, the level, and what the thresholds say of the size. */
export interface TiRads {
  points: number;
  level: Level | null;
  advice: SizeAdvice | null;
}

/** Say how one view of an opened protocol was obtained; `open` takes that back.
 *
 * The last one stands, and every one is kept. */
export interface TickView {
  type: "tick_view";
  id: string;
  consult_id: string;
  protocol: ViewProtocol;
  view: string;
  state: ViewState;
  still_id?: string | null;
}

/** The ruler as it was found (`ultrasound.ruler.finding.Ruler`), by which another depth shows. */
export interface Ticks {
  spacing_px: number;
  spacing_uncertainty: number;
  rows_px: number[];
  slots: number[];
  left_px: number;
  right_px: number;
  major_every: number | null;
}

/** Who says when the ECG was taken. */
export type TimeSource = "file" | "person" | "station";

/** What was seen, of one or more forms. */
export interface ToScore {
  nodule?: Nodule | null;
  breast?: Breast | null;
  fast?: Fast | null;
  echo?: Echo | null;
}

/** Counts since midnight at the server. */
export interface TodayFigures {
  asked: number;
  accepted: number;
  signed: number;
  returned: number;
  cancelled: number;
  median_wait_s: number | null;
  longest_wait_s: number | null;
}

/** Which way. */
export type Toward = "clockwise" | "counterclockwise" | "feet" | "from_marker" | "head" | "oclock" | "patient_left" | "patient_right" | "to_marker";

/** Who may turn the scanner, who allowed it, and since when. */
export interface TurningAllowed {
  by_name: string;
  specialist_id: string;
  specialist_name: string;
  since: string;
}

/** A vital sign typed in; stored and shown as typed. */
export interface TypedReading {
  kind: ReadingKind;
  value: number;
  measured_at: string;
}

/** A kept clip: a file in sealed parts (`records.clip_file`). Only its resident may turn out another. */
export interface UltrasoundClip {
  id: string;
  number: string;
  resident_id: string;
  institution_id: string;
  consult_id: string;
  binding_id: string;
  station_id: string;
  asked_by: string;
  kept_at: string;
  taken_at: string;
  from_us: number;
  until_us: number;
  frames: number;
  size_bytes: number;
  sha256: string;
  masked: boolean;
  simulated: boolean;
  parts: SampleSeal[];
  mask_signed: boolean;
}

/** An exam as lists show it. `taken_on` is as the archive says it, where it does. */
export interface UltrasoundExam {
  id: string;
  source: ExamSource;
  taken_on: string | null;
  description: string;
  institution: string;
  consult_id: string | null;
  consult_number: string;
  archive: string;
  stills: number;
  clips: number;
  instances: number | null;
  state: ExamState;
  trouble: ArchiveTrouble | null;
}

/** A resident's exams, the latest first; of an archive's only those that are hers by their own words. */
export interface UltrasoundExamList {
  resident_id: string;
  exams: UltrasoundExam[];
  archives: ArchiveSearch[];
}

/** One exam. An archive's is fetched when it is first asked for: ask again while it is `coming`. */
export interface UltrasoundExamPage {
  resident_id: string;
  exam: UltrasoundExam;
  series: ExamSeries[];
  ecgs: ExamEcg[];
  unreadable: number;
}

/** A kept still. It never changes, but for the resident it was really of. */
export interface UltrasoundStill {
  id: string;
  number: string;
  resident_id: string;
  institution_id: string;
  consult_id: string;
  binding_id: string;
  station_id: string;
  still_id: string;
  kept_by: string;
  kept_at: string;
  taken_at: string;
  capture_us: number;
  frame_number: number;
  width: number;
  height: number;
  grey: boolean;
  pixels_sha256: string;
  masked: boolean;
  calibration: Calibration | null;
  simulated: boolean;
  seal: SampleSeal;
  mask_signed: boolean;
  marks: Mark[];
  measurements: StillMeasurement[];
  came_in: LossyCodec | null;
}

/** Why a value stands in pixels. */
export type Uncalibrated = "no_regions" | "outside_regions" | "region_faulty" | "units_do_not_fit";

/** Take back one's own last mark on the frozen picture. */
export interface UndoMark {
  type: "undo_mark";
  id: string;
  consult_id: string;
}

/** Go live again, for everybody. What was drawn on frozen frames is kept with them. */
export interface UnfreezePicture {
  type: "unfreeze_picture";
  id: string;
  consult_id: string;
}

/** UCUM codes (ucum.org), and pixels, which are no unit of anything physical. */
export type Unit = "%" | "/min" | "1" | "cm" | "cm/s" | "cm/s2" | "cm2" | "deg" | "mL" | "mm" | "mm/s" | "mm2" | "mm[Hg]" | "ms" | "px" | "px2";

/** What goes along with an ECG file: the part `about` of the form, before the files.
 *
 * The resident is who the address names, whatever the file says. What the file says otherwise has to be
 * confirmed by its name in `confirmed`; until then nothing is kept. */
export interface UploadEcg {
  request_id: string;
  urgency?: StudyUrgency;
  indication?: string;
  specialty?: string | null;
  taken_at?: string | null;
  confirmed?: Difference[];
  repeats?: string | null;
}

/** 常规, 加急, 紧急; the queue is ordered by it first. */
export type Urgency = "emergency" | "expedited" | "routine";

/** Which checklist. */
export type ViewProtocol = "aaa" | "biliary" | "dvt" | "echo" | "efast" | "fast" | "lung12" | "lung8" | "ob_first" | "ob_later" | "renal" | "thyroid";

/** How a view was obtained. It says nothing of what was found. */
export type ViewState = "adequate" | "limited" | "not_obtained" | "open";

/** How one view was obtained. */
export interface ViewTick {
  view: string;
  state: ViewState;
  by_name: string;
  at: string;
  still_id: string | null;
  still_number: string;
}

/** Who looked at a scanner's screen and answers for it that it names nobody; nothing masks an encoder. */
export interface VouchedEncoder {
  by: string;
  by_name: string;
  at: string;
}

/** For a browser that cannot read the ECG's RTP stream: send a binding's META and, from now on, its new
 * samples over this socket. */
export interface WantLiveSamples {
  type: "want_live_samples";
  binding_id: string;
  on: boolean;
}

/** Begin or stop receiving `DashboardFigures` every 2 s. */
export interface WatchDashboard {
  type: "watch_dashboard";
  id: string;
  on: boolean;
}

/** The answer to `Hello`. */
export interface Welcome {
  type: "welcome";
  account_id: string;
  seq: number;
  resumed: boolean;
  snapshot: Snapshot | null;
  server_us: number;
  demo: boolean;
}

/** Where it was looked. */
export type Window = "left_lung" | "left_upper" | "pelvis" | "pericardium" | "right_lung" | "right_upper";

/** What was seen there: free fluid, or in the chest no sliding. */
export type WindowResult = "indeterminate" | "negative" | "positive";

/** The consent to being recorded ends, whichever side says so; a running tape stops at once. */
export interface WithdrawRecordingConsent {
  type: "withdraw_recording_consent";
  id: string;
  consult_id: string;
}

/** A place as it looked, one byte of grey a pixel: where the depth is written, or a mark was clicked. */
export interface Writing {
  place: Box;
  grey: string;
}

export type ClientMessage =
  | Hello
  | ProbeClock
  | SetPresence
  | RequestConsult
  | SupplyInformation
  | CancelConsult
  | AcceptConsult
  | DeclineConsult
  | RingAgain
  | ReturnConsult
  | HandOver
  | TakeOpinion
  | ReassignOpinion
  | AddSpecialist
  | InviteGuest
  | DismissGuest
  | ConfirmIdentity
  | RecordConsent
  | ConsentToRecording
  | WithdrawRecordingConsent
  | StartTape
  | StopTape
  | BindStation
  | ChooseExamPreset
  | ReleaseStation
  | ReportDeviceCheck
  | MoveRecording
  | JoinRoom
  | LeaveRoom
  | AnswerMedia
  | RestartMedia
  | SetMuted
  | SetAuscultation
  | PublishUltrasound
  | FreezePicture
  | StepPicture
  | SetPictureScale
  | UnfreezePicture
  | DrawMark
  | UndoMark
  | ClearMarks
  | TakeClip
  | EnterChestPainMoment
  | OpenChecklist
  | TickView
  | GuideProbe
  | RequestControl
  | AnswerGuiding
  | AllowTurning
  | TakeBackGuiding
  | SayChat
  | EndConsult
  | ForceEnd
  | AcknowledgeOpinion
  | WatchDashboard
  | ForceFault
  | SpoilLine
  | NeedSamples
  | WantLiveSamples
  | PointAt
  | MeasureEcg
  | MeasurePicture
  | ReportClock
  | ReportPicture
  | ReportQuality;

export type ServerMessage =
  | Done
  | Refused
  | Welcome
  | ConsultChanged
  | ConsultGone
  | SpecialistChanged
  | StationChanged
  | RoomChanged
  | RoomClosed
  | ChatSaid
  | PictureFrozen
  | StillKept
  | MeasurementDerived
  | ClipChanged
  | MarkDrawn
  | MarkUndone
  | MarksCleared
  | ReadingTaken
  | OpinionSigned
  | EcgStudyChanged
  | ClockProbed
  | StationClock
  | MediaOffer
  | SlotBound
  | SendAtMost
  | LineReduced
  | PictureShown
  | MediaLost
  | PointerMoved
  | PictureNotStepped
  | PictureScaleRefused
  | MarkPassing
  | PictureMeasured
  | EcgBeingTaken
  | EcgMeasured
  | EcgQuality
  | PublisherClock
  | PublisherPicture
  | SamplesSent
  | DashboardFigures
  | SignedOut;
