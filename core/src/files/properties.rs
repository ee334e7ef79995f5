//! Settings as Java writes them: `meta.properties`, `server.properties` (Java: `Properties`).
//!
//! The reader keeps every line as it stands, with comments, order and escapes, so that a file is written back byte for
//! byte. It reads as Kafka does: a byte is a character (ISO 8859-1), everything else comes as `\uxxxx`.

use super::problem::FileProblem;

/// A `.properties` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    lines: Vec<Line>,
}

/// A line with its end, and those that it goes on in: a property, a comment, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    raw: Vec<u8>,
    /// Which line of the file it is; the first is 1.
    number: usize,
    property: Option<(String, String)>,
}

impl Properties {
    /// The properties in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let properties = self.lines.iter().filter_map(|line| line.property.as_ref());
        properties.map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A property's value, and the line that says it. Of several lines the last one counts.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<(&str, usize)> {
        let is_it = |line: &&Line| line.property.as_ref().is_some_and(|(of, _)| of == key);
        let line = self.lines.iter().rev().find(is_it)?;
        line.property.as_ref().map(|(_, value)| (value.as_str(), line.number))
    }

    /// The number of the line that would come next.
    #[must_use]
    pub fn end_line(&self) -> usize {
        self.lines.last().map_or(1, |line| line.number + natural_lines(&line.raw))
    }

    /// Adds a comment line.
    pub fn push_comment(&mut self, comment: &str) {
        let one_line = comment.replace(['\r', '\n'], " ");
        let raw: String = format!("#{one_line}\n").chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        self.push_raw(raw, None);
    }

    /// Adds a property, escaped as Java's `store` does.
    pub fn push(&mut self, key: &str, value: &str) {
        let raw = format!("{}={}\n", escaped(key, true), escaped(value, false));
        self.push_raw(raw, Some((key.to_owned(), value.to_owned())));
    }

    fn push_raw(&mut self, raw: String, property: Option<(String, String)>) {
        if let Some(last) = self.lines.last_mut() {
            end_line(&mut last.raw);
        }
        self.lines.push(Line { raw: raw.into_bytes(), number: self.end_line(), property });
    }

    /// The file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| line.raw.iter().copied()).collect()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A `\u` without four hexadecimal digits (Java: `IllegalArgumentException`). All else is a property or a comment.
    pub fn decode(file: &[u8]) -> Result<Properties, FileProblem> {
        let (mut lines, mut rest, mut number) = (Vec::new(), file, 1);
        while !rest.is_empty() {
            let (len, logical) = logical_line(rest);
            let (raw, behind) = rest.split_at_checked(len).unwrap_or((rest, &[]));
            let property = logical.map(|logical| property(&logical, number)).transpose()?;
            lines.push(Line { raw: raw.to_vec(), number, property });
            number += natural_lines(raw);
            rest = behind;
        }
        Ok(Properties { lines })
    }
}

/// Ends a line, so that what is put behind it is a line of its own. After a last backslash that takes an empty one.
fn end_line(raw: &mut Vec<u8>) {
    let takes_more = |raw: &[u8]| logical_line(&[raw, b"x"].concat()).0 > raw.len();
    while takes_more(raw) {
        raw.push(b'\n');
    }
}

/// How many bytes the next line takes with all that it goes on in, and what it says without ends and indents; none for
/// a comment or an empty line.
fn logical_line(rest: &[u8]) -> (usize, Option<Vec<u8>>) {
    let (mut len, mut logical) = (0, Vec::new());
    loop {
        let (line, size) = natural_line(rest.get(len..).unwrap_or_default());
        len += size;
        let text = trim_start(line);
        if logical.is_empty() && matches!(text.first(), None | Some(b'#' | b'!')) {
            return (len, None);
        }
        let backslashes = text.iter().rev().take_while(|byte| **byte == b'\\').count();
        let goes_on = backslashes % 2 == 1;
        logical.extend_from_slice(text.get(..text.len() - usize::from(goes_on)).unwrap_or_default());
        if !goes_on || len >= rest.len() || logical.is_empty() {
            return (len, Some(logical).filter(|logical| !logical.is_empty()));
        }
    }
}

