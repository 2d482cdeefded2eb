"""Notices to members of the staff; the matter itself is never copied into them."""

from django.db import models

from yiwang.kernel.notices.enums import NoticeKind


class Notice(models.Model):
    """Something one person is told once. `facts` holds keys and days, never personal data.

    `key` tells the same news apart from new one, so that a job that runs twice tells once.
    """

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=NoticeKind)
    case_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["account_id", "-at", "-id"], name="notice_of_account"),
            models.Index(fields=["account_id"], name="notice_unread", condition=models.Q(read_at=None)),
        ]
