from django.urls import path, register_converter

from hemei.consultations.views import mapping, moving, organising, reading, taking_part


class Words:
    """Which kind of words an address speaks of."""

    regex = "statements|arguments"

    def to_python(self, value: str) -> str:
        return value.removesuffix("s")

    def to_url(self, value: str) -> str:
        return f"{value}s"


register_converter(Words, "words")

app_name = "consultations"
urlpatterns = [
    path("", reading.consultations, name="consultations"),
    path("prepare", organising.prepare_consultation, name="prepare"),
    path("import", moving.import_polis, name="import_polis"),
    path("<int:pk>", reading.consultation, name="consultation"),
    path("<int:pk>/votes", taking_part.cast_vote, name="cast_vote"),
    path("<int:pk>/statements", reading.statements, name="statements"),
    path("<int:pk>/statements/new", taking_part.add_statement, name="add_statement"),
    path("<int:pk>/statements/<int:number>", reading.statement, name="statement"),
    path("<int:pk>/statements/<int:number>/correct", taking_part.correct_statement, name="correct_statement"),
    path("<int:pk>/statements/<int:number>/arguments/new", taking_part.add_argument, name="add_argument_on"),
    path("<int:pk>/arguments", reading.arguments, name="arguments"),
    path("<int:pk>/arguments/new", taking_part.add_argument, name="add_argument"),
    path("<int:pk>/<words:kind>/<int:number>/appeal", taking_part.appeal, name="appeal"),
    path("<int:pk>/map", mapping.opinion_map, name="map"),
    path("<int:pk>/polis", moving.export_polis, name="export_polis"),
    path("<int:pk>/polis/<uuid:key>", moving.exported, name="exported"),
    path("<int:pk>/mine", reading.mine, name="mine"),
    path("<int:pk>/log", reading.log, name="log"),
    path("<int:pk>/documents/new", organising.add_document, name="add_document"),
    path("<int:pk>/documents/<int:paper>", reading.document, name="document"),
    path("<int:pk>/documents/<int:paper>/file", reading.document_file, name="document_file"),
    path("<int:pk>/documents/<int:paper>/take-down", organising.take_down_document, name="take_down_document"),
    path("<int:pk>/sheet", reading.sheet, name="sheet"),
    path("<int:pk>/sheet/enter", taking_part.enter_sheet, name="enter_sheet"),
    path("<int:pk>/organise", organising.organise, name="organise"),
    path("<int:pk>/change", organising.change_consultation, name="change"),
    path("<int:pk>/ready", organising.make_ready, name="make_ready"),
    path("<int:pk>/cancel", organising.cancel_consultation, name="cancel"),
    path("<int:pk>/answer", organising.answer_consultation, name="answer"),
    path("<int:pk>/queue", organising.queue, name="queue"),
    path("<int:pk>/<words:kind>/<int:number>/accept", organising.accept_words, name="accept_words"),
    path("<int:pk>/<words:kind>/<int:number>/reject", organising.reject_words, name="reject_words"),
    path("<int:pk>/<words:kind>/<int:number>/restore", organising.restore_words, name="restore_words"),
    path("<int:pk>/appeals/<int:appeal>", organising.decide_appeal, name="decide_appeal"),
]
