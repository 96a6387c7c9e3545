"""What can go wrong at the door, and the one place that tells it to programs and people.

WebError
├── Refused               a request was refused; `code` is stable, nothing has changed
└── UndeclaredRoute       a route declares no permission: the server does not start
"""

import enum
import json
import logging
from collections.abc import Mapping

import msgspec
from aiohttp.web import HTTPException, HTTPMethodNotAllowed, HTTPNotFound, HTTPRequestEntityTooLarge, Response

from records.accounts import Language
from records.errors import Conflict, NotFound, RuleBroken, SealBroken, StoreError
from records.exchange.apart import WorkFailed
from signaling.errors import Refused as MessageRefused
from web.routes.problem import Problem

log = logging.getLogger(__name__)


class ProblemCode(enum.StrEnum):
    """Why a request was refused. The values never change their meaning."""

    UNREADABLE = "unreadable"
    NOT_JSON = "not_json"
    NOT_SDP = "not_sdp"
    NOT_A_FORM = "not_a_form"
    BAD_SDP = "bad_sdp"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BAD_FIELDS = "bad_fields"
    SIGNED_OUT = "signed_out"
    WRONG_SIGN_IN = "wrong_sign_in"
    WRONG_PASSWORD = "wrong_password"
    WRONG_CODE = "wrong_code"
    WEAK_PASSWORD = "weak_password"
    PASSWORD_CHANGE_NEEDED = "password_change_needed"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    WRONG_HOST = "wrong_host"
    WRONG_ORIGIN = "wrong_origin"
    UPGRADE_WITH_BODY = "upgrade_with_body"
    RATE_LIMITED = "rate_limited"
    TOO_MANY_SOCKETS = "too_many_sockets"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NAME_TAKEN = "name_taken"
    RULE_BROKEN = "rule_broken"
    OPINION_INCOMPLETE = "opinion_incomplete"
    OPINION_SIGNED = "opinion_signed"
    SIMULATED_DATA = "simulated_data"
    NOT_THE_SPECIALIST = "not_the_specialist"
    WRONG_STATE = "wrong_state"
    NOT_AN_ECG = "not_an_ecg"
    NOT_A_PICTURE = "not_a_picture"
    TOO_FEW_SAMPLES = "too_few_samples"
    RHYTHM_ONLY = "rhythm_only"
    SAMPLES_CHANGED = "samples_changed"
    ECG_STATE = "ecg_state"
    ECG_TAKEN = "ecg_taken"
    ECG_NOT_CLAIMED = "ecg_not_claimed"
    OWN_SIGNATURE = "own_signature"
    REPORT_INCOMPLETE = "report_incomplete"
    REPORT_SIGNED = "report_signed"
    CRITICAL_VALUE_NEEDED = "critical_value_needed"
    REPORT_FONT = "report_font"
    REPORT_LETTER = "report_letter"
    NOT_PRINTABLE = "not_printable"
    NOT_COMPARABLE = "not_comparable"
    CLOCK_UNKNOWN = "clock_unknown"
    NO_ARCHIVE = "no_archive"
    NOT_MEASURED = "not_measured"
    MEASURED_OTHERWISE = "measured_otherwise"
    NOT_BOUND = "not_bound"
    NOT_IN_ROOM = "not_in_room"
    ROOM_FULL = "room_full"
    ULTRASOUND_TAKEN = "ultrasound_taken"
    NOBODY_VOUCHES = "nobody_vouches"
    TOO_MANY_SCREENS = "too_many_screens"
    MEDIA_UNAVAILABLE = "media_unavailable"
    OUT_OF_RANGE = "out_of_range"
    UNAVAILABLE = "unavailable"
    SERVER_FAULT = "server_fault"


