"""Makes web/assets/fonts out of the families' packages; run by hand when the lab needs another letter.

    npm install --prefix /tmp/fonts @fontsource/source-serif-4@5.3.1 @ibm/plex-mono@2.5.0
    pip install fonttools==4.68.0 brotli==1.2.1
    python tools/fonts.py /tmp/fonts/node_modules

The files are committed, so that a build needs neither Python nor these packages.

Each face is two files. One has what the pages say, and every page loads it. The other, "-more", has what a learner
may type and the pages do not say; a browser fetches it for the first such letter that it meets. Which letters those
are stands in web/style/fonts.css too, as unicode-range; this program says so where the two differ.
"""

import shutil
import sys
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables.otBase import ValueRecord
from fontTools.ttLib.woff2 import WOFF2FlavorData

ROOT = Path(__file__).parent.parent
OUT = ROOT / "web/assets/fonts"
SHEET = ROOT / "web/style/fonts.css"

ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
# Signs of code. Data has them in its first file; sentences have no use for them, and they weigh 0.6 KiB a cut.
CODE = "#$@\\^~"
# Quotation marks, dashes, and the signs that sentences about offsets use.
SAID = "\u00a0·–—‘’“”…×−"
# Western European names and words (the rest of Latin-1), and rarer signs.
RARE = "".join(chr(code) for code in range(0xA1, 0x100) if chr(code) not in SAID) + "•↑↓"
# Signs that only the monospace has, and the braces of a set. Prose borrows them from it (web/style/fonts.css).
ARROWS = "→←"
BRACES = "{}"
DRAWN = "↔≤≥≠≈✓│─└├┌┐┘┤"

SERIF = "@fontsource/source-serif-4/files/source-serif-4-latin-{}.woff2"
MONO = "@ibm/plex-mono/fonts/complete/woff2/IBMPlexMono-{}.woff2"
CUTS = {
    "serif-400": SERIF.format("400-normal"),
    "serif-600": SERIF.format("600-normal"),
    "serif-italic-400": SERIF.format("400-italic"),
    "mono-400": MONO.format("Regular"),
    "mono-600": MONO.format("SemiBold"),
}
LETTERS = {
    "serif": "".join(letter for letter in ASCII if letter not in CODE + BRACES) + SAID,
    "serif-more": CODE + RARE,
    "mono": ASCII + SAID + ARROWS,
    "mono-more": RARE + DRAWN,
}
LICENCES = {
    "@fontsource/source-serif-4/LICENSE": "LICENCE-source-serif-4.txt",
    "@ibm/plex-mono/LICENSE.txt": "LICENCE-ibm-plex-mono.txt",
}


def keep(font: TTFont, letters: str) -> None:
    """Leaves out everything but the letters, their ligatures and their kerning."""
    options = Options(hinting=False, notdef_outline=True)
    options.layout_features = ["kern", "liga"]
    # The licences reserve the families' names for whole fonts; what is left says whose work it is and its licence.
    options.name_IDs = [0, 14]
    options.drop_tables += ["meta", "DSIG", "BASE", "STAT", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)


def draw_lone_parts(font: TTFont) -> None:
    """A glyph made of parts that no letter and no other glyph uses is drawn whole: one outline, not two entries."""
    outlines = font["glyf"]
    users: dict[str, set[str]] = {}
    for name in font.getGlyphOrder():
        for part in outlines[name].getComponentNames(outlines):
            users.setdefault(part, set()).add(name)
    letters = set(font.getBestCmap().values())
    glyphs = font.getGlyphSet()
    for user in {next(iter(names)) for part, names in users.items() if len(names) == 1 and part not in letters}:
        parts, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[user].draw(parts)
        parts.replay(pen)
        outlines[user] = pen.glyph()


def bear_as_drawn(font: TTFont) -> None:
    """Each glyph begins where its outline does, which need not be written. Rounded parts leave some a unit aside."""
    for name, (advance, _) in font["hmtx"].metrics.items():
        outline = font["glyf"][name]
        outline.recalcBounds(font["glyf"])
        font["hmtx"][name] = (advance, outline.xMin)


