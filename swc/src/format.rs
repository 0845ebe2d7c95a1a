//! What can be told of a tree from its bytes alone.

use crate::lowered::TRACES;
use crate::options::Options;

/// What SWC hands over.
pub struct Call<'a> {
    pub program: &'a [u8],
    pub options: Result<Options, String>,
    pub unresolved_mark: u32,
    pub has_comments: bool,
}

/// Why bytes are no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// They are of another generation.
    Format,
    /// They are nested deeper than SWC and its plugins read.
    TooDeep,
}

impl Unread {
    pub fn sentence(self) -> &'static str {
        match self {
            Unread::Format => UNREADABLE,
            Unread::TooDeep => TOO_DEEP,
        }
    }
}

/// The sentence for what is nested too deep.
const TOO_DEEP: &str =
    "asyncgen-hooks/swc: this file is nested deeper than SWC can hand over to any plugin. Split its deepest \
     expression or block, or compile it with the Babel plugin.";

/// What follows the text of a panic, which ends the build: SWC alone would not say whose it is.
pub const PANICKED: &str =
    "That is an error of the plugin, or this version of SWC is newer than it can read. Update asyncgen-hooks; if that does not \
     help, please report it with the file that SWC names.";

/// The sentence for a format that no generation reads.
pub const UNREADABLE: &str = "asyncgen-hooks/swc: this version of SWC hands over its syntax tree in a format that this plugin \
     does not read. It reads those of @swc/core 1.15 and 1.16, Next.js 16.1 to 16.4 and Rspack 1.7 to 2.3. Update asyncgen-hooks, \
     or SWC if it is older.";

/// Whether the bytes are CBOR of a `Program`, as SWC writes since 1.15: a tag for its kind, and a list of three fields.
pub fn is_program(bytes: &[u8]) -> bool {
    matches!(bytes, [0xc0..=0xd7, 0x83, ..])
}

/// Whether the file has to be looked at. In every generation `is_generator` and `is_async` of a function follow one another,
/// so a tree without `true true` has no async generator.
pub fn may_have_generators(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        0xf5 => bytes.get(at + 1) == Some(&0xf5),
        // What the traces begin with.
        b's' | b'e' => TRACES.iter().any(|trace| bytes[at..].starts_with(trace.as_bytes())),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{is_program, may_have_generators};

    #[test]
    fn looks_for_async_generators_and_for_lowered_ones() {
        assert!(may_have_generators(&[0xf4, 0xf5, 0xf5]));
        assert!(may_have_generators(b"..._wrap_async_generator"));
        assert!(may_have_generators(b"__asyncGenerator"));
        assert!(!may_have_generators(&[0xf5, 0xf4, 0xf5]));
        assert!(!may_have_generators(b"see"));
    }

    #[test]
    fn knows_a_tree_from_another_format() {
        assert!(is_program(&[0xc1, 0x83, 0x82]));
        assert!(!is_program(b"function"));
        assert!(!is_program(&[]));
    }
}
