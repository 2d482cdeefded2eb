"""Take the pictures of official documents for the documentation anew; needs pdftoppm of poppler-utils."""

import subprocess
import tempfile
from pathlib import Path

from scripts.smallpng import smaller
from tests.facilities.office.corpus import documents
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.fonts.faces import fonts_in
from yiwang.facilities.office.layout.pdf import write_pdf

PICTURES = Path(__file__).resolve().parents[1] / "docs/pictures/documents"
SHOWN = {
    "general": (0, 1),
    "request": (22, 1),
    "letter": (28, 1),
    "order": (30, 1),
    "minutes": (32, 1),
    "imprint": (5, 2),
}
"""Name → which document of the corpus, and which of its pages."""


def main() -> None:
    """Render one page of each form."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for picture, (which, page) in SHOWN.items():
            path = Path(name) / f"{picture}.pdf"
            path.write_bytes(write_pdf(lay_out(documents()[which]), fonts=fonts_in()))
            subprocess.run(
                [
                    "pdftoppm",
                    "-r",
                    "56",
                    "-f",
                    str(page),
                    "-l",
                    str(page),
                    "-singlefile",
                    "-png",
                    str(path),
                    str(path.with_suffix("")),
                ],
                check=True,
            )
            (PICTURES / f"{picture}.png").write_bytes(smaller(path.with_suffix(".png").read_bytes()))


if __name__ == "__main__":
    main()