_TOLD: dict[ProblemCode, tuple[int, str, str]] = {
    ProblemCode.UNREADABLE: (
        400,
        "请求无法读取，未作任何更改。",
        "The request could not be read; nothing changed.",
    ),
    ProblemCode.NOT_JSON: (415, "请求内容必须是 JSON。", "The request's content must be JSON."),
    ProblemCode.NOT_SDP: (
        415,
        "请求内容必须是 SDP（application/sdp）。",
        "The request's content must be an SDP offer (application/sdp).",
    ),
    ProblemCode.NOT_A_FORM: (
        415,
        "文件须以表单（multipart/form-data）上传。",
        "Files come as a form (multipart/form-data).",
    ),
    ProblemCode.BAD_SDP: (
        400,
        "SDP 无效或无法接受，未作任何更改。",
        "The SDP offer is not valid or cannot be taken; nothing changed.",
    ),
    ProblemCode.TOO_LARGE: (
        413,
        "内容过大，未作任何更改。",
        "The content is too large; nothing was changed.",
    ),
    ProblemCode.TOO_SLOW: (408, "传输过慢，请重试。", "The content arrived too slowly; try again."),
    ProblemCode.BAD_FIELDS: (422, "请检查标出的内容。", "Check the marked fields."),
    ProblemCode.SIGNED_OUT: (401, "请先登录。", "Sign in first."),
    ProblemCode.WRONG_SIGN_IN: (401, "账号或密码不正确。", "The name or the password is not right."),
    ProblemCode.WRONG_PASSWORD: (403, "密码不正确。", "The password is not right."),
    ProblemCode.WRONG_CODE: (403, "一次性代码不正确或已过期。", "The one-time code is wrong or has run out."),
    ProblemCode.WEAK_PASSWORD: (
        422,
        "密码须为 12 至 128 个字符，不能是常见密码，也不能包含账号。",
        "A password has 12 to 128 characters, is not a common one, and does not contain the sign-in name.",
    ),
    ProblemCode.PASSWORD_CHANGE_NEEDED: (
        403,
        "这是一次性密码，请先设置新密码。",
        "This password works once; choose a new one first.",
    ),
    ProblemCode.NOT_ALLOWED: (403, "您的岗位没有此项权限。", "Your role does not allow this."),
    ProblemCode.NOT_FOUND: (
        404,
        "没有找到，或不在您可查看的范围内。",
        "There is no such thing, or it is not yours to see.",
    ),
    ProblemCode.METHOD_NOT_ALLOWED: (405, "此地址不支持该操作。", "This address does not take that method."),
    ProblemCode.WRONG_HOST: (421, "此地址不属于本服务器。", "This server does not answer to that host name."),
    ProblemCode.WRONG_ORIGIN: (403, "请求来自其他网站，已拒绝。", "The request came from another site."),
    ProblemCode.UPGRADE_WITH_BODY: (400, "请求无效。", "An upgrade must not carry a body."),
    ProblemCode.RATE_LIMITED: (429, "尝试过于频繁，请稍候再试。", "Too many attempts; wait a minute."),
    ProblemCode.TOO_MANY_SOCKETS: (
        503,
        "连接过多，请关闭部分页面。",
        "Too many connections; close some pages.",
    ),
    ProblemCode.CHANGED_MEANWHILE: (
        409,
        "内容刚被他人更改，请查看最新状态后重试。",
        "Somebody changed this meanwhile; look at it again and retry.",
    ),
    ProblemCode.NAME_TAKEN: (409, "该名称已被使用。", "That name is taken."),
    ProblemCode.RULE_BROKEN: (409, "按规定不能这样做。", "A rule forbids this."),
    ProblemCode.OPINION_INCOMPLETE: (
        422,
        "会诊意见尚未填写完整，不能签发。",
        "The opinion is not complete and cannot be signed.",
    ),
    ProblemCode.OPINION_SIGNED: (
        409,
        "会诊意见已签发，不能更改。",
        "The opinion is signed and cannot change.",
    ),
    ProblemCode.SIMULATED_DATA: (
        409,
        "演示数据不能归档到真实病历。",
        "Simulated data cannot be filed in a real record.",
    ),
    ProblemCode.NOT_THE_SPECIALIST: (
        403,
        "只有接受会诊的专家可以书写和签发会诊意见。",
        "Only the specialist who took the consult writes and signs its opinion.",
    ),
    ProblemCode.WRONG_STATE: (
        409,
        "会诊当前状态下不能进行此操作。",
        "The consult's present state does not allow this.",
    ),
    ProblemCode.NOT_AN_ECG: (
        422,
        "该文件无法作为心电图准确读取，未作保存。",
        "The file cannot be read faithfully as an ECG; nothing was kept.",
    ),
    ProblemCode.NOT_A_PICTURE: (
        422,
        "该图像无法准确读取，不予显示。",
        "This picture cannot be read faithfully, so it is not shown.",
    ),
    ProblemCode.TOO_FEW_SAMPLES: (
        409,
        "可用的心电不足 10 秒，请稍候再采集。",
        "There are not ten seconds of ECG to take yet; wait a moment and take it again.",
    ),
    ProblemCode.RHYTHM_ONLY: (
        409,
        "此心电仅供判读节律，不含十二导联中的任何一个，不能采集存档。",
        "This ECG is for rhythm only: it has none of the twelve leads, so no ten seconds are taken of it.",
    ),
    ProblemCode.SAMPLES_CHANGED: (
        500,
        "保存的数据与归档时不一致，已拒绝显示；请联系管理员。",
        "What is stored is not what was filed, so it is not shown; tell the administrator.",
    ),
    ProblemCode.ECG_STATE: (
        409,
        "该心电图当前状态下不能进行此操作。",
        "The ECG's present state does not allow this.",
    ),
    ProblemCode.ECG_TAKEN: (
        409,
        "另一位医师正在诊断此心电图。",
        "Another physician is reading this ECG.",
    ),
    ProblemCode.ECG_NOT_CLAIMED: (
        409,
        "您尚未领取此心电图，或领取已到期，请重新领取。",
        "You have not claimed this ECG, or your claim ran out; claim it first.",
    ),
    ProblemCode.OWN_SIGNATURE: (
        409,
        "报告医师与审核医师不能为同一人。",
        "Nobody countersigns her own report.",
    ),
    ProblemCode.REPORT_INCOMPLETE: (
        422,
        "心电图诊断报告尚未填写完整，不能签发。",
        "The report is not complete and cannot be signed.",
    ),
    ProblemCode.REPORT_SIGNED: (
        409,
        "诊断报告已签发，不能更改；可另写补充报告。",
        "The report is signed and cannot change; add an addendum instead.",
    ),
    ProblemCode.CRITICAL_VALUE_NEEDED: (
        422,
        "程序提示疑似危急值，请先判断是否危急值，再要求重新采集；未作任何更改。",
        "The program found a possible critical value: say whether it is one before you ask for a repeat;"
        " nothing changed.",
    ),
    ProblemCode.REPORT_FONT: (
        503,
        "服务器没有可用于 PDF 的字体，未生成文件；请管理员安装 fonts-wqy-microhei，或设置 report_font。",
        "The server has no font it can write PDFs with, so none was made; the administrator installs"
        " fonts-wqy-microhei or sets report_font.",
    ),
    ProblemCode.REPORT_LETTER: (
        503,
        "服务器的字体缺少报告中的一个字，未生成文件；请管理员用 report_font 设置字形更全的字体。",
        "The server's font lacks a letter of this report, so none was made; the administrator sets a fuller"
        " one as report_font.",
    ),
    ProblemCode.NOT_PRINTABLE: (
        422,
        "这份心电图无法绘制成报告，未生成文件。",
        "This ECG cannot be drawn as a report; none was made.",
    ),
    ProblemCode.NOT_COMPARABLE: (
        409,
        "这两份心电图不能比较。",
        "These two ECGs cannot be compared.",
    ),
    ProblemCode.CLOCK_UNKNOWN: (
        409,
        "尚不知站点时钟与服务器的时差，无法确定采集时间，未保存；请稍候再试。",
        "How the station's clock stands is not known yet, so nobody knows when this was taken; try again.",
    ),
    ProblemCode.NO_ARCHIVE: (
        409,
        "未设置影像归档系统（PACS），未作发送。",
        "The settings name no archive (PACS), so nothing is sent.",
    ),
    ProblemCode.NOT_MEASURED: (
        422,
        "此处不能测量，未保存。",
        "This cannot be measured; nothing was kept.",
    ),
    ProblemCode.MEASURED_OTHERWISE: (
        409,
        "服务器重新计算的测量结果不同，未保存；请重新测量。",
        "The server reckons another value at the same points; nothing was kept. Measure again.",
    ),
    ProblemCode.NOT_BOUND: (
        409,
        "该站点目前未绑定任何会诊；绑定后请重试。",
        "The station is bound to no consult now; try again once it is.",
    ),
    ProblemCode.NOT_IN_ROOM: (
        409,
        "您不在该会诊室内，或室内目前无人。",
        "You are not in this consult's room, or nobody is.",
    ),
    ProblemCode.ROOM_FULL: (
        409,
        "会诊室内发言人数已满，诊室摄像头不能接入。",
        "As many are seen and heard in the room as may be; the camera cannot join.",
    ),
    ProblemCode.NOBODY_VOUCHES: (
        403,
        "编码器的画面不经遮盖，请管理员先在账号页确认其不显示居民身份信息。",
        "Nothing masks an encoder's picture: an administrator answers for it first, under Accounts.",
    ),
    ProblemCode.ULTRASOUND_TAKEN: (
        409,
        "会诊室正在使用采集卡的超声画面，停止后方可接入。",
        "A capture card is the room's ultrasound now; it has to stop first.",
    ),
    ProblemCode.TOO_MANY_SCREENS: (
        409,
        "此会诊的教学屏链接已达上限，请先收回一个。",
        "This consult has as many links for teaching screens as it may; take one back first.",
    ),
    ProblemCode.MEDIA_UNAVAILABLE: (
        503,
        "音视频服务暂时不能接入更多，请稍候重试。",
        "The media service cannot take it at the moment; try again in a while.",
    ),
    ProblemCode.OUT_OF_RANGE: (422, "数值超出允许范围。", "A value is out of range."),
    ProblemCode.UNAVAILABLE: (503, "服务暂不可用，请稍候。", "The service is not available; wait a moment."),
    ProblemCode.SERVER_FAULT: (
        500,
        "服务器发生故障，操作未完成；请重试，若仍失败请联系管理员。",
        "The server failed and the action was not completed; try again, then tell the administrator.",
    ),
}


