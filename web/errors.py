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
from records.errors import Conflict, NotFound, RuleBroken, StoreError
from signaling.errors import Refused as MessageRefused
from web.routes.problem import Problem

log = logging.getLogger(__name__)


class ProblemCode(enum.StrEnum):
    """Why a request was refused. The values never change their meaning."""

    UNREADABLE = "unreadable"
    NOT_JSON = "not_json"
    NOT_SDP = "not_sdp"
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
    NOT_BOUND = "not_bound"
    NOT_IN_ROOM = "not_in_room"
    ROOM_FULL = "room_full"
    ULTRASOUND_TAKEN = "ultrasound_taken"
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
        case StoreError():
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
    if code in (ProblemCode.SERVER_FAULT, ProblemCode.UNAVAILABLE):
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
