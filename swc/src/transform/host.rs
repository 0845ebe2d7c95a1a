//! What the compiler asks of SWC: the text of the file, its name, its comments.

use super::swc_core::common::comments::Comments;
use super::swc_core::common::{BytePos, Mark, SyntaxContext};
use crate::ignore::{find_requests, Kind, Request};
use crate::places::Lines;
use std::collections::HashSet;

pub struct Host<'a> {
    /// The file as sites name it.
    pub file: String,
    pub source: Option<Source>,
    pub comments: Option<&'a dyn Comments>,
    unresolved: SyntaxContext,
}

pub struct Source {
    pub text: String,
    /// The place of its first byte, as SWC counts them.
    pub start: BytePos,
    lines: Lines,
}

impl Source {
    pub fn new(text: String, start: BytePos) -> Self {
        let lines = Lines::new(&text);
        Source { text, start, lines }
    }
}

/// The comments `asyncgen-hooks ignore` of a file.
pub enum Ignored {
    File,
    /// What begins at one of these.
    Nodes(HashSet<BytePos>),
}

impl<'a> Host<'a> {
    pub fn new(
        file: String,
        source: Option<Source>,
        comments: Option<&'a dyn Comments>,
        unresolved: Mark,
    ) -> Self {
        Host { file, source, comments, unresolved: SyntaxContext::empty().apply_mark(unresolved) }
    }

    /// The context of the names that the file does not declare.
    pub fn unresolved(&self) -> SyntaxContext {
        self.unresolved
    }

    /// Whether the text may have `part`; without a text it may.
    pub fn may_have(&self, part: &str) -> bool {
        self.source.as_ref().is_none_or(|source| source.text.contains(part))
    }

    /// Line (1-based) and column (0-based) in the source; none for what stands nowhere in it.
    pub fn place(&self, at: BytePos) -> Option<(usize, usize)> {
        let source = self.source.as_ref()?;
        let offset = at.0.checked_sub(source.start.0)? as usize;
        if at.is_dummy() || offset > source.text.len() {
            return None;
        }
        Some((source.lines.line(offset), source.lines.column(&source.text, offset)))
    }

    pub fn ignored(&self) -> Ignored {
        let mut nodes = HashSet::new();
        if let Some(source) = &self.source {
            for request in find_requests(&source.text) {
                if !self.is_comment(source, &request) {
                    continue;
                }
                match request.kind {
                    Kind::File => return Ignored::File,
                    Kind::Next => nodes.insert(source.start + BytePos(request.next as u32)),
                };
            }
        }
        Ignored::Nodes(nodes)
    }

    /// SWC keeps a comment with the token behind it, or with the one in front if it begins on that one's line.
    fn is_comment(&self, source: &Source, request: &Request) -> bool {
        let Some(comments) = self.comments else { return true };
        let place = |offset: usize| source.start + BytePos(offset as u32);
        let is_it = |found: Option<Vec<_>>| {
            found.is_some_and(|found: Vec<super::swc_core::common::comments::Comment>| {
                found.iter().any(|comment| comment.span.lo == place(request.comment))
            })
        };
        if is_it(comments.get_leading(place(request.next))) {
            return true;
        }
        let mut before = source.text[..request.comment].trim_end();
        loop {
            if is_it(comments.get_trailing(place(before.len()))) {
                return true;
            }
            // There may be other comments between.
            match before.ends_with("*/").then(|| before.rfind("/*")).flatten() {
                Some(start) => before = before[..start].trim_end(),
                None => return false,
            }
        }
    }
}
