"""Which mail a person wrote: programs of many makes answer, bounce and note by themselves."""

import time
from email.message import EmailMessage

import pytest

from vardkase.intake.letter import letter
from vardkase.intake.mail_report import told
from vardkase.intake.mail_sorts import sort_of
from vardkase.intake.source import NotUnderstood

OURS = EmailMessage()
OURS["From"] = "incident@region.example"
OURS["Subject"] = "Vi har tagit emot din rapport"
OURS["Message-ID"] = "<1@region.example>"
OURS.set_content("Nummer V-2026-1")


def mail(subject: str, sender: str = "eva@region.example", **more: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = sender
    made["Subject"] = subject
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content("x")
    return made


def sort(made: EmailMessage, sender: str | None = "eva@region.example") -> str:
    return sort_of(letter(made.as_bytes()), sender).value


@pytest.mark.parametrize(
    "subject",
    ["Automatiskt svar: Tappad dator", "Autosvar: x", "SV: Frånvaro: x", "Jag är på semester",
     "Ej på kontoret", "Out of Office: x", "Automatic reply: x", "Auto-reply: x",
     "Eva Ek is out of the office (returning 2026-12-01)", "Frånvarande till måndag",
     "Feriesvar: x"],
)  # fmt: skip
def test_an_automatic_answer_says_so_in_its_subject(subject: str) -> None:
    assert sort(mail(subject)) == "automatic"


@pytest.mark.says("S2-032", "händelser rapporterade av användare")
@pytest.mark.parametrize(
    "subject",
    ["Tappad dator", "VB: Automatiskt svar: konstigt", "Autoklaven svarar inte", "SV: Rapport",
     "Stulen dator på semestern", "VB: Undelivered Mail Returned to Sender", "Auto: stulen bil",
     "Brandväggen är borta", "Misslyckad inloggning"],
)  # fmt: skip
def test_a_person_s_subject_is_not_taken_for_one(subject: str) -> None:
    assert sort(mail(subject)) == "report"


@pytest.mark.parametrize(
    ("name", "value"),
    [("Auto_Submitted", "auto-generated"), ("X_Autoreply", "yes"), ("Precedence", "auto_reply"),
     ("X_Autorespond", "x"), ("X_Precedence", "auto_reply"), ("X_AutoReply_From", "a@b.se"),
     ("X_POST_MessageClass", "9; Autoresponder"), ("X_FC_MachineGenerated", "true")],
)  # fmt: skip
def test_or_in_a_header(name: str, value: str) -> None:
    assert sort(mail("Tappad dator", **{name: value})) == "automatic"
    assert sort(mail("Tappad dator", Auto_Submitted="no")) == "report"


def test_a_read_receipt_and_an_answer_to_an_invitation_are_automatic() -> None:
    note = mail("Läst: x")
    note.make_mixed()
    note.add_attachment(
        b"Disposition: manual-action/MDN-sent; displayed",
        maintype="application", subtype="octet-stream",
    )  # fmt: skip
    raw = note.as_bytes().replace(b"application/octet-stream", b"message/disposition-notification")
    assert sort_of(letter(raw), "eva@region.example") == "automatic"
    answer = mail("Accepterat: Möte")
    answer.add_alternative("BEGIN:VCALENDAR", subtype="calendar", params={"method": "REPLY"})
    assert sort(answer) == "automatic"
    invitation = mail("Möte om virus")
    invitation.add_alternative("BEGIN:VCALENDAR", subtype="calendar", params={"method": "REQUEST"})
    assert sort(invitation) == "report"


@pytest.mark.parametrize(
    ("subject", "sender", "envelope"),
    [
        ("Olevererbart: Rapport", "postmaster@region.example", None),
        ("Kunde inte levereras: Rapport", "postmaster@region.example", "x@region.example"),
        ("Undeliverable: x", "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@b.example", None),
        ("failure notice", "MAILER-DAEMON@b.example", ""),
        ("Mail delivery failed: returning message to sender", "Mailer-Daemon@b.example", ""),
        ("Delivery has been delayed", "postmaster@b.example", None),
        ("Leveransfel", "b@b.example", ""),
        ("Delivery status notification", "Mail Delivery System <x@b.example>", None),
        ("Undeliverable: x", "Postmaster <>", None),
        ("Mail delivery failed: returning message to sender", "ndr@b.example", None),
    ],
)
def test_bounces_of_many_makes(subject: str, sender: str, envelope: str | None) -> None:
    assert sort(mail(subject, sender), envelope) == "bounce"


def test_a_bounce_that_a_person_encloses_is_his_report() -> None:
    bounce = b"""From: MAILER-DAEMON@b.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; b.example
--b--
"""
    assert sort_of(letter(bounce), "") == "bounce"
    raw = (
        b"From: eva@region.example\nSubject: Har jag blivit hackad?\n"
        b"Content-Type: multipart/mixed; boundary=a\n\n"
        b"--a\nContent-Type: text/plain\n\nSe bilagan\n"
        b"--a\nContent-Type: message/rfc822\n\n" + bounce + b"\n--a--\n"
    )
    assert sort_of(letter(raw), "eva@region.example") == "report"
    assert told(letter(raw), raw).what == "Har jag blivit hackad?\n\nSe bilagan"


def passed_on(how: str) -> bytes:
    """The same mail, enclosed as the programs of the world do it."""
    made = mail("Fwd: konstigt")
    inner = OURS.as_bytes()
    if how == "as the standard says":
        made.add_attachment(OURS)
        return made.as_bytes()
    made.add_attachment(inner, maintype="application", subtype="octet-stream", filename="x.eml")
    if how == "as a file":
        return made.as_bytes()
    return made.as_bytes().replace(b"application/octet-stream", b"message/rfc822")


@pytest.mark.parametrize("how", ["as the standard says", "as a file", "encoded"])
def test_however_a_mail_is_passed_on_it_is_known_again(how: str) -> None:
    raw = passed_on(how)
    found = told(letter(raw), raw)
    plain = passed_on("as the standard says")
    assert found.same == told(letter(plain), plain).same != ""
    assert any(name.endswith(".eml") and b"V-2026-1" in file for name, file in found.files)


def test_enclosed_mails_that_say_nothing_are_not_the_same() -> None:
    raw = passed_on("encoded").replace(b"Content-Transfer-Encoding: base64", b"X: y")
    assert told(letter(raw), raw).same == ""


def test_text_on_both_sides_of_a_picture_is_all_told() -> None:
    """As Apple's program writes it."""
    made = mail("Konstig bild")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    made.add_attachment("och sedan blev det svart", disposition="inline")
    raw = made.as_bytes()
    assert told(letter(raw), raw).what == "Konstig bild\n\nx\n\noch sedan blev det svart"


@pytest.mark.parametrize(
    "subject",
    ["VB: x", "VS: x", "Fwd: x", "FW: x", "Vidarebefordrat: x", "SV: VB: x", "Re[2]: Fwd: x",
     "Weitergeleitet: x", "TR: x"],
)  # fmt: skip
def test_what_a_forward_is_called(subject: str) -> None:
    made = mail(subject)
    made.set_content("Se nedan\n\nhttps://evil.example/a?to=eva")
    raw = made.as_bytes()
    plain = mail("VB: x")
    plain.set_content("https://evil.example/a")
    assert told(letter(raw), raw).same == told(letter(plain.as_bytes()), b"").same != ""


PROGRAMS = {  # how each writes a mail that it passes on: subject, text
    "Outlook": (
        "VB: Ditt lösenord",
        "Äkta?\n\nFrån: Banken <bank@evil.example>\nSkickat: den 20 november 2026 08:00\n"
        "Till: Eva Ek <eva@r.example>\nÄmne: Ditt lösenord\n\nhttps://evil.example/eva",
    ),
    "Outlook, behind a filter of links": (
        "FW: Ditt lösenord",
        "________________________________\nFrom: Banken [mailto:bank@evil.example]\nSent: Friday\n"
        "Subject: Ditt lösenord\n\nhttps://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F"
        "evil.example%2Fbo&data=05",
    ),
    "Gmail": (
        "Fwd: Ditt lösenord",
        "---------- Forwarded message ---------\nFrån: *Banken* <bank@evil.example>\n"
        "Date: fre 20 nov. 2026 kl 08:00\nSubject: Ditt lösenord\nTo: <bo@r.example>\n\nHej",
    ),
    "Apple": (
        "Vb: Ditt lösenord",
        "> Vidarebefordrat mejl:\n>\n> Från: Banken <bank@evil.example>\n> Ämne: Ditt lösenord\n"
        "> Datum: 20 november 2026 08:00:00 CET\n>\n> Hej",
    ),
    "Thunderbird": (
        "Fwd: Ditt lösenord",
        "-------- Vidarebefordrat meddelande --------\nÄmne: \tDitt lösenord\nDatum: \tFri\n"
        "Från: \tBanken <bank@evil.example>\n\nHej",
    ),
    "Yahoo": (
        "Fw: Ditt lösenord",
        "  ----- Vidarebefordrat meddelande ----- Från: Banken <bank@evil.example>Till: eva",
    ),
    "a subject of his own": (
        "Misstänkt mejl",
        "Hej\n\nFrån: Banken <bank@evil.example>\nSkickat: fredag\nÄmne: Ditt lösenord\n\nHej",
    ),
    "a forward of a forward": (
        "VB: VB: Ditt lösenord",
        "Från: Bo Ek <bo@r.example>\nÄmne: VB: Ditt lösenord\n\nSe nedan\n\n"
        "Från: Banken <bank@evil.example>\nÄmne: Ditt lösenord\n\nHej",
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_mail_that_was_passed_on_is_known_whatever_program_did_it(program: str) -> None:
    found = []
    for subject, text in (PROGRAMS["Outlook"], PROGRAMS[program]):
        made = mail(subject)
        made.set_content(text)
        found.append(told(letter(made.as_bytes()), b"").same)
    assert found[0] == found[1] != ""


def test_an_answer_that_quotes_is_no_mail_passed_on() -> None:
    made = mail("SV: Viktigt till alla")
    made.set_content("Tack\n\nFrån: IT <it@r.example>\nÄmne: Viktigt till alla\n\nHej")
    assert told(letter(made.as_bytes()), b"").same == ""


HEAD = b"From: eva@region.example\nSubject: x\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
LONG = 400_000


@pytest.mark.parametrize(
    "raw",
    [
        *(HTML + sign * (LONG // len(sign)) for sign in (b"<!--", b"<!", b"</", b"<a x='", b"<?")),
        HEAD + b"\n" + b"http://a.example/x " * 20_000,
        b"Subject: " + b"sv: " * 100_000 + b"\n\nx",
        HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 60_000,
        b"".join(b"Content-Type: multipart/a; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(90))
        + b"x\n" * 200_000,
    ],
)
def test_no_mail_takes_long_to_read(raw: bytes) -> None:
    started = time.process_time()
    try:
        found = letter(raw)
    except NotUnderstood:
        return
    sort_of(found, "")
    told(found, raw)
    assert time.process_time() - started < 1


def test_the_words_between_comments_are_kept() -> None:
    raw = HTML + b"a <!-- b --> c <![if !mso]>d<![endif]> 1 < 2 <p>e</p><!-- f"
    assert told(letter(raw), raw).what.split() == ["x", "a", "c", "d", "1", "2", "e"]
