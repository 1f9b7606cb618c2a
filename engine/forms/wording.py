"""Every sentence of the validator, in Chinese and English: it names the field and the limit and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.forms import templates, values
from engine.forms.live import Live, Place
from engine.forms.model import TEXTS, Component, Context, FieldError, Option
from engine.forms.paths import dotted

Pair = tuple[str, str]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_NO_NOUN_BEFORE = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "your",
        "our",
        "my",
        "we",
        "you",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "has",
        "have",
        "can",
    ]
)
_NO_NOUN_AFTER = frozenset(["at", "on", "to", "by", "is", "for", "of"])
_ASKS = frozenset(["what", "who", "whom", "whose", "which", "when", "where", "why", "how"])

SENTENCES: dict[str, Pair] = {
    "min_length": ("{name}至少填写 {limit} 个字", "{name} must have at least {limit} characters"),
    "max_length": ("{name}最多填写 {limit} 个字，现在有 {found} 个字", "{name} must have at most {limit} characters; it has {found} now"),
    "min": ("{name}不得小于 {limit}", "{name} must be at least {limit}"),
    "max": ("{name}不得大于 {limit}", "{name} must be at most {limit}"),
    "pattern": ("{name}的格式不符合要求", "{name} does not have the required format"),
    "email": ("{name}应为电子邮箱地址，例如 name@example.com", "{name} must be an e-mail address, for example name@example.com"),
    "phone": (
        "{name}应为手机号码或带区号的固定电话，例如 13800138000 或 010-12345678",
        "{name} must be a Chinese mobile number or a landline number with its area code, for example 13800138000 or 010-12345678",
    ),
    "text": ("{name}应为文字", "{name} must be text"),
    "control": ("{name}中有无法使用的控制字符，请删除后重新填写", "{name} contains control characters; remove them and try again"),
    "number": ("{name}应为数字", "{name} must be a number"),
    "digits": ("{name}的位数太多", "{name} has too many digits"),
    "decimals": ("{name}最多保留 {limit} 位小数", "{name} must have at most {limit} decimal places"),
    "integer": ("{name}应为整数", "{name} must be a whole number"),
    "increment": ("{name}应为 {limit} 的整数倍，最接近的是 {near}", "{name} must be a multiple of {limit}; the nearest are {near}"),
    "boolean": ("{name}应为是或否", "{name} must be yes or no"),
    "option": ("{name}请从列出的选项中选择", "{name} must be chosen from the options listed"),
    "date": ("{name}应为有效日期，例如 2026-11-22", "{name} must be a valid date, for example 2026-11-22"),
    "time": ("{name}应为有效时间，例如 15:30", "{name} must be a valid time, for example 15:30"),
    "datetime": ("{name}应为有效的日期和时间，例如 2026-11-22 15:30", "{name} must be a valid date and time, for example 2026-11-22 15:30"),
    "year": (
        f"{{name}}的年份应在 {values.FIRST_YEAR} 至 {values.LAST_YEAR} 之间",
        f"{{name}} must have a year between {values.FIRST_YEAR} and {values.LAST_YEAR}",
    ),
    "past": ("{name}不能早于 {limit}", "{name} must not be before {limit}"),
    "rows": ("{name}最多 {limit} 行", "{name} must have at most {limit} rows"),
    "fixed_rows": ("{name}应为 {limit} 行，不能增减", "{name} must have {limit} rows, neither more nor fewer"),
    "too_much": ("{name}的内容太多，请分次提交", "{name} has too much in it; send it in parts"),
    "list": ("{name}应为列表", "{name} must be a list"),
}
REQUIRED: dict[str, Pair] = {
    "enter": ("请填写{name}", "Enter {name}"),
    "choose": ("请选择{name}", "Choose {name}"),
    "tick": ("请勾选“{name}”", "Tick “{name}”"),
}


def named(component: Component, context: Context, locale: str, live: Live | None = None, place: Place | None = None) -> str:
    """Return the label of a component in a locale, or the name of its variable, or its key."""
    label = component.text("label", locale)
    if locale.startswith("en") and label == component.text("label") and context.labels is not None:
        label = context.labels(component.key, None, locale) or label
    if live is not None and templates.is_dynamic(label):
        label = templates.fill(label, context.evaluate, live.scope(place))
    return label.strip() or (context.labels and context.labels(component.key, None, locale)) or component.key or component.id


def option_label(component: Component, option: Option, context: Context, locale: str) -> str:
    """Return what an option is called; English from `options_en` (`value=Label;value=Label`), else from the caller's labels."""
    if locale.startswith("en"):
        pairs = (pair.partition("=") for pair in component.properties.get("options_en", "").split(";"))
        named_here = {name.strip(): label.strip() for name, _, label in pairs}
        label = named_here.get(option.token) or (context.labels and context.labels(component.key, option.value, locale))
        return label or option.label
    return option.label


