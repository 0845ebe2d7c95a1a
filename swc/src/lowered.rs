//! The names of the helpers that compilers call in the place of async generators (src/transform/lowered.ts has the table).

/// Of any file that has such a helper, the tree has one of these in its bytes.
pub const TRACES: [&str; 3] = ["syncGen", "sync_gen", "egenerator"];

/// `__asyncGenerator`, `_wrapAsyncGenerator2`, `_wrap_async_generator`, `_regeneratorAsyncGen`…
pub fn is_helper(name: &str) -> bool {
    let name = name.trim_end_matches(|char: char| char == '$' || char.is_ascii_digit());
    let plain = name.trim_start_matches('_');
    matches!(plain, "wrapAsyncGenerator" | "wrap_async_generator" | "regeneratorAsyncGen")
        || (plain == "asyncGenerator" && name.starts_with("__"))
}

/// `@babel/runtime/helpers/wrapAsyncGenerator`, `@swc/helpers/_/_wrap_async_generator`… Not a relative one: packages of
/// helpers load each other so.
pub fn is_helper_module(source: &str) -> bool {
    if source.starts_with('.') {
        return false;
    }
    let name = [".js", ".cjs", ".mjs"].iter().find_map(|end| source.strip_suffix(end)).unwrap_or(source);
    let (folder, last) = name.rsplit_once('/').unwrap_or(("", name));
    let is_babel_6 =
        last == "asyncGenerator" && (folder.ends_with("helpers") || folder.ends_with("helpers/esm"));
    is_babel_6
        || matches!(
            last.trim_start_matches('_'),
            "wrapAsyncGenerator" | "wrap_async_generator" | "regeneratorAsyncGen"
        )
}

pub fn message(file: &str, is_whole: bool) -> String {
    format!(
        "asyncgen-hooks/swc: {}, {}its async generators were lowered before this plugin saw them, and no hook will see them. \
         Let the step before leave them as they are: with TypeScript, \"target\": \"ES2018\" or newer; the same with SWC and \
         esbuild; with Babel, this plugin's sister in the same pass or an earlier one.",
        crate::messages::printable(file),
        if is_whole { "" } else { "some of " }
    )
}

#[cfg(test)]
mod tests {
    use super::{is_helper, is_helper_module};

    #[test]
    fn knows_helpers_by_name_and_by_module() {
        for name in
            ["__asyncGenerator", "_wrapAsyncGenerator2", "_wrap_async_generator", "_regeneratorAsyncGen"]
        {
            assert!(is_helper(name), "{name}");
        }
        for name in ["asyncGenerator", "_asyncGenerator", "wrapAsync", "_regeneratorAsync"] {
            assert!(!is_helper(name), "{name}");
        }
        for source in [
            "@babel/runtime/helpers/esm/wrapAsyncGenerator",
            "@swc/helpers/_/_wrap_async_generator",
            "babel-runtime/helpers/asyncGenerator",
        ] {
            assert!(is_helper_module(source), "{source}");
        }
        assert!(!is_helper_module("./_wrap_async_generator.js"));
    }
}