def kerning_of(font: TTFont) -> dict[tuple[str, str], int]:
    """How far each pair is moved, by the first of the font's kerning tables that says something of it."""
    pairs: dict[tuple[str, str], int] = {}
    table = font["GPOS"].table
    (first, *_) = next(entry.Feature.LookupListIndex for entry in table.FeatureList.FeatureRecord)
    for subtable in table.LookupList.Lookup[first].SubTable:
        subtable = getattr(subtable, "ExtSubTable", subtable)
        if subtable.Format == 1:
            for left, records in zip(subtable.Coverage.glyphs, subtable.PairSet):
                for record in records.PairValueRecord:
                    pairs.setdefault((left, record.SecondGlyph), record.Value1.XAdvance)
            continue
        for left in subtable.Coverage.glyphs:
            row = subtable.Class1Record[subtable.ClassDef1.classDefs.get(left, 0)].Class2Record
            for right in font.getGlyphOrder():
                pairs.setdefault((left, right), row[subtable.ClassDef2.classDefs.get(right, 0)].Value1.XAdvance)
    return {pair: move for pair, move in pairs.items() if move}


def by_likeness(lines: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Each line is followed by the one that differs from it least, which packs better."""
    ordered, left = lines[:1], lines[1:]
    while left:
        ordered.append(min(left, key=lambda line: sum(a != b for a, b in zip(line, ordered[-1]))))
        left.remove(ordered[-1])
    return ordered


def kern_in_one_table(font: TTFont) -> None:
    """Writes the same kerning as one table of classes; the family has up to nine, laid out for all its letters."""
    order, pairs = font.getGlyphOrder(), kerning_of(font)
    lefts: dict[tuple[int, ...], list[str]] = {}
    for left in order:
        lefts.setdefault(tuple(pairs.get((left, right), 0) for right in order), []).append(left)
    lefts.pop((0,) * len(order), None)
    rows = by_likeness(list(lefts))
    rights: dict[tuple[int, ...], list[str]] = {(0,) * len(rows): []}
    for right, column in zip(order, zip(*rows)):
        rights.setdefault(column, []).append(right)
    nothing, *others = rights
    columns = [nothing, *by_likeness(others)]

    table = otTables.PairPos()
    table.Format, table.ValueFormat1, table.ValueFormat2 = 2, 4, 0
    table.Coverage, table.ClassDef1, table.ClassDef2 = otTables.Coverage(), otTables.ClassDef(), otTables.ClassDef()
    table.Coverage.glyphs = sorted((left for names in lefts.values() for left in names), key=font.getGlyphID)
    table.ClassDef1.classDefs = {left: at for at, row in enumerate(rows) for left in lefts[row]}
    table.ClassDef2.classDefs = {right: at for at, column in enumerate(columns) for right in rights[column]}
    table.Class1Record = []
    for at in range(len(rows)):
        record = otTables.Class1Record()
        record.Class2Record = [class_record(column[at]) for column in columns]
        table.Class1Record.append(record)
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable = 2, 0, [table]
    positions = font["GPOS"].table
    positions.LookupList.Lookup = [lookup]
    for entry in positions.FeatureList.FeatureRecord:
        entry.Feature.LookupListIndex = [0]


def class_record(move: int) -> otTables.Class2Record:
    record = otTables.Class2Record()
    record.Value1, record.Value2 = ValueRecord(), None
    record.Value1.XAdvance = move
    return record


def cut(source: Path, letters: str, target: Path) -> None:
    # A file's time of making stays its maker's: the same letters give the same bytes.
    font = TTFont(source, recalcTimestamp=False)
    absent = [letter for letter in letters if ord(letter) not in font.getBestCmap()]
    keep(font, letters)
    draw_lone_parts(font)
    keep(font, letters)
    bear_as_drawn(font)
    if target.name.startswith("serif"):
        kern_in_one_table(font)
    for tag in ("GDEF", "GPOS", "GSUB"):
        if tag == "GDEF" or not font[tag].table.FeatureList.FeatureRecord:
            del font[tag]
    font.flavor = "woff2"
    font.flavorData = WOFF2FlavorData(transformedTables={"glyf", "loca", "hmtx"})
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes", f"without {' '.join(absent)}" if absent else "")


def ranges(letters: str) -> str:
    """The letters as CSS writes them: U+41, U+61-63."""
    spans: list[list[int]] = []
    for code in sorted(map(ord, letters)):
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in spans)


def main() -> None:
    packages = Path(sys.argv[1])
    OUT.mkdir(parents=True, exist_ok=True)
    for name, source in CUTS.items():
        family = name.split("-")[0]
        for more in ("", "-more"):
            cut(packages / source, LETTERS[family + more], OUT / f"{name}{more}.woff2")
    for source, name in LICENCES.items():
        shutil.copyfile(packages / source, OUT / name)
    sheet = " ".join(SHEET.read_text().split())
    for letters in (LETTERS["serif-more"], LETTERS["mono-more"], BRACES + ARROWS, DRAWN):
        if f"unicode-range: {ranges(letters)};" not in sheet:
            sys.exit(f"{SHEET.name} lacks unicode-range: {ranges(letters)};")


if __name__ == "__main__":
    main()
