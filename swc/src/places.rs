//! Lines and columns of a text, and the name of its file, as sites have them.

use std::path::Path;

/// Where the lines of a text begin. JavaScript ends a line at `\n`, `\r`, `\r\n`, U+2028 and U+2029.
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => starts.push(at + 1),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => starts.push(at + 1),
                // Both are E2 80 A8 or A9.
                0xa8 | 0xa9 if at >= 2 && bytes[at - 2..at] == [0xe2, 0x80] => starts.push(at + 1),
                _ => {}
            }
        }
        Lines { starts }
    }

    /// The line (1-based) of a place in the text.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// The column (0-based), in UTF-16 units as all of JavaScript counts.
    pub fn column(&self, text: &str, at: usize) -> usize {
        let start = self.starts[self.line(at) - 1];
        text.get(start..at).map_or(0, |before| before.chars().map(char::len_utf16).sum())
    }
}

/// Relative to `cwd` and with `/`: the output is the same on every machine.
pub fn site_file(filename: Option<&str>, cwd: Option<&str>) -> String {
    let Some(filename) = filename.filter(|name| !name.is_empty() && *name != "<anon>") else {
        return "unknown".to_owned();
    };
    // Whatever the host is, a plugin is built for WASI, where no path of Windows is absolute.
    let file = filename.replace('\\', "/");
    if !is_absolute(&file) {
        return file;
    }
    match cwd.map(|cwd| cwd.replace('\\', "/")).and_then(|cwd| relative(&cwd, &file)) {
        Some(relative) => relative,
        None => Path::new(&file).file_name().map_or(file.clone(), |name| name.to_string_lossy().into_owned()),
    }
}

fn is_absolute(file: &str) -> bool {
    file.starts_with('/') || file.as_bytes().get(1) == Some(&b':')
}

fn relative(from: &str, to: &str) -> Option<String> {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    // On another drive of Windows there is no way.
    if shared == 0 && from.first().is_some_and(|part| part.ends_with(':')) {
        return None;
    }
    let up = std::iter::repeat_n("..", from.len() - shared);
    Some(up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::{site_file, Lines};

    #[test]
    fn counts_lines_and_columns_as_javascript_does() {
        let text = "a\r\nb\rc\u{2028}d\n😀é async";
        let lines = Lines::new(text);
        let place = |part: &str| {
            let at = text.find(part).unwrap();
            (lines.line(at), lines.column(text, at))
        };
        assert_eq!(place("a"), (1, 0));
        assert_eq!(place("b"), (2, 0));
        assert_eq!(place("c"), (3, 0));
        assert_eq!(place("d"), (4, 0));
        assert_eq!(place("async"), (5, 4));
    }

    #[test]
    fn names_files_relative_to_the_working_folder() {
        assert_eq!(site_file(Some("/p/src/a.ts"), Some("/p")), "src/a.ts");
        assert_eq!(site_file(Some("/q/a.ts"), Some("/p/x")), "../../q/a.ts");
        assert_eq!(site_file(Some("src/a.ts"), Some("/p")), "src/a.ts");
        assert_eq!(site_file(Some("/p/src/a.ts"), None), "a.ts");
        assert_eq!(site_file(Some("C:\\p\\src\\a.ts"), Some("C:\\p")), "src/a.ts");
        assert_eq!(site_file(Some("D:\\a.ts"), Some("C:\\p")), "a.ts");
        assert_eq!(site_file(None, None), "unknown");
    }
}
