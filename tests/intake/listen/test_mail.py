"""Mail to the intake: a person's report, a complaint of abuse, a bounce, hundreds of forwards."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from vardkase.assessment.models import Merge
from vardkase.detections.models import Detection, Raw
from vardkase.events.models import Attachment, Event
from vardkase.intake.letter import letter
from vardkase.intake.mail_in import receive
from vardkase.intake.mail_report import told, words_of
from vardkase.intake.mail_sorts import sort_of
from vardkase.intake.receipts import receipt
from vardkase.organisation.models import Unit
from vardkase.policy.parameter import INTAKE

MAIL = Path(__file__).parents[4].parent / "shared" / "data" / "mail"
PHISH = EmailMessage()
PHISH["From"] = "it-support@evil.example"
PHISH["Subject"] = "Ditt lösenord går ut"
PHISH["Message-ID"] = "<phish@evil.example>"
PHISH.set_content("Logga in på https://evil.example/inloggning nu.")
FORWARDS = int(os.environ.get("FORWARDS", "30"))  # 300 by command, 14 ms each


def mail(sender: str, subject: str, text: str, number: int = 1, **more: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = sender
    made["To"] = "incident@region.example"
    made["Subject"] = subject
    made["Message-ID"] = f"<{number}.{sender}>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def forward(number: int) -> bytes:
    made = mail(f"p{number}@region.example", "VB: Ditt lösenord går ut", "Konstigt?", number)
    made.add_attachment(PHISH)
    return made.as_bytes()


def taken(raw: bytes, sender: str | None = "x@region.example") -> str:
    return receive(raw, sender=sender, at=NOW)


@pytest.mark.says("S2-032", "händelser rapporterade av användare")
def test_a_person_s_mail_is_a_report_with_its_attachments(region: Unit) -> None:
    made = mail("Eva Ek <eva@region.example>", "Tappad dator", "Jag glömde datorn på tåget.")
    made.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="kvitto å.pdf")
    told = taken(made.as_bytes())
    event = Event.objects.get()
    assert told == f"report {event.number}"
    assert event.title == "Tappad dator"
    assert "på tåget" in event.what
    assert (event.contact, event.reporter_kind) == ("eva@region.example", "other")
    names = set(Attachment.objects.values_list("name", flat=True))
    assert names == {"mail.eml", "kvitto å.pdf"}


def test_the_same_mail_handed_over_twice_is_one_report(region: Unit) -> None:
    raw = mail("a@region.example", "Hej", "x").as_bytes()
    assert taken(raw) == taken(raw)
    assert Event.objects.count() == 1
    other = taken(mail("a@region.example", "Hej", "y").as_bytes())  # programs reuse their numbers
    assert other.startswith("report ")
    assert other != taken(raw)


@pytest.mark.says("S2-019", "via personer eller automatiska funktioner")
def test_many_forwards_of_one_phishing_mail_are_one_line_in_the_queue(region: Unit) -> None:
    for number in range(FORWARDS):
        taken(forward(number))
    taken(forward(0))
    taken(forward(7))
    assert Event.objects.count() == FORWARDS
    (first,) = Event.objects.filter(state=Event.State.UNASSESSED)
    assert Event.objects.filter(state=Event.State.MERGED).count() == FORWARDS - 1
    assert Merge.objects.filter(into=first, undone_at=None).count() == FORWARDS - 1
    contacts = set(Event.objects.values_list("contact", flat=True))
    assert contacts == {f"p{number}@region.example" for number in range(FORWARDS)}
    codes = set(Event.objects.values_list("code_digest", flat=True))
    assert len(codes) == FORWARDS


def test_forwards_written_into_the_text_find_each_other_by_their_links(region: Unit) -> None:
    text = "Är det här äkta?\n\nFrån: IT <it@evil.example>\nhttps://evil.example/a"
    taken(mail("a@r.example", "Vb: Ditt lösenord", text).as_bytes())
    taken(mail("b@r.example", "FW: FW: Ditt lösenord", "?\n" + text).as_bytes())
    taken(mail("c@r.example", "FW: Något annat", "se https://other.example/").as_bytes())
    taken(mail("d@r.example", "Ditt lösenord", text).as_bytes())
    assert Event.objects.filter(state=Event.State.UNASSESSED).count() == 3


def test_a_closed_case_takes_no_more_and_a_new_one_begins(region: Unit) -> None:
    taken(forward(1))
    Event.objects.update(state=Event.State.CLOSED)
    taken(forward(2))
    taken(forward(3))
    assert Event.objects.filter(state=Event.State.UNASSESSED).count() == 1
    assert Event.objects.filter(state=Event.State.MERGED).count() == 1


def test_complaints_of_abuse_are_detections(region: Unit) -> None:
    for name in ("arf/samples/abuse.eml", "xarf/samples/login-attack.eml"):
        taken((INTAKE / name).read_bytes(), sender="")
    assert set(Detection.objects.values_list("source", flat=True)) == {"arf", "xarf"}
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (mail("a@b.example", "Autosvar: Tappad dator", "Jag är ledig").as_bytes(), "a@b.example"),
        (mail("a@b.example", "x", "y", Auto_Submitted="auto-replied").as_bytes(), "a@b.example"),
        (mail("MAILER-DAEMON@b.example", "x", "y").as_bytes(), None),
        (mail("a@b.example", "Undelivered Mail Returned to Sender", "y").as_bytes(), ""),
        (mail("a@b.example", "x", "y", X_Loop="vardkase").as_bytes(), "a@b.example"),
        (b"Received: x\n" * 60 + mail("a@b.example", "x", "y").as_bytes(), "a@b.example"),
        (b"no mail at all", "a@b.example"),
        (b"From: " + b"(" * 5000 + b"\nAuto-Submitted: auto-replied\n\nx", "a@b.example"),
        (b"", "a@b.example"),
        (b"Content-Type: message/rfc822\n\n" * 2000, "a@b.example"),
    ],
)
def test_what_no_person_wrote_is_set_aside_with_its_reason(
    region: Unit, raw: bytes, sender: str | None
) -> None:
    assert taken(raw, sender).startswith("set aside: ")
    assert Raw.objects.exclude(aside=None).get().aside
    assert not Event.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_before_there_is_an_organisation_mail_is_kept(db: None) -> None:
    assert taken(forward(1)).startswith("set aside: ")


def test_the_reporter_gets_a_receipt_by_mail_once(
    region: Unit, settings: pytest.FixtureRequest
) -> None:
    settings.MAIL_HOST = "127.0.0.1"  # type: ignore[attr-defined]
    raw = mail("eva@region.example", "Hej", "x").as_bytes()
    taken(raw)
    taken(raw)
    task = DBTaskResult.objects.get()
    number, mark, to, answers = task.args_kwargs["args"]
    assert (number, to) == (Event.objects.get().number, "eva@region.example")
    assert answers == "<1.eva@region.example>"
    sent = receipt(number, "ABCD-EFGH", to=to, answers=answers)
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["In-Reply-To"] == answers
    assert number in sent["Subject"]
    assert "ABCD-EFGH" in sent.get_content()
    assert sort_of(letter(sent.as_bytes())) == "loop"


def test_the_words_of_html() -> None:
    html = "<html><head><title>x</title></head><script>no</script><p>Hej <b>du</b><br>"
    found = words_of(html + '<a href="https://a.example/">klicka</a><style>no')
    assert "Hej du" in found
    assert "https://a.example/" in found
    assert "no" not in found


@pytest.mark.skipif(not MAIL.is_dir(), reason="the real mail is not on this machine")
def test_real_mail_is_sorted() -> None:
    bounces = sorted((MAIL / "sisimai" / "bounce").glob("*.eml"))
    sorts = [sort_of(letter(path.read_bytes())) for path in bounces]
    assert (sorts.count("bounce"), sorts.count("automatic"), sorts.count("report")) == (47, 1, 1)
    for path in [p for p in (MAIL / "enmime").rglob("*") if p.suffix in (".eml", ".raw")]:
        raw = path.read_bytes()
        if raw.startswith((b"From:", b"Date:", b"Received:", b"MIME")):
            assert sort_of(letter(raw)) == "report", path
            assert told(letter(raw), raw).what
