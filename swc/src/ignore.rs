//! Finds the comments that ask to leave something alone.
//!
//! A plugin cannot list the comments of a file; it can only ask for those beside a place. So the text is searched for
//! what looks like one, and then SWC is asked whether it is.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Next,
}

/// What looks like a comment `asyncgen-hooks ignore …`, by offsets into the text.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    pub kind: Kind,
    /// Where the comment begins.
    pub comment: usize,
    /// Where the next token begins.
    pub next: usize,
}

const NAME: &str = "asyncgen-hooks";

pub fn find_requests(text: &str) -> Vec<Request> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(NAME) {
        let before = text[..at].trim_end();
        if !before.ends_with("//") && !before.ends_with("/*") {
            continue;
        }
        let Some(kind) = kind_of(&text[at + NAME.len()..]) else { continue };
        let comment = before.len() - 2;
        // A line comment ends with its line.
        if before.ends_with("//") && text[comment..at].contains(['\n', '\r']) {
            continue;
        }
        found.push(Request { kind, comment, next: next_token(text, comment) });
    }
    found
}

/// `\s+ignore\s+(next|file)\b`
fn kind_of(rest: &str) -> Option<Kind> {
    let ignore = rest.trim_start();
    let what = ignore.strip_prefix("ignore")?;
    let kind = what.trim_start();
    if ignore.len() == rest.len() || kind.len() == what.len() {
        return None;
    }
    let (found, end) = [(Kind::Next, "next"), (Kind::File, "file")]
        .into_iter()
        .find_map(|(found, word)| Some((found, kind.strip_prefix(word)?)))?;
    let goes_on = end.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '_');
    (!goes_on).then_some(found)
}

/// Behind the comments and the white space that begin at `from`.
fn next_token(text: &str, from: usize) -> usize {
    let mut rest = &text[from..];
    loop {
        rest = rest.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
        let end = if rest.starts_with("//") {
            rest.find(['\n', '\r', '\u{2028}', '\u{2029}'])
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map(|end| end + 4)
        } else {
            break;
        };
        rest = end.map_or("", |end| &rest[end..]);
    }
    text.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::{find_requests, Kind};

    #[test]
    fn finds_them_and_what_they_are_for() {
        let text = "// asyncgen-hooks ignore next\n/* x */ async function* a() {}\n/*\n asyncgen-hooks  ignore\tfile */";
        let found = find_requests(text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].kind, found[0].comment), (Kind::Next, 0));
        assert!(text[found[0].next..].starts_with("async function"));
        assert_eq!((found[1].kind, found[1].next), (Kind::File, text.len()));
    }

    #[test]
    fn asks_for_the_very_words() {
        for text in [
            "// see asyncgen-hooks ignore next",
            "// asyncgen-hooks ignores next",
            "// asyncgen-hooks ignore nextly",
            "//\nasyncgen-hooks ignore next",
            "'asyncgen-hooks ignore next'",
            "/** asyncgen-hooks ignore next */",
        ] {
            assert_eq!(find_requests(text), [], "{text}");
        }
    }
}
