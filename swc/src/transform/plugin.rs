//! One call of the plugin: from the bytes of a tree to the bytes of a tree.

use super::swc_core::common::plugin::serialized::{PluginSerializedBytes, VersionedSerializable};
use super::swc_core::ecma::ast::Program;
use crate::format::Unread;
use std::mem::ManuallyDrop;

/// The program, if the bytes are one of this generation of the tree.
pub fn decode(bytes: &[u8]) -> Result<Program, Unread> {
    let read: Result<VersionedSerializable<Program>, _> =
        PluginSerializedBytes::from_bytes(bytes.to_vec()).deserialize();
    read.map(VersionedSerializable::into_inner).map_err(|error| {
        if format!("{error:#}").contains("DepthOverflow") {
            Unread::TooDeep
        } else {
            Unread::Format
        }
    })
}

pub fn encode(program: Program) -> Option<Vec<u8>> {
    // To free each node takes time, and all that the plugin has goes as a whole behind the call.
    let program = ManuallyDrop::new(VersionedSerializable::new(program));
    let written = PluginSerializedBytes::try_serialize(&*program).ok()?;
    Some(written.as_slice().to_vec())
}

/// Compiles what SWC hands over.
#[cfg(target_arch = "wasm32")]
pub fn run(call: &crate::format::Call) -> Result<crate::Reply, Unread> {
    use super::{compile, Outcome};
    use crate::lowered::message;

    let mut program = decode(call.program)?;
    let options = match &call.options {
        Ok(options) => options,
        Err(message) => return Ok(crate::Reply { program: None, diagnostic: error(message), warning: None }),
    };
    let comments = call.has_comments.then_some(PluginCommentsProxy);
    let host = host_of(&program, call.unresolved_mark, comments.as_ref());
    let outcome = compile(&mut program, &host, options);
    let warning = match outcome {
        Outcome::Lowered { is_whole } => Some(message(&host.file, is_whole)),
        _ => None,
    };
    let is_changed = !matches!(outcome, Outcome::Unchanged | Outcome::Lowered { is_whole: true });
    Ok(crate::Reply { program: is_changed.then(|| encode(program)).flatten(), diagnostic: None, warning })
}

#[cfg(target_arch = "wasm32")]
use super::host::{Host, Source};
#[cfg(target_arch = "wasm32")]
use super::swc_core::{
    common::comments::Comments,
    common::errors::{Diagnostic, Level},
    common::plugin::metadata::TransformPluginMetadataContextKind,
    common::sync::OnceCell,
    common::{Mark, SourceMapper, Spanned},
    plugin::metadata::TransformPluginProgramMetadata,
    plugin::proxies::{PluginCommentsProxy, PluginSourceMapProxy},
};

#[cfg(target_arch = "wasm32")]
fn host_of<'a>(program: &Program, mark: u32, comments: Option<&'a PluginCommentsProxy>) -> Host<'a> {
    let unresolved_mark = Mark::from_u32(mark);
    let metadata = TransformPluginProgramMetadata {
        comments: None,
        source_map: PluginSourceMapProxy { source_file: OnceCell::new() },
        unresolved_mark,
    };
    let start = program.span_lo();
    let source = (!start.is_dummy()).then(|| {
        let file = metadata.source_map.lookup_char_pos(start).file;
        Source::new(file.src.to_string(), file.start_pos)
    });
    let filename = metadata.get_context(&TransformPluginMetadataContextKind::Filename);
    let cwd = metadata.get_context(&TransformPluginMetadataContextKind::Cwd);
    let file = crate::places::site_file(filename.as_deref(), cwd.as_deref());
    Host::new(file, source, comments.map(|comments| comments as &dyn Comments), unresolved_mark)
}

#[cfg(target_arch = "wasm32")]
fn error(message: &str) -> Option<Vec<u8>> {
    let diagnostic = Diagnostic::new(Level::Error, message);
    let bytes = PluginSerializedBytes::try_serialize(&VersionedSerializable::new(diagnostic)).ok()?;
    Some(bytes.as_slice().to_vec())
}
