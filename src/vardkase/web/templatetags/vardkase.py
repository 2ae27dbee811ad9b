"""What templates need beyond Django's own: text from outside, shown so that nothing hides in it."""

from datetime import datetime
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vardkase.lib import text as lib
from vardkase.web import words
from vardkase.web.detections import ruled
from vardkase.web.twins import here, other

register = template.Library()


@register.filter
def marked(text: object) -> SafeString:
    """`text` escaped, with each bidi or control character drawn as a small mark of its name."""
    plain = str(text)
    if lib.is_plain(plain):
        return escape(plain)
    title = _("hidden character")
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="hidden-char" title="{}">{}</span>', title, shown),)
            if is_mark
            else (shown,)
            for is_mark, shown in lib.pieces(plain)
        ),
    )


@register.simple_tag
def changes(old: str, new: str) -> SafeString:
    """`new` with what it takes from `old` struck and what it adds underlined."""
    tags = {"same": "{}", "gone": "<del>{}</del>", "added": "<ins>{}</ins>"}
    rows = ((how, marked(part)) for how, part in lib.differences(old, new))
    return format_html_join("", "{}", ((format_html(tags[how], part),) for how, part in rows))


@register.filter
def local(row: dict[str, Any], key: str = "") -> str:
    """Words of a policy row in the reader's language: `{{ role|local:"mandate" }}`."""
    return words.local(row, key)


@register.filter
def raising_rule(code: str, at: datetime) -> str:
    """Which rule let an alarm into its case."""
    return ruled.name(code, at)


@register.simple_tag
def twin(name: str, **kwargs: object) -> str:
    """The address of a public page in the reader's language."""
    return here(name, **kwargs)


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> str:
    """The address of this page in the other language, if it has one."""
    return other(context["request"]) if "request" in context else ""


@register.filter("date", expects_localtime=True)
def date(value: Any, form: str | None = None) -> Any:
    """Django's filter, remembering how a minute is written: a page of a log says ninety of them."""
    if form is not None and form.endswith("_FORMAT") and isinstance(value, datetime):
        return words.moment(value, form)
    return defaultfilters.date(value, form)
