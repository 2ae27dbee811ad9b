"""`vardkase policy try`: an answer for programs, one for people, and words for what is wrong."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vardkase.cli import main, policy
from vardkase.cli.output import Exit
from vardkase.lib.trouble import Trouble
from vardkase.policy.judge import judge, plain
from vardkase.policy.parameter import DATA, SWEDEN, overlay
from vardkase.policy.regime_files import faulty, regimes

KNOWN = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)
FRIDAY = {
    "org.csl_entity": True,
    "org.trust_service_provider": False,
    "org.sectors": ["public_administration", "healthcare_provider"],
    "org.county": "skane",
    "known_at": "2026-10-23T22:40+02:00",
    "t.activity_limited_hours": 2.5,
}
OWN = """
id = "regimes.own-board"
unit = "regime"
sv = "Rapport till styrelsen"
en = "Report to the board"
[[version]]
since = 2026-01-01
source = "Styrelsens beslut 2026-01-01"
checked = 2026-11-22
status = "verified"
[version.value]
version = "1"
legal = [{ ref = "Styrelsens beslut", level = "R", status = "verified" }]
criteria = [{ id = "cost", sv = "Dyrt", en = "Costly", legal = "Beslutet", level = "R", status = "verified", if = { fact = "own.cost_sek", gt = 100000 } }]
steps = [{ id = "tell", sv = "Berätta", en = "Tell", kind = "internal", to = "board", due = { from = "known_at", within = "P7D" }, legal = "Beslutet", level = "R", status = "verified" }]
recipients = { board = [{ from = 2026-01-01, name = "Styrelsen", legal = "Beslutet", level = "R", status = "verified" }] }
facts = [{ name = "own.cost_sek", type = "number", unit = "SEK", sv = "Vad kostar det?", en = "What does it cost?", knows = ["unit_head"] }]
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _ours_alone_afterwards() -> Iterator[None]:
    yield
    overlay(None)


def call(tmp_path: Path, regime: str, facts: Any, *words: str) -> int:
    path = tmp_path / "facts.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    parser, _ = main.parsers("policy")
    args = parser.parse_args(["policy", "try", regime, str(path), *words])
    args.data = tmp_path
    return policy.run(args)


def answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], regime: str, facts: Any, *words: str
) -> dict[str, Any]:
    assert call(tmp_path, regime, facts, "--json", *words) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_answer_has_the_form_that_stays_fixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(tmp_path, capsys, "se-nis2-csl", FRIDAY, "--at", "2026-10-24T08:00+02:00")
    assert list(said) == [
        *("regime", "version", "verdict", "hits", "unknown", "ask", "steps", "sources")
    ]
    assert (said["regime"], said["version"]) == ("se-nis2-csl", "2026-07-01")
    assert (said["verdict"], said["hits"]) == ("reportable", ["care-1h"])
    first, second, third, fourth = said["steps"][:4]
    name = "FRA / Nationellt cybersäkerhetscenter (CERT-SE)"
    due = "2026-10-24T22:40:00+02:00"
    assert first == {"id": "early_warning", "due": due, "recipient": name}
    assert datetime.fromisoformat(second["due"]).utcoffset() is not None
    assert third == {"id": "interim", "due": "on_request", "on_request": True, "recipient": name}
    assert (fourth["due"], fourth["waits_for"]) == ("waits_for", "submitted:notification")
    assert {"ref", "level", "status"} == set(said["sources"][0])
    assert all(s["status"] == "unverified" for s in said["sources"] if s["level"] != "R")


def test_at_picks_the_recipient_and_known_at_the_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = {**FRIDAY, "known_at": "2026-06-30T12:00+02:00"}
    said = answered(tmp_path, capsys, "se-nis2-csl", late, "--at", "2026-07-02")
    assert said["version"] == "2026-01-15"
    assert said["steps"][0]["recipient"].startswith("FRA")
    said = answered(tmp_path, capsys, "se-nis2-csl", FRIDAY, "--at", "2026-06-30T23:59")
    assert said["version"] == "2026-07-01"
    assert said["steps"][0]["recipient"].startswith("Myndigheten")


