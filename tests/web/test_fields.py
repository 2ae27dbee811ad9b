"""Every form draws its fields alike: label, hint, error, control, tied together for a reader."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation


class Sample(forms.Form):
    what = forms.CharField(label="vad", help_text="Ett par <ord>.", max_length=5)
    when = forms.ChoiceField(
        label="när", choices=[("now", "Nu"), ("then", "Då")], widget=forms.RadioSelect
    )
    urgent = forms.BooleanField(label="bråttom", required=False)
    more = forms.CharField(label="mer", required=False)


@pytest.fixture
def drawn() -> str:
    with translation.override("sv"):
        form = Sample({"what": "för långt"})
        summary = render_to_string("frame/error_summary.html", {"form": form})
        return summary + "".join(form[name].as_field_group() for name in form.fields)


def test_hint_and_error_are_tied_to_their_control(drawn: str) -> None:
    assert 'id="id_what_helptext"' in drawn
    assert 'id="id_what_error"' in drawn
    assert 'aria-describedby="id_what_helptext id_what_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_a_hint_is_escaped(drawn: str) -> None:
    assert "Ett par &lt;ord&gt;." in drawn


def test_the_summary_names_each_fault_and_leads_to_its_field(drawn: str) -> None:
    assert "Inget är sparat än" in drawn
    assert '<a href="#id_what">Vad: Skriv högst 5 tecken. Nu är det 9.</a>' in drawn
    assert '<a href="#id_when_0">När: Fyll i det här.</a>' in drawn


def test_choices_stand_in_a_group_with_a_legend(drawn: str) -> None:
    assert "<legend>När" in drawn
    assert drawn.count('type="radio"') == 2


def test_what_need_not_be_filled_in_says_so_unless_the_form_says_it_once(drawn: str) -> None:
    assert 'Mer <span class="muted">(frivilligt)</span>' in drawn
    assert drawn.count("(frivilligt)") == 1  # a box to tick needs no mark
    form = Sample()
    form.unmarked = True  # type: ignore[attr-defined]
    assert "frivilligt" not in form["more"].as_field_group()