def error(live: Live, place: Place, rule: str, limit: Any = None, **facts: Any) -> FieldError:
    """Return the error of one rule at one place, said in both languages. `facts` are `found` and the like."""
    component = place.component
    zh, en = (_sentence(live, place, rule, locale, {"limit": limit, **facts}) for locale in ("zh", "en"))
    if rule == "pattern" and component.written("patternErrorMessage"):
        zh = component.written("patternErrorMessage")
        en = component.properties.get("patternErrorMessage_en") or en
    stored = limit if not isinstance(limit, date) else limit.isoformat()
    return FieldError(component.id, component.key, dotted(place.path), rule, zh, en, limit=stored, rows=place.rows)


def written(value: Any, locale: str) -> str:
    """Write a number, date or moment as people in that language do."""
    english = locale.startswith("en")
    if isinstance(value, datetime):
        return f"{written(value.date(), locale)} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if english else f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if isinstance(value, tuple):
        return (" and " if english else " 和 ").join(written(part, locale) for part in value)
    return "" if value is None else str(value)


def moment(component: Component, value: Any, locale: str) -> str:
    """Write the stored ISO text of a datetime component for a reader; what is none is returned as it is."""
    readers: dict[str, Callable[[str], Any]] = {
        "date": date.fromisoformat,
        "datetime": lambda text: values.local(datetime.fromisoformat(text)),
    }
    if component.subtype == "time":
        return str(value)[:5]
    try:
        return written(readers[component.subtype](str(value)), locale)
    except ValueError:
        return str(value)


def _sentence(live: Live, place: Place, rule: str, locale: str, facts: dict[str, Any]) -> str:
    label = _bare(named(place.component, live.context, locale, live, place))
    if rule == "required":
        zh, en = REQUIRED[_act(place.component)]
        name = _in_sentence(label) if locale == "en" and place.component.type != "checkbox" else label
    else:
        zh, en = SENTENCES[rule]
        name = f"“{label}”"
    return (en if locale == "en" else zh).format(name=name, **{fact: written(value, locale) for fact, value in facts.items()})


def _act(component: Component) -> str:
    if component.type == "checkbox":
        return "tick"
    return "enter" if component.type in (*TEXTS, "number") else "choose"


def _in_sentence(label: str) -> str:
    """`Matter complained of` -> `the matter complained of`; what would not read as a noun is quoted."""
    words = label.lower().split()
    if words[0] in _NO_NOUN_BEFORE | _ASKS or words[0].endswith("ed") or words[-1] in _NO_NOUN_AFTER or label.endswith("?"):
        return f"“{label}”"
    lowered = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return f"the {lowered}"


def _bare(label: str) -> str:
    """The label without the colon or question mark at its end."""
    return label.strip().rstrip("：:？?*").strip() if not label.endswith("?") else label.strip()


YES_NO: dict[bool, Pair] = {True: ("是", "Yes"), False: ("否", "No")}
HINTS: dict[str, dict[tuple[bool, bool], Pair]] = {  # by (is there a least, is there a most)
    "length": {
        (False, True): ("最多 {most} 字", "At most {most} characters"),
        (True, True): ("{least} 至 {most} 字", "{least} to {most} characters"),
    },
    "range": {
        (True, False): ("不小于 {least}", "{least} or more"),
        (False, True): ("不大于 {most}", "{most} or less"),
        (True, True): ("{least} 至 {most}", "{least} to {most}"),
    },
    "future": {(True, False): ("不能早于现在", "Not before now")},
}


def hint(kind: str, locale: str, least: Any = None, most: Any = None) -> str:
    """Return the few words below a field that tell its limits; nothing where it has none."""
    pair = HINTS[kind].get((least is not None, most is not None))
    return pair[locale.startswith("en")].format(least=written(least, locale), most=written(most, locale)) if pair else ""