def test_at_is_now_when_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(tmp_path, capsys, "eu-gdpr", {"org.controller": True})
    assert said["version"] == "2018-05-25"
    assert "known_at" in said["ask"]


@pytest.mark.parametrize(
    ("language", "verdict", "heading"),
    [("sv_SE.UTF-8", "RAPPORTERINGSPLIKTIG", "Att göra"), ("C", "REPORTABLE", "To do")],
)
def test_people_get_words(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    verdict: str,
    heading: str,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    assert call(tmp_path, "se-nis2-csl", FRIDAY, "--at", "2026-10-24") == 0
    said = capsys.readouterr().out
    assert verdict in said
    assert heading in said
    assert "2026-10-24 22:40 (UTC+0200)" in said
    assert "MCFFS 2026:8, " in said  # and that nobody has checked it
    assert "Länsstyrelsen i Skåne län" in said


@pytest.mark.parametrize("facts", [{"t.classified_disclosed": True}])
def test_protective_security_says_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: dict[str, Any]
) -> None:
    assert call(tmp_path, "se-security-protection", facts) == 0
    assert "Write nothing of the matter here" in capsys.readouterr().out
    sensitive = FRIDAY | {"incident.in_security_sensitive_part": True}
    assert call(tmp_path, "se-nis2-csl", sensitive) == 0
    said = capsys.readouterr().out
    assert "EXCLUDED" in said
    assert "1 kap. 12 §" in said
    assert "Write nothing of the matter here" in said


def test_a_time_without_offset_is_swedish_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path, "eu-gdpr", {"known_at": "2026-10-25T02:30"}, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["steps"][0]["due"] == "2026-10-28T01:30:00+01:00"
    assert "read as Swedish time, 2026-10-25T02:30+02:00" in err


