"""Who we are: the organisation, its units, its people, what they may do, and who is on duty."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vardkase.lib.sorting import swedish_order


class Organisation(models.Model):
    """The one organisation that this instance serves; its row is made by the set-up page."""

    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")
        AUTHORITY = "authority", _("Authority")
        TRUST_SERVICE_PROVIDER = "trust_service_provider", _("Trust service provider")
        COMPANY = "company", _("Company")

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    duty_phone = models.CharField(_("duty officer's phone"), max_length=40)
    security_phone = models.CharField(_("security protection's phone"), max_length=40)
    founded_at = models.DateTimeField(_("set up at"))

    class Meta:
        verbose_name = _("organisation")
        constraints = [
            models.CheckConstraint(name="there_is_one_organisation", condition=Q(only=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of the organisation. What it leaves empty it has from the unit above.

    It is closed, never deleted: its cases, people and grants keep their place.
    """

    name = models.CharField(_("name"), max_length=200)
    sort_key = swedish_order()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("under")
    )
    path = models.CharField(_("path"), max_length=200, unique=True)  # "/1/4/": ids from the root
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    routine = models.TextField(_("routine for reporting"), blank=True)
    form_note = models.TextField(_("note on the report form"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        constraints = [
            models.UniqueConstraint(
                fields=["parent"], condition=Q(parent=None), nulls_distinct=False,
                name="there_is_one_root",
            ),
            models.UniqueConstraint(fields=["parent", "name"], name="names_differ_in_a_unit"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="unit_subtree"),
            models.Index(fields=["sort_key", "id"], name="unit_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Finds a person by the name he logs in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody at the organisation or at a supplier. Logs in if `is_active` and invited."""

    username = models.CharField(_("login name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_key = swedish_order()
    title = models.CharField(_("title"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("unit"))
    is_active = models.BooleanField(_("may log in"), default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[People] = People()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        indexes: ClassVar = [
            models.Index(fields=["sort_key", "id"], name="person_by_name"),
            models.Index(fields=["unit", "sort_key", "id"], name="person_by_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What the decision log calls this person."""
        return f"p{self.pk}"


class Held(models.Model):
    """A role held in a unit and below, with the labels it is cleared for."""

    role = models.CharField(_("role"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    labels = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        abstract = True


class Grant(Held):
    """A role given to a person, for a time and a reason. It ends; it is never deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.CharField(_("given by"), max_length=40)
    confirmed_by = models.CharField(_("confirmed by"), max_length=40, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("grant")
        constraints = [
            models.CheckConstraint(
                name="a_grant_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Token(Held):
    """What a program shows instead of a password. Only its fingerprint is kept."""

    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    by = models.CharField(_("created by"), max_length=40)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return f"t{self.pk}"


class Invitation(models.Model):
    """A one-time link: to found the organisation (no person), to join, or to set a new password."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("one-time link")

    def __str__(self) -> str:
        return str(self.pk)


class Team(models.Model):
    """A resolver team: people who remedy, in the order they are called.

    One team may be the crisis organisation: its roster is asked first to take the lead of a case.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    sort_key = swedish_order()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="teams", verbose_name=_("unit"))
    crisis = models.BooleanField(_("the crisis organisation"), default=False)
    note = models.TextField(_("note"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("resolver team")
        constraints = [
            models.UniqueConstraint(
                fields=["crisis"], condition=Q(crisis=True, closed_at=None),
                name="one_team_is_the_crisis_organisation",
                violation_error_message=_(
                    "Another team is the crisis organisation. Take the mark from that team first."
                ),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["sort_key", "id"], name="team_by_name")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team; `place` 1 is called first. It ends; it is never deleted."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="teams")
    place = models.PositiveSmallIntegerField(_("order of calling"), default=1)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["team", "place", "pk"]
        verbose_name = _("team member")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(ended_at=None), name="once_in_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.person_id}"


class Duty(models.Model):
    """A turn as duty officer (tjänsteman i beredskap), or as the one a team calls first."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="duties", verbose_name=_("person")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("team")
    )
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("turn of duty")
        constraints = [
            models.CheckConstraint(
                name="a_turn_ends_after_it_begins", condition=Q(until__gt=models.F("since"))
            ),
        ]
        indexes = [models.Index(fields=["until"], name="duty_by_end")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"


class Responsibility(models.Model):
    """A standing responsibility in a unit, such as its head: a code of policy `responsibilities`.

    It says whom to ask and tell; what a person may open and do is a grant.
    """

    code = models.CharField(_("responsibility"), max_length=40)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="responsibilities", verbose_name=_("person")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsible")
    since = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["unit", "code", "pk"]
        verbose_name = _("responsibility")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "person", "unit"], condition=Q(ended_at=None),
                name="responsible_once_in_a_unit",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code}"


class Document(models.Model):
    """A governing document that applies in a step of the work, in one version."""

    class Step(models.TextChoices):
        REPORT = "report", _("Report")
        ASSESS = "assess", _("Assess and decide")
        HANDLE = "handle", _("Handle")
        CONCLUDE = "conclude", _("Learn")
        ALL = "all", _("All steps")

    title = models.CharField(_("title"), max_length=200)
    version = models.CharField(_("version"), max_length=60, blank=True)
    link = models.URLField(_("link"), max_length=500)
    step = models.CharField(_("applies in"), max_length=20, choices=Step, default=Step.ALL)
    since = models.DateField(_("in force from"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["step", "title", "pk"]
        verbose_name = _("governing document")

    def __str__(self) -> str:
        return self.title
