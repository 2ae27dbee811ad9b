"""Checks of who may do what: roles, actions, scopes, kinds of decision, delegation."""

from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.page import Book, Remark, of_value

NEEDED = ("create", "assess", "decide", "close", "admin_users", "policy", "organisation")


def _roles(book: Book) -> Any:
    return book.value("access.matrix")["roles"]


def _unknown_role(role: str, book: Book) -> tuple[str, str]:
    told = ", ".join(_roles(book))
    return (
        f"Rollen {role} finns inte i behörighetsmatrisen: välj {told}.",
        f"The role {role} is not in the access matrix: choose {told}.",
    )


@of_value("access.matrix")
def actions_are_known(value: Any, book: Book) -> Iterator[Remark]:
    known = book.value("access.actions")
    for role, cells in value["roles"].items():
        for action in cells.keys() - known.keys():
            yield Remark(
                ("roles", role, action),
                f"Behörigheten {action} finns inte: välj bland {', '.join(known)}.",
                f"There is no action {action}: choose among {', '.join(known)}.",
            )


@of_value("access.matrix")
def every_action_is_decided(value: Any, book: Book) -> Iterator[Remark]:
    for role, cells in value["roles"].items():
        left = [action for action in book.value("access.actions") if action not in cells]
        if left:
            yield Remark(
                ("roles", role),
                f'Rollen {role} saknar {", ".join(left)}: skriv "-" för aldrig.',
                f'The role {role} lacks {", ".join(left)}: write "-" for never.',
            )


@of_value("access.matrix")
def whole_actions_are_not_about_a_case(value: Any, book: Book) -> Iterator[Remark]:
    """An own report or a membership says nothing about what concerns no single case."""
    actions = book.value("access.actions")
    whole = {action for action, row in actions.items() if row["about"] == "whole"}
    for role, cells in value["roles"].items():
        for action in (a for a, scope in cells.items() if a in whole and scope in "OM"):
            yield Remark(
                ("roles", role, action),
                f"{action} gäller inget enskilt ärende: skriv A, U eller -.",
                f"{action} concerns no single case: write A, U or -.",
            )


@of_value("access.matrix")
def sealed_roles_exist(value: Any, book: Book) -> Iterator[Remark]:
    for row, role in enumerate(value["sealed"]):
        if role not in value["roles"]:
            yield Remark(("sealed", row), *_unknown_role(role, book))
    if not value["sealed"]:
        yield Remark(
            ("sealed",),
            "Ingen roll kan öppna förseglade ärenden: skriv minst en.",
            "No role can open sealed cases: write at least one.",
        )


@of_value("access.matrix")
def nobody_is_locked_out(value: Any, book: Book) -> Iterator[Remark]:
    """Some role that people hold must be able to do each of these, or nobody can mend it."""
    cells = [row for role, row in value["roles"].items() if role not in ("anonymous", "system")]
    for action in NEEDED:
        if all(row.get(action, "-") == "-" for row in cells):
            yield Remark(
                ("roles",),
                f"Ingen roll får {action}: ge den till minst en.",
                f"No role may {action}: give it to at least one.",
            )


@of_value("access.matrix")
def every_role_has_its_text(value: Any, book: Book) -> Iterator[Remark]:
    for role in value["roles"].keys() - book.value("roles").keys():
        yield Remark(
            ("roles", role),
            f"Rollen {role} har inget ansvar och mandat i roles.toml: skriv det där.",
            f"The role {role} has no responsibility and mandate in roles.toml: write them there.",
        )


@of_value("roles")
def every_role_is_in_the_matrix(value: Any, book: Book) -> Iterator[Remark]:
    for role in value.keys() - _roles(book).keys():
        yield Remark((role,), *_unknown_role(role, book))
    for role in _roles(book).keys() - value.keys():
        yield Remark(
            (role,),
            f"Rollen {role} i behörighetsmatrisen saknar text här.",
            f"The role {role} of the access matrix has no text here.",
        )


@of_value("responsibilities")
def responsibilities_act_as_a_role(value: Any, book: Book) -> Iterator[Remark]:
    for code, row in value.items():
        if row["acts_as"] not in _roles(book):
            yield Remark((code, "acts_as"), *_unknown_role(row["acts_as"], book))