def test_a_name_nobody_asks_for_is_said_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {**FRIDAY, "t.activity_limited_hour": 9}
    assert call(tmp_path, "se-nis2-csl", facts, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"] == "reportable"
    assert "Did you mean t.activity_limited_hours?" in err


def test_null_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(tmp_path, capsys, "se-nis2-csl", {**FRIDAY, "t.activity_limited_hours": None})
    assert said["verdict"] == "undetermined"
    assert "care-1h" in said["unknown"]


WRONG = [
    ("t.activity_limited_hours", "2.5", "is not a number"),
    ("t.activity_limited_hours", True, "is not a number"),
    ("t.activity_limited_hours", -1, "not below zero"),
    ("t.enisa_level", 6, "is no answer: 1 to 5"),
    ("t.enisa_level", 0, "is no answer: 1 to 5"),
    ("t.enisa_level", 2.9, "is no answer: 1 to 5"),
    ("t.enisa_level", True, "is not a number"),
    ("org.csl_entity", "true", "is not true or false"),
    ("org.csl_entity", "yes", "is not true or false"),
    ("org.csl_entity", 1, "is not true or false"),
    ("org.sectors", "healthcare_provider", "is not a list of texts"),
    ("org.sectors", [1], "is not a list of texts"),
    ("org.sectors", ["healthcare_providr"], "Did you mean healthcare_provider?"),
    ("org.sectors", ["post", "Electricity"], "Did you mean electricity?"),
    ("org.county", "Skåne", "choose blekinge"),
    ("t.risk_to_individuals", "hihg", "choose unlikely, risk, high"),
    ("known_at", "yesterday", "is not a time"),
    ("known_at", 1761252000, "is not a time"),
    ("known_at", "2026-02-30T10:00", "is not a time"),
    ("known_at", "2026-10-23T22:40+02:00\0", "is not a time"),
    ("known_at", "2026-10-23\ud80022:40", "is not a time"),
    ("known_at", "2026-10-23T25:00Z", "is not a time"),
    ("known_at", "2026-10-23T22:40+99:00", "is not a time"),
    ("known_at", "", "is not a time"),
    ("known_at", {"date": "2026-10-23"}, "is not a time"),
    ("known_at", "9999-12-31T23:59:59Z", "is not a time"),
    ("known_at", "0001-01-01T00:00:00+14:00", "is not a time"),
    ("submitted:notification", True, "is not a time"),
    ("regime.se-lex-maria", "perhaps", "choose reportable"),
    ("form.imy.complete", "no", "is not true or false"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_answer_is_named(tmp_path: Path, name: str, value: Any, words: str) -> None:
    with pytest.raises(Trouble, match="is not|is no|choose|below|Did you") as found:
        call(tmp_path, "se-nis2-csl", {name: value})
    assert name in str(found.value)
    assert words in str(found.value)


def test_a_text_of_several_things_may_be_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"t.data_kinds": ["hälsa", "adress"], "incident.assets": [], "known_at": None}
    assert answered(tmp_path, capsys, "eu-gdpr", facts)["verdict"] == "undetermined"
    with pytest.raises(Trouble, match="t.data_kinds"):
        call(tmp_path, "eu-gdpr", {"t.data_kinds": ["hälsa", 1]})


def test_all_wrong_answers_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as found:
        call(tmp_path, "eu-gdpr", {"known_at": 1, "t.personal_data": 2})
    assert "known_at" in str(found.value)
    assert "t.personal_data" in str(found.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[]", "holds no JSON object"),
        ("1", "holds no JSON object"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ('{"t.workaround_hours": NaN}', "NaN is no number"),
        ('{"t.workaround_hours": Infinity}', "Infinity is no number"),
        ('{"t.workaround_hours": 1e999}', "is not a number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"x": "' + "y" * 1_000_001 + '"}', "larger than"),
    ],
)
def test_what_is_no_facts_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Trouble, match=words):
        call(tmp_path, "eu-gdpr", text)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    parser, _ = main.parsers("policy")
    (tmp_path / "latin.json").write_bytes('{"å": 1}'.encode("latin-1"))
    for name in ("missing.json", "latin.json", ".", "a\0b"):
        args = parser.parse_args(["policy", "try", "eu-gdpr", str(tmp_path / name)])
        with pytest.raises(Trouble, match="cannot be read"):
            policy.run(args)


@pytest.mark.parametrize(
    "words", [["nope", "f.json"], ["eu-gdpr", "none.json"], ["eu-gdpr", "f.json", "--at", "soon"]]
)
def test_a_wrong_use_exits_as_one_and_ends_with_a_command_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    (tmp_path / "f.json").write_text("{}", encoding="utf-8")
    words[1] = str(tmp_path / words[1])
    assert main.main(["policy", "try", *words, "--json"]) == Exit.WRONG_USE
    out, err = capsys.readouterr()
    assert out == ""
    assert "vardkase policy try" in err.splitlines()[-1]


@pytest.mark.parametrize("regime", ["eu-gpdr", "../../roles", "regimes.", "", "a b", "\0", "é"])
def test_an_unknown_regime_is_told_which_there_are(tmp_path: Path, regime: str) -> None:
    with pytest.raises(Trouble, match=r"There is no regime .* There are: eu-dora, eu-gdpr"):
        call(tmp_path, regime, {})


@pytest.mark.parametrize("at", ["soon", "2026-13-01", "99999-01-01T00:00"])
def test_a_time_of_sending_that_is_none_is_said(tmp_path: Path, at: str) -> None:
    with pytest.raises(Trouble, match="is no time"):
        call(tmp_path, "eu-gdpr", {}, "--at", at)


def test_an_organisations_own_regime_works_from_its_folder_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay(tmp_path / "policy")
    facts = {"known_at": "2026-03-27T10:00+01:00", "own.cost_sek": 200_000}
    with pytest.raises(Trouble, match="There is no regime"):
        call(tmp_path, "own-board", facts)
    path = tmp_path / "policy" / "regimes" / "own-board.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OWN, encoding="utf-8")
    said = answered(tmp_path, capsys, "own-board", facts)
    due = "2026-04-03T11:00:00+02:00"  # seven days elapse
    assert said["steps"] == [{"id": "tell", "due": due, "recipient": "Styrelsen"}]
    path.write_text(OWN.replace("gt = 100000", "gt = 300000"), encoding="utf-8")
    assert answered(tmp_path, capsys, "own-board", facts)["verdict"] == "not_reportable"


def test_a_regime_can_be_tried_before_it_is_put_into_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own-board.toml"
    path.write_text(OWN, encoding="utf-8")
    said = answered(tmp_path, capsys, str(path), {"own.cost_sek": 1})
    assert (said["regime"], said["verdict"]) == ("own-board", "not_reportable")
    assert answered(tmp_path, capsys, str(path), {})["ask"] == ["own.cost_sek", "known_at"]


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ('"P7D"', '"a week"', "value-shape"),
        ("own.cost_sek", "own.costs", "facts-are-in-the-catalogue"),
        ("since = 2026-01-01", "", "missing-key"),
        ("[[version]]", "[[version", "readable"),
    ],
)
def test_a_regime_with_a_fault_is_not_used(tmp_path: Path, old: str, new: str, check: str) -> None:
    path = tmp_path / "own-board.toml"
    path.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Trouble, match=check):
        call(tmp_path, str(path), {})
    with pytest.raises(Trouble, match="There is no file"):
        call(tmp_path, str(tmp_path / "none.toml"), {})


