"""What machines have said: one row for each group of like alarms, and the messages themselves."""

from itertools import accumulate

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardkase.assets.models import Asset
from vardkase.organisation.models import Person, Token

LINE = 300  # characters of a name, an address, a title
MARK = 80  # of a source's name


class Detection(models.Model):
    """A group: every alarm of one source with one fingerprint, counted and never listed one by one.

    Texts and `fields` are those of the alarm that happened last; `severity` is the highest seen.
    `hour` is the hour (since 1970) in which the last one was received: the lists' order, which
    changes once an hour at most, so that counting one more touches no index.
    """

    class Kind(models.TextChoices):
        ALERT = "alert", _("Alarm")
        VULNERABILITY = "vulnerability", _("Vulnerability")

    class Severity(models.IntegerChoices):
        INFORMATIONAL = 1, _("informational")
        LOW = 2, _("low")
        MEDIUM = 3, _("medium")
        HIGH = 4, _("high")
        CRITICAL = 5, _("critical")

    fingerprint = models.BinaryField(max_length=16, unique=True)
    source = models.CharField(_("source"), max_length=MARK)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=LINE)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    rule = models.CharField(_("rule"), max_length=LINE, blank=True)
    source_host = models.CharField(_("from"), max_length=LINE, blank=True)
    target_host = models.CharField(_("to"), max_length=LINE, blank=True)
    user = models.CharField(_("account"), max_length=LINE, blank=True)
    ref = models.CharField(_("the sender's number"), max_length=LINE, blank=True)
    fields = models.JSONField(_("fields"), default=dict)
    count = models.BigIntegerField(_("count"))
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    hour = models.IntegerField()
    received_at = models.DateTimeField(_("received"))
    # when it changed without the rules having looked since; and when they last looked
    pending_since = models.DateTimeField(null=True, blank=True, default=timezone.now)
    looked_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(
        blank=True, default=""
    )  # what lists are searched in, of the hour's first alarm
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="detections",
        verbose_name=_("asset"),
    )  # fmt: skip
    muted_until = models.DateTimeField(_("muted until"), null=True, blank=True)

    class Meta:
        ordering = ["-hour", "-pk"]
        verbose_name = _("alarm")
        indexes = [
            models.Index(fields=["hour", "id"], name="detection_by_hour"),
            models.Index(fields=["source", "id"], name="detection_by_source"),
            models.Index(
                fields=["hour", "id"],
                condition=Q(asset__isnull=False),
                name="detections_at_assets",
            ),
            models.Index(
                fields=["pending_since", "id"],
                condition=Q(pending_since__isnull=False),
                name="detections_that_wait",
            ),
            GinIndex(OpClass(Upper("words"), name="gin_trgm_ops"), name="detection_words_part"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_detection_begins_before_it_ends",
                condition=Q(first_at__lte=models.F("last_at")),
            ),
            models.CheckConstraint(
                name="a_severity_is_1_to_5", condition=Q(severity__gte=1) & Q(severity__lte=5)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Mute(models.Model):
    """A group that nobody is to be bothered with for a time. It counts on all the same.

    `before` is the group's count when it was muted, `counted` how many more there were when the
    muting ended; nobody knows that of a muting still in force but the group itself.
    """

    detection = models.ForeignKey(Detection, models.PROTECT, related_name="mutes")
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=40)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    before = models.BigIntegerField(default=0)
    counted = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("muting")
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at=None), name="mutings_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.detection_id} {self.until}"

    @property
    def meanwhile(self) -> int:
        """How many alarms have been counted since it was muted, or were until it ended."""
        return self.detection.count - self.before if self.counted is None else self.counted


class Hourly(models.Model):
    """How many alarms of a group were received in an hour (counted since 1970)."""

    pk = models.CompositePrimaryKey("fingerprint", "hour")
    fingerprint = models.BinaryField(max_length=16)
    hour = models.IntegerField()
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("hourly count")
        indexes = [BrinIndex(fields=["hour"], name="hourly_by_hour")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Raw(models.Model):
    """Messages as they came, to the byte, kept for a short time in the partition of their month.

    A row holds what came of one group in one batch, message after message, at most fifty. A message
    of several groups has a row for each, of which only `part` 0 holds the body. One that nobody
    understood has no fingerprint, and says in `aside` why.
    """

    pk = models.CompositePrimaryKey("received", "batch", "line", "part")
    received = models.DateTimeField(_("received"))
    batch = models.BigIntegerField()  # drawn by lot: what came together
    line = models.IntegerField(_("line"))  # of the first message
    part = models.IntegerField()
    source = models.CharField(_("source"), max_length=MARK)
    fingerprint = models.BinaryField(max_length=16, null=True)
    sizes = ArrayField(
        models.IntegerField(), null=True
    )  # bytes of each message; None: there is one
    aside = models.CharField(_("why it was set aside"), max_length=LINE, null=True)  # noqa: DJ001  NULL is in no index
    body = models.BinaryField(_("message"), null=True)

    class Meta:
        verbose_name = _("message")

    def __str__(self) -> str:
        return f"{self.source} {self.received} {self.line}"

    @property
    def messages(self) -> list[bytes]:
        """What the row holds, in the order of arrival; nothing where part 0 holds it."""
        if self.body is None:
            return []
        body, sizes = bytes(self.body), self.sizes or [len(self.body)]
        return [body[end - size : end] for end, size in zip(accumulate(sizes), sizes, strict=True)]


class Batch(models.Model):
    """A batch that its sender gave a key (or signed): sent again it gets the same answer, and is
    stored once. `sender` is the token's key."""

    pk = models.CompositePrimaryKey("sender", "key")
    sender = models.CharField(max_length=40)
    key = models.CharField(max_length=210)
    digest = models.BinaryField(max_length=32)  # of source and body
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("batch")
        indexes = [BrinIndex(fields=["at"], name="batch_by_time")]

    def __str__(self) -> str:
        return f"{self.sender} {self.key}"


class FileMark(models.Model):
    """How far a file has been taken in at the console, written together with what was read.

    A file is known by its place on disk and by its first bytes: whoever writes a new one over it,
    or gets its place after it, begins anew.
    """

    file = models.CharField(max_length=200, primary_key=True)  # source, device, inode
    name = models.CharField(max_length=1000)
    head_size = models.IntegerField()  # bytes
    head = models.BinaryField(max_length=32)  # their digest
    offset = models.BigIntegerField()  # bytes; messages in a file that is taken whole
    messages = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """What a token may send besides what its role says: one source only, signed or not."""

    token = models.OneToOneField(Token, models.PROTECT, related_name="feed")
    source = models.CharField(_("source"), max_length=MARK, blank=True)  # empty: any
    signed = models.BooleanField(_("must be signed"), default=False)

    class Meta:
        verbose_name = _("feed")

    def __str__(self) -> str:
        return f"{self.token} {self.source}"
