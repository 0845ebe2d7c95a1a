//! The format that SWC writes trees in, https://www.rfc-editor.org/rfc/rfc8949.

use crate::format::{Unread, TRUE};
use crate::lowered::TRACES;

/// A tree that nests deeper overflows the stack that SWC gives a plugin.
const DEPTH: usize = 3_000;

/// Asks that the bytes are one item with all that is in it, and nothing else, and that it is not nested too deep.
///
/// SWC's own reader ends the build where a list has no length, and asks for as much memory as a wrong length says.
///
/// Returns whether an async generator may be in it, or one that was lowered. `may_have_generators` has told so before, and
/// takes numbers for signs.
pub fn check(bytes: &[u8]) -> Result<bool, Unread> {
    let mut at = 0;
    let mut has_signs = false;
    let mut was_true = false;
    // How many items are still to come, in this list and in each around it.
    let mut left = 1;
    let mut around: Vec<u64> = Vec::new();
    loop {
        if left == 0 {
            match around.pop() {
                Some(outer) => left = outer,
                None => break,
            }
            continue;
        }
        left -= 1;
        let first = *bytes.get(at).ok_or(Unread::Format)?;
        let is_true = first == TRUE;
        has_signs |= is_true && was_true;
        was_true = is_true;
        let items = match first {
            // Nearly all items: small numbers, `false`, `true` and `null`, other numbers, short lists.
            0..=0x17 | 0xf4..=0xf6 => {
                at += 1;
                continue;
            }
            0x18..=0x1b => {
                at += 1 + (1 << (first - 0x18));
                continue;
            }
            0x80..=0x97 => {
                at += 1;
                u64::from(first - 0x80)
            }
            _ => {
                let head = read_head(bytes, at).ok_or(Unread::Format)?;
                has_signs = has_signs || has_trace(&bytes[at..head.end]);
                at = head.end;
                head.items
            }
        };
        // Each item takes a byte or more.
        if items > bytes.len().saturating_sub(at) as u64 {
            return Err(Unread::Format);
        }
        if items > 0 {
            around.push(left);
            left = items;
        }
        if around.len() >= DEPTH {
            return Err(Unread::TooDeep);
        }
    }
    if at == bytes.len() {
        Ok(has_signs)
    } else {
        Err(Unread::Format)
    }
}

fn has_trace(text: &[u8]) -> bool {
    TRACES.iter().any(|trace| text.windows(trace.len()).any(|part| part == trace.as_bytes()))
}

pub struct Head {
    /// Where it ends: behind the bytes of a text, in front of the items of a list.
    pub end: usize,
    /// How many items belong to it.
    pub items: u64,
}

/// None where it is cut off, or where something has no length.
pub fn read_head(bytes: &[u8], at: usize) -> Option<Head> {
    let first = *bytes.get(at)?;
    let size = match first & 0x1f {
        0..=23 => 0,
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let start = at + 1;
    let number = bytes.get(start..start + size)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let value = if size == 0 { u64::from(first & 0x1f) } else { number };
    let end = start + size;
    Some(match first >> 5 {
        2 | 3 => {
            let end = end.checked_add(usize::try_from(value).ok()?)?;
            Head { end: (end <= bytes.len()).then_some(end)?, items: 0 }
        }
        4 => Head { end, items: value },
        5 => Head { end, items: value.checked_mul(2)? },
        6 => Head { end, items: 1 },
        _ => Head { end, items: 0 },
    })
}

#[cfg(test)]
mod tests {
    use super::{check, DEPTH};
    use crate::format::Unread;

    #[test]
    fn takes_an_item_that_is_whole() {
        assert_eq!(check(&[0xc1, 0x83, 0x82, 0x01, 0x18, 0x20, 0x62, b'a', b'b', 0xf5]), Ok(false));
    }

    #[test]
    fn tells_signs_from_numbers() {
        assert_eq!(check(&[0x82, 0xf5, 0xf5]), Ok(true));
        assert_eq!(check(&[0x83, 0xf5, 0xf4, 0xf5]), Ok(false));
        assert_eq!(check(&[0x82, 0x19, 0xf5, 0xf5, 0xf5]), Ok(false));
        assert_eq!(check(b"\x69_syncGen_"), Ok(true));
        assert_eq!(check(b"\x82\x64sync\x63Gen"), Ok(false));
    }

    #[test]
    fn refuses_the_rest() {
        for bytes in [
            &[][..],
            &[0x82, 0x01],             // cut off
            &[0x01, 0x01],             // two
            &[0x9f, 0x01, 0xff],       // without a length
            &[0x62, b'a'],             // a text that is cut off
            &[0x9b, 0, 0, 0, 1, 0, 0], // a length that is cut off
            &[0x9a, 0x7f, 0xff, 0xff, 0xff, 0x01],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ] {
            assert_eq!(check(bytes), Err(Unread::Format), "{bytes:x?}");
        }
    }

    #[test]
    fn refuses_what_nests_too_deep() {
        let nested = |depth: usize| [vec![0x81; depth], vec![0x01]].concat();
        assert_eq!(check(&nested(DEPTH - 1)), Ok(false));
        assert_eq!(check(&nested(DEPTH)), Err(Unread::TooDeep));
    }
}