_RETRY_AFTER_S = {
    ProblemCode.RATE_LIMITED: 60,
    ProblemCode.NOT_BOUND: 5,
    ProblemCode.NOT_IN_ROOM: 5,
    ProblemCode.MEDIA_UNAVAILABLE: 10,
}


class WebError(Exception):
    """The base of what can go wrong at the door."""


class Refused(WebError):
    """A request is refused and nothing has changed. `fields` says what is wrong field by field."""

    def __init__(self, code: ProblemCode, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.fields = dict(fields or {})


class UndeclaredRoute(WebError):
    """A route declares no permission and scope, so nobody may call it."""


def status_of(code: ProblemCode) -> int:
    """The HTTP status (RFC 9110) a code is answered with."""
    return _TOLD[code][0]


def sentence_of(code: ProblemCode, language: Language) -> str:
    """Say a code to a person."""
    _, zh, en = _TOLD[code]
    return zh if language is Language.ZH else en


def language_of(accept_language: str, otherwise: Language = Language.ZH) -> Language:
    """The first of our languages a browser names (RFC 9110 section 12.5.4, in order of writing)."""
    for part in accept_language.lower().split(","):
        code = part.strip()[:2]
        if code in (Language.ZH.value, Language.EN.value):
            return Language(code)
    return otherwise


def code_of(error: Exception) -> tuple[ProblemCode, dict[str, str]]:
    """Translate any error into its code and its fields; what is not known is a fault of ours."""
    match error:
        case Refused():
            return error.code, error.fields
        case MessageRefused():
            return _same_word(error.refusal.value, ProblemCode.RULE_BROKEN), {}
        case NotFound():
            return ProblemCode.NOT_FOUND, {}
        case Conflict():
            return ProblemCode.CHANGED_MEANWHILE, {}
        case RuleBroken():
            code = _same_word(error.rule, ProblemCode.RULE_BROKEN)
            return code, {} if code is not ProblemCode.RULE_BROKEN else {"rule": error.rule}
        case SealBroken():
            return ProblemCode.SAMPLES_CHANGED, {}
        case StoreError() | WorkFailed():
            return ProblemCode.UNAVAILABLE, {}
        case HTTPNotFound():
            return ProblemCode.NOT_FOUND, {}
        case HTTPMethodNotAllowed():
            return ProblemCode.METHOD_NOT_ALLOWED, {}
        case HTTPRequestEntityTooLarge():
            return ProblemCode.TOO_LARGE, {}
        case HTTPException() if 400 <= error.status < 500:
            return ProblemCode.UNREADABLE, {}
    return ProblemCode.SERVER_FAULT, {}


def _same_word(word: str, otherwise: ProblemCode) -> ProblemCode:
    return ProblemCode(word) if word in ProblemCode.__members__.values() else otherwise


def problem_response(error: Exception, language: Language) -> Response:
    """Answer an error as a `Problem`. Faults of ours are logged with their trace, refusals are not."""
    code, fields = code_of(error)
    if code in (ProblemCode.SERVER_FAULT, ProblemCode.UNAVAILABLE, ProblemCode.SAMPLES_CHANGED):
        log.error("request failed: %s", type(error).__name__, exc_info=error)
    problem = Problem(code=code.value, sentence=sentence_of(code, language), fields=fields)
    response = Response(
        status=status_of(code), body=msgspec.json.encode(problem), content_type="application/json"
    )
    if code in _RETRY_AFTER_S:
        response.headers["Retry-After"] = str(_RETRY_AFTER_S[code])
    if code is ProblemCode.SIGNED_OUT:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 section 15.5.2; no browser asks for it
    if code is ProblemCode.NOT_SDP:
        response.headers["Accept-Post"] = "application/sdp"
    if isinstance(error, HTTPMethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    return response


def field_of(fault: msgspec.ValidationError) -> dict[str, str]:
    """Name the place of a decoding fault: `... - at `$.birth_date`` gives {"birth_date": ...}.

    Only the kind of fault is repeated, never the value that was sent.
    """
    text = str(fault)
    what, _, place = text.partition(" - at `")
    name = place.rstrip("`").removeprefix("$").lstrip(".") or "body"
    if what.startswith("Object contains unknown field") or what.startswith("Invalid enum value"):
        what = what.split(" `")[0].split(" '")[0]
    return {name: json.loads(json.dumps(what))[:200]}