@of_value("delegation")
def delegation_names_known_roles(value: Any, book: Book) -> Iterator[Remark]:
    for role in value.keys() - _roles(book).keys():
        yield Remark((role,), *_unknown_role(role, book))


@of_value("delegation")
def delegation_names_known_decisions(value: Any, book: Book) -> Iterator[Remark]:
    known = book.value("decisions")
    for role, kinds in value.items():
        for row, kind in enumerate(kinds):
            if kind not in known:
                yield Remark(
                    (role, row),
                    f"Beslutet {kind} finns inte: se listan med vardkase policy show decisions.",
                    f"There is no decision {kind}: list them by vardkase policy show decisions.",
                )


@of_value("delegation")
def every_decision_has_someone(value: Any, book: Book) -> Iterator[Remark]:
    made = {kind for kinds in value.values() for kind in kinds}
    for kind in book.value("decisions").keys() - made:
        yield Remark(
            (),
            f"Ingen roll får fatta beslutet {kind}: ge det till minst en.",
            f"No role may make the decision {kind}: give it to at least one.",
        )


@of_value("delegation")
def everyone_may_report(value: Any, book: Book) -> Iterator[Remark]:
    """Whoever notices an event is responsible for reporting it (Region Skåne, s. 8)."""
    reporting = [k for k, row in book.value("decisions").items() if row.get("reporting")]
    for role in _roles(book):
        left = [kind for kind in reporting if kind not in value.get(role, [])]
        if left:
            yield Remark(
                (role,),
                f"Alla ska kunna rapportera: ge {role} {', '.join(left)}.",
                f"Everyone must be able to report: give {role} {', '.join(left)}.",
            )


@of_value("delegation", severity="warning")
def delegation_has_its_access(value: Any, book: Book) -> Iterator[Remark]:
    """A mandate without the permission it needs is a dead letter."""
    decisions = book.value("decisions")
    for role, kinds in value.items():
        cells = _roles(book).get(role)
        for row, kind in enumerate(kinds):
            needs = decisions.get(kind)
            if cells is None or needs is None or needs.get("reporting"):
                continue
            if cells.get(needs["action"], "-") == "-":
                yield Remark(
                    (role, row),
                    f"{role} får besluta {kind} men saknar behörigheten {needs['action']}: "
                    "ändra behörighetsmatrisen eller ta bort raden.",
                    f"{role} may decide {kind} but lacks the action {needs['action']}: "
                    "change the access matrix, or remove the row.",
                )


@of_value("decisions")
def decisions_need_known_actions(value: Any, book: Book) -> Iterator[Remark]:
    for kind, row in value.items():
        if row["action"] not in book.value("access.actions"):
            yield Remark(
                (kind, "action"),
                f"Behörigheten {row['action']} finns inte.",
                f"There is no action {row['action']}.",
            )


@of_value("access.links", "access.tokens")
def lives_are_between_a_day_and_ten_years(value: Any, book: Book) -> Iterator[Remark]:
    for key, days in value.items():
        if isinstance(days, int) and not 1 <= days <= 3650:
            yield Remark(
                (key,), f"{days} dagar går inte: skriv 1-3650.", f"{days} days: write 1-3650."
            )


@of_value("four_eyes")
def seconds_are_of_known_roles(value: Any, book: Book) -> Iterator[Remark]:
    for kind, row in value["kinds"].items():
        if kind not in book.value("decisions"):
            yield Remark(
                ("kinds", kind), f"Beslutet {kind} finns inte.", f"There is no decision {kind}."
            )
        for place, role in enumerate(row["second"]):
            if role not in _roles(book):
                yield Remark(
                    ("kinds", kind, "second", place),
                    f"Rollen {role} finns inte.",
                    f"There is no role {role}.",
                )


CHECKS = (
    actions_are_known,
    every_action_is_decided,
    whole_actions_are_not_about_a_case,
    sealed_roles_exist,
    nobody_is_locked_out,
    every_role_has_its_text,
    every_role_is_in_the_matrix,
    responsibilities_act_as_a_role,
    delegation_names_known_roles,
    delegation_names_known_decisions,
    every_decision_has_someone,
    everyone_may_report,
    delegation_has_its_access,
    decisions_need_known_actions,
    lives_are_between_a_day_and_ten_years,
    seconds_are_of_known_roles,
)
