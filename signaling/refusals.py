"""Every refusal: a stable code for programs, a sentence in each language for people."""

import enum

from records.accounts import Language
from records.errors import Conflict, NotFound, RecordsError, RuleBroken


class Refusal(enum.StrEnum):
    """Why a message was refused. The values never change their meaning."""

    UNREADABLE = "unreadable"
    UNKNOWN_MESSAGE = "unknown_message"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    HELLO_FIRST = "hello_first"
    CLIENT_ID_TAKEN = "client_id_taken"
    TOO_MANY_TABS = "too_many_tabs"
    SIGNED_OUT = "signed_out"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    CHANGED_MEANWHILE = "changed_meanwhile"
    RULE_BROKEN = "rule_broken"
    WRONG_STATE = "wrong_state"
    TAKEN_BY_ANOTHER = "taken_by_another"
    REASON_NEEDED = "reason_needed"
    QUESTION_NEEDED = "question_needed"
    ALREADY_ASKED = "already_asked"
    TEXT_NEEDED = "text_needed"
    TEXT_TOO_LONG = "text_too_long"
    NO_SUCH_SPECIALTY = "no_such_specialty"
    NO_SUCH_SPECIALIST = "no_such_specialist"
    ALREADY_IN_CONSULT = "already_in_consult"
    NO_SUCH_GUEST = "no_such_guest"
    AGREEMENT_MISSING = "agreement_missing"
    ROOM_FULL = "room_full"
    AUSCULTATION_TAKEN = "auscultation_taken"
    MICROPHONE_OFF = "microphone_off"
    ULTRASOUND_TAKEN = "ultrasound_taken"
    NOBODY_VOUCHES = "nobody_vouches"
    TOO_MANY_DRAWINGS = "too_many_drawings"
    NO_PICTURE = "no_picture"
    NOT_FROZEN = "not_frozen"
    FRAME_CHANGED = "frame_changed"
    NO_RING = "no_ring"
    NO_BEATS = "no_beats"
    NOT_EXACT = "not_exact"
    NOTHING_TO_UNDO = "nothing_to_undo"
    TWO_IDENTIFIERS_NEEDED = "two_identifiers_needed"
    WITNESS_NEEDED = "witness_needed"
    SIGNATURE_NEEDED = "signature_needed"
    IDENTITY_NOT_CONFIRMED = "identity_not_confirmed"
    CONSENT_MISSING = "consent_missing"
    CONSENT_OPEN = "consent_open"
    RECORDING_CONSENT_MISSING = "recording_consent_missing"
    TAPE_RUNS = "tape_runs"
    NO_SUCH_STATION = "no_such_station"
    STATION_OFFLINE = "station_offline"
    STATION_STILL_BOUND = "station_still_bound"
    NOT_BOUND = "not_bound"
    NOT_SAMPLES = "not_samples"
    TOO_FEW_SAMPLES = "too_few_samples"
    RHYTHM_ONLY = "rhythm_only"
    CLOCK_UNKNOWN = "clock_unknown"
    NOT_IN_ROOM = "not_in_room"
    NO_SUCH_PEER = "no_such_peer"
    MEDIA_UNAVAILABLE = "media_unavailable"
    MEDIA_ANSWER_BAD = "media_answer_bad"
    TOO_MANY_SCREENS = "too_many_screens"
    OUT_OF_RANGE = "out_of_range"
    TIME_IMPOSSIBLE = "time_impossible"
    DEMO_ONLY = "demo_only"
    SERVER_FAULT = "server_fault"


