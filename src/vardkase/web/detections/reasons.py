"""Why a message was set aside, in the reader's words: what our readers said, in English."""

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

REASONS = (
    gettext_noop("This is not JSON."),
    gettext_noop("The JSON is nested too deeply to be read."),
    gettext_noop("There is not one readable character."),
    gettext_noop("These bytes are no text: not UTF-8, and full of control characters."),
    gettext_noop("Byte {one} is NUL: this is not text."),
    gettext_noop("Byte {one} is 0x{two}, which is not UTF-8."),
    gettext_noop("our reader failed: {one}"),
    gettext_noop("it cannot be stored: {one}"),
    gettext_noop("A {one} archive: unpack it, and send what is in it."),
    gettext_noop("There is no organisation to report to yet."),
    # lines
    gettext_noop("This is no line of key=value but JSON or XML."),
    gettext_noop("There are no two key=value in the line."),
    gettext_noop("This is no syslog line but JSON, XML or the like."),
    gettext_noop("There is no [generator:signature:revision]: not a Snort alert."),
    gettext_noop("There is no header CEF:0|...|: not a CEF line."),
    gettext_noop("A CEF header has seven parts between |; here are {one}."),
    gettext_noop("There is no header LEEF:1.0|...|: not a LEEF line."),
    gettext_noop("A LEEF header has five parts between |; here are {one}."),
    gettext_noop("There is neither _path nor a time in ts: not a record of Zeek."),
    gettext_noop("The row comes without the header (#fields) that says what it is."),
    gettext_noop("The row has {one} values, and its header {two} fields."),
    # JSON
    gettext_noop("The message is no JSON object."),
    gettext_noop("There is no list at {one}."),
    gettext_noop("The message lacks {one}, which the mapping needs."),
    gettext_noop("The mapping is not in force on this day."),
    gettext_noop("Nothing that only Microsoft tells."),
    gettext_noop("The record's alert is no object."),
    gettext_noop("This is neither an incident nor an alert of Microsoft Sentinel's."),
    gettext_noop(
        "This is no alert of Microsoft Defender's: it has no title beside what Defender tells."
    ),
    gettext_noop("This is no alert of Wazuh's: it has neither a rule nor a vulnerability."),
    gettext_noop(
        "This is no document of the Elastic Common Schema: it has no event, agent or host."
    ),
    gettext_noop("This is no event of Cowrie's: its eventid does not begin with cowrie."),
    gettext_noop(
        "This is no finding of Security Hub's: it has neither findings nor a finding's fields."
    ),
    gettext_noop("This is no message of Alertmanager's: it holds no alerts with labels."),
    gettext_noop("This is no report of Trivy's: it holds no results of it."),
    gettext_noop("This is no report of ZAP's: it holds neither sites nor alerts of ZAP's."),
    gettext_noop(
        "This is not one of Suricata's EVE records: it has no event_type that Suricata writes."
    ),
    # XML and CSV
    gettext_noop("The XML is nested too deeply to be read."),
    gettext_noop("The XML declares entities, which a report has no need of: not read."),
    gettext_noop("The XML breaks at line {one}: {two}."),
    gettext_noop("The XML cannot be read: {one}."),
    gettext_noop("The XML is a {one}, not what this source reads."),
    gettext_noop("Line {one} of the XML is not UTF-8."),
    gettext_noop("The XML holds no results of an OpenVAS scan."),
    gettext_noop("The text is no report of OpenVAS: neither its XML nor its CSV."),
    gettext_noop("Line {one} of the CSV breaks: {two}."),
    # mail
    gettext_noop("There is no header: not a mail."),
    gettext_noop("The mail is nested too deeply to be read."),
    gettext_noop("The mail nests more than {one} parts."),
    gettext_noop("The mail has more lines and parts than can be read in time."),
    gettext_noop("The mail cannot be taken apart ({one})."),
    gettext_noop("A bounce: mail of ours that could not be delivered."),
    gettext_noop("An automatic message, not written by a person."),
    gettext_noop("Our own mail come back, or a mail that has gone in circles."),
    gettext_noop("There is no part message/feedback-report: not an abuse report (ARF)."),
    gettext_noop("This is JSON, but no X-ARF report."),
    gettext_noop("There is neither xarf_version nor Report.ReportType: not X-ARF."),
    gettext_noop("The mail is no X-ARF report."),
    gettext_noop("The mail is an X-ARF report, but none of its parts is one."),
)


def said(reason: str) -> str | None:
    """The reason in the reader's language; None for one that is none of ours."""
    if reason in REASONS:
        return gettext(reason)
    for words, pattern in patterns():
        if found := pattern.fullmatch(reason):
            return gettext(words).format(**found.groupdict())
    return None


@cache
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Those with a part of the message in them; the escaped braces stand for it."""
    return [
        (words, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(words)), re.DOTALL))
        for words in REASONS
        if "{" in words
    ]
