//! Texts for people: what comes from a program or a configuration is made safe to print.

/// A name, a file or a value as one line: a terminal obeys control characters, and a line break would let a name
/// forge a line of ours.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ if is_unprintable(char) => out.push_str(&format!("\\u{:04x}", char as u32)),
            _ => out.push(char),
        }
    }
    out
}

/// A control character, or one that changes the order of what stands beside it.
fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A wrong value, for a message.
pub fn show(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(_) => "an array".to_owned(),
        serde_json::Value::Object(_) => "an object".to_owned(),
        other => printable(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn escapes_what_a_terminal_obeys_or_reorders() {
        assert_eq!(printable("a\u{1b}[2J\n\u{202e}b"), "a\\u001b[2J\\n\\u202eb");
    }
}
