//! What `@swc/core` 1.14 and older reads: it hands over trees as rkyv archives, and takes diagnostics so.
//!
//! It shows nothing else of a plugin: no standard error, no error that the plugin answers with.

/// An error as it reads one: the archive of a `VersionedSerializable<Diagnostic>` of swc_common 16, whose root comes last and
/// whose pointers are distances to what stands before.
///
/// | part        | bytes                                                                                   |
/// |-------------|-----------------------------------------------------------------------------------------|
/// | text        | and zeros up to the next multiple of four                                               |
/// | its message | length, distance to the text, style                                                     |
/// | root        | level, list of messages, no code, four empty lists (spans, labels, children, suggestions) |
pub fn error(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(text.len().next_multiple_of(4), 0);
    let distance = -(bytes.len() as i32);
    // The lowest byte tells a text outside from one inside by its two upper bits.
    let length = text.len() as u32;
    let length = (length & 0x3f) | 0x80 | (length & !0x3f) << 2;
    bytes.extend(length.to_le_bytes());
    bytes.extend(distance.to_le_bytes());
    bytes.extend(NO_STYLE.to_le_bytes());
    bytes.extend(ERROR.to_le_bytes());
    bytes.extend((-16i32).to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    bytes.extend([0; 16]);
    for distance in [-28i32, -36, -44, -52] {
        bytes.extend(distance.to_le_bytes());
        bytes.extend([0; 4]);
    }
    bytes
}

/// `about` is what SWC asks a plugin first, as CBOR, which is read from its beginning. An archive is read from its end: behind
/// the one stands the other, three empty texts and the version of the schema.
pub fn with_archive(about: &[u8], schema: u32) -> Vec<u8> {
    let mut bytes = about.to_vec();
    bytes.resize(about.len().next_multiple_of(4), 0);
    bytes.extend([0xff; 3 * 8]);
    bytes.extend(schema.to_le_bytes());
    bytes
}

/// `Style::NoStyle`
const NO_STYLE: u32 = 10;
/// `Level::Error`
const ERROR: u32 = 3;

#[cfg(test)]
mod tests {
    use super::{error, with_archive};

    #[test]
    fn an_archive_stands_behind_what_newer_ones_read() {
        let bytes = with_archive(b"cbor!", 1);
        assert_eq!(bytes[..8], *b"cbor!\0\0\0");
        assert_eq!(bytes[8..], [[0xff; 24].as_slice(), &[1, 0, 0, 0]].concat());
    }

    #[test]
    fn writes_what_swc_common_16_writes() {
        let bytes = error("a sentence that is longer than eight bytes");
        assert_eq!(bytes.len(), 116);
        assert_eq!(
            bytes[44..72],
            [
                0xaa, 0, 0, 0, 0xd4, 0xff, 0xff, 0xff, 10, 0, 0, 0, 3, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff, 1, 0,
                0, 0, 0, 0, 0, 0
            ]
        );
        assert_eq!(bytes[84..92], [0xe4, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    }
}
