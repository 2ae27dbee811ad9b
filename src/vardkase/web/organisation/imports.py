"""Bringing in units, people, assets and suppliers: choose a file, look at it, then import it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vardkase.assets.tables import Assets
from vardkase.lib import sheet
from vardkase.lib.sheet_reader import LARGEST, Sheet, Unreadable, read
from vardkase.organisation.importing import Fault, apply, planned
from vardkase.organisation.tables import People, Table, Units
from vardkase.suppliers.tables import Suppliers
from vardkase.web.actor import actor
from vardkase.web.door import needs
from vardkase.web.forms import status

from . import waiting
from .pages import sent

SHOWN = 100  # rows of each sort on the preview


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows that may be brought in."""

    slug: str  # in addresses
    table: type[Table]
    action: str
    title: Promise
    section: str

    def address(self, page: str) -> str:
        return reverse(f"{page}-{self.slug}")

    @property
    def place(self) -> dict[str, object]:
        return {"kind": self, "section": self.section, "tab": "import"}


KINDS = (
    Kind("enheter", Units, "organisation", gettext_lazy("Import units"), "organisation"),
    Kind("personer", People, "organisation", gettext_lazy("Import people"), "organisation"),
    Kind("tillgangar", Assets, "assets", gettext_lazy("Import assets"), "assets"),
    Kind("leverantorer", Suppliers, "assets", gettext_lazy("Import suppliers"), "assets"),
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("At most 5 MB and 20,000 rows. The first row holds the headings."),
        widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB. Divide it."))
        return file

    def content(self, kind: Kind) -> bytes | None:
        """What was sent, if it is a table that we can read; else its fault is on the field."""
        if not self.is_valid():
            return None
        content: bytes = self.cleaned_data["file"].read()
        try:
            read(content, kind.table.columns())
        except Unreadable as error:
            self.add_error("file", str(error.sentence))
            return None
        return content


def upload(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Choose a file; it is read at once and waits for the look."""
    form = UploadForm(sent(request), request.FILES or None)
    content = form.content(kind) if request.method == "POST" else None
    if content is not None:
        name = form.cleaned_data["file"].name or ""
        waiting.keep(request, kind=kind.slug, name=name, content=content)
        return redirect(kind.address("import-look"))
    columns = [(kind.table.heading(c), c in kind.table.needed) for c in kind.table.fields]
    shown = {"form": form, "columns": columns} | kind.place
    return render(request, "organisation/import.html", shown, status=status(form))


def look(request: HttpRequest, kind: Kind) -> HttpResponse:
    """What the file would do: what is new, what changes, and what is wrong with which row."""
    file = waiting.find(request, kind.slug)
    if file is None:
        return redirect(kind.address("import"))
    if file.done:
        return redirect(kind.address("import-result"))
    plan = planned(kind.table(actor(request), timezone.now()), content_of(file, kind))
    shown = {"file": file, "plan": plan, "most": SHOWN, "rows": len(plan.new) + len(plan.changed)}
    return render(request, "organisation/import_look.html", shown | kind.place)


def run(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Import what was looked at; sent twice, it is imported once."""
    file = waiting.find(request, kind.slug)
    if file is None or file.mark != request.POST.get("mark"):
        return redirect(kind.address("import-look"))
    if file.done is None:
        table = kind.table(actor(request), timezone.now())
        file.done = apply(planned(table, content_of(file, kind)), table)
        waiting.put(request, file)
    return redirect(kind.address("import-result"))


def result(request: HttpRequest, kind: Kind) -> HttpResponse:
    """What the import did."""
    file = waiting.find(request, kind.slug)
    if file is None or file.done is None:
        return redirect(kind.address("import"))
    shown = {"file": file, "result": file.done, "most": SHOWN} | kind.place
    return render(request, "organisation/import_result.html", shown)


def failed(request: HttpRequest, kind: Kind) -> HttpResponse:
    """The rows that were not imported, with the reason, as a file to correct and send again."""
    file = waiting.find(request, kind.slug)
    if file is None or file.done is None:
        raise Http404
    rows = faulty(content_of(file, kind), file.done.faults)
    return spreadsheet(sheet.table(rows), f"{kind.slug}-rattas.csv")


def faulty(content: Sheet, faults: list[Fault]) -> Iterator[list[sheet.Cell]]:
    codes, cells = list(content.headings), {row.line: row.cells for row in content.rows}
    yield [*content.headings.values(), _("Line"), _("Error")]
    by_line: dict[int, list[str]] = {}
    for fault in faults:
        says = f"{fault.heading}: {fault.sentence}" if fault.heading else fault.sentence
        by_line.setdefault(fault.line, []).append(says)
    for line, sentences in by_line.items():
        row = cells.get(line, {})
        yield [*(row.get(code, "") for code in codes), line, " ".join(sentences)]


def export(request: HttpRequest, kind: Kind) -> HttpResponse:
    """All rows as a file that, imported again, changes nothing."""
    table = kind.table(actor(request), timezone.now())
    day = timezone.localdate().isoformat()
    return spreadsheet(sheet.table(table.written()), f"{kind.slug}-{day}.csv")


def content_of(file: waiting.Waiting, kind: Kind) -> Sheet:
    return read(file.bytes, kind.table.columns())


def spreadsheet(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def door(
    view: Callable[[HttpRequest, Kind], HttpResponse], kind: Kind, action: str
) -> Callable[..., HttpResponse]:
    """The page of one kind, open to those who may change such rows."""

    def page(request: HttpRequest) -> HttpResponse:
        return view(request, kind)

    return needs(action)(require_POST(page) if view is run else page)


def addresses(kind: Kind) -> list[URLPattern]:
    at = f"importera/{kind.slug}"
    pages = [
        ("import", at, upload), ("import-look", f"{at}/granska", look),
        ("import-run", f"{at}/importera", run), ("import-result", f"{at}/resultat", result),
        ("import-failed", f"{at}/rattas.csv", failed),
    ]  # fmt: skip
    found = [
        path(where, door(view, kind, kind.action), name=f"{name}-{kind.slug}")
        for name, where, view in pages
    ]
    out = door(export, kind, "look_up")
    return [*found, path(f"exportera/{kind.slug}.csv", out, name=f"export-{kind.slug}")]
