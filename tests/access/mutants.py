"""`python -m tests.access.mutants`: break one guard at a time; the tests of access must notice.

Each mutant is a sentence of ours with another in its place. It lives in a copy of the tree, where
the tests that should see it are run; who survives is printed, and the exit code says so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from vardkase.config.database import temporary_server

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "data", "shots", "__pycache__", ".*_cache")


class Mutant(NamedTuple):
    file: str  # below src/vardkase
    guard: str
    broken: str
    tests: str


ACCESS = "tests/access"
LISTS = "tests/access/test_visible.py tests/architecture/test_lists.py"
DOORS = "tests/architecture/test_sweep.py -k stranger"
LOG = "tests/decisionlog/test_decision.py tests/organisation/test_grants.py"
TWO = "tests/workflow/test_four_eyes.py"
PAGES = "tests/web/test_requests.py tests/peer_holes/test_ph25_negotiation.py"
ACCOUNTS = "tests/peer_holes/test_ph15_part_admin.py tests/accounts/test_accounts.py"
ROLES = "tests/peer_holes/test_ph15_part_admin.py tests/api tests/assets/test_api.py"
RULES, SERVICES = "access/rules.py", "decisionlog/services.py"
EYES, CASES = "workflow/four_eyes.py", "events/queries.py"
SECONDS = "organisation/seconds.py"
TOLD = "tests/communication"

MUTANTS = [
    # one case
    Mutant(RULES, "unsealed = not scope.sealed or ", "unsealed = True or ", ACCESS),
    Mutant(RULES, "return unsealed and scope.labels <= grant.labels", "return unsealed", ACCESS),
    Mutant(RULES, 'if letter == "U" and not (is_root', "if False and not (is_root", ACCESS),
    Mutant(RULES, 'if letter == "M" and (actor.person is None', "if False and (actor", ACCESS),
    Mutant(RULES, "and actor.person in scope.conflicts:", "and False:", ACCESS),
    Mutant(RULES, "if scope.sealed:\n", "if False:\n", ACCESS),
    Mutant(RULES, "return actor.holds == scope.number", "return True", ACCESS),
    Mutant(RULES, 'letter == "O" and actor.roles != {"sysadmin"}', 'letter == "O"', ACCESS),
    Mutant(RULES, '(letter == "U" and is_path(grant.unit))', 'letter == "U"', ACCESS),
    Mutant(RULES, 'path.count("/") <= 2', 'path.count("/") <= 3', ACCESS),
    Mutant(RULES, 'text[:1] == text[-1:] == "/"', 'text[:1] == "/"', ACCESS),
    # the same as SQL
    Mutant(RULES, "found = Q(labels__contained_by=sorted(grant.labels))", "found = Q()", LISTS),
    Mutant(RULES, 'if grant.role not in matrix(actor)["sealed"]:', "if False:", LISTS),
    Mutant(RULES, 'if letter == "U" and not is_root(grant.unit):', "if False:", LISTS),
    Mutant(RULES, "found &= Q(members__contains=[actor.person])", "pass", LISTS),
    Mutant(RULES, "seen &= ~Q(conflicts__contains=[actor.person])", "pass", LISTS),
    Mutant(RULES, "Q(reporter=actor.person, sealed=False)", "Q(reporter=actor.person)", LISTS),
    Mutant(RULES, "Q(number=actor.holds, sealed=False)", "Q(number=actor.holds)", LISTS),
    Mutant(CASES, "Event.objects.filter(visible(reader, action))", "Event.objects", LISTS),
    Mutant(CASES, "if not all(allowed", "if False and not all(allowed",
           "tests/architecture/test_sweep.py -k each_role"),
    Mutant("assessment/queries.py", 'visible(reader, "read")', "pk__isnull=False", LISTS),
    Mutant("incidents/queries.py", 'visible(reader, "read")', "pk__isnull=False", LISTS),
    Mutant("statistics/queries.py", 'visible(reader, "stats")', "pk__isnull=False",
           f"{LISTS} tests/statistics"),
    # the doors
    Mutant("web/door.py", "and not may(actor(request), action)", "and False", ACCOUNTS),
    Mutant("web/door.py", "if not request.user.is_authenticated:", "if False:", DOORS),
    Mutant("api/door.py", "if not may(request.auth, action)", "if False", ROLES),
    Mutant("api/auth.py", 'return actor_of_token(secret, timezone.now()) if scheme.lower() == '
           '"bearer" else None', "return Actor.reporter(timezone.now())", "tests/api"),
    Mutant("web/accounts/step_up.py", "if did_recently_reauthenticate(request):", "if True:",
           PAGES),
    # the one door for change
    Mutant(SERVICES, "if not roles:", "if False:", LOG),
    Mutant(SERVICES, "if not any(kind in delegated.get(role, []) for role in roles):", "if False:",
           LOG),
    Mutant(SERVICES, "if not draft.facts:", "if False:", LOG),
    Mutant(SERVICES, "if second is None:", "if False:", TWO),
    Mutant("decisionlog/eyes.py", 'if by.key != "system" and wants', "if False and wants", TWO),
    Mutant("decisionlog/requests.py", "!= request.digest:", "== 0:", TWO),
    Mutant("decisionlog/requests.py", "if by.person is None:", "if False:", TWO),
    # two persons
    Mutant(EYES, "if not where.may_confirm:", "if False:", TWO),
    Mutant(EYES, "if where.alone and not reason.strip():", "if False:", TWO),
    Mutant(EYES, "asker | {request.about}", "asker", TWO),
    Mutant(EYES, "or found.until <= at:", "or False:", TWO),
    Mutant(EYES, "if found is None or found.answer or", "if found is None or", TWO),
    Mutant(EYES, "if not found.is_active:", "if False:", TWO),
    Mutant(EYES, "if not concerns(found, by, at):", "if False:", TWO),
    Mutant(SECONDS, "= trusted(at).filter(in_force", "= Grant.objects.filter(in_force",
           TWO),
    Mutant(SECONDS, "return found - scope.conflicts", "return found", TWO),
    Mutant(SECONDS, "Q(until__gt=at - days)", "Q(until__gt=at)", TWO),
    Mutant(SECONDS, "| Q(person__in=closed_since(at - days))", "", TWO),
    Mutant(SECONDS, "if reaches(", "if True or reaches(", TWO),
    Mutant("organisation/grants.py", "if since < at - EARLIEST:", "if False:", TWO),
    # who is told
    Mutant("workflow/affected.py", 'if held and not allowed(', "if False and not allowed(", TOLD),
    Mutant("web/communication/affected.py", "sees or not row.protected", "True", TOLD),
    Mutant("communication/rules.py", "if protected or channel == SAFE:", "if channel == SAFE:",
           TOLD),
    Mutant("workflow/oblige.py", "if goes_past(said, sent.step, case, by) and", "if False and",
           TOLD),
    Mutant("workflow/inform.py", "if not now.may_leave and", "if False and", TOLD),
    Mutant("organisation/queries.py", "return key == other or behind(key) == behind(other)",
           "return key == other", TOLD),
    Mutant("workflow/telling.py", "and not left(case, audience):", ":", TOLD),
    Mutant("workflow/telling.py", "and not reason.strip():", "and False:", TOLD),
    Mutant("workflow/wording.py", '"" if said.secrecy.strip() else', '"" if True else',
           "tests/obligations/test_wording.py"),
    Mutant("workflow/prefill.py", "wording.own_words or wording.drawn == drawn",
           "True", "tests/obligations/test_wording.py"),
    Mutant("workflow/oblige.py", "if signs and sent.signer", "if False and sent.signer",
           "tests/obligations/test_entities.py"),
    Mutant("workflow/level.py", "if level is not None and level <", "if False and level <",
           "tests/obligations/test_services.py"),
    Mutant("delivery/services.py", "if not (notice.discreet and", "if not (False and",
           "tests/delivery/test_outbox.py"),
    # accounts
    Mutant("organisation/grants.py", "if by.person == person.pk:", "if False:", LOG),
    Mutant("organisation/accounts.py", "if by.person == person.pk:", "if False:", ACCOUNTS),
    Mutant("organisation/accounts.py", "if not may_manage(", "if False and not may_manage(",
           ACCOUNTS),
    Mutant("organisation/accounts.py", "if is_last_administrator(person, at):", "if False:",
           ACCOUNTS),
    Mutant("organisation/tokens.py", "if not gives(by, wanted", "if False and not gives(by, wanted",
           f"{ACCOUNTS} tests/accounts/test_tokens.py"),
    Mutant("organisation/queries.py", "expires_at__gt=at", "pk__gt=0",
           "tests/access tests/accounts/test_tokens.py"),
]  # fmt: skip


def main(wanted: list[str]) -> int:
    chosen = [m for m in MUTANTS if not wanted or any(word in m.file for word in wanted)]
    begun, survivors = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, temporary_server() as urls:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, symlinks=True, ignore=LEFT_OUT)
        for number, mutant in enumerate(chosen, 1):
            lives = survives(mutant, tree, urls.superuser)
            say(f"{number}/{len(chosen)} {'LIVES' if lives else 'dead '} {told(mutant)}")
            survivors += [mutant] if lives else []
    spent = (time.monotonic() - begun) / 60
    say(f"{len(chosen)} mutants, {len(survivors)} alive, {spent:.1f} min")
    return 1 if survivors else 0


def survives(mutant: Mutant, tree: Path, database: str) -> bool:
    """Whether the tests stay green with the guard broken."""
    file = tree / "src" / "vardkase" / mutant.file
    whole = file.read_text(encoding="utf-8")
    if mutant.guard not in whole:
        raise SystemExit(f"{told(mutant)}: the guard is not there any more; write the mutant anew")
    file.write_text(whole.replace(mutant.guard, mutant.broken), encoding="utf-8")
    try:
        return green(mutant.tests.split(), tree, database)
    finally:
        file.write_text(whole, encoding="utf-8")


def green(tests: list[str], tree: Path, database: str) -> bool:
    return (
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
            cwd=tree, capture_output=True, check=False, timeout=900,
            env=os.environ | {"TEST_DATABASE_URL": database, "PYTHONPATH": str(tree / "src"),
                              "PYTHONDONTWRITEBYTECODE": "1"},
        ).returncode
        == 0
    )  # fmt: skip


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(mutant: Mutant) -> str:
    return f"{mutant.file}: {' '.join(mutant.guard.split())[:70]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
