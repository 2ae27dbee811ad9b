"""`python -m tests.architecture.templates`: every template is read, so that none fails later."""

import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

TEMPLATES = Path(__file__).parents[2] / "src" / "vardkase" / "web" / "templates"


def main() -> int:
    django.setup()
    wrong = 0
    for path in sorted(p for p in TEMPLATES.rglob("*") if p.is_file()):
        try:
            get_template(str(path.relative_to(TEMPLATES)))
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            sys.stdout.write(f"{path}: {error}\n")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
