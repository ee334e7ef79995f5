"""Makes web/assets/fonts out of the families' packages; run by hand when the lab needs another letter.

    npm install --prefix /tmp/fonts @fontsource/source-serif-4@5.3.1 @ibm/plex-mono@2.5.0
    pip install fonttools brotli
    python tools/fonts.py /tmp/fonts/node_modules

The files are committed, so that a build needs neither Python nor these packages.
"""

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "web/assets/fonts"

ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
# Western European names and words, quotation marks, dashes, and the signs that sentences about offsets use.
PROSE = ASCII + "\u00a0¡¿ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÜßàáâãäåæçèéêëìíîïñòóôöøùúûüÿ§°·–—‘’“”…×−±½¹²³µ•↑↓"
# Data: the same, and the signs that only the monospace has. Prose borrows them from it (web/style/fonts.css).
DATA = PROSE + "→←↔≤≥≠≈✓│─└├┌┐┘┤"

SERIF = "@fontsource/source-serif-4/files/source-serif-4-latin-{}.woff2"
MONO = "@ibm/plex-mono/fonts/complete/woff2/IBMPlexMono-{}.woff2"

CUTS = {
    "serif-400": (SERIF.format("400-normal"), PROSE),
    "serif-600": (SERIF.format("600-normal"), PROSE),
    "serif-italic-400": (SERIF.format("400-italic"), PROSE),
    "mono-400": (MONO.format("Regular"), DATA),
    "mono-600": (MONO.format("SemiBold"), DATA),
}
LICENCES = {
    "@fontsource/source-serif-4/LICENSE": "LICENCE-source-serif-4.txt",
    "@ibm/plex-mono/LICENSE.txt": "LICENCE-ibm-plex-mono.txt",
}


def subset(source: Path, letters: str, target: Path) -> None:
    font = TTFont(source)
    absent = [letter for letter in letters if ord(letter) not in font.getBestCmap()]
    options = Options(flavor="woff2", hinting=False, desubroutinize=True, notdef_outline=True)
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp"] if "serif" in target.name else ["ccmp"]
    # The licences reserve the families’ names for whole fonts; what is left says whose work it is and its licence.
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["meta", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes", f"without {' '.join(absent)}" if absent else "")


def main() -> None:
    packages = Path(sys.argv[1])
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (source, letters) in CUTS.items():
        subset(packages / source, letters, OUT / f"{name}.woff2")
    for source, name in LICENCES.items():
        shutil.copyfile(packages / source, OUT / name)


if __name__ == "__main__":
    main()
