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
    let mut words = bytes.chunks_exact(8);
    let rest = bytes.len() - words.remainder().len();
    words.by_ref().enumerate().any(|(i, word)| is_suspect(word) && is_found(bytes, 8 * i, 8))
        || is_found(bytes, rest, words.remainder().len())
}

/// `true`, as CBOR has it.
pub const TRUE: u8 = 0xf5;
/// Each of the traces has this letter, small or capital, and so many bytes in front of it at most.
const LETTER: u8 = b'g';
const BEFORE: usize = 5;

/// Whether eight bytes have a `true` or the letter. Few have: only those are looked at byte by byte.
fn is_suspect(bytes: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The highest bit of each byte that is zero, and of some above one.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let word = bytes.try_into().map_or(0, u64::from_ne_bytes);
    let small = word | (ONES * 0x20);
    zeros(word ^ (ONES * TRUE as u64)) | zeros(small ^ (ONES * LETTER as u64)) != 0
}

fn is_found(bytes: &[u8], from: usize, length: usize) -> bool {
    (from..from + length).any(|at| match bytes[at] {
        TRUE => bytes.get(at + 1) == Some(&TRUE),
        byte if byte.eq_ignore_ascii_case(&LETTER) => (at.saturating_sub(BEFORE)..at)
            .any(|start| TRACES.iter().any(|trace| bytes[start..].starts_with(trace.as_bytes()))),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{is_program, may_have_generators};

    #[test]
    fn looks_for_async_generators_and_for_lowered_ones() {
        let texts = [&b"\xf5\xf5"[..], b"syncGen", b"sync_gen", b"egenerator", b"egegenerator", b"ssyncGen"];
        for before in 0..20 {
            for text in texts {
                for after in 0..3 {
                    let bytes = [&vec![b'e'; before][..], text, &vec![b'G'; after]].concat();
                    assert!(may_have_generators(&bytes), "{bytes:?}");
                    let cut = &bytes[..before + text.len() - 1];
                    assert!(!may_have_generators(cut), "{cut:?}");
                }
            }
        }
        assert!(!may_have_generators(&[0xf5, 0xf4, 0xf5]));
        assert!(!may_have_generators(&[]));
    }

    #[test]
    fn knows_a_tree_from_another_format() {
        assert!(is_program(&[0xc1, 0x83, 0x82]));
        assert!(!is_program(b"function"));
        assert!(!is_program(&[]));
    }
}