def test_an_organisation_may_amend_ours_by_what_it_changes_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay(tmp_path / "policy")
    path = tmp_path / "policy" / "regimes" / "eu-gdpr.toml"
    path.parent.mkdir(parents=True)
    head = (DATA / "regimes" / "eu-gdpr.toml").read_text(encoding="utf-8").split("[[version]]")[0]
    path.write_text(
        head + '[[version]]\nsince = 2026-01-01\nsource = "Vårt beslut"\nchecked = 2026-11-22\n'
        'status = "verified"\n[version.value]\namends = true\nversion = "ours"\n'
        'sign_off = { prepare = "dpo", approve = "ciso" }\n',
        encoding="utf-8",
    )
    facts = {"known_at": "2026-10-23T22:40+02:00", "org.controller": True}
    said = answered(tmp_path, capsys, "eu-gdpr", facts)
    assert (said["version"], said["verdict"]) == ("ours", "undetermined")
    before = {**facts, "known_at": "2025-12-31T23:59+01:00"}
    assert answered(tmp_path, capsys, "eu-gdpr", before)["version"] == "2018-05-25"
    overlay(None)  # and the file alone, before it is put there
    assert answered(tmp_path, capsys, str(path), facts) == said


def test_a_file_with_a_fault_breaks_nothing_but_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half written, badly named, of the wrong shape: ours are used meanwhile, and it is told."""
    folder = tmp_path / "policy" / "regimes"
    folder.mkdir(parents=True)
    overlay(tmp_path / "policy")
    good = answered(tmp_path, capsys, "eu-gdpr", FRIDAY)
    for name, text in [("eu-gdpr", "id ="), ("own-board", OWN[:300]), ("My regime (2)", OWN)]:
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    assert answered(tmp_path, capsys, "se-nis2-csl", FRIDAY)["verdict"] == "reportable"
    with pytest.raises(Trouble, match="eu-gdpr.toml:1: The TOML cannot be read"):
        call(tmp_path, "eu-gdpr", FRIDAY)
    assert plain(judge("eu-gdpr", {"org.controller": True}, at=KNOWN))["version"] == good["version"]
    assert {finding.file.stem for finding in faulty()} == {"eu-gdpr", "own-board", "My regime (2)"}
    assert not {"own-board", "My regime (2)"} & set(regimes())
    (folder / "own-board.toml").write_text(OWN, encoding="utf-8")
    assert "own-board" in regimes()
    assert answered(tmp_path, capsys, "own-board", {"own.cost_sek": 1})["hits"] == []
