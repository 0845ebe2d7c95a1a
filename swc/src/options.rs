//! The options of the plugin, checked once for each file, in the words of the Babel plugin.

use crate::messages::{printable, show};
use serde_json::Value;

const NAMES: [&str; 2] = ["importSource", "locations"];

#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The module that compiled code imports the runtime from.
    pub import_source: String,
    /// Whether file, line and column of each generator function stand in the output.
    pub locations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { import_source: "asyncgen-hooks/shim".to_owned(), locations: true }
    }
}

/// Reads the options that SWC hands over as JSON, and fills in the defaults.
///
/// The error is a message that names the option, what it got and what it takes.
pub fn resolve(config: Option<&str>) -> Result<Options, String> {
    let Some(config) = config else { return Ok(Options::default()) };
    if config == "{}" {
        return Ok(Options::default());
    }
    let given: Value = serde_json::from_str(config).unwrap_or(Value::Null);
    let Value::Object(given) = given else {
        return Err(error(&format!("the options are {}. Pass an object.", show(&given))));
    };
    let mut options = Options::default();
    for (name, value) in given {
        match (name.as_str(), value) {
            ("importSource", Value::String(source)) if !source.is_empty() => options.import_source = source,
            ("importSource", other) => {
                return Err(error(&format!(
                    "option \"importSource\" is {}. Pass the name of a module, a non-empty string.",
                    show(&other)
                )))
            }
            ("locations", Value::Bool(locations)) => options.locations = locations,
            ("locations", other) => {
                return Err(error(&format!("option \"locations\" is {}. Pass true or false.", show(&other))))
            }
            _ => return Err(error(&format!("Unknown option \"{}\". {}", printable(&name), suggest(&name)))),
        }
    }
    Ok(options)
}

fn error(text: &str) -> String {
    format!("asyncgen-hooks/swc: {text}")
}

/// Which option may have been meant, if one is near, and which there are.
fn suggest(name: &str) -> String {
    // Beyond that it is another word, and no slip.
    let limit = (name.chars().count() * 2 / 5).min(3);
    let nearest = NAMES
        .iter()
        .map(|known| (strsim::levenshtein(name, known), known))
        .filter(|(distance, _)| *distance <= limit)
        .min();
    let question = nearest.map_or(String::new(), |(_, known)| format!("Did you mean \"{known}\"? "));
    format!("{question}The options are {}.", NAMES.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{resolve, Options};

    #[test]
    fn takes_what_it_knows() {
        let options = resolve(Some(r#"{"importSource":"my/shim","locations":false}"#)).unwrap();
        assert_eq!(options, Options { import_source: "my/shim".to_owned(), locations: false });
        assert_eq!(resolve(None), Ok(Options::default()));
        assert_eq!(resolve(Some("{}")), Ok(Options::default()));
    }

    #[test]
    fn says_what_is_wrong_with_the_rest() {
        let cases = [
            (
                r#"{"importSorce":"x"}"#,
                "Unknown option \"importSorce\". Did you mean \"importSource\"? The options are importSource, locations.",
            ),
            (r#"{"stacks":1}"#, "Unknown option \"stacks\". The options are importSource, locations."),
            (
                r#"{"importSource":""}"#,
                "option \"importSource\" is \"\". Pass the name of a module, a non-empty string.",
            ),
            (
                r#"{"importSource":[]}"#,
                "option \"importSource\" is an array. Pass the name of a module, a non-empty string.",
            ),
            (r#"{"locations":1}"#, "option \"locations\" is 1. Pass true or false."),
            ("null", "the options are null. Pass an object."),
            ("[]", "the options are an array. Pass an object."),
        ];
        for (config, text) in cases {
            assert_eq!(resolve(Some(config)), Err(format!("asyncgen-hooks/swc: {text}")));
        }
    }
}
