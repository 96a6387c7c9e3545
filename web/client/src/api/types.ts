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

/** 处置建议: what the invited specialist advises; the treating doctor decides. */
export type Advice = "more_tests" | "observe" | "outpatient" | "transfer";

/** `NONE_KNOWN` was asked and denied; `NOT_ASKED` says nothing about the resident. */
export type AllergyStatus = "listed" | "none_known" | "not_asked";

/** The SDP answer (RFC 3264) to the `MediaOffer` with this `peer_id`. */
export interface AnswerMedia {
  type: "answer_media";
  id: string;
  peer_id: string;
  sdp: string;
}

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

/** The asker takes the request back. */
export interface CancelConsult {
  type: "cancel_consult";
  id: string;
  consult_id: string;
  reason: string;
}

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

/** Take all drawings away, for everybody. */
export interface ClearDrawings {
  type: "clear_drawings";
  id: string;
  consult_id: string;
}

/** Second and third stamp of a four-stamp exchange. */
export interface ClockProbed {
  type: "clock_probed";
  sent_us: number;
  received_us: number;
  answered_us: number;
}

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
  identity_check: IdentityCheck | null;
  consent: Consent | null;
  opinion: Opinion | null;
  recordings: EcgRecording[];
  prior_recordings: EcgRecording[];
}

/** Where a consult stands. */
export type ConsultState = "accepted" | "cancelled" | "closed" | "in_call" | "opinion_due" | "returned" | "signed" | "waiting";

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

/** A device at a station, as the station sees it. */
export type DeviceState = "failed" | "missing" | "ready" | "running";

/** Names for the codes and ids that other messages carry. */
export interface Directory {
  institutions: Institution[];
  departments: Department[];
  specialties: Specialty[];
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

/** Draw on the ultrasound frame of one instant. `Done.value` is the stroke's id. */
export interface DrawStroke {
  type: "draw_stroke";
  id: string;
  consult_id: string;
  shape: StrokeShape;
  points: ([number, number])[];
  capture_us: number;
}

/** There are no drawings any more. */
export interface DrawingsCleared {
  type: "drawings_cleared";
  seq: number;
  consult_id: string;
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

/** Several vital signs at once. */
export interface EnterReadings {
  readings: TypedReading[];
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

/** Somebody looks at a still frame; None: at the live picture again. */
export interface FrameHeld {
  type: "frame_held";
  consult_id: string;
  participant_id: string;
  capture_us: number | null;
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

/** The sender looks at a still frame; the others keep theirs of that instant. None: live again. */
export interface HoldFrame {
  type: "hold_frame";
  consult_id: string;
  capture_us: number | null;
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

/** Languages of the screens and of consults (BCP 47). */
export type Language = "en" | "zh";

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

/** A physician moves a recording that was taken under the wrong resident, with a reason. */
export interface MoveRecording {
  type: "move_recording";
  id: string;
  recording_id: string;
  to_resident_id: string;
  reason: string;
}

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

/** One of the account's own sessions. */
export interface OwnSession {
  id: string;
  started_at: string;
  last_used_at: string;
  address: string;
  is_this: boolean;
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
export type Permission = "acknowledge_opinion" | "answer_request" | "anyone" | "auscultate" | "bind_station" | "emergency_access" | "end_consult" | "enter_readings" | "fault_panel" | "force_end" | "hold_tapes" | "invite_guest" | "join_room" | "let_screen_watch" | "manage_accounts" | "manage_institutions" | "mark_picture" | "move_recording" | "prepare_request" | "publish_ultrasound" | "reassign_opinion" | "record_consult" | "register_residents" | "review_emergency_access" | "run_station" | "search_audit" | "see_dashboard" | "see_devices" | "see_residents" | "sign_opinion" | "signed_in" | "take_consent" | "watch_by_link" | "write_opinion";

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

/** One line of the follow-up plan. */
export interface PlanItem {
  text: string;
  due_on: string | null;
  owner: string;
}

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

/** What a specialist says of herself. */
export type Presence = "available" | "away" | "busy";

/** First stamp of a four-stamp exchange (RFC 5905 section 8). Answered by `ClockProbed`. */
export interface ProbeClock {
  type: "probe_clock";
  sent_us: number;
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

/** End a binding; the station stops acquiring. */
export interface ReleaseStation {
  type: "release_station";
  id: string;
  binding_id: string;
}

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

/** Who is in the room changed, or who is muted. */
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

/** Write a line to everybody in the consult. */
export interface SayChat {
  type: "say_chat";
  id: string;
  consult_id: string;
  text: string;
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

/** A specialist says whether she can be rung. */
export interface SetPresence {
  type: "set_presence";
  id: string;
  presence: Presence;
}

/** As registered. */
export type Sex = "female" | "male" | "unstated";

/** Name and password. */
export interface SignIn {
  sign_in_name: string;
  password: string;
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
}

/** A station came, went, or one of its devices changed. */
export interface StationChanged {
  type: "station_changed";
  seq: number;
  station: StationCard;
}

/** How the bound station's clock stands to the server's: station = server + offset. */
export interface StationClock {
  type: "station_clock";
  binding_id: string;
  offset_us: number;
  uncertainty_us: number;
}

/** A station's token, shown once; only its hash is kept. */
export interface StationToken {
  account_id: string;
  token: string;
}

/** Record the room no more; anybody in it may stop it. */
export interface StopTape {
  type: "stop_tape";
  id: string;
  consult_id: string;
}

/** A drawing on one frame of the ultrasound, and on no other. */
export interface Stroke {
  id: string;
  participant_id: string;
  shape: StrokeShape;
  points: ([number, number])[];
  capture_us: number;
}

/** Somebody drew on a frame. Who enters a room gets every stroke of it again, after `DrawingsCleared`. */
export interface StrokeDrawn {
  type: "stroke_drawn";
  seq: number;
  consult_id: string;
  stroke: Stroke;
}

/** How a drawing's points are joined. */
export type StrokeShape = "arrow" | "freehand";

/** Answer a returned request; it takes its old place in the queue. */
export interface SupplyInformation {
  type: "supply_information";
  id: string;
  consult_id: string;
  question: string;
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

/** A vital sign typed in; stored and shown as typed. */
export interface TypedReading {
  kind: ReadingKind;
  value: number;
  measured_at: string;
}

/** 常规, 加急, 紧急; the queue is ordered by it first. */
export type Urgency = "emergency" | "expedited" | "routine";

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

/** The consent to being recorded ends, whichever side says so; a running tape stops at once. */
export interface WithdrawRecordingConsent {
  type: "withdraw_recording_consent";
  id: string;
  consult_id: string;
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
  | DrawStroke
  | ClearDrawings
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
  | HoldFrame
  | ReportClock
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
  | StrokeDrawn
  | DrawingsCleared
  | ReadingTaken
  | OpinionSigned
  | ClockProbed
  | StationClock
  | MediaOffer
  | SlotBound
  | SendAtMost
  | LineReduced
  | PictureShown
  | MediaLost
  | PointerMoved
  | FrameHeld
  | PublisherClock
  | SamplesSent
  | DashboardFigures
  | SignedOut;
