//! The format that SWC writes trees in, https://www.rfc-editor.org/rfc/rfc8949.

use crate::format::Unread;

/// A tree that nests deeper overflows the stack that SWC gives a plugin.
const DEPTH: usize = 3_000;

/// Asks that the bytes are one item with all that is in it, and nothing else, and that it is not nested too deep.
///
/// SWC's own reader ends the build where a list has no length, and asks for as much memory as a wrong length says.
pub fn check(bytes: &[u8]) -> Result<(), Unread> {
    let mut at = 0;
    // How many items are still to come in each item around.
    let mut around: Vec<u64> = vec![1];
    while let Some(left) = around.last_mut() {
        if *left == 0 {
            around.pop();
            continue;
        }
        *left -= 1;
        let head = read_head(bytes, at).ok_or(Unread::Format)?;
        at = head.end;
        // Each item takes a byte or more.
        if head.items > (bytes.len() - at) as u64 {
            return Err(Unread::Format);
        }
        if head.items > 0 {
            around.push(head.items);
        }
        if around.len() > DEPTH {
            return Err(Unread::TooDeep);
        }
    }
    if at == bytes.len() {
        Ok(())
    } else {
        Err(Unread::Format)
    }
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
        assert_eq!(check(&[0xc1, 0x83, 0x82, 0x01, 0x18, 0x20, 0x62, b'a', b'b', 0xf5]), Ok(()));
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
        assert_eq!(check(&nested(DEPTH - 1)), Ok(()));
        assert_eq!(check(&nested(DEPTH)), Err(Unread::TooDeep));
    }
}
