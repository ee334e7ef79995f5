//! One line as tokens, and the tokens as arguments that are taken one by one.

use super::{Expected, Problem};

/// What was read. Problems are rare, and large: one lies aside, so that handing on what was read costs little.
pub(super) type Read<T> = Result<T, Box<Problem>>;

/// A word, or `name=value`.
#[derive(Debug)]
pub(super) struct Token {
    /// In characters, 1 for the first.
    column: u32,
    /// What stands before an unquoted `=`.
    name: Option<String>,
    text: String,
    /// A quoted text is never the bare word `null`.
    quoted: bool,
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    column: u32,
    line: u32,
}

/// Cuts a line into tokens; a comment runs from a `#` at the start of a token to the end.
pub(super) fn tokens(line: &str, number: u32) -> Read<Vec<Token>> {
    let mut reader = Reader { rest: line.chars().peekable(), column: 1, line: number };
    let mut tokens = Vec::new();
    loop {
        while reader.rest.peek().is_some_and(|c| c.is_whitespace()) {
            reader.next();
        }
        match reader.rest.peek() {
            None | Some('#') => return Ok(tokens),
            Some(_) => tokens.push(reader.token()?),
        }
    }
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        self.column += 1;
        self.rest.next()
    }

    fn token(&mut self) -> Read<Token> {
        let mut token = Token { column: self.column, name: None, text: String::new(), quoted: false };
        while let Some(&c) = self.rest.peek() {
            if c.is_whitespace() {
                break;
            }
            self.next();
            match c {
                '=' if token.name.is_none() && !token.quoted => token.name = Some(std::mem::take(&mut token.text)),
                '"' => {
                    token.quoted = true;
                    self.quoted(&mut token.text)?;
                }
                c => token.text.push(c),
            }
        }
        Ok(token)
    }

    /// The rest of a quoted text, its closing quote included.
    fn quoted(&mut self, text: &mut String) -> Read<()> {
        loop {
            match self.next() {
                None => return Err(self.problem(String::new(), Expected::ClosingQuote)),
                Some('"') => return Ok(()),
                Some('\\') => text.push(self.escape()?),
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let wrong = |reader: &Self, found: String| reader.problem(found, Expected::Escape);
        match self.next() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some(c @ ('"' | '\\')) => Ok(c),
            Some('u') if self.rest.peek() == Some(&'{') => {
                self.next();
                let mut digits = String::new();
                while let Some(c) = self.rest.next_if(|c| *c != '}') {
                    self.column += 1;
                    digits.push(c);
                }
                self.next();
                let code = u32::from_str_radix(&digits, 16).ok();
                code.and_then(char::from_u32).ok_or_else(|| wrong(self, format!("\\u{{{digits}}}")))
            }
            Some(c) => Err(wrong(self, format!("\\{c}"))),
            None => Err(wrong(self, String::new())),
        }
    }

    fn problem(&self, found: String, expected: Expected) -> Box<Problem> {
        Box::new(Problem { line: self.line, column: self.column.saturating_sub(1).max(1), found, expected })
    }
}

/// The tokens behind a command's word.
pub(super) struct Arguments {
    verb: Option<Token>,
    rest: Vec<Token>,
    line: u32,
    end_column: u32,
}

impl Arguments {
    pub(super) fn new(mut tokens: Vec<Token>, line: u32, text: &str) -> Self {
        let verb = if tokens.is_empty() { None } else { Some(tokens.remove(0)) };
        let end_column = u32::try_from(text.chars().count() + 1).unwrap_or(u32::MAX);
        Arguments { verb, rest: tokens, line, end_column }
    }

    pub(super) fn verb(&self) -> Option<String> {
        let verb = self.verb.as_ref()?;
        match &verb.name {
            Some(name) => Some(format!("{name}={}", verb.text)),
            None => Some(verb.text.clone()),
        }
    }

    pub(super) fn problem_at_verb(&self, expected: Expected) -> Box<Problem> {
        let column = self.verb.as_ref().map_or(1, |verb| verb.column);
        Box::new(Problem { line: self.line, column, found: self.verb().unwrap_or_default(), expected })
    }

    pub(super) fn problem_at_end(&self, expected: Expected) -> Box<Problem> {
        Box::new(Problem { line: self.line, column: self.end_column, found: String::new(), expected })
    }

    /// The next word that is no option, if `read` understands it.
    pub(super) fn fits<T>(&mut self, expected: Expected, read: impl Fn(&str) -> Option<T>) -> Read<T> {
        let token = self.next_word().ok_or_else(|| self.problem_at_end(expected))?;
        read(&token.text).ok_or_else(|| self.wrong(&token, expected))
    }

    fn next_word(&mut self) -> Option<Token> {
        let at = self.rest.iter().position(|token| token.name.is_none())?;
        Some(self.rest.remove(at))
    }

    fn named(&mut self, name: &str) -> Option<Token> {
        let at = self.rest.iter().position(|token| token.name.as_deref() == Some(name))?;
        Some(self.rest.remove(at))
    }

    pub(super) fn word<T>(&mut self, words: &'static [&'static str], read: impl Fn(&str) -> Option<T>) -> Read<T> {
        self.fits(Expected::OneOf(words), read)
    }

    pub(super) fn bare_number<T: TryFrom<i64>>(&mut self, least: i64, most: i64) -> Read<T> {
        self.fits(Expected::Number { least, most }, |text| number_in(text, least, most))
    }

    /// The option `name=…`, if it is there.
    pub(super) fn number<T: TryFrom<i64>>(&mut self, name: &'static str, least: i64, most: i64) -> Read<Option<T>> {
        self.take(name, Expected::Number { least, most }, |text| number_in(text, least, most))
    }

    pub(super) fn needed_number<T: TryFrom<i64>>(&mut self, name: &'static str, least: i64, most: i64) -> Read<T> {
        self.number(name, least, most)?.ok_or_else(|| self.problem_at_end(Expected::Option(name)))
    }

    pub(super) fn option<T>(
        &mut self,
        name: &'static str,
        words: &'static [&'static str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Read<Option<T>> {
        self.take(name, Expected::OneOf(words), read)
    }

    /// The option `name=…` as text; absent and the bare word `null` are both Kafka's null.
    pub(super) fn text(&mut self, name: &'static str) -> Read<Option<String>> {
        let Some(token) = self.named(name) else { return Ok(None) };
        Ok((token.quoted || token.text != "null").then_some(token.text))
    }

    fn take<T>(&mut self, name: &'static str, expected: Expected, read: impl Fn(&str) -> Option<T>) -> Read<Option<T>> {
        let Some(token) = self.named(name) else { return Ok(None) };
        read(&token.text).map(Some).ok_or_else(|| self.wrong(&token, expected))
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Read<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(token) => Err(self.wrong(token, Expected::EndOfLine)),
        }
    }

    fn wrong(&self, token: &Token, expected: Expected) -> Box<Problem> {
        let found = match &token.name {
            Some(name) => format!("{name}={}", token.text),
            None => token.text.clone(),
        };
        Box::new(Problem { line: self.line, column: token.column, found, expected })
    }
}

fn number_in<T: TryFrom<i64>>(text: &str, least: i64, most: i64) -> Option<T> {
    let number: i64 = text.parse().ok()?;
    if !(least..=most).contains(&number) {
        return None;
    }
    T::try_from(number).ok()
}
