//! The functions that SWC calls, in the place of those of `#[plugin_transform]`, which know one generation only.
#![allow(unsafe_code)] // SWC and a plugin speak by pointers.

use crate::cbor;
use crate::format::{is_program, may_have_generators, Call, PANICKED, UNREADABLE};
use crate::older;
use crate::options;
use crate::swc_1_16::swc_core as newest;
use newest::common::plugin::diagnostics::PluginCorePkgDiagnostics;
use newest::common::plugin::serialized::{PluginError, PluginSerializedBytes, VersionedSerializable};
use newest::common::plugin::PLUGIN_TRANSFORM_AST_SCHEMA_VERSION;
use newest::common::sync::OnceCell;
use newest::common::Mark;
use newest::plugin::metadata::TransformPluginProgramMetadata;
use newest::plugin::proxies::PluginSourceMapProxy;

#[link(wasm_import_module = "env")]
extern "C" {
    fn __set_transform_result(bytes: u32, length: u32);
    fn __set_transform_plugin_core_pkg_diagnostics(bytes: u32, length: u32);
    fn __emit_diagnostics(bytes: u32, length: u32);
}

fn place(bytes: &[u8]) -> (u32, u32) {
    (bytes.as_ptr() as u32, bytes.len() as u32)
}

fn answer(bytes: &[u8]) {
    let (start, length) = place(bytes);
    // SAFETY: the host copies the bytes before it returns.
    unsafe { __set_transform_result(start, length) }
}

fn emit(bytes: &[u8]) {
    let (start, length) = place(bytes);
    // SAFETY: the host copies the bytes before it returns.
    unsafe { __emit_diagnostics(start, length) }
}

/// What SWC asks before the first file. It goes by the version of the schema alone, which is 1 in every generation.
#[no_mangle]
pub extern "C" fn __get_transform_plugin_core_pkg_diag() -> u32 {
    let about = PluginCorePkgDiagnostics {
        pkg_version: env!("CARGO_PKG_VERSION").to_owned(),
        git_sha: String::new(),
        cargo_features: String::new(),
        ast_schema_version: PLUGIN_TRANSFORM_AST_SCHEMA_VERSION,
    };
    if let Ok(bytes) = PluginSerializedBytes::try_serialize(&VersionedSerializable::new(about)) {
        let bytes = older::with_archive(bytes.as_slice(), PLUGIN_TRANSFORM_AST_SCHEMA_VERSION);
        let (start, length) = place(&bytes);
        // SAFETY: the host copies the bytes before it returns.
        unsafe { __set_transform_plugin_core_pkg_diagnostics(start, length) }
    }
    0
}

/// Compiles one file. Answers 0 and a program, or 1 and an error.
///
/// # Safety
///
/// `program` points to `length` bytes that stay as they are for the duration of the call.
#[no_mangle]
pub unsafe extern "C" fn __transform_plugin_process_impl(
    program: *const u8,
    length: u32,
    unresolved_mark: u32,
    has_comments: i32,
) -> u32 {
    // SAFETY: see above.
    let program = unsafe { std::slice::from_raw_parts(program, length as usize) };
    std::panic::set_hook(Box::new(|panic| eprintln!("asyncgen-hooks/swc: {panic}. {PANICKED}")));
    // The functions of an older SWC answer in its own format, too: nothing may be asked before.
    if !is_program(program) {
        emit(&older::error(UNREADABLE));
        answer(program);
        return 0;
    }
    let options = options::resolve(config().as_deref());
    if options.is_ok() && !may_have_generators(program) {
        answer(program);
        return 0;
    }
    match cbor::check(program) {
        Ok(false) if options.is_ok() => {
            answer(program);
            return 0;
        }
        Ok(_) => {}
        Err(unread) => return fail(unread.sentence()),
    }
    let call = Call { program, options, unresolved_mark, has_comments: has_comments == 1 };
    let reply = match crate::run(&call) {
        Ok(reply) => reply,
        Err(unread) => return fail(unread.sentence()),
    };
    if let Some(diagnostic) = reply.diagnostic {
        emit(&diagnostic);
    }
    if let Some(warning) = reply.warning {
        // SWC collects a plugin's errors, and drops its warnings.
        eprintln!("{warning}");
    }
    answer(reply.program.as_deref().unwrap_or(program));
    0
}

fn config() -> Option<String> {
    let metadata = TransformPluginProgramMetadata {
        comments: None,
        source_map: PluginSourceMapProxy { source_file: OnceCell::new() },
        unresolved_mark: Mark::root(),
    };
    metadata.get_transform_plugin_config()
}

fn fail(message: &str) -> u32 {
    // A host that cannot read the answer shows what a plugin prints, at least.
    eprintln!("{message}");
    let error = PluginError::Deserialize(message.to_owned());
    if let Ok(bytes) = PluginSerializedBytes::try_serialize(&VersionedSerializable::new(error)) {
        answer(bytes.as_slice());
    }
    1
}