_ZH_EN: dict[Refusal, tuple[str, str]] = {
    Refusal.UNREADABLE: (
        "消息无法读取，未作任何更改。",
        "The message could not be read; nothing was changed.",
    ),
    Refusal.UNKNOWN_MESSAGE: (
        "服务器不认识这种消息，请刷新页面。",
        "The server does not know this kind of message; reload the page.",
    ),
    Refusal.TOO_LARGE: ("消息过大，未作任何更改。", "The message is too large; nothing was changed."),
    Refusal.RATE_LIMITED: ("操作过于频繁，请稍候再试。", "Too many messages; wait a moment and try again."),
    Refusal.HELLO_FIRST: (
        "连接尚未建立完成，请刷新页面。",
        "The connection has not been introduced yet; reload the page.",
    ),
    Refusal.CLIENT_ID_TAKEN: (
        "此页面标识属于另一个账号，请刷新页面。",
        "This page's identifier belongs to another account; reload the page.",
    ),
    Refusal.TOO_MANY_TABS: (
        "此账号同时打开的页面过多，本页已停止更新；请关闭其他页面后刷新。",
        "Too many pages of this account are open; this one no longer follows. Close others, then reload.",
    ),
    Refusal.SIGNED_OUT: ("您已退出登录，请重新登录。", "You are signed out; sign in again."),
    Refusal.NOT_ALLOWED: ("您的岗位没有此项权限。", "Your role does not allow this."),
    Refusal.NOT_FOUND: (
        "没有找到，或不在您可查看的范围内。",
        "There is no such thing, or it is not yours to see.",
    ),
    Refusal.CHANGED_MEANWHILE: (
        "内容刚被他人更改，请查看最新状态后重试。",
        "Somebody changed this meanwhile; look at it again and retry.",
    ),
    Refusal.RULE_BROKEN: ("按规定不能这样做。", "A rule forbids this."),
    Refusal.WRONG_STATE: (
        "会诊当前状态下不能进行此操作。",
        "The consult's present state does not allow this.",
    ),
    Refusal.TAKEN_BY_ANOTHER: ("该会诊已被其他专家接受。", "Another specialist has taken this consult."),
    Refusal.REASON_NEEDED: ("请填写原因。", "A reason is needed."),
    Refusal.ALREADY_ASKED: (
        "该居民在此专科已有未结束的会诊申请；如确需另行申请，请确认后再发送。",
        "This resident has an open consult with this specialty already; confirm if another one is needed.",
    ),
    Refusal.QUESTION_NEEDED: ("请填写会诊目的。", "The question of the consult is needed."),
    Refusal.TEXT_NEEDED: ("内容不能为空。", "The text is empty."),
    Refusal.TEXT_TOO_LONG: ("文字过长，请缩短。", "The text is too long; shorten it."),
    Refusal.NO_SUCH_SPECIALTY: ("没有这个专科。", "There is no such specialty."),
    Refusal.NO_SUCH_SPECIALIST: ("没有这位专家，或该账号已停用。", "There is no such specialist."),
    Refusal.ALREADY_IN_CONSULT: ("这位专家已在该会诊中。", "This specialist is in the consult already."),
    Refusal.NO_SUCH_GUEST: (
        "没有这位翻译或观摩人员，或该账号已停用。",
        "There is no such interpreter or observer.",
    ),
    Refusal.AGREEMENT_MISSING: (
        "请先征得居民同意，再邀请其他人进入。",
        "Ask the resident first: nobody else enters without agreement.",
    ),
    Refusal.ROOM_FULL: (
        "会诊室已满：须有人离开后才能进入。",
        "The room is full: somebody must leave first.",
    ),
    Refusal.AUSCULTATION_TAKEN: (
        "另一位参与者正在听诊，请等其结束。",
        "Somebody else is auscultating; wait until that has ended.",
    ),
    Refusal.MICROPHONE_OFF: (
        "听诊需要打开麦克风。",
        "Auscultation needs the microphone: turn it on first.",
    ),
    Refusal.NOBODY_VOUCHES: (
        "编码器的画面不经遮盖，尚无管理员确认其不显示居民身份信息，未接入。",
        "Nothing masks an encoder's picture, and no administrator answers for it; it is not let in.",
    ),
    Refusal.ULTRASOUND_TAKEN: (
        "另一台电脑正在发送超声画面，请等其停止。",
        "Another computer is sending the ultrasound; wait until that has ended.",
    ),
    Refusal.TOO_MANY_DRAWINGS: (
        "标注已达上限，请先清除。",
        "There are too many marks; clear them first.",
    ),
    Refusal.NO_PICTURE: (
        "会诊室内没有超声画面。",
        "There is no ultrasound picture in this room.",
    ),
    Refusal.NOT_FROZEN: (
        "画面未冻结，请先冻结。",
        "The picture is not frozen; freeze it first.",
    ),
    Refusal.FRAME_CHANGED: (
        "画面已换到另一帧，请在当前帧上重新操作。",
        "The picture stands at another frame by now; do it again on that one.",
    ),
    Refusal.NO_RING: (
        "此画面来自采集卡或其他设备，没有逐帧保存，不能逐帧或逐搏查看。",
        "This picture comes from a capture card or another device: no frames are kept to step to.",
    ),
    Refusal.NO_BEATS: (
        "没有心电，不能逐搏查看。",
        "There is no ECG, so no step goes by beats.",
    ),
    Refusal.NOT_EXACT: (
        "仅可在原始帧上测量：此帧尚未取得或已不在会诊室内。",
        "Only an exact still is measured: this one has not come, or is not the frozen picture any more.",
    ),
    Refusal.NOTHING_TO_UNDO: (
        "此帧上没有您的标注可撤销。",
        "There is no mark of yours on this frame to take back.",
    ),
    Refusal.TWO_IDENTIFIERS_NEEDED: (
        "请核对两种不同的身份信息。",
        "Two different identifiers must be compared.",
    ),
    Refusal.WITNESS_NEEDED: ("口头同意需要填写见证人。", "Oral consent needs the name of a witness."),
    Refusal.SIGNATURE_NEEDED: ("请让居民在屏幕上签名。", "The resident's signature is needed."),
    Refusal.IDENTITY_NOT_CONFIRMED: ("请先核对居民身份。", "Confirm the resident's identity first."),
    Refusal.CONSENT_MISSING: ("请先取得并记录居民的知情同意。", "Record the resident's consent first."),
    Refusal.CONSENT_OPEN: (
        "紧急情况下延后的知情同意尚未补办，补办后才能结束。",
        "The consent that was deferred in the emergency is still open; make up for it first.",
    ),
    Refusal.RECORDING_CONSENT_MISSING: (
        "没有居民对录像的有效同意，不能录像。",
        "There is no consent of the resident's to recording that holds; nothing is recorded.",
    ),
    Refusal.TAPE_RUNS: ("已在录像。", "The consult is being recorded already."),
    Refusal.NO_SUCH_STATION: (
        "没有这个站点，或它不属于您的机构。",
        "Your institution has no such station.",
    ),
    Refusal.STATION_OFFLINE: ("站点未连接。", "The station is not connected."),
    Refusal.STATION_STILL_BOUND: (
        "采集仍在进行，请先释放设备。",
        "Acquisition is still running; release it first.",
    ),
    Refusal.NOT_BOUND: ("该站点未绑定此会诊。", "The station has no such binding."),
    Refusal.NOT_SAMPLES: ("心电数据包无法识别。", "These bytes are not an ECG packet."),
    Refusal.TOO_FEW_SAMPLES: (
        "可用的心电不足 10 秒，请稍候再采集。",
        "There are not ten seconds of ECG to take yet; wait a moment and take it again.",
    ),
    Refusal.RHYTHM_ONLY: (
        "此心电仅供判读节律，不含十二导联中的任何一个，不能采集存档。",
        "This ECG is for rhythm only: it has none of the twelve leads, so no ten seconds are taken of it.",
    ),
    Refusal.CLOCK_UNKNOWN: (
        "尚不知站点时钟与服务器的时差，已结束绑定的心电暂不接收。",
        "How the station's clock stands is not known yet: no samples of an ended binding are taken before.",
    ),
    Refusal.NOT_IN_ROOM: ("您不在该会诊室内。", "You are not in this consult's room."),
    Refusal.NO_SUCH_PEER: (
        "该音视频连接已被更换，请使用新的连接。",
        "This media connection has been replaced by a newer one.",
    ),
    Refusal.MEDIA_UNAVAILABLE: (
        "音视频服务暂不可用，正在恢复。",
        "The media service is not available at the moment; it is being restored.",
    ),
    Refusal.MEDIA_ANSWER_BAD: (
        "浏览器的音视频应答无效，请重新连接。",
        "The browser's media answer is not valid; connect again.",
    ),
    Refusal.TOO_MANY_SCREENS: (
        "此会诊的教学屏链接已达上限，请先收回一个。",
        "This consult has as many links for teaching screens as it may; take one back first.",
    ),
    Refusal.TIME_IMPOSSIBLE: (
        "时刻不能在将来，也不能早于 31 天前。",
        "The time is in the future, or more than 31 days ago.",
    ),
    Refusal.OUT_OF_RANGE: ("数值超出允许范围。", "A value is out of range."),
    Refusal.DEMO_ONLY: ("此功能仅在演示中可用。", "This is available in the demo only."),
    Refusal.SERVER_FAULT: (
        "服务器发生故障，操作未完成；请重试，若仍失败请联系管理员。",
        "The server failed and the action was not completed; try again, then tell the administrator.",
    ),
}


def sentence(refusal: Refusal, language: Language) -> str:
    """Say a refusal to a person."""
    zh, en = _ZH_EN[refusal]
    return zh if language is Language.ZH else en


def refusal_of(error: RecordsError) -> Refusal:
    """Translate what the records object to into the code it is answered with."""
    match error:
        case NotFound():
            return Refusal.NOT_FOUND
        case Conflict():
            return Refusal.CHANGED_MEANWHILE
        case RuleBroken():
            return Refusal.RULE_BROKEN
    return Refusal.SERVER_FAULT
