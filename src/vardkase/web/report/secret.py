"""What touches Sweden's security is not written here: a number to call is all that is taken."""

import re

from django import forms
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vardkase.access.actor import Actor
from vardkase.lib.ids import new_secret
from vardkase.organisation.queries import on_duty
from vardkase.web.caller import caller
from vardkase.web.door import public
from vardkase.web.strangers import without_cookies
from vardkase.workflow.rates import TooOften, count_callback
from vardkase.workflow.report import NotSetUp, ask_callback

NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{3,28}[0-9]")


class CallBack(forms.Form):
    unmarked = True
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        help_text=gettext_lazy("Write nothing but the number."),
        max_length=30,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if not NUMBER.fullmatch(phone):
            raise forms.ValidationError(
                _("Write a telephone number with digits only, for example 070-123 45 67.")
            )
        return phone


@without_cookies
@public
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = CallBack(request.POST) if request.method == "POST" else CallBack()
    if not form.is_bound:
        return draw(request, form)
    if not form.is_valid():
        return draw(request, form, status=422)
    try:
        store(request, form.cleaned_data["phone"])
    except TooOften as often:
        form.add_error(None, _("Very many ask from your network just now. Call instead."))
        answer = draw(request, form, status=429)
        answer.headers["Retry-After"] = str(often.seconds)
        return answer
    except (DatabaseError, NotSetUp):
        form.add_error(None, _("The number could not be stored. Call instead."))
        return draw(request, form, status=503)
    return render(request, "report/secret_taken.html")


def store(request: HttpRequest, phone: str) -> None:
    """Whoever asks is nobody to us, logged in or not: the stub holds the number alone."""
    at = timezone.now()
    count_callback(caller(request))
    once = request.POST.get("once", "")[:100]
    mark = f"callback:{once}" if len(once) >= 20 else ""
    ask_callback(phone, once=mark, by=Actor.reporter(at), at=at)


def draw(request: HttpRequest, form: CallBack, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "once": request.POST.get("once") or new_secret(),
        "officer": on_duty(timezone.now()),
    }
    return render(request, "report/secret.html", context, status=status)