/// A line without its end, and its size with it: line feed, carriage return, or both.
fn natural_line(rest: &[u8]) -> (&[u8], usize) {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    let (line, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    let end_bytes = match behind {
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    };
    (line, end + end_bytes)
}

fn natural_lines(raw: &[u8]) -> usize {
    let (mut rest, mut count) = (raw, 0);
    while !rest.is_empty() {
        rest = rest.get(natural_line(rest).1..).unwrap_or_default();
        count += 1;
    }
    count
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c')
}

fn trim_start(line: &[u8]) -> &[u8] {
    let spaces = line.iter().take_while(|byte| is_space(**byte)).count();
    line.get(spaces..).unwrap_or_default()
}

/// The key ends at the first `=`, `:` or space without a backslash before it.
fn property(logical: &[u8], number: usize) -> Result<(String, String), FileProblem> {
    let mut is_escaped = false;
    let key_len = logical.iter().position(|byte| {
        let ends = !is_escaped && (matches!(byte, b'=' | b':') || is_space(*byte));
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    let (key, behind) = logical.split_at_checked(key_len.unwrap_or(logical.len())).unwrap_or((logical, &[]));
    let value = match trim_start(behind) {
        [b'=' | b':', value @ ..] => trim_start(value),
        value => value,
    };
    Ok((unescaped(key, number)?, unescaped(value, number)?))
}

fn unescaped(text: &[u8], number: usize) -> Result<String, FileProblem> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        let (unit, behind) = match (byte, behind) {
            (b'\\', [b'u', behind @ ..]) => {
                let digits = behind.split_at_checked(4).and_then(|(digits, behind)| Some((hex(digits)?, behind)));
                digits.ok_or_else(|| {
                    let found: String = rest.iter().take(6).map(|byte| char::from(*byte)).collect();
                    FileProblem::text(number, "escape", Some(&found), "\\u and four hexadecimal digits")
                })?
            }
            (b'\\', [escape, behind @ ..]) => (plain(*escape), behind),
            _ => (byte.into(), behind),
        };
        units.push(unit);
        rest = behind;
    }
    Ok(String::from_utf16_lossy(&units))
}

fn plain(escape: u8) -> u16 {
    let byte = match escape {
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'f' => b'\x0c',
        other => other,
    };
    byte.into()
}

fn hex(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some((number << 4) | u16::try_from(digit).ok()?)
    })
}

fn escaped(text: &str, is_key: bool) -> String {
    let mut out = String::new();
    for (at, unit) in text.encode_utf16().enumerate() {
        match char::from_u32(unit.into()) {
            Some(' ') if is_key || at == 0 => out.push_str("\\ "),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\x0c') => out.push_str("\\f"),
            Some(c @ ('=' | ':' | '#' | '!' | '\\')) => out.extend(['\\', c]),
            Some(c @ ' '..='~') => out.push(c),
            _ => out.push_str(&format!("\\u{unit:04X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let properties = Properties::decode(text.as_bytes()).unwrap();
        assert_eq!(properties.encode(), text.as_bytes(), "{text:?}");
        properties.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    /// Answers of Java 17's `Properties.load`.
    #[test]
    fn lines_are_read_as_java_reads_them() {
        for (text, expected) in [
            ("a=b", vec![("a", "b")]),
            ("  a \t= b \r\nc", vec![("a", "b "), ("c", "")]),
            ("a:b=c\rd e", vec![("a", "b=c"), ("d", "e")]),
            ("# a=b\n ! c=d\n\n\t\ne==f", vec![("e", "=f")]),
            ("a=b\\\n   c\\\n#d\ne=f", vec![("a", "bc#d"), ("e", "f")]),
            ("a=b\\\\\nc=d", vec![("a", "b\\"), ("c", "d")]),
            ("a\\=b\\ c=d", vec![("a=b c", "d")]),
            ("a=\\t\\n\\q\\u00e9\\uD83D\\uDE42", vec![("a", "\t\nqé🙂")]),
            ("# no end \\\na=b\\", vec![("a", "b")]),
            ("\\\n# c\na=b", vec![("a", "b")]),
            ("a=b\\\n\nc=d", vec![("a", "b"), ("c", "d")]),
            ("a=b\\\n \n c", vec![("a", "b"), ("c", "")]),
            ("\\\n  \\\n a=b", vec![("a", "b")]),
            ("a\\\n=b", vec![("a", "b")]),
            ("a = \\\n = b", vec![("a", "= b")]),
            ("=a", vec![("", "a")]),
        ] {
            let read = read(text);
            let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_pushed_is_read_back() {
        let mut properties = Properties::decode(b"first=1").unwrap();
        properties.push_comment("a comment");
        properties.push("a key=x", " a value: é 🙂\\\n");
        let bytes = properties.encode();
        let again = Properties::decode(&bytes).unwrap();
        assert_eq!(again, properties);
        assert_eq!(again.get("a key=x"), Some((" a value: é 🙂\\\n", 3)));
        assert_eq!(again.end_line(), 4);
    }

    #[test]
    fn what_is_pushed_is_a_line_of_its_own() {
        for before in ["", "a=b", "a=b\n", "a=b\r", "a=b\\", "a=b\\\n", "a=b\\\r", "# c\\", "\\", "a=b\\\\"] {
            let mut properties = Properties::decode(before.as_bytes()).unwrap();
            let first: Vec<(String, String)> = read(before);
            properties.push("k", "v");
            let after = read(&String::from_utf8(properties.encode()).unwrap());
            assert_eq!(after.split_last(), Some((&("k".to_owned(), "v".to_owned()), &first[..])), "{before:?}");
            assert_eq!(Properties::decode(&properties.encode()), Ok(properties));
        }
    }

    #[test]
    fn a_broken_escape_has_its_line() {
        for escape in ["\\u12", "\\u12G4", "\\u"] {
            let problem = Properties::decode(format!("a=b\\\n c\nd={escape}").as_bytes()).unwrap_err();
            let expected = format!("line 3: escape: found {escape:?}, expected \\u and four hexadecimal digits");
            assert_eq!(problem.to_string(), expected);
        }
    }
}
