"""What the machine makes of the votes."""

from django.db import models

from hemei.consultations.models.consultation import Consultation


class OpinionMap(models.Model):
    """The map as it was computed once, by the worker; the newest is shown. The votes are the truth, this is a reading.

    version: the consultation's version it was computed from. result: what `engines.opinion` answered.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="maps")
    version = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    participants = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    result = models.JSONField()
    made_at = models.DateTimeField()
    personal: dict[str, str] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "version", "engine"], name="one_map_per_version"),
        ]
        indexes = [models.Index(fields=["consultation", "-id"], name="newest_map")]
